"""The sealed record: the same bytes for the same mail, others as soon as anything differs."""

import json
from dataclasses import replace

import pytest

from mailroom.domain import sealed_record
from mailroom.domain.letter import Attachment
from mailroom.domain.mail import Submitted
from tests.support.samples.notified_mail import mail

FILE = Attachment(
    attachment_id="1", file_name="خطة.pdf", media_type="application/pdf", size=5, sha256="a" * 64, version_id="v1"
)


def complete() -> Submitted:
    return replace(mail(), attachments=(FILE,))


def sealed(changed: Submitted) -> bytes:
    return sealed_record.canonical(sealed_record.sealed(changed))


def test_the_same_mail_gives_the_same_bytes_in_whatever_order_it_was_stored() -> None:
    other = complete()
    shuffled = replace(other, sender=dict(reversed(list(other.sender.items()))))
    assert sealed(complete()) == sealed(shuffled)


def test_the_bytes_are_canonical_json() -> None:
    """RFC 8785: names sorted by UTF-16 units, no spaces, letters as they are."""
    content = sealed(complete())
    plain = json.dumps(json.loads(content), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert content == plain.encode()


def changes() -> dict[str, Submitted]:
    whole = complete()
    letters = {
        field: replace(whole, letter=whole.letter.model_copy(update={field: value}))
        for field, value in {
            "kind": "other",
            "subject": "autre",
            "body": "x",
            "reference": "R",
            "dated": "2026-01-01",
        }.items()
    }
    files = {
        field: replace(whole, attachments=(FILE.model_copy(update={field: value}),))
        for field, value in {
            "attachment_id": "2",
            "file_name": "plan.pdf",
            "media_type": "text/csv",
            "size": 6,
            "sha256": "b" * 64,
            "version_id": "v2",
        }.items()
    }
    submissions = {
        field: replace(whole, submission=replace(whole.submission, **{field: "x"}))
        for field in ("number", "submitted_at", "verification_code")
    }
    senders = {
        name: replace(whole, sender=whole.sender | {name: "x"})
        for name in sorted(whole.sender.keys() - {"email", "phone", "sms", "address"})
    }
    organisms = {
        field: replace(whole, organism=whole.organism.model_copy(update={field: "X"}))
        for field in ("organism_id", "code", "category", "city")
    }
    return {
        "mail_id": replace(whole, mail_id="x"),
        "language": replace(whole, language="ar"),
        "no file": replace(whole, attachments=()),
        **{f"letter {name}": changed for name, changed in letters.items()},
        **{f"file {name}": changed for name, changed in files.items()},
        **{f"submission {name}": changed for name, changed in submissions.items()},
        **{f"sender {name}": changed for name, changed in senders.items()},
        **{f"organism {name}": changed for name, changed in organisms.items()},
    }


@pytest.mark.parametrize("name", changes())
def test_the_bytes_change_when_anything_changes(name: str) -> None:
    assert sealed(changes()[name]) != sealed(complete())


def test_the_letters_text_is_not_in_the_record() -> None:
    whole = complete()
    secret = replace(whole, letter=whole.letter.model_copy(update={"body": "texte confidentiel"}))
    assert b"confidentiel" not in sealed(secret)


@pytest.mark.parametrize(("name", "identity"), [("national_id", "AB123456"), ("ice", "001509176000008")])
def test_the_record_that_lies_in_the_receipt_tells_nobody_how_to_reach_its_sender(name: str, identity: str) -> None:
    whole = complete()
    told = {"email": "amina@secret.example", "phone": "+212600112233", "address": "12, rue secrète", name: identity}
    content = sealed(replace(whole, sender=whole.sender | told)).decode()
    assert not [value for value in told.values() if value in content]
    assert json.loads(content)["sender"][name] == f"{identity[:2]}{'•' * (len(identity) - 4)}{identity[-2:]}"


def test_the_record_is_read_back_as_it_was_written() -> None:
    assert sealed_record.read(sealed(complete())) == sealed_record.sealed(complete())


def test_the_digest_is_sha256_in_hexadecimal() -> None:
    assert sealed_record.digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
