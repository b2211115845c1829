"""The local cloud itself: what it stands in for AWS with, and what it must not lose."""

import contextlib
import shutil
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psutil
import pytest
from botocore.exceptions import ClientError

from infra.local.local_stack import LocalStack
from infra.local.place import ANY_PORTS, LocalPlace
from infra.local.progress import Progress
from infra.local.running import running_stack
from infra.local.samples import a_jpeg, a_pdf
from infra.local.sender_client import SenderClient, Sent, until


@pytest.fixture(scope="module")
def sent(sender: SenderClient) -> Sent:
    """A mail with two attachments."""
    started = sender.start()
    sender.write(started)
    for file in (a_pdf(), a_jpeg()):
        sender.attach(started, file)
    sender.identify(started)
    return sender.submit(started)


def test_a_mail_gets_its_receipt_and_everyone_is_told(sender: SenderClient, stack: LocalStack, sent: Sent) -> None:
    assert sender.receipt(sent).startswith(b"%PDF-")
    events = [entry["event"] for entry in sender.follow(sent)["history"]]
    assert events[:3] == ["started", "submitted", "receipt_issued"]
    assert sender.verify(sent)["genuine"]

    def told() -> set[str] | None:
        addresses = {to for email in stack.emails() if sent.number in email.text for to in email.to}
        phones = {sms.to for sms in stack.sms() if sent.number in sms.text}
        return addresses | phones if len(addresses) > 1 and len(phones) > 1 else None

    assert {"fatima.zahra@usager.example", "+212661234567"} <= until(told, "e-mails and SMS")


def test_emails_and_sms_can_be_read_by_other_programs_and_by_people(
    sender: SenderClient, stack: LocalStack, sent: Sent
) -> None:
    sender.follow(sent)
    with httpx.Client(trust_env=False) as client:
        emails = client.get(stack.emails_url).json()
        mine = [email for email in emails if sent.number in email["text"]]
        assert {"from", "to", "subject", "date", "text", "html", "raw"} <= mine[0].keys()
        raw = client.get(mine[0]["raw"]).text
        assert "Subject:" in raw
        assert "Auto-Submitted: auto-generated" in raw
        assert any(sent.number in sms["text"] for sms in client.get(stack.sms_url).json())
        page = client.get(stack.emails_url, headers={"Accept": "text/html"}).text
        assert page.startswith("<!doctype html>")
        assert sent.number in page


def test_the_bucket_is_locked_encrypted_and_emptied_of_drafts(stack: LocalStack) -> None:
    s3, bucket = stack.session().client("s3"), stack.outputs["BucketName"]
    lock = s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]
    assert lock["ObjectLockEnabled"] == "Enabled"
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["BucketKeyEnabled"]
    key = rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"]
    assert key.startswith(f"arn:aws:kms:{stack.region}:")
    rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    tagged = [rule["Filter"]["And"].get("Tags") for rule in rules if "And" in rule.get("Filter", {})]
    assert [{"Key": "state", "Value": "draft"}] in tagged


def test_tables_forget_what_expired_and_can_be_restored(stack: LocalStack) -> None:
    dynamodb = stack.session().client("dynamodb")
    for output in ("TableName", "IdempotencyTableName"):
        table = stack.outputs[output]
        lifetime = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
        assert lifetime["TimeToLiveStatus"] == "ENABLED"
        backups = dynamodb.describe_continuous_backups(TableName=table)
        recovery = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        assert recovery["PointInTimeRecoveryStatus"] == "ENABLED"


def test_iam_is_enforced(stack: LocalStack) -> None:
    """A user without a policy may not read the table: without this, no permission is tested."""
    session = stack.session()
    iam = session.client("iam")
    iam.create_user(UserName="stranger")
    key = iam.create_access_key(UserName="stranger")["AccessKey"]
    stranger = session.client(
        "dynamodb",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )
    with pytest.raises(ClientError, match="AccessDenied"):
        stranger.scan(TableName=stack.outputs["TableName"])


def processes(place: LocalPlace) -> list[str]:
    """What runs for the cloud of a place: the emulator, and the functions' workers, which inherit its environment."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get("STATE_DIR") == str(place.state):
                found.append(" ".join(process.cmdline()))
    return found


def test_a_killed_cloud_comes_back_with_its_mails_and_ends_with_all_its_processes(
    sender: SenderClient, stack: LocalStack, sent: Sent, tmp_path: Path
) -> None:
    """What was saved while it ran is a whole cloud: a copy of it serves the same mail."""
    sender.receipt(sent)
    sender.follow(sent)
    killed = stack.mail_catcher.cloud
    saved = killed.place.state / "s3.json"  # written after the table
    before = saved.stat().st_mtime_ns
    killed.save()
    until(lambda: saved.stat().st_mtime_ns > before or None, "the state to be saved")
    copy = LocalPlace(folder=tmp_path / "copy", logs=tmp_path / "logs")
    for name in ("state", "s3", "emails", "deployed.json", "people.json"):
        source, target = killed.place.folder / name, copy.folder / name
        if source.is_dir():
            # the emulator may be writing again at this moment: under another name first, for whole files alone
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.tmp"))
        else:
            shutil.copy(source, target)
    with (
        running_stack(copy, ANY_PORTS, Progress()) as again,
        again.client() as api,
        again.storage() as storage,
    ):
        back = SenderClient(api, storage)
        assert back.verify(sent)["genuine"]
        assert back.receipt(sent) == sender.receipt(sent)
        assert any(sent.number in email.text for email in again.emails())
        _refuses_to_forget(again, sent)
        assert again.people.agents == stack.people.agents
        assert again.people.machine.client_id == stack.people.machine.client_id
        assert again.sign_in(again.people.operator).id_token
        assert again.machine_token()
        assert len(processes(copy)) > 1
    assert processes(copy) == []


def _refuses_to_forget(stack: LocalStack, sent: Sent) -> None:
    """The receipt's version is still under retention."""
    s3, bucket = stack.session().client("s3"), stack.outputs["BucketName"]
    key = f"receipts/{sent.mail_id}.pdf"
    version = s3.head_object(Bucket=bucket, Key=key)["VersionId"]
    retention = s3.get_object_retention(Bucket=bucket, Key=key, VersionId=version)["Retention"]
    assert retention["RetainUntilDate"] > datetime.now(UTC)
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(Bucket=bucket, Key=key, VersionId=version)
