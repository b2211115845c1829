"""How often passwords and codes may be tried: for one account from one address, and for one account from anywhere.

A try is counted before Cognito is asked, and for names that no account has too: the answer says nothing about them.
Cognito slows down wrong passwords by itself, but for accounts that exist alone. The second limit is far above the
first, so that a stranger who types an agent's name does not shut the agent out. The counters are forgotten when the
person is signed in, and after an hour. Names and addresses are kept as digests.
"""

import hashlib
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Any, Final

from mailroom.api.request import header
from mailroom.domain.refusals import Refusal, TooManyTries
from mailroom.storage.item_keys import tries_key
from mailroom.storage.schema import Key
from mailroom.storage.table import ConditionFailedError, Table

WINDOW: Final = timedelta(minutes=15)
MOST_FROM_ONE_ADDRESS: Final = 10
MOST_FROM_ANYWHERE: Final = 100
_KEPT: Final = timedelta(hours=1)
LEAST_SECONDS: Final = 0.7
"""An answer that could tell whether an account exists takes as long at least: longer than Cognito mostly does."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Counts tries in the table."""

    table: Table

    def count(self, username: str, address: str, now: datetime) -> None:
        """Count a try. Raises TooManyTries, with the seconds until the window ends."""
        for key, most in self._counters(username, address, now):
            write = self.table.change(
                *key,
                update="SET #ttl = :ttl ADD tries :one",
                condition="attribute_not_exists(tries) OR tries < :most",
                values={":ttl": int((now + _KEPT).timestamp()), ":one": 1, ":most": most},
                names={"#ttl": "ttl"},
            )
            try:
                self.table.apply(write)
            except ConditionFailedError as refusal:
                seconds = int(WINDOW.total_seconds())
                raise TooManyTries(seconds - int(now.timestamp()) % seconds) from refusal

    def forget(self, username: str, address: str, now: datetime) -> None:
        """Begin to count again: the person is signed in."""
        for key, _ in self._counters(username, address, now):
            write = self.table.change(
                *key,
                update="SET tries = :none",
                condition="attribute_exists(pk)",
                values={":none": 0},
            )
            try:
                self.table.apply(write)
            except ConditionFailedError:
                continue  # the window changed since

    def _counters(self, username: str, address: str, now: datetime) -> Iterator[tuple[Key, int]]:
        window = str(int(now.timestamp() // WINDOW.total_seconds()))
        name = username.casefold()
        yield tries_key(_digest(name, address), window), MOST_FROM_ONE_ADDRESS
        yield tries_key(_digest(name), window), MOST_FROM_ANYWHERE


def address_of(event: Mapping[str, Any]) -> str:
    """The address of the person's browser; of an IPv6 one, the network that a household or an office has.

    Behind the distribution, API Gateway sees the distribution's address. It and the distribution each add the address
    that they see to `X-Forwarded-For`; what stands before these two, the caller wrote.
    """
    nearest = str(event["requestContext"]["http"]["sourceIp"])
    if event.get("stageVariables"):
        forwarded = [each.strip() for each in header(event, "x-forwarded-for").split(",")]
        if forwarded[-1:] == [nearest]:
            forwarded.pop()
        nearest = forwarded[-1] if forwarded and forwarded[-1] else nearest
    try:
        address = ip_address(nearest)
    except ValueError:
        return "unknown"
    return str(address if isinstance(address, IPv4Address) else ip_network((address, 64), strict=False).network_address)


@contextmanager
def unhurried(*, every: bool = False) -> Iterator[None]:
    """Let a refusal, or `every` outcome, take `LEAST_SECONDS` at least."""
    begun, must_wait = time.monotonic(), every
    try:
        yield
    except Refusal:
        must_wait = True
        raise
    finally:
        if must_wait:
            time.sleep(max(0.0, begun + LEAST_SECONDS - time.monotonic()))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:40]
