"""The collection of a mail: one agent takes it over, and a later one gets the first one's name."""

from typing import Any

from mailroom.domain import clock
from mailroom.domain.mail import (
    COLLECTED,
    SUBMITTED,
    Access,
    Collected,
    Collection,
    EventName,
    Submitted,
    SubmittedStatus,
)
from mailroom.domain.refusals import TryAgain
from mailroom.register.registration import entry_of
from mailroom.storage.busy import TransactionBusyError
from mailroom.storage.item_keys import desk_status, mail_key
from mailroom.storage.mail_items import access_item, event_item
from mailroom.storage.mails import Store
from mailroom.storage.schema import WAITS_NO_MORE, Waiting
from mailroom.storage.table import ConditionFailedError, Item, Table


def collect(table: Table, mail: Submitted, by: str) -> tuple[Collected, bool]:
    """Take a mail over; the mail as it stands then, and whether this very call did it.

    Raises:
        TryAgain: others were dealing with the same mail all the while; nothing was written.

    """
    if isinstance(mail, Collected):
        return mail, False
    collection = Collection(by, clock.iso(clock.now()))
    pk, sk = mail_key(mail.mail_id)
    taken = table.change(
        pk,
        sk,
        update="SET #status = :collected, #collection = :collection",
        condition="#status = :submitted",
        values={":collected": COLLECTED, ":submitted": SUBMITTED, ":collection": vars(collection)},
        names={"#status": "status", "#collection": "collection"},
    )
    try:
        table.transact(
            taken,
            entry_moved(table, mail, COLLECTED, collected_at=collection.at),
            table.new(news_item(mail.mail_id, COLLECTED, collection.at, by)),
            table.new(access_item(mail.mail_id, Access(COLLECTED, by, collection.at))),
        )
    except TransactionBusyError:
        raise TryAgain from None
    except ConditionFailedError:
        as_it_stands = Store(table).submitted(mail.mail_id)
        if isinstance(as_it_stands, Collected):
            return as_it_stands, False
        raise
    return mail.collected(collection), True


def entry_moved(table: Table, mail: Submitted, status: SubmittedStatus, **times: str) -> dict[str, Any]:
    """The write by which a mail's register entry follows its status and waits for its collection no more."""
    pk, sk = entry_of(mail)
    sets = "".join(f", {name} = :{name}" for name in times)
    return table.change(
        pk,
        sk,
        update=f"SET #status = :status, desk_status = :desk{sets} {WAITS_NO_MORE}",
        condition="attribute_exists(pk)",
        values={
            ":status": status,
            ":desk": desk_status(mail.organism.organism_id, status),
            **{f":{name}": at for name, at in times.items()},
        },
        names={"#status": "status"},
    )


def news_item(mail_id: str, event: EventName, at: str, by: str) -> Item:
    """An event of which the sender gets a message: it waits in the sparse index until that is queued."""
    return event_item(mail_id, event, at, by=by, waiting=Waiting.NEWS, waiting_since=at)
