"""A receipt that storage lost is made again, as a copy that says so, and what people hold stays known."""

import re

import boto3
import pypdfium2
import pytest

from tests.support.in_process.mishaps import ProcessDiedError, dying_after_write
from tests.support.in_process.service import BUCKET, REGION, Mail, Service, sha256


def stored(mail: Mail) -> bytes:
    return boto3.client("s3", REGION).get_object(Bucket=BUCKET, Key=f"receipts/{mail.mail_id}.pdf")["Body"].read()


def issued_then_lost(service: Service) -> tuple[Mail, bytes]:
    mail = service.sent()
    service.receipt_trigger(mail.mail_id)
    original = stored(mail)
    boto3.client("s3", REGION).delete_object(Bucket=BUCKET, Key=f"receipts/{mail.mail_id}.pdf")
    return mail, original


def noted(service: Service, mail: Mail) -> tuple[str, str, list[str]]:
    """The digests of the receipt, of the first one and, for whoever checks, of the copies."""
    (item,) = (item for item in service.items(f"MAIL#{mail.mail_id}") if item["sk"] == "MAIL")
    (statement,) = service.items(f"RECEIPT#{mail.submitted['verification_code']}")
    return item["receipt"]["sha256"], item["first_receipt"]["sha256"], statement["copies"]


def assert_copy(service: Service, mail: Mail, original: bytes) -> None:
    copy = stored(mail)
    text = re.sub(r"\s+", " ", pypdfium2.PdfDocument(copy)[0].get_textpage().get_text_range())
    assert "DUPLICATA établi le" in text
    assert mail.submitted["number"] in text
    assert noted(service, mail) == (sha256(copy), sha256(original), [sha256(copy)])
    answer = service.call("GET", f"/v1/mails/{mail.mail_id}/receipt", token=mail.token)
    assert answer.json["sha256"] == sha256(copy)
    statement = service.call("GET", f"/v1/receipts/{mail.submitted['verification_code']}")
    assert statement.json["receipt_sha256"] == sha256(original)
    assert statement.json["copies"] == [sha256(copy)]


def test_a_lost_receipt_is_replaced_once_by_a_copy_that_says_so(service: Service) -> None:
    mail, original = issued_then_lost(service)
    service.receipt_trigger(mail.mail_id)
    assert_copy(service, mail, original)
    copy = stored(mail)
    service.receipt_trigger(mail.mail_id)
    assert stored(mail) == copy
    assert_copy(service, mail, original)


def test_a_receipt_that_is_there_is_left_alone(service: Service) -> None:
    mail = service.sent()
    service.receipt_trigger(mail.mail_id)
    original = stored(mail)
    service.receipt_trigger(mail.mail_id)
    assert stored(mail) == original


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_copy_begun_by_a_run_that_died_is_finished_by_the_next(service: Service, number: int) -> None:
    mail, original = issued_then_lost(service)
    with dying_after_write(number), pytest.raises(ProcessDiedError):
        service.receipt_trigger(mail.mail_id)
    service.receipt_trigger(mail.mail_id)
    assert_copy(service, mail, original)
