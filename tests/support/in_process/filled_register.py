"""A register of any length, without the mails that its entries are of."""

from datetime import timedelta

from moto.backends import get_backend
from moto.dynamodb.models.dynamo_type import DynamoType, Item

from mailroom.domain import clock
from mailroom.domain.register_number import Number
from mailroom.storage.table import stored
from mailroom.storage.word_items import word_items
from tests.support.in_process.service import REGION, TABLE

SUBJECT = "Objet"
"""Of every mail; `fill` puts each into the list of its beginning that a search for the whole word reads."""


def fill(count: int, organism_id: str = "anam", first: int = 1) -> None:
    """Put entries into a register as submissions write them, a minute apart, without their mails."""
    # A hundred thousand calls of the API would take minutes: this is where they lead. moto weighs an item anew for
    # each of its attributes, so the entries after the first are made of it.
    dynamodb = get_backend("dynamodb")["123456789012"][REGION]
    model = dynamodb.put_item(TABLE, stored(_entry(organism_id, first)))
    register = dynamodb.tables[TABLE].items[model.hash_key]
    (listed,) = [item for item in word_items(_entry(organism_id, first)) if item["pk"].endswith("#obj")]
    in_list = dynamodb.put_item(TABLE, stored(listed))
    words = dynamodb.tables[TABLE].items[in_list.hash_key]
    for rank in range(first + 1, first + count):
        own = {name: DynamoType(stored({name: value})[name]) for name, value in _own(organism_id, rank).items()}
        entry = Item(model.hash_key, own["sk"], {})
        entry.attrs.update(model.attrs | own)
        register[entry.range_key] = entry
        word = Item(in_list.hash_key, own["arrived"], {})
        word.attrs.update(in_list.attrs | {"sk": own["arrived"]})
        words[word.range_key] = word


def _own(organism_id: str, rank: int) -> dict[str, str]:
    """What tells one entry from another."""
    number = str(Number(organism_id.upper(), 2026, rank))
    at = clock.iso(clock.parse("2026-03-01T08:00:00.000Z") + timedelta(minutes=rank))
    return {
        "sk": f"ENTRY#{rank:09d}",
        "number": number,
        "mail_id": f"mail-{rank}",
        "submitted_at": at,
        "arrived": f"{at}#{number}",
    }


def _entry(organism_id: str, rank: int) -> dict[str, object]:
    return {
        "pk": f"REGISTER#{organism_id}#2026",
        "organism_id": organism_id,
        "status": "submitted",
        "kind": "request",
        "subject": SUBJECT,
        "sender": {"kind": "citizen", "display_name": "A B"},
        "attachments": 0,
        "desk": organism_id,
        "desk_status": f"{organism_id}#submitted",
        **_own(organism_id, rank),
    }
