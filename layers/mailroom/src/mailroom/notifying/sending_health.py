"""The rates of bounces and complaints, which pause sending before SES suspends the account.

SES reviews an account from 5 % of bounces and 0.1 % of complaints, and may suspend it from 10 % and 0.5 %. Before
that, e-mail to new addresses of senders is withheld, which the history of their mail says. Organisms, and senders
whose address has worked, still get e-mail.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from mailroom.domain import clock
from mailroom.storage.item_keys import health_key, known_address_key
from mailroom.storage.schema import Key
from mailroom.storage.table import Table

FEWEST_BOUNCES, MOST_BOUNCES = 20, 0.03
"""The fewest bounces that count, and the share of e-mails from which e-mail to new addresses is withheld."""

FEWEST_COMPLAINTS, MOST_COMPLAINTS = 3, 0.0008

_ALWAYS = "attribute_exists(pk) OR attribute_not_exists(pk)"
_DAY = timedelta(days=1)
_COUNTS_KEPT = timedelta(days=3)
_ADDRESS_KEPT = timedelta(days=180)
_LOOKED_AT_AGAIN = timedelta(seconds=30)


@dataclass(frozen=True)
class EmailCounts:
    """The results of the e-mails of today and yesterday."""

    sent: int = 0
    bounced: int = 0
    complained: int = 0

    @property
    def is_paused(self) -> bool:
        """Whether e-mail to new addresses is withheld."""
        return (self.bounced >= FEWEST_BOUNCES and self.bounced >= MOST_BOUNCES * self.sent) or (
            self.complained >= FEWEST_COMPLAINTS and self.complained >= MOST_COMPLAINTS * self.sent
        )


def health(table: Table, now: datetime) -> EmailCounts:
    """The counts of today and yesterday together."""
    items = [table.get(*health_key(f"{day:%Y-%m-%d}"), consistent=False) or {} for day in (now, now - _DAY)]
    counts = {name: sum(int(item.get(name, 0)) for item in items) for name in ("sent", "bounced", "complained")}
    return EmailCounts(**counts)


def count(table: Table, what: Literal["sent", "bounced", "complained"], now: datetime) -> None:
    """Count one e-mail."""
    write = table.change(
        *health_key(f"{now:%Y-%m-%d}"),
        update="SET #ttl = :ttl ADD #what :one",
        condition=_ALWAYS,
        values={":ttl": int((now + _COUNTS_KEPT).timestamp()), ":one": 1},
        names={"#ttl": "ttl", "#what": what},
    )
    table.apply(write)


class Sending:
    """Whether an address may be written to now. `pseudonym` makes an address's keyed hash."""

    def __init__(self, table: Table, pseudonym: Callable[[str], str]) -> None:
        self._table = table
        self._pseudonym = pseudonym
        self._looked_at: datetime | None = None
        self._is_paused = False

    def is_held_back(self, address: str, now: datetime) -> bool:
        """Whether sending is paused and the address is new: no e-mail went there more than a day ago."""
        if self._looked_at is None or not timedelta() <= now - self._looked_at < _LOOKED_AT_AGAIN:
            self._is_paused, self._looked_at = health(self._table, now).is_paused, now
        if not self._is_paused:
            return False
        item = self._table.get(*self._key(address))
        return item is None or item["first_sent_at"] > clock.iso(now - _DAY)

    def sent(self, senders_address: str | None, now: datetime) -> None:
        """Count a sent e-mail; remember a sender's address for half a year."""
        count(self._table, "sent", now)
        if senders_address is None:
            return
        write = self._table.change(
            *self._key(senders_address),
            update="SET first_sent_at = if_not_exists(first_sent_at, :now), #ttl = :ttl",
            condition=_ALWAYS,
            values={":now": clock.iso(now), ":ttl": int((now + _ADDRESS_KEPT).timestamp())},
            names={"#ttl": "ttl"},
        )
        self._table.apply(write)

    def _key(self, address: str) -> Key:
        return known_address_key(self._pseudonym(address.casefold()))
