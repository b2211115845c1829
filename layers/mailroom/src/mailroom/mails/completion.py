"""What follows once a mail was collected or closed: the answer's files are locked, the sender is notified.

An outcome also takes unchecked files off the operators' list.

The event itself waits in the sparse index until that is done, so that whatever dies in between, the schedule finds it.
"""

from collections.abc import Callable

from mailroom.domain.mail import COLLECTED, Closed, Collected, EventName
from mailroom.notifying import notifications
from mailroom.notifying.delivery import note_sender_not_informed
from mailroom.notifying.notifications import Notification
from mailroom.organisms.directory import Directory
from mailroom.scanning.scans import Scans
from mailroom.storage.bucket import Files
from mailroom.storage.item_keys import event_in, mail_id_in, mail_partition
from mailroom.storage.mails import Store
from mailroom.storage.schema import EVENTS, WAITS_NO_MORE, Waiting
from mailroom.storage.table import Item, Table

type Enqueue = Callable[[list[Notification]], None]


def push_on_collection(table: Table, mail: Collected, queue: Enqueue) -> None:
    """Notify the sender of the collection, unless that was done before."""
    if waiting := _waiting(table, mail, COLLECTED):
        _tell(table, mail, waiting, notifications.for_collection(mail), queue)


def push_on_outcome(table: Table, mail: Closed, queue: Enqueue, lock_answers: Callable[[Closed], None]) -> None:
    """Lock the answer's files and notify the sender of the outcome, unless that was done before."""
    if waiting := _waiting(table, mail, mail.status):
        lock_answers(mail)
        Scans(table).dismiss(mail.mail_id, "attachments", Waiting.UNCHECKED)
        organism = Directory(table).organism(mail.organism.organism_id)
        _tell(table, mail, waiting, notifications.for_outcome(mail, organism), queue)


def push_on_item(table: Table, key: Item, queue: Enqueue, lock_answers: Callable[[Closed], None]) -> None:
    """Either of them, for an event that the sparse index names by its key."""
    mail = Store(table).submitted(mail_id_in(key))
    event = event_in(key)
    if isinstance(mail, Closed) and event == mail.status:
        push_on_outcome(table, mail, queue, lock_answers)
    elif isinstance(mail, Collected):
        push_on_collection(table, mail, queue)


def _waiting(table: Table, mail: Collected, event: EventName) -> list[Item]:
    """The events of that name whose notifications are still due: one, or none."""
    items = table.query(mail_partition(mail.mail_id), prefix=EVENTS)
    return [item for item in items if item["event"] == event and item.get("waiting") == Waiting.NEWS]


def _tell(table: Table, mail: Collected, waiting: list[Item], messages: list[Notification], queue: Enqueue) -> None:
    queue(messages)
    note_sender_not_informed(Store(table), mail, messages)
    for item in waiting:
        table.apply(table.change(item["pk"], item["sk"], update=WAITS_NO_MORE, condition="attribute_exists(pk)"))


def follow_outcome(table: Table, mail: Closed, files: Files, queue: Enqueue, correlation_id: str) -> None:
    """Finish what an outcome brings with it, as far as it was not done before; the schedule finishes what dies here."""
    if mail.redirected_to is not None:
        there = Store(table).submitted(mail.redirected_to.mail_id)
        if there.receipt is None:
            files.put_record(there, correlation_id)
    push_on_outcome(table, mail, queue, files.lock_answers)
