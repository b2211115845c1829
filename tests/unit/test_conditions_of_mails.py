"""What each write of a mail rests on is a condition of that write: somebody else may have come before it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from mailroom.domain.codes import Codes, Holder
from mailroom.domain.file_refusals import AttachmentNotFound, TooManyAnswerFiles
from mailroom.domain.mail import Collected, Complete, Draft, IssuedReceipt
from mailroom.domain.reach import DeliveryFailure
from mailroom.domain.refusals import AlreadyClosed, MailNotFound, TokenWrong
from mailroom.mails import answers
from mailroom.mails.collection import collect
from mailroom.mails.turning import Turning
from mailroom.notifying.delivery import note_failure
from mailroom.storage.item_keys import mail_key
from mailroom.storage.schema import Waiting
from mailroom.storage.table import ConditionFailedError
from tests.support.samples.mails_in_memory import AT, FILE, LATER, MailsInMemory

FIRST, SECOND = "1" * 64, "2" * 64


@pytest.fixture
def at() -> Iterator[time_machine.Traveller]:
    """The clock, which stands still."""
    with time_machine.travel(AT, tick=False) as at:
        yield at


@pytest.fixture
def mails(at: time_machine.Traveller) -> MailsInMemory:  # noqa: ARG001 - the time at which they are written
    """A table with an organism."""
    return MailsInMemory()


def test_a_mail_is_started_once(mails: MailsInMemory) -> None:
    """A draft that is there is never replaced by an empty one."""
    draft = mails.draft()
    with pytest.raises(ConditionFailedError):
        mails.draft()
    assert mails.as_draft() == draft


def test_an_identity_number_at_an_organism_that_may_not_hold_it(mails: MailsInMemory) -> None:
    before = mails.draft()
    assert mails.store.identify_sender("mail-1", {"kind": "citizen", "national_id": "A1"}, AT) is None
    assert mails.as_draft() == before


def test_a_draft_that_expires_while_its_files_are_looked_at(mails: MailsInMemory, at: time_machine.Traveller) -> None:
    """The look takes its time: the draft was alive before it, and is gone for good after it."""

    def slowly(found: Draft) -> Complete:
        at.shift(timedelta(hours=24))
        return found.completed(found.attachments)

    with pytest.raises(MailNotFound):
        mails.submissions.submit(mails.draft(), slowly)
    assert mails.item()["status"] == "draft"


def test_a_letter_that_is_written_again_while_its_mail_is_submitted(mails: MailsInMemory) -> None:
    """What the register's digest stands for is what the table holds."""
    draft = mails.draft()

    def another_tab() -> None:
        mails.table.before_transaction = lambda: None
        mails.store.write_letter("mail-1", draft.letter.model_copy(update={"subject": "Autre"}), AT)  # type: ignore[union-attr]  # it has one

    mails.table.before_transaction = another_tab
    assert mails.submit(draft).letter.subject == mails.item()["letter"]["subject"] == "Autre"


def test_two_submissions_of_one_mail_around_new_year(mails: MailsInMemory, at: time_machine.Traveller) -> None:
    """They take their numbers from the registers of two years: no counter keeps the second from its number."""
    in_2026, in_2027 = (datetime(2026, 12, 31, 20, tzinfo=UTC), datetime(2027, 1, 1, 3, tzinfo=UTC))
    at.move_to(in_2026)
    mails.draft()

    def another_call() -> None:
        mails.table.before_transaction = lambda: None
        at.move_to(in_2026)
        mails.submit(mails.as_draft())
        at.move_to(in_2027)

    at.move_to(in_2027)
    mails.table.before_transaction = another_call
    assert mails.submit(mails.as_draft()).submission.number == "ANAM-2026-000001"
    assert not list(mails.table.query("REGISTER#anam#2027"))


@pytest.mark.parametrize("before", [0, 1], ids=["first", "later"])
def test_two_mails_that_compete_for_one_number(mails: MailsInMemory, before: int) -> None:
    for rank in range(before):
        mails.submitted(f"earlier-{rank}")
    drafts = [mails.draft("mail-1"), mails.draft("mail-2")]

    def another_call() -> None:
        mails.table.before_transaction = lambda: None
        mails.submit(drafts[0])

    mails.table.before_transaction = another_call
    second = mails.submit(drafts[1])
    assert second.submission.number == f"ANAM-2026-{before + 2:06d}"
    assert mails.store.submitted("mail-1").submission.number == f"ANAM-2026-{before + 1:06d}"


def test_a_receipt_is_noted_once(mails: MailsInMemory) -> None:
    """The digest of the first one stands on the statement, and people hold that file."""
    mail = mails.submitted()
    assert mails.receipts.note(mail, FIRST, AT)
    assert not mails.receipts.note(mail, SECOND, LATER)
    assert mails.item()["receipt"]["sha256"] == mails.statement()["receipt_sha256"] == FIRST


def test_a_receipt_of_a_mail_without_its_submission(mails: MailsInMemory) -> None:
    """What the table lost, such as a mail restored from a copy of before its submission, gets no receipt."""
    mail = mails.submitted()
    del mails.table.items[mail_key("mail-1")]["submission"]
    with pytest.raises(ConditionFailedError):
        mails.receipts.note(mail, FIRST, AT)
    assert "receipt" not in mails.item()


def test_a_receipt_whose_statement_is_lost(mails: MailsInMemory) -> None:
    """No half of a statement is made, which would say nothing of the mail."""
    mail = mails.submitted()
    del mails.table.items["RECEIPT#code of mail-1", "RECEIPT"]
    with pytest.raises(ConditionFailedError):
        mails.receipts.note(mail, FIRST, AT)
    assert "receipt" not in mails.item()


def test_of_two_copies_of_a_lost_receipt_the_first_stays(mails: MailsInMemory) -> None:
    mail = mails.with_receipt()
    lost = IssuedReceipt(sha256=FIRST, issued_at=mails.item()["receipt"]["issued_at"])
    assert mails.receipts.note_copy(mail, lost, SECOND, LATER)
    assert not mails.receipts.note_copy(mail, lost, "3" * 64, LATER)
    assert mails.item()["receipt"]["sha256"] == SECOND
    assert mails.statement()["copies"] == [SECOND]


def test_a_copy_whose_statement_is_lost(mails: MailsInMemory) -> None:
    mail = mails.with_receipt()
    del mails.table.items["RECEIPT#code of mail-1", "RECEIPT"]
    assert not mails.receipts.note_copy(mail, IssuedReceipt(FIRST, "2026"), SECOND, LATER)
    assert mails.item()["receipt"]["sha256"] == FIRST


def test_a_slip_before_its_receipt(mails: MailsInMemory) -> None:
    """The run that makes the receipt brings the slip, and still has to."""
    mails.receipts.note_slip(mails.submitted())
    assert "has_slip" not in mails.item()


def test_a_slip_with_an_older_code_after_a_newer_one(mails: MailsInMemory) -> None:
    mail = mails.with_receipt()
    turned = replace(mail, codes=Codes(slip=2))
    mails.receipts.note_slip(turned)
    mails.receipts.note_slip(mail)
    assert mails.item()["slip_version"] == 2


def test_a_slip_ends_no_other_wait(mails: MailsInMemory) -> None:
    """A mail whose messages are not queued yet waits for that, whatever becomes of its slip."""
    mail = mails.with_receipt()
    Turning(mails.table, Holder("access")).turn_all("mail-1")
    turned = mails.store.submitted("mail-1")
    mails.receipts.note_slip(turned)
    assert mails.item()["waiting"] == Waiting.ALERT
    mails.receipts.end_waiting(mail)
    assert "waiting" not in mails.item()


def test_a_slip_whose_code_was_turned_once_more(mails: MailsInMemory) -> None:
    mail = mails.with_receipt()
    mails.receipts.end_waiting(mail)
    first = Turning(mails.table, Holder("access")).turn_all("mail-1")[0]
    Turning(mails.table, Holder("access", 1)).turn_all("mail-1")
    mails.receipts.note_slip(first)
    assert mails.item()["waiting"] == Waiting.SLIP


def test_a_mail_without_a_receipt_goes_on_waiting_for_it(mails: MailsInMemory) -> None:
    mail = mails.submitted()
    with pytest.raises(ConditionFailedError):
        mails.receipts.end_waiting(mail)
    assert mails.item()["waiting"] == Waiting.RECEIPT


def test_of_two_agents_one_collects(mails: MailsInMemory, at: time_machine.Traveller) -> None:
    mail = mails.submitted()
    assert collect(mails.table, mail, "nadia")[1]
    at.shift(timedelta(seconds=1))
    as_it_stands, by_this_call = collect(mails.table, mail, "omar")
    assert (as_it_stands.collection.by, by_this_call) == ("nadia", False)


def test_a_collected_mail_whose_register_entry_is_lost(mails: MailsInMemory) -> None:
    """No entry is made of half its attributes: an inbox would show a mail without a subject."""
    mail = mails.submitted()
    del mails.table.items["REGISTER#anam#2026", "ENTRY#000000001"]
    with pytest.raises(ConditionFailedError):
        collect(mails.table, mail, "nadia")
    assert not isinstance(mails.store.submitted("mail-1"), Collected)


def test_an_outcome_that_meets_a_collection(mails: MailsInMemory, at: time_machine.Traveller) -> None:
    mail = mails.submitted()

    def another_agent() -> None:
        mails.table.before_transaction = lambda: None
        at.shift(timedelta(seconds=1))
        collect(mails.table, mail, "omar")

    mails.table.before_transaction = another_agent
    assert mails.close(mail).collection.by == "omar"


def test_an_outcome_that_meets_a_file_of_the_answer(mails: MailsInMemory) -> None:
    """The outcome looks at the answer's files again: one was announced after it had looked."""
    mail = mails.submitted()

    def another_tab() -> None:
        mails.table.before_transaction = lambda: None
        answers.announce(mails.table, mail, FILE)

    mails.table.before_transaction = another_tab
    assert mails.close(mail).answers != ()


def test_of_two_outcomes_one_stands(mails: MailsInMemory, at: time_machine.Traveller) -> None:
    mail = mails.submitted()
    mails.close(mail, "Voici.")
    at.shift(timedelta(seconds=1))
    with pytest.raises(AlreadyClosed):
        mails.close(mail, "Autre chose.")
    assert mails.item()["outcome"]["message"] == "Voici."


def test_a_draft_has_no_answer(mails: MailsInMemory) -> None:
    mail = mails.submitted("other")
    mails.draft()
    with pytest.raises(TooManyAnswerFiles):
        answers.announce(mails.table, replace(mail, mail_id="mail-1"), FILE)
    assert mails.item()["answers"] == {}


def test_an_answer_that_was_given_gets_no_further_file(mails: MailsInMemory) -> None:
    mail = mails.submitted()
    mails.close(mail)
    with pytest.raises(AlreadyClosed):
        answers.announce(mails.table, mail, FILE)
    assert mails.item()["answers"] == {}


def test_an_answer_that_was_given_keeps_its_files(mails: MailsInMemory) -> None:
    mail = mails.submitted()
    answers.announce(mails.table, mail, FILE)
    mails.close(mails.store.submitted("mail-1"))
    with pytest.raises(AlreadyClosed):
        answers.withdraw(mails.table, mail, FILE.attachment_id)
    assert list(mails.item()["answers"]) == [FILE.attachment_id]


def test_an_answers_file_is_withdrawn_once(mails: MailsInMemory) -> None:
    mail = mails.submitted()
    answers.announce(mails.table, mail, FILE)
    answers.withdraw(mails.table, mail, FILE.attachment_id)
    with pytest.raises(AttachmentNotFound):
        answers.withdraw(mails.table, mail, FILE.attachment_id)


def test_an_answer_has_five_files(mails: MailsInMemory) -> None:
    mail = mails.submitted()
    for rank in range(answers.MOST_FILES):
        answers.announce(mails.table, mail, FILE.model_copy(update={"attachment_id": f"file-{rank}"}))
    with pytest.raises(TooManyAnswerFiles):
        answers.announce(mails.table, mail, FILE)


@pytest.mark.parametrize("turns", [0, 1], ids=["the first time", "a later time"])
def test_of_two_who_turn_codes_at_once_one_wins(mails: MailsInMemory, turns: int) -> None:
    """The other's token has ended by then, so that it cannot try again."""
    mails.submitted()
    for version in range(turns):
        Turning(mails.table, Holder("access", version)).turn_all("mail-1")

    def another_call() -> None:
        mails.table.before_transaction = lambda: None
        Turning(mails.table, Holder("access", turns)).turn_all("mail-1")

    mails.table.before_transaction = another_call
    with pytest.raises(TokenWrong):
        Turning(mails.table, Holder("access", turns)).turn_all("mail-1")
    assert mails.item()["codes"]["access"] == turns + 1


def test_codes_of_a_mail_that_is_closed_at_that_moment(mails: MailsInMemory) -> None:
    """A redirection makes another mail, whose codes are to be turned with this one's."""
    mail = mails.submitted()
    turned_after_the_outcome: list[bool] = []

    def an_agent() -> None:
        mails.table.before_transaction = lambda: turned_after_the_outcome.append(True)
        mails.table.before_transaction = lambda: None
        mails.close(mail)
        mails.table.before_transaction = lambda: turned_after_the_outcome.append(True)

    mails.table.before_transaction = an_agent
    Turning(mails.table, Holder("access")).turn_all("mail-1")
    assert turned_after_the_outcome == [True]


def test_an_event_is_told_once_in_the_history(mails: MailsInMemory) -> None:
    mails.submitted()
    assert mails.store.record_event_once("mail-1", "sender_informed", AT)
    assert not mails.store.record_event_once("mail-1", "sender_informed", LATER)


def test_an_event_of_a_mail_that_is_gone(mails: MailsInMemory) -> None:
    assert not mails.store.record_event_once("mail-1", "sender_informed", AT)
    assert not mails.table.items.get(mail_key("mail-1"))


LASTS = DeliveryFailure("bounce", "2026-11-23T09:00:00.000Z")
A_DAY, A_WEEK = (DeliveryFailure("delayed", "2026-11-23", f"2026-11-{day}") for day in (24, 30))


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        (LASTS, A_WEEK, LASTS),
        (LASTS, LASTS, LASTS),
        (A_WEEK, A_DAY, A_WEEK),
        (A_DAY, A_WEEK, A_WEEK),
        (A_WEEK, LASTS, LASTS),
    ],
)
def test_the_failure_that_lasts_longest_is_known(
    mails: MailsInMemory, first: DeliveryFailure, second: DeliveryFailure, kept: DeliveryFailure
) -> None:
    mails.submitted()
    note_failure(mails.table, "mail-1", "email", first)
    assert note_failure(mails.table, "mail-1", "email", second) == (kept is second and first is not second)
    assert mails.item()["email_failure"] == kept.stored()


def test_no_failure_is_noted_of_a_draft(mails: MailsInMemory) -> None:
    mails.draft()
    assert not note_failure(mails.table, "mail-1", "email", LASTS)
    assert "email_failure" not in mails.item()
