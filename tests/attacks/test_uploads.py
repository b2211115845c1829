"""Addresses that storage takes files at: `tests/e2e/test_uploads.py` sends other bytes to real ones, and is refused."""

import urllib.parse

import pytest

from tests.support.in_process.refused import wrong_fields
from tests.support.in_process.service import Mail, Service


@pytest.fixture(scope="module")
def draft(shared_service: Service) -> Mail:
    return shared_service.start("anam")


def test_everything_about_a_file_is_signed(shared_service: Service, draft: Mail) -> None:
    """A stranger wants to send other bytes, another type or a tag of a submitted file to an address handed out."""
    upload = shared_service.announce(draft, b"%PDF-1.7 plan").json["upload"]
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(upload["url"]).query)
    signed = set(query["X-Amz-SignedHeaders"][0].split(";"))
    assert {name.lower() for name in upload["headers"]} | {"content-length", "host"} == signed
    assert upload["headers"]["If-None-Match"] == "*"
    assert upload["headers"]["x-amz-tagging"] == "state=draft"
    assert int(query["X-Amz-Expires"][0]) <= 900


@pytest.mark.parametrize(
    "file_name",
    [
        'plan.pdf"\r\nContent-Type: text/html\r\n\r\n<script>.pdf',
        "plan\r\nSet-Cookie: a=b.pdf",
        "plan\n.pdf",
        "plan\u2028.pdf",
        "plan\x00.pdf",
        "..\\..\\plan.pdf",
        "../submissions/x.pdf",
        "/etc/passwd.pdf",
        "plan\u202efdp.exe.pdf",
        "plan.pdf.exe",
        "plan.html",
        "plan.svg",
        ".htaccess",
        "plan.pdf" * 40,
    ],
)
def test_a_files_name_that_is_more_than_a_name(shared_service: Service, draft: Mail, file_name: str) -> None:
    """A stranger wants a file's name to write a header, leave its folder, turn round or run on the agent's machine."""
    assert wrong_fields(shared_service.announce(draft, b"x", file_name=file_name)) == ["file_name"]


@pytest.mark.parametrize(
    "file_name", ["plan';%0d%0a.pdf", 'a"b.pdf', "a;b=c.pdf", "شهادة\u00a0السكنى.pdf", "%2e%2e%2f.pdf"]
)
def test_a_files_name_that_may_be_one(shared_service: Service, draft: Mail, file_name: str) -> None:
    """A stranger wants quotes, percent signs and semicolons of a name taken for parts of a header."""
    answer = shared_service.announce(draft, b"x", file_name=file_name)
    assert answer.status == 201, answer.body
    header = answer.json["upload"]["headers"]["Content-Disposition"]
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    encoded = header.rpartition("filename*=UTF-8''")[2]
    assert urllib.parse.unquote(encoded) == answer.json["file_name"]


@pytest.mark.parametrize("size", [0, -1, 1 << 40, 1 << 200, 1.5, "1", True, None])
def test_a_size_that_is_none(shared_service: Service, draft: Mail, size: object) -> None:
    """A stranger wants an address that takes nothing, or everything."""
    assert shared_service.announce(draft, b"x", size=size).status in {413, 422}


def test_a_mail_that_is_another_folder(shared_service: Service, draft: Mail) -> None:
    """A stranger wants an address in the folder of records or receipts, by an id with a way in it."""
    for mail_id in (f"../submissions/{draft.mail_id}", f"{draft.mail_id}%2f..%2f..%2freceipts", "%00", "."):
        path = f"/v1/mails/{mail_id}/attachments"
        answer = shared_service.call("POST", path, {"file_name": "a.pdf"}, token=draft.token)
        assert answer.status in {401, 404}
