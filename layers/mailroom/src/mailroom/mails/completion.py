"""What follows once a mail was collected or closed: the answer's files are locked, the sender is told.

An outcome also ends what operators see of files that nobody could look into.

The event itself waits in the sparse index until that is done, so that whatever dies in between, the schedule finds it.
"""

from collections.abc import Callable

from mailroom.domain.mail import Mail
from mailroom.notifying import notifications
from mailroom.notifying.delivery import note_untold
from mailroom.notifying.notifications import Notification
from mailroom.organisms.directory import Directory
from mailroom.scanning.scans import Scans
from mailroom.storage.item_keys import event_in, mail_id_in, mail_partition
from mailroom.storage.mails import Store
from mailroom.storage.schema import EVENTS, WAITS_NO_MORE, Waiting
from mailroom.storage.table import Item, Table

type Queue = Callable[[list[Notification]], None]


def push_on(
    table: Table, mail: Mail, event: str, queue: Queue, lock_answers: Callable[[Mail], None] = lambda _: None
) -> None:
    """Finish what is to be done about the last `event` of that name, unless it was done before."""
    waiting = [item for item in table.query(mail_partition(mail.mail_id), prefix=EVENTS) if _waits(item, event)]
    if not waiting:
        return
    if event != "collected":
        lock_answers(mail)
        Scans(table).dismiss(mail.mail_id, "attachments", Waiting.UNCHECKED)
    messages = _messages(table, mail, event)
    queue(messages)
    note_untold(Store(table), mail, messages)
    for item in waiting:
        table.apply(table.change(item["pk"], item["sk"], update=WAITS_NO_MORE, condition="attribute_exists(pk)"))


def push_on_item(table: Table, key: Item, queue: Queue, lock_answers: Callable[[Mail], None]) -> None:
    """The same, for an event that the sparse index names by its key."""
    mail = Store(table).mail(mail_id_in(key))
    push_on(table, mail, event_in(key), queue, lock_answers)


def _waits(item: Item, event: str) -> bool:
    return item["event"] == event and item.get("waiting") == Waiting.NEWS


def _messages(table: Table, mail: Mail, event: str) -> list[Notification]:
    if event == "collected":
        return notifications.for_collection(mail)
    return notifications.for_outcome(mail, Directory(table).organism(mail.organism.organism_id))
