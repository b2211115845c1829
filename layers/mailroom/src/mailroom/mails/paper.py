"""A mail found again by what its slip says: the number and the follow-up code, as people type them."""

from typing import NamedTuple

from mailroom.domain.codes import Holder
from mailroom.domain.refusals import FollowUpNotFound
from mailroom.domain.register_number import typed_numbers
from mailroom.mails.tokens import Tokens
from mailroom.organisms.directory import Directory
from mailroom.storage.item_keys import entry_key, mail_key
from mailroom.storage.mail_items import codes_in
from mailroom.storage.table import Table


class Found(NamedTuple):
    """A mail, and the holder whose code opened it."""

    mail_id: str
    holder: Holder


def mail_of_slip(table: Table, directory: Directory, tokens: Tokens, *, number: str, code: str) -> Found:
    """The mail of that number whose code this is.

    Raises:
        FollowUpNotFound: number or code is wrong; the refusal does not say which.

    """
    for typed in typed_numbers(number):
        for organism in directory.by_code(typed.code):
            entry = table.get(*entry_key(organism.organism_id, typed), attributes=("mail_id",))
            mail_id = entry["mail_id"] if entry else ""
            # Read without an entry too: how long the answer takes tells no numbers.
            mail = table.get(*mail_key(mail_id), attributes=("codes",))
            holder = tokens.came_by(mail_id, code, codes_in(mail or {}))
            if holder and mail_id:
                return Found(mail_id, holder)
    raise FollowUpNotFound
