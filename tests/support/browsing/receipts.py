"""Receipts that the house issued, and what people do to such files."""

import io
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import boto3
import rfc8785
import segno
from PIL import Image
from playwright.sync_api import FilePayload, Page, Request, Route
from pyhanko.pdf_utils.reader import PdfFileReader

from tests.support.house.house import House
from tests.support.in_process.service import BUCKET, REGION
from tests.support.signed import receipts_to_check

PLAN = b"%PDF-1.7 plan"
"""The attachment of each mail."""


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A mail's receipt."""

    mail_id: str
    number: str
    code: str
    pdf: bytes
    """Empty while the receipt is being made."""


def issued(house: House, *, organism_id: str = "anam") -> Issued:
    """A new mail and its receipt."""
    mail = house.service.sent(organism_id)
    house.chain.submitted(mail.mail_id)
    house.settle()
    with house.turn:
        client = boto3.client("s3", REGION)
        keys = [each["Key"] for each in client.list_objects_v2(Bucket=BUCKET, Prefix="receipts/").get("Contents", [])]
        key = next((each for each in keys if each.endswith(f"{mail.mail_id}.pdf")), None)
        pdf = client.get_object(Bucket=BUCKET, Key=key)["Body"].read() if key else b""
    return Issued(
        mail_id=mail.mail_id,
        number=mail.submitted["number"],
        code=mail.submitted["verification_code"],
        pdf=pdf,
    )


def kept(house: House) -> Iterator[Issued]:
    """A new mail and its receipt, for a fixture of many tests."""
    house.begin_again()
    made = issued(house)
    with house.keeping():
        yield made


def altered(pdf: bytes) -> bytes:
    """The file with one bit changed in the middle."""
    changed = bytearray(pdf)
    changed[len(changed) // 2] ^= 1
    return bytes(changed)


def qr(content: str) -> bytes:
    """A picture (PNG) of a QR code."""
    picture = io.BytesIO()
    segno.make_qr(content).save(picture, kind="png", scale=6)
    return picture.getvalue()


def blank() -> bytes:
    """A picture (PNG) of nothing."""
    picture = io.BytesIO()
    Image.new("RGB", (640, 480), "white").save(picture, "png")
    return picture.getvalue()


def record_in(pdf: bytes) -> bytes:
    """The sealed record inside a receipt, which anybody who has the file can take out of it."""
    (file,) = [entry.get_object() for entry in PdfFileReader(io.BytesIO(pdf)).root["/AF"]]
    content: bytes = file["/EF"]["/F"].data
    return content


def forged(**changed: object) -> bytes:
    """A forger's record: canonical, as ours is."""
    return rfc8785.dumps(receipts_to_check.VALUES | changed)


def sealed_by_a_forger(record: bytes) -> bytes:
    """Our page under a seal that is not the service's."""
    # pyHanko starts an event loop, and Playwright's runs in this thread.
    with ThreadPoolExecutor() as beside:
        return beside.submit(receipts_to_check.sealed, record=record).result()


def choose(page: Page, *contents: bytes, name: str = "receipt.pdf", kind: str = "application/pdf") -> None:
    """Choose files beside the button."""
    files: list[FilePayload] = [{"name": name, "mimeType": kind, "buffer": each} for each in contents]
    page.locator("#file").set_input_files(files)


def answer_otherwise(page: Page, address: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Change the service's answers under an address (a pattern of Playwright's) on their way."""

    def answered(route: Route, _request: Request) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=json.dumps(change(answer.json())))

    page.route(address, answered)
