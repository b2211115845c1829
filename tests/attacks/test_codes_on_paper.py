"""The receipt is shown to anyone: whoever holds the file must not get into the mail."""

import io
import json
import urllib.parse
import zlib
from collections.abc import Iterator

import boto3
import pikepdf
import pypdfium2
import pytest

from tests.support.in_process.service import BUCKET, REGION, Mail, Service


@pytest.fixture(scope="module")
def victim(shared_service: Service) -> Mail:
    """A mail whose receipt was made."""
    mail = shared_service.sent()
    shared_service.receipt_trigger(mail.mail_id)
    return mail


def stored(key: str) -> bytes:
    return boto3.client("s3", REGION).get_object(Bucket=BUCKET, Key=key)["Body"].read()


def everything_in(pdf: bytes) -> Iterator[str]:
    """What a file says: its text, its attachments, its properties, and each of its streams as it is unpacked."""
    yield pdf.decode("latin-1")
    for page in pypdfium2.PdfDocument(pdf):
        yield page.get_textpage().get_text_range()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for attached in opened.attachments.values():
            yield attached.get_file().read_bytes().decode()
        for item in opened.objects:
            yield repr(item)
            if isinstance(item, pikepdf.Stream):
                try:
                    yield item.read_bytes().decode("latin-1")
                except (pikepdf.PdfError, zlib.error):
                    yield item.read_raw_bytes().decode("latin-1")


def bare(text: str) -> str:
    """The text as somebody types codes from it: without dashes and blanks."""
    return "".join(char for char in text.upper() if char.isalnum())


def test_the_receipt_shown_at_a_counter_holds_no_code(victim: Mail) -> None:
    """Whoever is shown the receipt's file wants the code or the token that opens the letter."""
    receipt = stored(f"receipts/{victim.mail_id}.pdf")
    secrets = (victim.submitted["follow_up_code"], victim.token)
    found = [secret for secret in secrets for said in everything_in(receipt) if bare(secret) in bare(said)]
    assert found == []


def test_the_slip_does_hold_it_so_that_the_search_above_can_find(victim: Mail) -> None:
    """Nobody attacks here: the search that finds nothing in the receipt finds the code in the slip."""
    slip = stored(f"slips/{victim.mail_id}.pdf")
    assert any(bare(victim.submitted["follow_up_code"]) in bare(said) for said in everything_in(slip))
    assert not any(bare(victim.token) in bare(said) for said in everything_in(slip))


def test_a_programs_answer_about_the_receipt_gives_no_slip_to_strangers(shared_service: Service, victim: Mail) -> None:
    """A stranger who knows a mail's id, or its verification code, wants the slip's address."""
    for token in (None, "x" * 43):
        refused = shared_service.call("GET", f"/v1/mails/{victim.mail_id}/receipt", token=token)
        assert refused.status in {401, 403, 404}
        assert "slip" not in refused.body
    said = shared_service.call("GET", f"/v1/receipts/{victim.submitted['verification_code']}")
    assert "slip" not in json.dumps(said.json)


def test_neither_file_stays_in_a_cache_on_the_way(shared_service: Service, victim: Mail) -> None:
    """Whoever sits at the cybercafe's machine afterwards wants the files from its cache."""
    issued = shared_service.call("GET", f"/v1/mails/{victim.mail_id}/receipt", token=victim.token).json
    for url in (issued["url"], issued["slip"]["url"]):
        assert "response-cache-control=no-store" in urllib.parse.unquote(url)
