"""An inbox in a table in memory, as far as its search reads it."""

from datetime import UTC, datetime, timedelta

from mailroom.domain import clock
from mailroom.domain.mail import SubmittedStatus
from mailroom.domain.period import Period
from mailroom.domain.register_number import Number
from mailroom.mails.inbox_search import InboxSearch, Sought
from mailroom.storage.item_keys import arrived, desk_status, entry_key
from mailroom.storage.table import Item
from mailroom.storage.word_items import word_items
from tests.support.fakes.table_in_memory import TableInMemory
from tests.support.samples.notified_mail import ORGANISM

EVER = Period(None, None)


def entry(
    rank: int, subject: str = "Objet", sender: str = "Amina Alaoui", status: SubmittedStatus = "submitted"
) -> Item:
    """A register entry, as far as the inbox reads it."""
    number = Number("ANAM", 2026, rank)
    at = clock.iso(datetime(2026, 3, 1, 8, tzinfo=UTC) + timedelta(minutes=rank))
    pk, sk = entry_key("anam", number)
    return {
        "pk": pk,
        "sk": sk,
        "organism_id": "anam",
        "number": str(number),
        "submitted_at": at,
        "status": status,
        "subject": subject,
        "sender": {"kind": "citizen", "display_name": sender},
        "desk": "anam",
        "desk_status": desk_status("anam", status),
        "arrived": arrived(at, str(number)),
    }


def inbox(*entries: Item) -> InboxSearch:
    """An inbox that holds these entries."""
    table = TableInMemory()
    for each in entries:
        table.put(each)
        for item in word_items(each):
            table.put(item)
    return InboxSearch(table, ORGANISM)


def ranks(found: list[Item]) -> list[int]:
    """The ranks of some entries."""
    return [int(each["number"].rpartition("-")[2]) for each in found]


def all_pages(search: InboxSearch, sought: Sought, limit: int = 25) -> list[int]:
    """The ranks on all pages; none is longer than `limit`."""
    seen: list[int] = []
    cursor: str | None = None
    while True:
        found, cursor = search.page(sought, limit, cursor)
        assert len(found) <= limit
        seen += ranks(found)
        if cursor is None:
            return seen
