"""A mail whose item does not fit its status: operators read what is wrong, and no other mail waits for it."""

from datetime import timedelta

import boto3
import pytest
import time_machine

import resume_stalled.handler
from mailroom.domain import clock
from tests.support.in_process.mishaps import taking
from tests.support.in_process.refused import problem
from tests.support.in_process.service import CITIZEN, LETTER, REGION, TABLE, Mail, Service, context


def corrupt(mail: Mail) -> str:
    """Give a submitted mail the status of a closed one; what operators read of it comes back."""
    boto3.resource("dynamodb", REGION).Table(TABLE).update_item(
        Key={"pk": f"MAIL#{mail.mail_id}", "sk": "MAIL"},
        UpdateExpression="SET #status = :answered",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":answered": "answered"},
    )
    return f"item of mail {mail.mail_id}: answered without collection, outcome"


def test_a_request_for_it_fails_and_the_log_says_what_is_wrong(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    mail = service.sent()
    fault = corrupt(mail)
    problem(service.call("GET", f"/v1/mails/{mail.mail_id}", token=mail.token), 500, "internal-error")
    (failed,) = [vars(record) for record in caplog.records if record.message == "request failed"]
    assert (failed["error"], failed["fault"]) == ("CorruptMailError", fault)
    assert not [
        said for said in (LETTER["subject"], CITIZEN["email"], CITIZEN["last_name"]) if str(said) in str(failed)
    ]


def test_the_sweep_goes_on_with_the_other_mails(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    first, other = service.sent(), service.sent()
    fault = corrupt(first)
    later = time_machine.travel(clock.now() + timedelta(minutes=10), tick=False)
    with later, taking("Invoke", {"StatusCode": 202}) as invoked:
        resume_stalled.handler.handler({}, context())
    assert [other.mail_id in call["Payload"].decode() for call in invoked] == [True]
    assert [vars(record).get("fault") for record in caplog.records if record.levelname == "ERROR"] == [fault]
