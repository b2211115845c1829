"""Organisms are written under conditions: their codes stay their own, and what others note about them stays."""

import pytest

from mailroom.domain.organism import Organism
from mailroom.domain.reach import DeliveryFailure
from mailroom.domain.refusals import CodeFixed, CodeTaken, OrganismSuspended, TryAgain
from mailroom.notifying.bounces import Bounces
from mailroom.organisms.admission import Admission
from mailroom.storage.item_keys import code_key, organism_key
from tests.support.samples.mails_in_memory import MailsInMemory
from tests.support.samples.notified_mail import ORGANISM

LASTS = DeliveryFailure("bounce", "2026-11-23")
PASSES = DeliveryFailure("mailbox_full", "2026-11-23", "2026-11-30")


def organism(**changes: object) -> Organism:
    """The organism of the mails, changed."""
    return ORGANISM.model_copy(update=changes)


def failing(mails: MailsInMemory) -> dict[str, dict[str, str]]:
    """What is noted of the organism's addresses."""
    found: dict[str, dict[str, str]] = (mails.table.get(*organism_key("anam")) or {}).get("failing", {})
    return found


def test_of_two_who_enrol_an_organism_at_once_one_creates_it() -> None:
    """The second one sees the organism as it stands then, and changes it."""
    mails, new = MailsInMemory(), organism(organism_id="adm", code="ADM")

    def another_call() -> None:
        mails.table.before_transaction = lambda: None
        assert Admission(mails.table).admit(new) == "created"

    mails.table.before_transaction = another_call
    assert Admission(mails.table).admit(new.model_copy(update={"city": "Rabat"})) == "changed"


def test_a_code_that_another_call_changed_meanwhile() -> None:
    """The claim on the former code was given free by the other call, and this one must not count on it."""
    mails = MailsInMemory()

    def another_call() -> None:
        mails.table.before_transaction = lambda: None
        Admission(mails.table).admit(organism(code="ONE"))

    mails.table.before_transaction = another_call
    Admission(mails.table).admit(organism(code="TWO"))
    claimed = [code for code in ("ANAM", "ONE", "TWO") if mails.table.get(*code_key(code))]
    assert claimed == ["TWO"]


def test_a_code_belongs_to_one_organism() -> None:
    mails = MailsInMemory()
    with pytest.raises(CodeTaken):
        Admission(mails.table).admit(organism(organism_id="other"))
    assert mails.table.get(*organism_key("other")) is None


def test_a_claim_that_is_not_the_organisms_own_is_left_alone() -> None:
    """An operator who mended the table by hand may have left one."""
    mails = MailsInMemory()
    mails.table.items[code_key("ANAM")]["organism_id"] = "other"
    with pytest.raises(TryAgain):
        Admission(mails.table).admit(organism(code="NEW"))
    assert mails.table.get(*code_key("ANAM")) is not None


def test_a_code_stays_once_a_mail_bears_it() -> None:
    mails = MailsInMemory()
    mails.submitted()
    with pytest.raises(CodeFixed):
        Admission(mails.table).admit(organism(code="NEW"))


def test_a_first_mail_that_comes_while_the_code_changes() -> None:
    mails = MailsInMemory()
    draft = mails.draft()

    def a_sender() -> None:
        mails.table.before_transaction = lambda: None
        mails.submit(draft)

    mails.table.before_transaction = a_sender
    with pytest.raises(CodeFixed):
        Admission(mails.table).admit(organism(code="NEW"))


def test_an_organism_that_is_suspended_while_a_mail_is_submitted() -> None:
    mails = MailsInMemory()
    draft = mails.draft()

    def an_operator() -> None:
        mails.table.before_transaction = lambda: None
        Admission(mails.table).admit(organism(status="suspended"))

    mails.table.before_transaction = an_operator
    with pytest.raises(OrganismSuspended):
        mails.submit(draft)


def test_an_organism_whose_code_changes_while_its_first_mail_is_submitted() -> None:
    mails = MailsInMemory()
    draft = mails.draft()

    def an_operator() -> None:
        mails.table.before_transaction = lambda: None
        Admission(mails.table).admit(organism(code="NEW"))

    mails.table.before_transaction = an_operator
    assert mails.submit(draft).submission.number.startswith("NEW-")


def test_a_secret_is_shown_once_for_each_version() -> None:
    admission = Admission(MailsInMemory().table)
    assert [admission.shows_secret("anam", version) for version in (1, 1, 3, 2)] == [True, False, True, False]


def test_no_secret_makes_an_organism() -> None:
    mails = MailsInMemory()
    assert not Admission(mails.table).shows_secret("none", 1)
    assert mails.table.get(*organism_key("none")) is None


def test_addresses_that_fail_stand_beside_each_other() -> None:
    mails = MailsInMemory()
    for address in ("one@anam.example", "two@anam.example"):
        Bounces(mails.table).fails("anam", address, LASTS)
    assert set(failing(mails)) == {"one@anam.example", "two@anam.example"}


@pytest.mark.parametrize(
    ("first", "second", "kept"), [(LASTS, PASSES, "bounce"), (PASSES, LASTS, "bounce"), (LASTS, LASTS, "bounce")]
)
def test_a_mark_that_lasts_stays(first: DeliveryFailure, second: DeliveryFailure, kept: str) -> None:
    mails = MailsInMemory()
    for failure in (first, second):
        Bounces(mails.table).fails("anam", "one@anam.example", failure)
    assert failing(mails)["one@anam.example"]["reason"] == kept


def test_no_mark_makes_an_organism() -> None:
    mails = MailsInMemory()
    Bounces(mails.table).fails("none", "one@anam.example", LASTS)
    assert mails.table.get(*organism_key("none")) is None
