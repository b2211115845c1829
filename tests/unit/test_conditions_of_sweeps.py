"""What waits for a sweep is moved on, noted and dismissed under conditions: two runs may meet, or a run and a person.

Scans of files, time stamps and reminders.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from mailroom.domain import clock
from mailroom.domain.file_states import FileState
from mailroom.domain.mail import Submitted
from mailroom.domain.organism import Reminders
from mailroom.mails.collection import collect
from mailroom.notifying.reminders import UncollectedMail, UncollectedMails
from mailroom.scanning.scans import Known, Scans, StoredFile, Turn
from mailroom.storage.bucket import Files
from mailroom.storage.item_keys import scan_key, stamp_key
from mailroom.storage.schema import Waiting
from mailroom.timestamps.late import LateStamps
from mailroom.timestamps.waiting import AnnouncedStamp, Stamps, UnstampedReceipt, wait_item
from tests.support.samples.mails_in_memory import AT, FILE, LATER, MailsInMemory

TURN = Turn("mail-1", "attachments")
ON_FILE = StoredFile("attachments", "mail-1", FILE.attachment_id)
UNKNOWN = FILE.model_copy(update={"scan": None})
PLAIN, STAMPED, COPY = "1" * 64, "2" * 64, "3" * 64


@pytest.fixture
def mails() -> Iterator[MailsInMemory]:
    """A table with an organism, and a clock that stands still."""
    with time_machine.travel(AT, tick=False):
        yield MailsInMemory()


def waiting(mails: MailsInMemory) -> str | None:
    """What the mail's own files wait for."""
    return (mails.table.get(*scan_key(*TURN)) or {}).get("waiting")


def note(mails: MailsInMemory, state: FileState, version: str = "v1") -> bool | None:
    """Note what was found of the file; whether it was new, None where there is no such file."""
    noted = Scans(mails.table).note(ON_FILE, version, Known(state), AT)
    return None if noted is None else noted.is_new


def test_a_result_of_a_file_that_was_withdrawn(mails: MailsInMemory) -> None:
    """No file is made of a result: it would have no name, and its mail could not be read any more."""
    mails.draft()
    assert note(mails, "clean") is None
    assert mails.item()["attachments"] == {}


def test_a_result_of_another_version_than_the_submitted_one(mails: MailsInMemory) -> None:
    mails.submitted(file=UNKNOWN.model_copy(update={"version_id": "v1"}))
    assert note(mails, "infected", "v2") is False
    assert note(mails, "clean", "v1") is True


@pytest.mark.parametrize(("known", "then"), [("infected", "clean"), ("clean", "clean"), ("infected", "not_scanned")])
def test_a_better_result_after_a_worse_one(mails: MailsInMemory, known: FileState, then: FileState) -> None:
    mails.submitted(file=UNKNOWN)
    assert note(mails, known)
    assert note(mails, then) is False
    assert mails.item()["attachments"][FILE.attachment_id]["scan"] == known


def test_a_result_makes_a_submission_look_again(mails: MailsInMemory) -> None:
    """The transaction rests on the revision that was read."""
    before = mails.draft(file=UNKNOWN).revision
    note(mails, "infected")
    assert mails.as_draft().revision == before + 1


def test_a_mail_that_waits_already_keeps_its_count(mails: MailsInMemory) -> None:
    """Otherwise each result would write the same once more."""
    mail = mails.submitted(file=UNKNOWN.model_copy(update={"scan": "protected"}))
    scans = Scans(mails.table)
    scans.settle(mail, "attachments", AT)
    writes: list[object] = []
    otherwise = mails.table.apply
    mails.table.apply = lambda write: writes.append(otherwise(write))  # type: ignore[method-assign]
    scans.settle(mail, "attachments", LATER)
    assert writes == []
    assert waiting(mails) == Waiting.UNCHECKED


def test_of_two_runs_one_asks_for_a_scan(mails: MailsInMemory) -> None:
    mails.submitted(file=UNKNOWN)
    scans = Scans(mails.table)
    assert scans.begin(TURN, Waiting.SCAN, Waiting.SCAN_ASKED) == 1
    assert scans.begin(TURN, Waiting.SCAN, Waiting.SCAN_ASKED) == 0


def test_only_what_operators_know_of_begins_anew(mails: MailsInMemory) -> None:
    mails.submitted(file=UNKNOWN)
    scans = Scans(mails.table)
    scans.begin(TURN, Waiting.SCAN, Waiting.SCAN_ASKED)
    scans.reopen(TURN, AT)
    assert waiting(mails) == Waiting.SCAN_ASKED
    scans.begin(TURN, Waiting.SCAN_ASKED, Waiting.UNSCANNED)
    scans.reopen(TURN, AT)
    assert waiting(mails) == Waiting.SCAN


def test_what_waits_for_something_else_is_not_dismissed(mails: MailsInMemory) -> None:
    """An outcome ends the wait for an agent, and not that for a scan."""
    mails.submitted(file=UNKNOWN)
    Scans(mails.table).dismiss("mail-1", "attachments", Waiting.UNCHECKED)
    assert waiting(mails) == Waiting.SCAN


def with_stamp_due(mails: MailsInMemory, *, is_copy: bool = False) -> tuple[Submitted, Stamps, UnstampedReceipt]:
    """A mail whose receipt waits for its time stamp."""
    mail = mails.submitted()
    mails.receipts.note(mail, PLAIN, AT, mails.table.put_anyway(wait_item("mail-1", PLAIN, AT, is_copy=is_copy)))
    stamps = Stamps(mails.table)
    wait = stamps.wait_of("mail-1")
    assert wait is not None
    return mails.store.submitted("mail-1"), stamps, wait


def test_of_two_tokens_one_is_announced(mails: MailsInMemory) -> None:
    """Either would make another file, and the statement would know of one that nobody holds."""
    mail, stamps, wait = with_stamp_due(mails)
    assert stamps.announce(wait, mail.submission, AnnouncedStamp(b"one", STAMPED))
    assert not stamps.announce(wait, mail.submission, AnnouncedStamp(b"two", COPY))
    assert mails.statement()["versions"] == [PLAIN, STAMPED]


def test_a_token_for_a_receipt_that_was_replaced_by_a_copy(mails: MailsInMemory) -> None:
    mail, stamps, wait = with_stamp_due(mails)
    mails.table.put(wait_item("mail-1", COPY, LATER, is_copy=True))
    assert not stamps.announce(wait, mail.submission, AnnouncedStamp(b"one", STAMPED))
    assert "versions" not in mails.statement()


def test_a_token_whose_statement_is_lost(mails: MailsInMemory) -> None:
    mail, stamps, wait = with_stamp_due(mails)
    del mails.table.items["RECEIPT#code of mail-1", "RECEIPT"]
    assert not stamps.announce(wait, mail.submission, AnnouncedStamp(b"one", STAMPED))
    assert ("RECEIPT#code of mail-1", "RECEIPT") not in mails.table.items


def test_a_stamp_that_is_done_is_noted_once(mails: MailsInMemory) -> None:
    mail, stamps, wait = with_stamp_due(mails)
    stamped = AnnouncedStamp(b"one", STAMPED)
    assert stamps.done(wait, mail.submission, stamped)
    assert not stamps.done(wait, mail.submission, stamped)
    assert (mails.item()["receipt"]["sha256"], mails.statement()["receipt_sha256"]) == (STAMPED, STAMPED)


def test_a_stamp_that_meets_a_copy(mails: MailsInMemory) -> None:
    """The copy is the receipt then, and nothing is waited for."""
    mail, stamps, wait = with_stamp_due(mails)
    assert mail.receipt is not None
    mails.receipts.note_copy(mail, mail.receipt, COPY, LATER)
    assert not stamps.done(wait, mail.submission, AnnouncedStamp(b"one", STAMPED))
    assert mails.item()["receipt"]["sha256"] == COPY


def test_a_stamp_for_a_receipt_that_is_not_in_force_any_more(mails: MailsInMemory) -> None:
    """Nothing is read, asked or changed for it, and it waits no longer."""
    mail, stamps, _ = with_stamp_due(mails)
    assert mail.receipt is not None
    mails.receipts.note_copy(mail, mail.receipt, COPY, LATER)
    never_used: Any = None
    assert not LateStamps(stamps, FilesThatAreNotRead(never_used, ""), never_used).add("mail-1")
    assert mails.table.get(*stamp_key("mail-1")) is None


class FilesThatAreNotRead(Files):
    """A bucket with another file under the receipt's name."""

    def read_receipt(self, mail_id: str) -> tuple[bytes, str] | None:
        return mail_id.encode(), "tag"


def test_a_stamp_of_a_statement_with_another_digest(mails: MailsInMemory) -> None:
    """A statement names the first receipt's digest, and nothing replaces it but that receipt's own stamp."""
    mail, stamps, wait = with_stamp_due(mails)
    mails.table.items["RECEIPT#code of mail-1", "RECEIPT"]["receipt_sha256"] = COPY
    assert not stamps.done(wait, mail.submission, AnnouncedStamp(b"one", STAMPED))
    assert mails.statement()["receipt_sha256"] == COPY


def test_a_wait_that_another_receipt_began_meanwhile(mails: MailsInMemory) -> None:
    _, stamps, wait = with_stamp_due(mails)
    mails.table.put(wait_item("mail-1", COPY, LATER, is_copy=True))
    stamps.waits_no_more(wait)
    assert mails.table.get(*stamp_key("mail-1")) is not None


def overdue(mails: MailsInMemory) -> UncollectedMail:
    """The mail as the reminders' run reads it on a later day."""
    register = UncollectedMails(mails.table)
    (desk,) = register.desks(AT + timedelta(days=9))
    (found,) = register.overdue(desk, Reminders(), date(2026, 12, 2))
    return found


def test_of_two_runs_one_notes_the_first_reminder(mails: MailsInMemory) -> None:
    mails.submitted()
    found, register = overdue(mails), UncollectedMails(mails.table)
    assert register.reminded(found, AT)
    assert not register.reminded(found, LATER)


def test_of_two_runs_one_notes_a_later_reminder(mails: MailsInMemory) -> None:
    mails.submitted()
    register = UncollectedMails(mails.table)
    register.reminded(overdue(mails), AT)
    found = overdue(mails)
    assert found.reminded_at == clock.iso(AT)
    assert register.reminded(found, LATER)
    assert not register.reminded(found, LATER + timedelta(minutes=1))


def test_a_mail_that_is_collected_while_its_organism_is_reminded(mails: MailsInMemory) -> None:
    mail = mails.submitted()
    found = overdue(mails)
    collect(mails.table, mail, "nadia")
    assert not UncollectedMails(mails.table).reminded(found, datetime(2026, 12, 2, tzinfo=UTC))


def test_a_collected_mail_that_the_index_still_holds(mails: MailsInMemory) -> None:
    """An index of DynamoDB follows its table a moment later."""
    mail = mails.submitted()
    register = UncollectedMails(mails.table)
    (desk,) = register.desks(AT + timedelta(days=9))
    collect(mails.table, mail, "nadia")
    assert register.overdue(desk, Reminders(), date(2026, 12, 2)) == []
