"""The lists of an inbox's search, for mails that are not in them yet: `word_items` says what they are.

A mail enters them in the transaction that registers it. Where it has more words than a transaction has room for, the
event of its submission waits until they are written here. `make list-words` has the event of each older mail wait too.
"""

from mailroom.register.registration import entry_of
from mailroom.storage.item_keys import mail_id_in
from mailroom.storage.mails import Store
from mailroom.storage.schema import WAITS_NO_MORE
from mailroom.storage.table import Item, Table
from mailroom.storage.word_items import word_items


def list_words(table: Table, event: Item) -> None:
    """Write the items by which a mail is found, as often as it may be; `event` is the key of its submission."""
    mail = Store(table).submitted(mail_id_in(event))
    entry = table.get(*entry_of(mail))
    for item in word_items(entry) if entry else ():
        table.put(item)
    table.apply(table.change(event["pk"], event["sk"], update=WAITS_NO_MORE, condition="attribute_exists(pk)"))
