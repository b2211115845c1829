"""The keys of the table's items: each is built here, and ids are read back from it here. `schema` lists the items."""

from collections.abc import Mapping
from typing import Any, Final

from mailroom.domain import clock
from mailroom.domain.register_number import Number, parse_number
from mailroom.storage.schema import (
    ACCESSES,
    CAPS,
    CLIENTS,
    CODES,
    DESK_TEMPLATES,
    ENTRIES,
    EVENTS,
    MAILS,
    ORGANISMS,
    REFUSALS,
    REGISTERS,
    STATEMENTS,
    TEMPLATE,
    TRIES,
    WORDS,
    Folder,
    Key,
)

_MAIL: Final = "MAIL"
_SCANS: Final[Mapping[Folder, str]] = {"attachments": "SCAN", "answers": "SCAN#ANSWERS"}


def organism_key(organism_id: str) -> Key:
    """An organism. All of them stand in one partition: about two thousand."""
    return ORGANISMS, organism_id


def code_key(code: str) -> Key:
    """The claim of one organism on a code, which no second one may use."""
    return f"{CODES}{code}", "CODE"


def register_partition(organism_id: str, year: int) -> str:
    """The partition of one organism's register of one year: its counter and its entries."""
    return f"{REGISTERS}{organism_id}#{year}"


def counter_key(organism_id: str, year: int) -> Key:
    """The counter of a register: the last number and its entry's digest."""
    return register_partition(organism_id, year), "COUNTER"


def entry_key(organism_id: str, number: Number) -> Key:
    """The register entry of a number."""
    return register_partition(organism_id, number.year), f"{ENTRIES}{number.rank:09d}"


def organism_of_entry(key: Mapping[str, Any]) -> str:
    """The organism in whose register an entry stands."""
    _, organism_id, _ = str(key["pk"]).split("#")
    return organism_id


def year_of_entry(key: Mapping[str, Any]) -> int:
    """The year of the register in which an entry stands."""
    return int(str(key["pk"]).rpartition("#")[2])


def rank_of_entry(key: Mapping[str, Any]) -> int:
    """The number of an entry within its register."""
    return int(str(key["sk"]).removeprefix(ENTRIES))


def desk_status(organism_id: str, status: str) -> str:
    """The partition of the index `desk_status`: one organism's mails of one status."""
    return f"{organism_id}#{status}"


def arrived(submitted_at: str, number: str) -> str:
    """The sort key of an inbox: by time, and mails of one millisecond by number."""
    return f"{submitted_at}#{number}"


def entry_that_arrived(organism_id: str, place: str) -> Key:
    """The register entry with this sort key of an inbox. Raises ValueError where it is none."""
    at, _, written = place.partition("#")
    number = parse_number(written)
    if number is None or clock.iso(clock.parse(at)) != at:
        raise ValueError("no sort key of an inbox")
    return entry_key(organism_id, number)


def word_key(organism_id: str, beginning: str, place: str) -> Key:
    """A mail in the list of those with a word that begins so."""
    return f"{WORDS}{organism_id}#{beginning}", place


def template_key(organism_id: str, template_id: str) -> Key:
    """A template of answers."""
    return f"{DESK_TEMPLATES}{organism_id}", f"{TEMPLATE}{template_id}"


def template_count_key(organism_id: str) -> Key:
    """The number of an organism's templates."""
    return f"{DESK_TEMPLATES}{organism_id}", "NUMBER_OF_TEMPLATES"


def mail_partition(mail_id: str) -> str:
    """The partition of a mail: itself, its events, who looked at it, and what waits for its files and its receipt."""
    return f"{MAILS}{mail_id}"


def mail_key(mail_id: str) -> Key:
    """A mail, from draft to closed."""
    return mail_partition(mail_id), _MAIL


def is_mail(item: Mapping[str, Any]) -> bool:
    """Whether an item of a mail's partition is the mail itself."""
    return bool(item["sk"] == _MAIL)


def mail_id_in(key: Mapping[str, Any]) -> str:
    """The mail in whose partition an item stands."""
    return str(key["pk"]).removeprefix(MAILS)


def event_key(mail_id: str, at: str, event: str) -> Key:
    """An event of a mail's history."""
    return mail_partition(mail_id), f"{EVENTS}{at}#{event}"


def is_event(item: Mapping[str, Any]) -> bool:
    """Whether an item of a mail's partition is an event."""
    return str(item["sk"]).startswith(EVENTS)


def event_in(key: Mapping[str, Any]) -> str:
    """The name of the event that stands under a key."""
    return str(key["sk"]).rpartition("#")[2]


def access_key(mail_id: str, at: str, access_id: str) -> Key:
    """A look that somebody of the organism took at a mail."""
    return mail_partition(mail_id), f"{ACCESSES}{at}#{access_id}"


def is_access(item: Mapping[str, Any]) -> bool:
    """Whether an item of a mail's partition is a look at it."""
    return str(item["sk"]).startswith(ACCESSES)


def scan_key(mail_id: str, folder: Folder) -> Key:
    """What a mail waits for because of its files, or because of those of its answer."""
    return mail_partition(mail_id), _SCANS[folder]


def folder_in(key: Mapping[str, Any]) -> Folder:
    """The files for which the item under a key waits."""
    return "answers" if key["sk"] == _SCANS["answers"] else "attachments"


def stamp_key(mail_id: str) -> Key:
    """That a mail's receipt waits for its time stamp."""
    return mail_partition(mail_id), "STAMP"


def statement_key(verification_code: str) -> Key:
    """What anyone who holds a receipt may learn of it."""
    return f"{STATEMENTS}{verification_code}", "RECEIPT"


def client_key(client_id: str) -> Key:
    """The organism for which a program acts."""
    return f"{CLIENTS}{client_id}", "CLIENT"


def address_cap_key(channel: str, pseudonym: str, day: str) -> Key:
    """The messages of one day to one address, which is known by its keyed hash."""
    return f"{CAPS}{channel}#address#{pseudonym}", day


def organism_cap_key(channel: str, organism_id: str, day: str) -> Key:
    """The messages of one day for one organism's mails."""
    return f"{CAPS}{channel}#organism#{organism_id}", day


def month_cap_key(month: str) -> Key:
    """The SMS of one month."""
    return f"{CAPS}sms#month", month


def refusal_key(day: str, organism_id: str, channel: str, cap: str) -> Key:
    """The messages of one day that one cap kept from being sent."""
    return REFUSALS, f"{day}#{organism_id}#{channel}#{cap}"


def refusal_in(key: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Day, organism, channel and cap of what stands under a key."""
    day, organism_id, channel, cap = str(key["sk"]).split("#")
    return day, organism_id, channel, cap


def health_key(day: str) -> Key:
    """The e-mails of one day: sent, bounced, called spam."""
    return f"{CAPS}email#health", day


def known_address_key(pseudonym: str) -> Key:
    """A sender's address to which an e-mail went before, known by its keyed hash."""
    return f"{CAPS}email#known#{pseudonym}", "KNOWN"


def tries_key(digest: str, window: str) -> Key:
    """The passwords and codes that were tried for an account, known by its digest, in one window of time."""
    return f"{TRIES}{digest}", window
