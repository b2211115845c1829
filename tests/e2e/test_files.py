"""Files over HTTP alone: refused before sending, blocked after it, taken knowingly, handed over as what they are."""

import io
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from PIL import Image

from infra.local.agent_client import Inbox
from infra.local.job import SENDER, Desk, File, Sent, a_pdf, until
from infra.local.local_stack import Stack
from tests.support.samples.files_of_each_type import EICAR, sample

INFECTED = File(name="facture.txt", media_type="text/plain", content=EICAR)
PROTECTED = File(name="contrat.pdf", media_type="application/pdf", content=sample("protected.pdf"))


@pytest.fixture(scope="module")
def anam(stack: Stack, desk: Desk, storage: httpx.Client) -> Inbox:
    """The inbox of ANAM, opened by its agent."""
    return Inbox(desk, storage, stack.sign_in(stack.people.agents["anam"]).id_token)


def drafted(desk: Desk, file: File) -> tuple[dict[str, Any], dict[str, Any]]:
    """A draft that lacks nothing, and its one file as its sender sees it once it is checked."""
    started = desk.start("anam")
    desk.write(started)
    desk.attach(started, file)
    desk.identify(started)

    def checked() -> dict[str, Any] | None:
        (found,) = desk.ask("GET", f"/mails/{started['mail_id']}", token=started["access_token"])["attachments"]
        seen: dict[str, Any] = found
        return None if seen["check"] == "pending" else seen

    return started, until(checked, "the check of the file")


def sent(desk: Desk, file: File) -> tuple[Sent, dict[str, Any]]:
    started, found = drafted(desk, file)
    return desk.submit(started), found


def tag(stack: Stack, mail: Sent, file: Mapping[str, Any], status: str) -> dict[str, str]:
    """Write what a scan found on a submitted file; which version of which object that is."""
    s3, bucket = stack.session().client("s3"), stack.outputs["BucketName"]
    key = f"attachments/{mail.mail_id}/{file['attachment_id']}"
    version = s3.head_object(Bucket=bucket, Key=key)["VersionId"]
    tags = [{"Key": "state", "Value": "submitted"}]
    if status:
        tags.append({"Key": "GuardDutyMalwareScanStatus", "Value": status})
    s3.put_object_tagging(Bucket=bucket, Key=key, VersionId=version, Tagging={"TagSet": tags})  # type: ignore[typeddict-item]  # made here
    return {"bucketName": bucket, "objectKey": key, "versionId": version}


def scanned(stack: Stack, mail: Sent, file: Mapping[str, Any], status: str) -> None:
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


def test_a_mail_with_malware_is_not_registered_until_its_sender_removes_the_file(desk: Desk, anam: Inbox) -> None:
    started, file = drafted(desk, INFECTED)
    assert (file["check"], file["reason_code"]) == ("refused", "infected")
    path, token = f"/mails/{started['mail_id']}", started["access_token"]
    refusal = desk.ask("POST", f"{path}/submission", token=token, expect=409)
    assert refusal["refused"] == [f"attachments/{file['attachment_id']}"]
    desk.ask("DELETE", f"{path}/attachments/{file['attachment_id']}", token=token, expect=204)
    assert anam.open(desk.submit(started))["attachments"] == []


def test_malware_that_is_found_later_is_gone_for_everyone_and_desk_and_sender_are_told(
    desk: Desk, stack: Stack, anam: Inbox
) -> None:
    mail, file = sent(desk, a_pdf())
    desk.follow(mail)
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
    (seen,) = desk.ask("GET", f"/mails/{mail.mail_id}", token=mail.access_token)["attachments"]
    assert seen["check"] == "refused"
    assert "nouveau courrier" in seen["reason"]
    s3, bucket = stack.session().client("s3"), stack.outputs["BucketName"]
    stays = s3.head_object(Bucket=bucket, Key=f"attachments/{mail.mail_id}/{file['attachment_id']}")
    assert stays["ContentLength"] == file["size"], "it stays for evidence"


def test_a_file_with_a_password_reaches_the_agent_who_accepts_it_under_a_trace(
    desk: Desk, stack: Stack, storage: httpx.Client, anam: Inbox
) -> None:
    mail, file = sent(desk, PROTECTED)
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
    desk: Desk, stack: Stack, storage: httpx.Client, anam: Inbox
) -> None:
    """Were the table to call it clean, S3 would still refuse: the grant itself asks for the tag."""
    mail, file = sent(desk, a_pdf())
    tag(stack, mail, file, "THREATS_FOUND")
    assert anam.open(mail)["attachments"][0]["check"] == "clean"
    download = anam.ask("GET", f"/{mail.number}/attachments/{file['attachment_id']}")
    assert storage.get(download["url"]).status_code == 403


def test_a_picture_under_another_pictures_name_is_handed_over_as_what_it_is(
    desk: Desk, storage: httpx.Client, anam: Inbox
) -> None:
    written = io.BytesIO()
    Image.new("RGB", (40, 30), "#336699").save(written, "PNG")
    picture = File(name="photo.jpg", media_type="image/jpeg", content=written.getvalue())
    mail, file = sent(desk, picture)
    assert (file["check"], file["detected_media_type"]) == ("clean", "image/png")
    download = anam.ask("GET", f"/{mail.number}/attachments/{file['attachment_id']}")
    assert (download["file_name"], download["media_type"]) == ("photo.png", "image/png")
    assert storage.get(download["url"]).content == picture.content
    # AWS saves it under this name; the emulator answers with the headers that the file was stored with.
    assert "photo.png" in parse_qs(urlsplit(download["url"]).query)["response-content-disposition"][0]


def test_an_answer_with_a_password_waits_until_the_agent_replaces_it(desk: Desk, anam: Inbox) -> None:
    mail, _ = sent(desk, a_pdf())
    refused = anam.enclose(mail.number, PROTECTED)
    problem = anam.close(mail.number, "answered", expect=409)
    assert problem["unchecked"] == [f"attachments/{refused}"]
    anam.ask("DELETE", f"/{mail.number}/attachments/{refused}", expect=204)
    anam.enclose(mail.number, a_pdf())
    anam.close(mail.number, "answered")
