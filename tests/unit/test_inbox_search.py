"""The pages of an inbox's search hold each mail once, and no request reads more than its bound."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from mailroom.domain.mail import SubmittedStatus
from mailroom.domain.period import Period
from mailroom.domain.refusals import FieldsWrong
from mailroom.fields.word_forms import forms_of, words_of
from mailroom.mails import inbox_search
from mailroom.mails.inbox_search import InboxSearch, Sought
from mailroom.register.word_lists import list_words
from mailroom.storage.table import ConditionFailedError, Item
from mailroom.storage.word_items import word_items
from tests.support.fakes.table_in_memory import TableInMemory
from tests.support.samples.inbox_in_memory import EVER, all_pages, entry, inbox, ranks
from tests.support.samples.mails_in_memory import AT, MailsInMemory
from tests.support.samples.notified_mail import ORGANISM


def test_filters_and_words_go_together() -> None:
    search = inbox(
        entry(1, "Permis", status="answered"),
        entry(2, "Permis"),
        entry(3, "Visa"),
        entry(4, "Permis") | {"opened_at": "2026-03-02T08:00:00.000Z"},
        entry(5, "Permis", status="answered"),
    )
    march = Period.read("2026-03-01T08:02:00Z", "2026-03-01T08:04:00Z")
    assert all_pages(search, Sought(EVER, typed="permis")) == [5, 4, 2, 1]
    assert all_pages(search, Sought(EVER, "answered", "permis")) == [5, 1]
    assert all_pages(search, Sought(EVER, "submitted", "permis")) == [4, 2]
    assert all_pages(search, Sought(EVER, "collected", "permis")) == []
    assert all_pages(search, Sought(march, typed="permis")) == [4, 2]
    assert all_pages(search, Sought(EVER, typed="permis", is_unread=True)) == [2]
    assert all_pages(search, Sought(EVER, is_unread=True)) == [3, 2]
    assert all_pages(search, Sought(EVER, "answered", is_unread=True)) == []
    with time_machine.travel(AT, tick=False):
        assert all_pages(search, Sought(EVER, "answered", "5")) == [5]
        assert all_pages(search, Sought(EVER, "submitted", "5")) == []


def test_a_rare_word_within_a_status_that_most_mails_have_passes_the_filters_too() -> None:
    """The list of the word is the shorter one here, and says nothing of the status."""
    opened = {"opened_at": "2026-03-02T08:00:00.000Z"}
    visas = [entry(rank, "Visa") for rank in range(10, 20)]
    search = inbox(entry(1, "Permis", status="answered"), entry(2, "Permis") | opened, entry(3, "Permis"), *visas)
    assert all_pages(search, Sought(EVER, "submitted", "permis")) == [3, 2]
    assert all_pages(search, Sought(EVER, typed="permis", is_unread=True)) == [3]


def test_late_is_what_waits_since_before_the_term() -> None:
    waits = {"waiting": "COLLECTION", "waiting_since": ""}
    search = inbox(*(entry(rank) | waits for rank in (1, 2, 3)), entry(4), entry(5, status="collected"))
    before = entry(3)["submitted_at"]
    assert all_pages(search, Sought(EVER, late_before=before)) == [2, 1]
    assert all_pages(search, Sought(EVER, "collected", late_before=before)) == []
    after_the_term = Period.read("2026-05-01", None)
    assert all_pages(search, Sought(after_the_term, late_before=before)) == []
    assert search.open_work(before)._asdict() == {"submitted": 4, "unread": 4, "late": 2, "collected": 1}


_WORDS = ("permis", "perle", "pe", "visa", "الشهادة", "شهادة", "وبالشهادة", "45")
_STATUSES: tuple[SubmittedStatus, ...] = ("submitted", "answered")
_SUBJECTS = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=4).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(
    mails=st.lists(st.tuples(_SUBJECTS, st.sampled_from(_STATUSES)), max_size=40),
    typed=st.lists(st.sampled_from([*_WORDS, "p", "per", "perm", "ش", "شهاد", "الش"]), min_size=1, max_size=3),
    status=st.none() | st.sampled_from(_STATUSES),
    limit=st.integers(1, 5),
)
def test_all_pages_together_hold_each_mail_that_is_sought_once_newest_first(
    mails: list[tuple[str, SubmittedStatus]], typed: list[str], status: SubmittedStatus | None, limit: int
) -> None:
    """Whichever list is read, and wherever pages end: here one page looks at seven items."""
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(AT, tick=False):
        for name, value in {"MOST_READ": 7, "_READ_AT_ONCE": 3, "_ENTRIES_AT_ONCE": 2, "_COMPARED": 2}.items():
            patch.setattr(inbox_search, name, value)
        entries = [entry(100 + rank, subject, "Zz", state) for rank, (subject, state) in enumerate(mails)]
        expected = [
            each
            for each in reversed(entries)
            if (status is None or each["status"] == status)
            and all(
                any(
                    form.startswith(forms_of(word)[-1]) for said in words_of(each["subject"]) for form in forms_of(said)
                )
                for word in words_of(" ".join(typed))
            )
        ]
        assert all_pages(inbox(*entries), Sought(EVER, status, " ".join(typed)), limit) == ranks(expected)


class Counting(TableInMemory):
    """Counts what queries and reads by key bring."""

    def __init__(self) -> None:
        super().__init__()
        self.read = 0
        self.calls = 0

    def newest(self, *asked: Any, **more: Any) -> list[Item]:  # noqa: ANN401 - as of `Table.newest`
        found = super().newest(*asked, **more)
        self.read += len(found)
        self.calls += 1
        return found

    def get_many(self, *keys: Any) -> Any:  # noqa: ANN401 - as of `Table.get_many`
        self.read += len(keys)
        self.calls += 1
        return super().get_many(*keys)


def test_two_words_that_are_in_all_mails_but_never_together_cost_one_bound_a_page() -> None:
    table = Counting()
    for rank in range(600):
        each = entry(rank, "Permis" if rank % 2 else "Visa")
        for item in word_items(each):
            if item["pk"].endswith(("#permis", "#vis")):
                table.put(item)
    search, sought = InboxSearch(table, ORGANISM), Sought(EVER, typed="permis visa")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inbox_search, "MOST_READ", 100)
        pages, cursor = 0, None
        while True:
            table.read = table.calls = 0
            found, cursor = search.page(sought, 25, cursor)
            assert found == []
            assert table.read <= 100 + 100 + 2 * 20
            assert table.calls <= 2 + 5
            pages += 1
            if cursor is None:
                break
    assert pages == 3


def test_the_shortest_list_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is in one mail is found at once beside a word that is in all of them, and within a status too."""
    table = Counting()
    entries = [
        entry(rank, "Demande", "Naciri" if rank == 2 else "Alaoui", "collected" if rank == 5 else "answered")
        for rank in range(400)
    ]
    for each in entries:
        table.put(each)
        for item in word_items(each):
            if item["pk"].endswith(("#demand", "#naciri", "#alaoui")):
                table.put(item)
    search = InboxSearch(table, ORGANISM)
    monkeypatch.setattr(inbox_search, "MOST_READ", 60)
    for sought, expected in (
        (Sought(EVER, typed="demande naciri"), [2]),
        (Sought(EVER, typed="naciri demande"), [2]),
        (Sought(EVER, "collected", "demande alaoui"), [5]),
    ):
        table.read = 0
        found, cursor = search.page(sought, 25, None)
        assert (ranks(found), cursor) == (expected, None)
        assert table.read <= 3 * 20 + 30


def test_a_cursor_is_bound_to_what_was_sought() -> None:
    search = inbox(*(entry(rank, "Permis") for rank in range(1, 9)))
    sought = Sought(EVER, typed="permis")
    _, cursor = search.page(sought, 2, None)
    for other in (
        replace(sought, typed="perm"),
        replace(sought, typed=None),
        replace(sought, status="submitted"),
        replace(sought, is_unread=True),
        replace(sought, late_before="2027"),
        replace(sought, period=Period.read("2026-01-01", None)),
    ):
        with pytest.raises(FieldsWrong):
            search.page(other, 2, cursor)


def test_a_number_that_is_given_between_two_pages_changes_no_list() -> None:
    """Digits were words when the first page was asked for."""
    table = TableInMemory()
    search = InboxSearch(table, ORGANISM)

    def enter(each: Item) -> None:
        for item in (each, *word_items(each)):
            table.put(item)

    with time_machine.travel(AT, tick=False):
        for rank in range(1, 6):
            enter(entry(rank, "Dossier 45"))
        first, cursor = search.page(Sought(EVER, typed="45"), 2, None)
        enter(entry(45, "Autre"))
        second, _ = search.page(Sought(EVER, typed="45"), 9, cursor)
    assert ranks(first) + ranks(second) == [5, 4, 3, 2, 1]


@pytest.fixture
def mails() -> Iterator[MailsInMemory]:
    """A table with an organism, at a time that stands still."""
    with time_machine.travel(AT, tick=False):
        yield MailsInMemory()


def test_a_submitted_mail_is_in_the_search_at_once(mails: MailsInMemory) -> None:
    mails.submitted()
    search = InboxSearch(mails.table, ORGANISM)
    for typed in ("attestation", "amina", "1", "anam-2026-000001"):
        found, _ = search.page(Sought(EVER, typed=typed), 25, None)
        assert ranks(found) == [1]


def test_a_submission_that_is_gone_stays_gone(mails: MailsInMemory) -> None:
    """The index may name for a moment what stands there no more."""
    mail = mails.submitted()
    (event,) = [key for key in mails.table.items if key[1].endswith("#submitted")]
    del mails.table.items[event]
    with pytest.raises(ConditionFailedError):
        list_words(mails.table, {"pk": event[0], "sk": event[1]})
    assert event not in mails.table.items
    assert mail.mail_id in event[0]
