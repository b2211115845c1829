"""The slip beside the receipt: there when the receipt is, and made again where it is missing or out of date."""

from datetime import timedelta
from typing import Any

import boto3
import pytest

from mailroom.mails.tokens import Tokens
from mailroom.storage.presigned import DOWNLOAD_LIFETIME
from tests.support.in_process.service import BUCKET, REGION, TABLE, Mail, Service

S3_LOCKED = {"ObjectLockMode", "ObjectLockRetainUntilDate"}


def issued(service: Service, mail: Mail) -> Any:  # noqa: ANN401 - JSON
    return service.call("GET", f"/v1/mails/{mail.mail_id}/receipt", token=mail.token).json


def slip(mail: Mail) -> dict[str, Any]:
    return dict(boto3.client("s3", REGION).get_object(Bucket=BUCKET, Key=f"slips/{mail.mail_id}.pdf"))


def remove_slip(mail: Mail) -> None:
    boto3.client("s3", REGION).delete_object(Bucket=BUCKET, Key=f"slips/{mail.mail_id}.pdf")


def test_the_slip_is_there_when_the_receipt_is(service: Service) -> None:
    mail = service.sent()
    service.receipt_trigger(mail.mail_id)
    answer = issued(service, mail)
    assert answer.keys() == {"status", "url", "sha256", "expires_at", "slip"}
    assert answer["slip"].keys() == {"url", "expires_at"}
    assert f"slips/{mail.mail_id}.pdf" in answer["slip"]["url"]
    assert timedelta(minutes=5) == DOWNLOAD_LIFETIME
    stored = slip(mail)
    assert stored["ContentType"] == "application/pdf"
    assert mail.submitted["number"] in stored["ContentDisposition"]
    assert not S3_LOCKED & stored.keys(), "codes may be turned"


def test_a_slip_that_is_lost_comes_again_with_the_next_run_and_the_receipt_stays(service: Service) -> None:
    mail = service.sent()
    service.receipt_trigger(mail.mail_id)
    before, first = issued(service, mail)["sha256"], slip(mail)["Body"].read()
    remove_slip(mail)
    service.receipt_trigger(mail.mail_id)
    assert slip(mail)["Body"].read() == first
    assert issued(service, mail)["sha256"] == before


def test_a_slip_with_another_code_than_the_mails_is_replaced_by_the_next_run(service: Service) -> None:
    mail = service.sent()
    service.receipt_trigger(mail.mail_id)
    first, before = slip(mail)["Body"].read(), issued(service, mail)["sha256"]
    with pytest.MonkeyPatch.context() as turned:
        turned.setattr(Tokens, "follow_up_code", lambda *_: "0000-1111-2222-3333")
        service.receipt_trigger(mail.mail_id)
    assert slip(mail)["Body"].read() != first
    assert issued(service, mail)["sha256"] == before


def test_a_receipt_of_former_times_stays_valid_and_has_no_slip_until_it_is_made(service: Service) -> None:
    """Their sheets bear the code; a run, which operators may ask for, brings the slip too."""
    mail = service.sent()
    service.receipt_trigger(mail.mail_id)
    remove_slip(mail)
    boto3.client("dynamodb", REGION).update_item(
        TableName=TABLE,
        Key={"pk": {"S": f"MAIL#{mail.mail_id}"}, "sk": {"S": "MAIL"}},
        UpdateExpression="REMOVE has_slip",
    )
    old = issued(service, mail)
    assert old["slip"] is None
    assert old["url"]
    service.receipt_trigger(mail.mail_id)
    assert issued(service, mail)["slip"]
    assert slip(mail)["Body"].read().startswith(b"%PDF-")
