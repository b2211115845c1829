"""The main job, from the first step to the e-mails, in one process."""

import boto3

from tests.support.in_process.service import BUCKET, REGION, Service, sha256


def test_a_mail_goes_through_four_steps_and_everyone_is_told(service: Service) -> None:
    mail = service.sent()
    assert mail.submitted["number"] == "ANAM-2026-000001"

    pending = service.call("GET", f"/v1/mails/{mail.mail_id}/receipt", token=mail.token)
    assert pending.status == 202
    assert pending.headers["Retry-After"] == "1"
    assert pending.json == {"status": "pending"}

    service.receipt_trigger(mail.mail_id)
    issued = service.call("GET", f"/v1/mails/{mail.mail_id}/receipt", token=mail.token)
    assert issued.status == 200
    stored = boto3.client("s3", REGION).get_object(Bucket=BUCKET, Key=f"receipts/{mail.mail_id}.pdf")["Body"].read()
    assert stored.startswith(b"%PDF-")
    assert sha256(stored) == issued.json["sha256"]

    messages = service.queued()
    assert service.deliver(messages) == {"batchItemFailures": []}
    followed = service.call("GET", f"/v1/mails/{mail.mail_id}", token=mail.token).json
    assert [event["event"] for event in followed["history"]] == [
        "started",
        "submitted",
        "receipt_issued",
        "organism_alerted",
        "sender_informed",
    ]
    statement = service.call("GET", f"/v1/receipts/{mail.submitted['verification_code']}")
    assert statement.json["genuine"] is True
    assert statement.json["receipt_sha256"] == issued.json["sha256"]
    back = service.call(
        "POST",
        "/v1/follow-up",
        {"number": mail.submitted["number"], "follow_up_code": mail.submitted["follow_up_code"]},
    )
    assert back.json.keys() == {"mail_id", "access_token"}
    again = service.call("GET", f"/v1/mails/{mail.mail_id}", token=back.json["access_token"])
    assert again.json["history"] == followed["history"]
