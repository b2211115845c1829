"""The life of one mail, from the choice of a desk to the sender who reads the answer, with every call counted."""

import os
from collections.abc import Iterable
from typing import Any

import boto3

from tests.bench.cost.counting import FILE_BYTES, Counting, Work
from tests.bench.recording import service_on_moto
from tests.support.in_process.agents import Agent
from tests.support.in_process.scanning import note, result
from tests.support.in_process.service import CITIZEN, LETTER, REGION, Answer, Mail, Service, put_as_announced
from tests.support.samples.files_of_each_type import HONEST

_LOOKS = 2
"""How often a sender looks at the mail afterwards: after it was collected, and when it was answered."""

_WITHOUT_SMS = CITIZEN | {"sms": False}
"""A sender who wants no SMS: the page says what SMS add."""


def works_of_mails(each: Iterable[int]) -> list[dict[str, Work]]:
    """What each function asked for during the life of a mail, once for each number of files; functions are warm."""
    with service_on_moto() as (service, _):
        _life(service, Counting(), 1)
        works = []
        for files in each:
            counting = Counting()
            with counting.open():
                _life(service, counting, files)
            works.append(counting.works)
        return works


def _life(service: Service, counting: Counting, files: int) -> None:
    content = HONEST["pdf"]

    def step(function: str, answer: Answer, work: Work) -> Answer:
        assert answer.status < 400, f"{function}: {answer.status} {answer.body}"
        work.bytes_out += len(answer.body.encode()) + sum(
            len(name) + len(text) for name, text in answer.headers.items()
        )
        return answer

    def ask(function: str, method: str, path: str, body: object = None, **who: Any) -> Answer:  # noqa: ANN401 - of `call`
        with counting.by(function) as work:
            return step(function, service.call(method, path, body, **who), work)

    ask("list_organisms", "GET", "/v1/organisms")
    started = ask("start_mail", "POST", "/v1/mails", {"organism_id": "anam", "language": "fr"}).json
    mail = Mail(started["mail_id"], started["access_token"])
    path = f"/v1/mails/{mail.mail_id}"
    ask("write_letter", "PUT", f"{path}/letter", LETTER, token=mail.token)
    keys = []
    for _ in range(files):
        with counting.by("attach_file") as work:
            announced = step("attach_file", service.announce(mail, content), work)
        with counting.by("sender"):
            folder = f"attachments/{mail.mail_id}"
            keys.append(f"{folder}/{put_as_announced(announced, folder, content)}")
    ask("identify_sender", "PUT", f"{path}/sender", _WITHOUT_SMS, token=mail.token)
    for key in keys:
        _scan(counting, key)
    mail.submitted = ask("submit_mail", "POST", f"{path}/submission", token=mail.token).json
    ask("follow_mail", "GET", f"{path}/receipt", token=mail.token)
    with counting.by("render_receipt"):
        service.receipt_trigger(mail.mail_id)
    _deliver(service, counting)
    ask("follow_mail", "GET", f"{path}/receipt", token=mail.token)
    _download(counting, "sender", [f"receipts/{mail.mail_id}.pdf", f"slips/{mail.mail_id}.pdf"])
    agent = Agent(service)
    number = mail.submitted["number"]
    ask("list_inbox", "GET", "/v1/inbox", claims=agent.claims)
    ask("open_mail", "GET", f"/v1/inbox/{number}", claims=agent.claims)
    ask("collect_mail", "POST", f"/v1/inbox/{number}/collection", claims=agent.claims)
    _deliver(service, counting)
    for key in keys:
        ask("open_mail", "GET", f"/v1/inbox/{number}/attachments/{key.rpartition('/')[2]}", claims=agent.claims)
    _download(counting, "agent", keys)
    outcome = {"outcome": "answered", "message": "Voici votre attestation."}
    ask("close_mail", "POST", f"/v1/inbox/{number}/outcome", outcome, claims=agent.claims)
    _deliver(service, counting)
    for _ in range(_LOOKS):
        ask("follow_mail", "GET", path, token=mail.token)


def _scan(counting: Counting, key: str) -> None:
    event = result(key, "NO_THREATS_FOUND")
    with counting.by("note_scan"):
        note(event)


def _deliver(service: Service, counting: Counting) -> None:
    messages = service.queued()
    sqs, queue = boto3.client("sqs", REGION), os.environ["NOTIFICATIONS_QUEUE_URL"]
    for message in messages:
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["receiptHandle"])
    for message in messages:
        with counting.by("send_notification"):
            service.deliver([message])


def _download(counting: Counting, who: str, keys: list[str]) -> None:
    s3 = boto3.client("s3", REGION)
    for key in keys:
        with counting.by(who) as work:
            size = int(s3.get_object(Bucket=os.environ["BUCKET_NAME"], Key=key)["ContentLength"])
            # Files are small here, so that the test is quick: what counts them says how large they would be.
            work.bytes_out += FILE_BYTES if key.startswith("attachments/") else size
