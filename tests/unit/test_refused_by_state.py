"""A mail is refused for what its own state lacks or forbids, and not for what another state would."""

import copy
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from mailroom.domain import clock
from mailroom.domain.letter import Attachment, Letter
from mailroom.domain.refusals import AlreadyClosed, MailNotFound, NumberNotFound, Refusal, StepsMissing
from mailroom.mails import answers
from mailroom.mails.outcome import Decision, Outcomes
from mailroom.mails.submission import Submissions
from mailroom.organisms.admission import Admission
from mailroom.storage.item_keys import mail_key
from mailroom.storage.mails import Store
from tests.support.fakes.table_in_memory import TableInMemory
from tests.support.samples.notified_mail import CITIZEN, MAIL_ID, ORGANISM

FILE = Attachment(attachment_id="1", file_name="a.pdf", media_type="application/pdf", size=1, sha256="a" * 64)


@pytest.fixture
def table() -> TableInMemory:
    """A table with one organism."""
    table = TableInMemory()
    Admission(table).admit(ORGANISM)
    return table


def draft(table: TableInMemory, *, letter: bool = True, sender: bool = True) -> None:
    store = Store(table)
    store.start(MAIL_ID, ORGANISM, "fr", clock.now())
    if letter:
        store.write_letter(MAIL_ID, Letter(kind="request", subject="x", body=""), clock.now())
    if sender:
        store.identify_sender(MAIL_ID, CITIZEN, clock.now())


def submit(table: TableInMemory) -> None:
    submissions = Submissions(table, lambda mail_id: f"code of {mail_id}")
    submissions.submit(Store(table).mail(MAIL_ID), lambda draft: draft.completed(draft.attachments))


@pytest.mark.parametrize(
    ("letter", "sender", "missing"),
    [(False, True, ["letter"]), (True, False, ["sender"]), (False, False, ["letter", "sender"])],
    ids=["no letter", "no sender", "neither"],
)
def test_a_draft_that_lacks_a_step_is_refused_for_it(
    table: TableInMemory, *, letter: bool, sender: bool, missing: list[str]
) -> None:
    """The register's entry, its link, and the receipt's place each called such a mail sent already."""
    draft(table, letter=letter, sender=sender)
    before = copy.deepcopy(table.items)
    with pytest.raises(StepsMissing) as refused:
        submit(table)
    assert refused.value.missing == missing
    assert table.items == before


def test_a_draft_that_expired_is_gone(table: TableInMemory) -> None:
    draft(table)
    before = copy.deepcopy(table.items)
    with time_machine.travel(clock.now() + timedelta(hours=24, seconds=1)), pytest.raises(MailNotFound):
        submit(table)
    assert table.items == before


@pytest.mark.parametrize("change", ["announce", "withdraw"])
@pytest.mark.parametrize(("state", "refusal"), [("gone", NumberNotFound), ("closed", AlreadyClosed)])
def test_an_answer_is_refused_for_what_became_of_the_mail_meanwhile(
    table: TableInMemory, change: str, state: str, refusal: type[Refusal]
) -> None:
    """A mail that is gone was answered as one with too many files, or without this one."""
    draft(table)
    submit(table)
    mail = Store(table).submitted(MAIL_ID)
    if state == "gone":
        del table.items[mail_key(MAIL_ID)]
    else:
        decision = Decision("answered", "Oui.")
        Outcomes(table, lambda mail_id: mail_id).close(mail, decision, "nadia", lambda mail: mail)
    before = copy.deepcopy(table.items)
    changes: dict[str, Callable[[], None]] = {
        "announce": lambda: answers.announce(table, mail, FILE),
        "withdraw": lambda: answers.withdraw(table, mail, FILE.attachment_id),
    }
    with pytest.raises(refusal):
        changes[change]()
    assert table.items == before
