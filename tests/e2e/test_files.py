"""Files over HTTP alone: refused before sending, blocked after it, taken knowingly, handed over as what they are."""

import io
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from PIL import Image

from infra.local.agent_client import AgentClient
from infra.local.local_stack import LocalStack
from infra.local.samples import SENDER, SampleFile, a_pdf
from infra.local.sender_client import SenderClient, Sent, until
from tests.support.samples.files_of_each_type import EICAR, sample

INFECTED = SampleFile(name="facture.txt", media_type="text/plain", content=EICAR)
PROTECTED = SampleFile(name="contrat.pdf", media_type="application/pdf", content=sample("protected.pdf"))


@pytest.fixture(scope="module")
def anam(stack: LocalStack, sender: SenderClient, storage: httpx.Client) -> AgentClient:
    """The inbox of ANAM, opened by its agent."""
    return AgentClient(sender, storage, stack.sign_in(stack.people.agents["anam"]).id_token)


def drafted(sender: SenderClient, file: SampleFile) -> tuple[dict[str, Any], dict[str, Any]]:
    """A draft that lacks nothing, and its one file as its sender sees it once it is checked."""
    started = sender.start("anam")
    sender.write(started)
    sender.attach(started, file)
    sender.identify(started)

    def checked() -> dict[str, Any] | None:
        (found,) = sender.ask("GET", f"/mails/{started['mail_id']}", token=started["access_token"])["attachments"]
        seen: dict[str, Any] = found
        return None if seen["check"] == "pending" else seen

    return started, until(checked, "the check of the file")


def sent(sender: SenderClient, file: SampleFile) -> tuple[Sent, dict[str, Any]]:
    started, found = drafted(sender, file)
    return sender.submit(started), found


def tag(stack: LocalStack, mail: Sent, file: Mapping[str, Any], status: str) -> dict[str, str]:
    """Write what a scan found on a submitted file; which version of which object that is."""
    s3, bucket = stack.session().client("s3"), stack.outputs["BucketName"]
    key = f"attachments/{mail.mail_id}/{file['attachment_id']}"
    version = s3.head_object(Bucket=bucket, Key=key)["VersionId"]
    tags = [{"Key": "state", "Value": "submitted"}]
    if status:
        tags.append({"Key": "GuardDutyMalwareScanStatus", "Value": status})
    s3.put_object_tagging(Bucket=bucket, Key=key, VersionId=version, Tagging={"TagSet": tags})  # type: ignore[typeddict-item]  # made here
    return {"bucketName": bucket, "objectKey": key, "versionId": version}


def scanned(stack: LocalStack, mail: Sent, file: Mapping[str, Any], status: str) -> None:
    """What GuardDuty does when it looked into a file: the tag, and the event."""
    detail = {
        "s3ObjectDetails": tag(stack, mail, file, status),
        "scanResultDetails": {"scanResultStatus": status, "threats": None},
    }
    entry = {
        "Source": "aws.guardduty",
        "DetailType": "GuardDuty Malware Protection Object Scan Result",
        "Detail": json.dumps(detail),
    }
    stack.session().client("events").put_events(Entries=[entry])  # type: ignore[list-item]  # made here


def test_a_mail_with_malware_is_not_registered_until_its_sender_removes_the_file(
    sender: SenderClient, anam: AgentClient
) -> None:
    started, file = drafted(sender, INFECTED)
    assert (file["check"], file["reason_code"]) == ("refused", "infected")
    path, token = f"/mails/{started['mail_id']}", started["access_token"]
    refusal = sender.ask("POST", f"{path}/submission", token=token, expect=409)
    assert refusal["refused"] == [f"attachments/{file['attachment_id']}"]
    sender.ask("DELETE", f"{path}/attachments/{file['attachment_id']}", token=token, expect=204)
    assert anam.open(sender.submit(started))["attachments"] == []


def test_malware_that_is_found_later_is_gone_for_everyone_and_desk_and_sender_are_told(
    sender: SenderClient, stack: LocalStack, anam: AgentClient
) -> None:
    mail, file = sent(sender, a_pdf())
    sender.follow(mail)
    scanned(stack, mail, file, "THREATS_FOUND")

    def blocked() -> bool | None:
        (found,) = anam.open(mail)["attachments"]
        return True if found["check"] == "refused" else None

    until(blocked, "the file to be blocked")
    anam.ask("GET", f"/{mail.number}/attachments/{file['attachment_id']}?accept_unchecked=true", expect=410)

    def told() -> bool | None:
        emails = [one for one in stack.emails() if mail.number in one.subject]
        desks = [one for one in emails if "bureau-ordre@anam.example.org" in one.to]
        senders = [one for one in emails if SENDER["email"] in one.to]
        return True if len(desks) == 2 == len(senders) else None

    until(told, "the desk and the sender to be told")
    (seen,) = sender.ask("GET", f"/mails/{mail.mail_id}", token=mail.access_token)["attachments"]
    assert seen["check"] == "refused"
    assert "nouveau courrier" in seen["reason"]
    s3, bucket = stack.session().client("s3"), stack.outputs["BucketName"]
    stays = s3.head_object(Bucket=bucket, Key=f"attachments/{mail.mail_id}/{file['attachment_id']}")
    assert stays["ContentLength"] == file["size"], "it stays for evidence"


def test_a_file_with_a_password_reaches_the_agent_who_accepts_it_under_a_trace(
    sender: SenderClient, stack: LocalStack, storage: httpx.Client, anam: AgentClient
) -> None:
    mail, file = sent(sender, PROTECTED)
    assert (file["check"], file["reason_code"]) == ("unchecked", "protected")
    assert "mot de passe" in file["reason"]
    path = f"/{mail.number}/attachments/{file['attachment_id']}"
    assert anam.ask("GET", path, expect=409)["type"] == "/problems/file-unchecked"
    download = anam.ask("GET", f"{path}?accept_unchecked=true")
    assert storage.get(download["url"]).content == PROTECTED.content
    taken = [one for one in anam.open(mail)["accesses"] if one["action"] == "downloaded"]
    assert [(one["by"], one["unchecked"]) for one in taken] == [(stack.people.agents["anam"].username, True)]

    statuses = {"UNSUPPORTED": 200, "NEVER_CAME": 200, "THREATS_FOUND": 403, "": 403}
    for status, answered in statuses.items():
        tag(stack, mail, file, status)
        download = anam.ask("GET", f"{path}?accept_unchecked=true")
        assert storage.get(download["url"]).status_code == answered, status


def test_the_role_that_hands_out_files_can_open_no_infected_one_whatever_the_table_says(
    sender: SenderClient, stack: LocalStack, storage: httpx.Client, anam: AgentClient
) -> None:
    """Were the table to call it clean, S3 would still refuse: the grant itself asks for the tag."""
    mail, file = sent(sender, a_pdf())
    tag(stack, mail, file, "THREATS_FOUND")
    assert anam.open(mail)["attachments"][0]["check"] == "clean"
    download = anam.ask("GET", f"/{mail.number}/attachments/{file['attachment_id']}")
    assert storage.get(download["url"]).status_code == 403


def test_a_picture_under_another_pictures_name_is_handed_over_as_what_it_is(
    sender: SenderClient, storage: httpx.Client, anam: AgentClient
) -> None:
    written = io.BytesIO()
    Image.new("RGB", (40, 30), "#336699").save(written, "PNG")
    picture = SampleFile(name="photo.jpg", media_type="image/jpeg", content=written.getvalue())
    mail, file = sent(sender, picture)
    assert (file["check"], file["detected_media_type"]) == ("clean", "image/png")
    download = anam.ask("GET", f"/{mail.number}/attachments/{file['attachment_id']}")
    assert (download["file_name"], download["media_type"]) == ("photo.png", "image/png")
    assert storage.get(download["url"]).content == picture.content
    # AWS saves it under this name; the emulator answers with the headers that the file was stored with.
    assert "photo.png" in parse_qs(urlsplit(download["url"]).query)["response-content-disposition"][0]


def test_an_answer_with_a_password_waits_until_the_agent_replaces_it(sender: SenderClient, anam: AgentClient) -> None:
    mail, _ = sent(sender, a_pdf())
    refused = anam.enclose(mail.number, PROTECTED)
    problem = anam.close(mail.number, "answered", expect=409)
    assert problem["unchecked"] == [f"attachments/{refused}"]
    anam.ask("DELETE", f"/{mail.number}/attachments/{refused}", expect=204)
    anam.enclose(mail.number, a_pdf())
    anam.close(mail.number, "answered")
