"""Each entry of a register holds on to the one before it, and nothing of a person is needed to see it."""

from dataclasses import asdict, replace

import pytest
import time_machine

from mailroom.domain import clock, sealed_record
from mailroom.domain.mail import Submitted
from mailroom.domain.register_chain import Link, beginning
from mailroom.mails.submission import Submissions
from mailroom.organisms.admission import Admission
from mailroom.storage.item_keys import mail_key
from mailroom.storage.mails import Store
from tests.support.fakes.table_in_memory import TableInMemory
from tests.support.samples.notified_mail import CITIZEN, ORGANISM, SUBMITTED_AT, mail
from tests.support.signed.chained import assert_chained, sha256_of

NOW = clock.parse(SUBMITTED_AT)
LINK = Link("anam", 2026, 7, "a" * 64, "b" * 64)
REGISTER = f"REGISTER#{ORGANISM.organism_id}#{NOW.year}"
OF_NO_PERSON = {"pk", "sk", "organism_id", "number", "record_sha256", "previous", "digest"}
"""What is left of an entry when its mail was erased."""


@pytest.fixture
def table() -> TableInMemory:
    """A table with one organism."""
    table = TableInMemory()
    Admission(table).admit(ORGANISM)
    return table


def sent(table: TableInMemory, mail_id: str) -> Submitted:
    letter, store = mail().letter, Store(table)
    store.start(mail_id, ORGANISM, "fr", clock.now())
    store.write_letter(mail_id, letter, clock.now())
    store.identify_sender(mail_id, CITIZEN, clock.now())
    submissions = Submissions(table, lambda mail_id: f"code of {mail_id}")
    return submissions.submit(store.mail(mail_id), lambda draft: draft.completed(draft.attachments))[0]


@pytest.fixture
def mails(table: TableInMemory) -> list[Submitted]:
    """Three mails in a register."""
    with time_machine.travel(NOW, tick=False):
        return [sent(table, f"mail-{rank}") for rank in (1, 2, 3)]


def test_a_digest_is_sha256_over_canonical_json() -> None:
    """docs/checking-a-register.md says so to the people who write a check themselves."""
    assert beginning("anam", 2026) == sha256_of({"version": 1, "organism_id": "anam", "year": 2026})
    assert LINK.digest == sha256_of({"version": 1, **asdict(LINK)})


@pytest.mark.parametrize(
    "other",
    [
        replace(LINK, organism_id="adm"),
        replace(LINK, year=2027),
        replace(LINK, rank=8),
        replace(LINK, record_sha256="c" * 64),
        replace(LINK, previous="c" * 64),
    ],
)
def test_a_digest_changes_when_anything_changes(other: Link) -> None:
    assert other.digest != LINK.digest


def test_no_two_registers_begin_alike() -> None:
    assert len({beginning(organism, year) for organism in ("anam", "adm") for year in (2026, 2027)}) == 4


@pytest.mark.usefixtures("mails")
def test_the_chain_is_whole_when_mails_were_erased(table: TableInMemory) -> None:
    """By retention: the mail goes, and of its entry all that tells of a person."""
    place = (REGISTER, "ENTRY#000000002")
    del table.items[mail_key("mail-2")]
    table.items[place] = {name: value for name, value in table.items[place].items() if name in OF_NO_PERSON}
    left = str(table.items[place])
    assert all(str(CITIZEN[name]) not in left for name in ("last_name", "email", "phone"))
    assert "mail-2" not in left
    assert_chained(table.query(REGISTER), ORGANISM.organism_id, NOW.year)


@pytest.mark.usefixtures("mails")
@pytest.mark.parametrize("field", ["record_sha256", "previous", "digest"])
def test_an_altered_entry_shows(table: TableInMemory, field: str) -> None:
    table.items[REGISTER, "ENTRY#000000002"][field] = "f" * 64
    with pytest.raises(AssertionError):
        assert_chained(table.query(REGISTER), ORGANISM.organism_id, NOW.year)


def test_the_same_letter_twice_has_two_digests_that_tell_nothing(mails: list[Submitted]) -> None:
    """Who knows all that is in a record but its salt can't find it by its digest."""
    one, other = (each.submission for each in mails[:2])
    assert len(bytes.fromhex(one.salt)) >= 16
    assert one.salt != other.salt
    again = replace(mails[0], submission=replace(one, salt=other.salt))
    assert sealed_record.digest(sealed_record.canonical(sealed_record.sealed(again))) != one.record_sha256
    assert sealed_record.sealed(mails[0])["salt"] == one.salt


def test_a_register_from_before_the_chain_is_chained_from_its_next_entry_on(table: TableInMemory) -> None:
    table.put({"pk": REGISTER, "sk": "COUNTER", "last": 4})
    with time_machine.travel(NOW, tick=False):
        sent(table, "mail-5")
    entry, counter = table.items[REGISTER, "ENTRY#000000005"], table.items[REGISTER, "COUNTER"]
    assert entry["previous"] == beginning(ORGANISM.organism_id, NOW.year)
    assert (counter["last"], counter["head"]) == (5, entry["digest"])


@pytest.mark.usefixtures("mails")
def test_a_mail_from_before_the_chain_keeps_the_digest_of_its_record(table: TableInMemory) -> None:
    item = table.items[mail_key("mail-1")]
    del item["submission"]["salt"]
    old = Store(table).submitted("mail-1")
    assert "salt" not in sealed_record.sealed(old)
