"""An operator at the pages, signed in as a person does it, and what lies before them."""

import json
import os
from typing import Final

import boto3
from playwright.sync_api import Page, expect

from tests.support.browsing.desk import Known, fill_in
from tests.support.browsing.visitors import Language
from tests.support.in_process.service import REGION
from tests.support.in_process.user_pool import OPERATOR

COOKIES: Final = "cookie: __Host-(?:session|renewal)"
"""What a browser holds of who is signed in; every other cookie is a fault."""
DIRECTORY: Final = (
    "organism_id,code,category,name_fr,name_ar,alert_emails\n"
    "csv-one,CSV-ONE,public_establishment,Office du premier fichier,مكتب الملف الأول,bureau@one.example.org\n"
    "csv-two,CSV-TWO,public_establishment,Office du second fichier,مكتب الملف الثاني,bureau@two.example.org\n"
)
WRONG_DIRECTORY: Final = DIRECTORY.replace("bureau@two.example.org", "nobody").replace("مكتب الملف الأول", "latin")


def sign_in(page: Page, language: Language, place: str = "", account: Known = OPERATOR) -> None:
    """Open a place of the operators' pages, and sign in there."""
    page.goto(f"/{language}/operations/{place}")
    fill_in(page, account)
    expect(page.locator(".sections")).to_be_visible()
    expect(page.locator(".section h1")).to_be_visible()


def fail_messages(count: int, queue: str = "webhooks") -> str:
    """Put messages into a dead-letter queue; its queue's address comes back."""
    urls = json.loads(os.environ["QUEUE_URLS"])[queue]
    for number in range(count):
        body = {"webhook_id": f"call-{number}", "mail_id": f"mail-{number}"}
        boto3.client("sqs", REGION).send_message(QueueUrl=urls["dlq_url"], MessageBody=json.dumps(body))
    return str(urls["url"])


def empty_queues() -> None:
    """Leave nothing behind for other tests. A queue can be purged once a minute only."""
    sqs = boto3.client("sqs", REGION)
    for urls in json.loads(os.environ["QUEUE_URLS"]).values():
        for url in filter(None, (urls.get("url"), urls["dlq_url"])):
            while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
                for each in found:
                    sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])


def choose_directory(page: Page, text: str) -> None:
    """Choose a file of organisms."""
    page.locator("#file").set_input_files({"name": "organismes.csv", "mimeType": "text/csv", "buffer": text.encode()})
