"""An item of the table is read as the type of its status, of whatever time it is, or refused where it is corrupt."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from mailroom.domain import clock
from mailroom.domain.letter import Attachment, Letter
from mailroom.domain.mail import Closed, Collected, Draft, Mail, Submitted
from mailroom.domain.refusals import MailNotFound, NotYetSubmitted
from mailroom.mails.collection import collect
from mailroom.mails.outcome import Decision, Outcomes
from mailroom.mails.submission import Submissions
from mailroom.mails.tokens import Tokens
from mailroom.operating.logged_errors import logged
from mailroom.organisms.admission import Admission
from mailroom.storage.corrupt_mail import CorruptMailError
from mailroom.storage.issued_receipts import IssuedReceipts
from mailroom.storage.item_keys import mail_key
from mailroom.storage.mail_items import mail_in
from mailroom.storage.mails import Store
from tests.support.fakes.table_in_memory import TableInMemory
from tests.support.samples.notified_mail import CITIZEN, MAIL_ID, ORGANISM

TOKENS = Tokens(b"key")

TYPES: dict[str, type[Mail]] = {
    "draft": Draft,
    "submitted": Submitted,
    "collected": Collected,
    "answered": Closed,
    "rejected": Closed,
    "redirected": Closed,
}

PERSONAL = ("Objet", "Texte", *(str(CITIZEN[name]) for name in ("first_name", "last_name", "email", "phone")))

CORRUPT: list[tuple[str, dict[str, Any], str]] = [
    # the item of a mail, what is changed in it (None: taken out), and what operators read
    ("draft", {"status": None}, "no known status"),
    ("draft", {"status": "archived"}, "no known status"),
    ("draft", {"expires_at": None}, "draft, unreadable: 'expires_at'"),
    ("draft", {"accepts": None}, "draft, unreadable: 'accepts'"),
    ("draft", {"submission": {"number": "ANAM-2026-000001"}}, "draft with submission"),
    ("submitted", {"letter": None}, "submitted without letter"),
    ("submitted", {"sender": None}, "submitted without sender"),
    ("submitted", {"letter": None, "submission": None}, "submitted without letter, submission"),
    ("submitted", {"collection": {"by": "nadia", "at": "x"}}, "submitted with collection"),
    ("submitted", {"status": "draft"}, "draft with submission"),
    ("submitted", {"status": "answered"}, "answered without collection, outcome"),
    ("submitted", {"attachments": None}, "submitted, unreadable: 'attachments'"),
    ("collected", {"collection": None}, "collected without collection"),
    ("collected", {"collection": {"by": "nadia"}}, "collected, unreadable: Collection"),
    ("collected", {"status": "submitted"}, "submitted with collection"),
    ("answered", {"outcome": None}, "answered without outcome"),
    ("answered", {"status": "collected"}, "collected with outcome"),
    ("answered", {"status": "rejected"}, "rejected with another outcome"),
]


def stored(status: str) -> TableInMemory:
    """A table with one mail, which went the usual way to a status."""
    table = TableInMemory()
    for name in ("anam", "adm"):
        Admission(table).admit(ORGANISM.model_copy(update={"organism_id": name, "code": name.upper()}))
    store = Store(table)
    store.start(MAIL_ID, ORGANISM, "fr", clock.now())
    store.write_letter(MAIL_ID, Letter(kind="request", subject="Objet", body="Texte"), clock.now())
    store.identify_sender(MAIL_ID, CITIZEN, clock.now())
    file = Attachment(attachment_id="1", file_name="a.pdf", media_type="application/pdf", size=1, sha256="a" * 64)
    store.announce(MAIL_ID, file, clock.now())
    if status == "draft":
        return table
    submissions = Submissions(table, TOKENS.verification_code)
    mail, _ = submissions.submit(store.mail(MAIL_ID), lambda draft: draft.completed(draft.attachments))
    IssuedReceipts(table).note(mail, "b" * 64, clock.now())
    if status == "collected":
        collect(table, mail, "nadia")
    elif status in {"answered", "rejected", "redirected"}:
        decision = Decision(status, "Oui.", "adm" if status == "redirected" else None)  # type: ignore[arg-type]
        Outcomes(table, TOKENS.verification_code).close(mail, decision, "nadia", lambda mail: mail)
    return table


def item_of(table: TableInMemory) -> dict[str, Any]:
    return table.items[mail_key(MAIL_ID)]


@pytest.mark.parametrize("status", TYPES)
def test_an_item_is_read_as_the_type_of_its_status(status: str) -> None:
    mail = Store(stored(status)).mail(MAIL_ID)
    assert type(mail) is TYPES[status]
    assert mail.status == status


@pytest.mark.parametrize(("status", "changes", "fault"), CORRUPT)
def test_a_corrupt_item_is_refused_by_what_is_wrong_with_it(status: str, changes: dict[str, Any], fault: str) -> None:
    """Operators read the mail's id and the names of attributes, and nothing of what people wrote."""
    item = copy.deepcopy(item_of(stored(status)))
    for name, value in changes.items():
        if value is None:
            del item[name]
        else:
            item[name] = value
    with pytest.raises(CorruptMailError) as refused:
        mail_in(item)
    assert str(refused.value).startswith(f"item of mail {MAIL_ID}: {fault}")
    assert logged(refused.value)["fault"] == str(refused.value)
    assert not [word for word in PERSONAL if word in str(refused.value)]


def without(*names: str) -> Callable[[dict[str, Any]], None]:
    def change(item: dict[str, Any]) -> None:
        for name in names:
            item.pop(name, None)

    return change


def without_salt(item: dict[str, Any]) -> None:
    item.get("submission", {}).pop("salt", None)


def with_a_scan_of_former_times(item: dict[str, Any]) -> None:
    (file,) = item["attachments"].values()
    file["scan"] = "unreadable"
    file.pop("warnings", None)


FORMER: dict[str, Callable[[dict[str, Any]], None]] = {
    "before registers were chained": without_salt,
    "before slips": without("has_slip", "slip_version"),
    "before slips had versions": without("slip_version"),
    "before codes could be turned": without("codes"),
    "before answers had files": without("answers"),
    "before announcements were bounded": without(
        "announced", "announced_bytes", "most_announced", "most_announced_bytes"
    ),
    "before receipts": without("receipt"),
    "before files had more states": with_a_scan_of_former_times,
}


@pytest.mark.parametrize("shape", FORMER)
@pytest.mark.parametrize("status", TYPES)
def test_an_item_of_former_times_is_still_read(status: str, shape: str) -> None:
    """What the table got before an attribute existed stays as it is, and must go on being read."""
    table = stored(status)
    FORMER[shape](item_of(table))
    mail = Store(table).mail(MAIL_ID)
    assert type(mail) is TYPES[status]
    assert mail.attachments[0].warnings == ()
    if isinstance(mail, Submitted):
        assert mail.submission.salt == ("" if shape == "before registers were chained" else mail.submission.salt)
        assert mail.has_slip == (shape != "before slips")
        assert (mail.receipt is None) == (shape == "before receipts")


def test_a_slip_with_a_code_that_was_turned_is_none() -> None:
    table = stored("submitted")
    item_of(table)["codes"] = {"access": 1, "slip": 1, "email": 1, "sms": 1}
    assert not Store(table).submitted(MAIL_ID).has_slip


@pytest.mark.parametrize("status", [status for status in TYPES if status != "draft"])
def test_a_submitted_mail_is_one_in_each_later_status(status: str) -> None:
    assert Store(stored(status)).submitted(MAIL_ID).status == status


def test_a_draft_is_no_submitted_mail() -> None:
    with pytest.raises(NotYetSubmitted):
        Store(stored("draft")).submitted(MAIL_ID)


def test_an_expired_draft_is_gone() -> None:
    table = stored("draft")
    item_of(table)["expires_at"] = "2026-01-01T00:00:00.000Z"
    with pytest.raises(MailNotFound):
        Store(table).submitted(MAIL_ID)


def test_no_mail_is_gone() -> None:
    with pytest.raises(MailNotFound):
        Store(TableInMemory()).submitted(MAIL_ID)
