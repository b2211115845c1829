"""The mails that wait longer than they should, and why: each state of waiting that `storage/waits.py` lists."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Literal, NamedTuple

from mailroom.domain import clock
from mailroom.domain.register_number import Number
from mailroom.storage.item_keys import mail_id_in, mail_key, organism_of_entry, rank_of_entry, year_of_entry
from mailroom.storage.schema import MAILS, NUMBER_OF_A_MAIL, ORGANISMS, Waiting
from mailroom.storage.table import Item, Table

Cause = Literal["retried", "given_up", "no_time_stamp", "no_scan_result", "not_scannable", "not_collected"]
Acts = Literal["service", "operators", "agents"]

MOST_COUNTED = 1000
"""Mails of one kind that are counted."""

_STEP = timedelta(minutes=2)
"""The time that a step takes at most in good health."""
_SCAN = timedelta(minutes=10)
_TO_COLLECT = timedelta(days=14)


class Reason(NamedTuple):
    """Why mails of one kind wait, who can end it, and how long is normal."""

    cause: Cause
    acts: Acts
    normal: timedelta


REASONS: Mapping[Waiting, Reason] = {
    Waiting.RECEIPT: Reason("retried", "service", _STEP),
    Waiting.ALERT: Reason("retried", "service", _STEP),
    Waiting.NEWS: Reason("retried", "service", _STEP),
    Waiting.SLIP: Reason("retried", "service", _STEP),
    Waiting.STAMP: Reason("no_time_stamp", "service", _STEP),
    Waiting.WORDS: Reason("retried", "service", _STEP),
    Waiting.SCAN: Reason("no_scan_result", "service", _SCAN),
    Waiting.SCAN_ASKED: Reason("no_scan_result", "service", _SCAN),
    Waiting.UNSCANNED: Reason("no_scan_result", "operators", _STEP),
    Waiting.UNCHECKED: Reason("not_scannable", "agents", _STEP),
    Waiting.COLLECTION: Reason("not_collected", "agents", _TO_COLLECT),
}
"""Every state of waiting, the most urgent first."""


class WaitingMail(NamedTuple):
    """A mail that waits. `number` is None for a mail that is gone since."""

    kind: Waiting
    cause: Cause
    acts: Acts
    since: str
    number: str | None
    mail_id: str | None
    organism_id: str | None


@dataclass(frozen=True)
class Kind:
    """The mails that wait in one state: how many, counted to a thousand, and those that wait longest."""

    kind: Waiting
    count: int
    mails: Sequence[WaitingMail]


def waiting_mails(table: Table, now: datetime, *, limit: int, given_up: Collection[str]) -> list[Kind]:
    """At most `limit` mails of each kind. `given_up` are the mails that a dead-letter queue holds."""
    codes: dict[str, str] = {}
    kinds = []
    for kind, reason in REASONS.items():
        keys = list(islice(table.waiting(kind, until=clock.iso(now - reason.normal)), MOST_COUNTED))
        if keys and not codes:
            organisms = table.query(ORGANISMS, attributes=("organism_id", "code"), consistent=False)
            codes = {item["organism_id"]: item["code"] for item in organisms}
        kinds.append(Kind(kind, len(keys), list(_mails(table, kind, keys[:limit], codes, given_up))))
    return kinds


def _mails(
    table: Table, kind: Waiting, keys: Sequence[Item], codes: Mapping[str, str], given_up: Collection[str]
) -> Iterator[WaitingMail]:
    owners = {code: organism_id for organism_id, code in codes.items()}
    for key in keys:
        cause, acts, _ = REASONS[kind]
        mail_id = mail_id_in(key) if key["pk"].startswith(MAILS) else None
        if mail_id is None:
            organism_id: str | None = organism_of_entry(key)
            code = codes.get(organism_id or "")
            number = str(Number(code, year_of_entry(key), rank_of_entry(key))) if code else None
        else:
            number = _number_of(table, mail_id)
            organism_id = owners.get(number.rsplit("-", 2)[0]) if number else None
            if mail_id in given_up:
                cause, acts = "given_up", "operators"
        yield WaitingMail(kind, cause, acts, key["waiting_since"], number, mail_id, organism_id)


def _number_of(table: Table, mail_id: str) -> str | None:
    """A mail's number. The role that shows failures may read no other attribute than this one of a mail."""
    partition, mail = mail_key(mail_id)
    found = table.query(partition, prefix=mail, attributes=NUMBER_OF_A_MAIL)
    return next((str(item["submission"]["number"]) for item in found if "submission" in item), None)
