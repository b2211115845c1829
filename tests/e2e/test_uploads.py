"""Storage itself refuses what was not announced, and keeps what was submitted."""

import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from infra.local.local_stack import LocalStack
from infra.local.samples import a_pdf
from infra.local.sender_client import SenderClient, until

CONTENT = b"nom;montant\nAmina;120\n"


def announce(api: httpx.Client, started: dict[str, Any], name: str = "فاتورة.csv", media_type: str = "text/csv") -> Any:  # noqa: ANN401 - JSON
    answer = api.post(
        f"/v1/mails/{started['mail_id']}/attachments",
        headers={"Authorization": f"Bearer {started['access_token']}"},
        json={
            "file_name": name,
            "media_type": media_type,
            "size": len(CONTENT),
            "sha256": sha256(CONTENT).hexdigest(),
        },
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def put(
    storage: httpx.Client, upload: dict[str, Any], content: bytes = CONTENT, changed: dict[str, str] | None = None
) -> int:
    sent = upload["headers"] | (changed or {})
    return storage.put(upload["url"], headers=sent, content=content).status_code


def test_only_the_announced_bytes_are_taken_and_only_once(
    api: httpx.Client, storage: httpx.Client, sender: SenderClient
) -> None:
    upload = announce(api, sender.start())["upload"]
    assert put(storage, upload, CONTENT + b"more") in {400, 403}, "another length"
    assert put(storage, upload, CONTENT.replace(b"120", b"999")) in {400, 403}, "other bytes of the same length"
    assert put(storage, upload, changed={"Content-Type": "text/html"}) == 403, "another type"
    assert put(storage, upload, changed={"x-amz-tagging": "state=submitted"}) == 403, "another tag"
    without = {name: value for name, value in upload["headers"].items() if name.lower() != "if-none-match"}
    assert storage.put(upload["url"], headers=without, content=CONTENT).status_code == 403, "overwriting allowed"
    assert put(storage, upload) == 200
    assert put(storage, upload) == 412, "the same address a second time"


def test_an_expired_address_is_refused(stack: LocalStack, storage: httpx.Client) -> None:
    client = stack.session().client("s3")
    url = client.generate_presigned_url(
        "put_object", Params={"Bucket": stack.outputs["BucketName"], "Key": "attachments/x/y"}, ExpiresIn=1
    )
    time.sleep(2.5)
    assert storage.put(url, content=b"late").status_code == 403


def test_arabic_names_keep_their_letters_in_storage_and_download(
    api: httpx.Client, storage: httpx.Client, sender: SenderClient, stack: LocalStack
) -> None:
    started = sender.start()
    announced = announce(api, started)
    assert put(storage, announced["upload"]) == 200
    head = (
        stack.session()
        .client("s3")
        .head_object(
            Bucket=stack.outputs["BucketName"], Key=f"attachments/{started['mail_id']}/{announced['attachment_id']}"
        )
    )
    assert head["ContentDisposition"].endswith("filename*=UTF-8''%D9%81%D8%A7%D8%AA%D9%88%D8%B1%D8%A9.csv")
    mail = sender.ask("GET", f"/mails/{started['mail_id']}", token=started["access_token"])
    assert [(file["file_name"], file["uploaded"]) for file in mail["attachments"]] == [("فاتورة.csv", True)]


def test_submission_names_the_file_that_never_came(
    api: httpx.Client, storage: httpx.Client, sender: SenderClient
) -> None:
    started = sender.start()
    sender.write(started)
    sender.identify(started)
    announced = announce(api, started)
    token = {"Authorization": f"Bearer {started['access_token']}"}
    refused = api.post(f"/v1/mails/{started['mail_id']}/submission", headers=token)
    assert refused.status_code == 409
    assert refused.json()["missing"] == [f"attachments/{announced['attachment_id']}"]
    assert put(storage, announced["upload"]) == 200
    assert api.post(f"/v1/mails/{started['mail_id']}/submission", headers=token).status_code == 201


def test_what_was_submitted_can_be_neither_changed_nor_deleted(sender: SenderClient, stack: LocalStack) -> None:
    started = sender.start()
    sender.write(started)
    file = a_pdf()
    sender.attach(started, file)
    sender.identify(started)
    sent = sender.submit(started)
    sender.receipt(sent)
    s3 = stack.session().client("s3")
    bucket = stack.outputs["BucketName"]
    listed = [
        version for version in s3.list_object_versions(Bucket=bucket)["Versions"] if sent.mail_id in version["Key"]
    ]
    folders = sorted(version["Key"].partition("/")[0] for version in listed)
    assert folders == ["attachments", "receipts", "slips", "submissions"]
    # A slip is no proof: it is written anew when codes are turned.
    locked = [version for version in listed if not version["Key"].startswith("slips/")]
    for version in locked:
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])
        retention = s3.get_object_retention(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])[
            "Retention"
        ]
        assert retention["Mode"] == "COMPLIANCE"
        assert retention["RetainUntilDate"] > datetime.now(UTC)
        sooner: Any = retention | {"RetainUntilDate": datetime.now(UTC) + timedelta(minutes=1)}
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.put_object_retention(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"], Retention=sooner)
    attachment = next(version for version in listed if version["Key"].startswith("attachments/"))
    s3.put_object(Bucket=bucket, Key=attachment["Key"], Body=b"other bytes")
    pinned = s3.get_object(Bucket=bucket, Key=attachment["Key"], VersionId=attachment["VersionId"])
    assert pinned["Body"].read() == file.content

    def tagged() -> bool | None:
        tags = s3.get_object_tagging(Bucket=bucket, Key=attachment["Key"], VersionId=attachment["VersionId"])
        found = {tag["Key"]: tag["Value"] for tag in tags["TagSet"]}
        return True if found == {"state": "submitted", "GuardDutyMalwareScanStatus": "NO_THREATS_FOUND"} else None

    until(tagged, "the tags of the submitted version: its state, and what the scan found")
