"""Failing addresses of organisms: since when they fail, and whether another address works.

They are noted on the organism (`failing`) and shown to operators alone. SES's suppression list blocks e-mail to
addresses with lasting failures; other failures expire after days, and e-mail goes on being sent.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mailroom.domain import clock
from mailroom.domain.reach import DeliveryFailure
from mailroom.notifying.notifications import Template, notification_id, reminder_id
from mailroom.storage.item_keys import organism_key
from mailroom.storage.schema import ORGANISMS
from mailroom.storage.table import ConditionFailedError, Item, Table

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class FailedAddress:
    """An organism and its address that failed, as the organism writes it."""

    organism_id: str
    address: str
    failure: DeliveryFailure
    """The failure to note. A failure that continues keeps the day on which it began."""
    is_news: bool
    """Whether operators have not heard of the failure."""
    is_last: bool
    """Whether none of the organism's addresses works from now on."""


def failing_in(item: Item, now: datetime) -> dict[str, DeliveryFailure]:
    """The addresses of a stored organism that fail at an instant, as far as they are still its own."""
    alerted = {*item["alerts"]["emails"], *item["alerts"]["phones"]}
    known = {address: _failure_in(found) for address, found in item.get("failing", {}).items() if address in alerted}
    return {address: failure for address, failure in known.items() if failure.holds(now)}


def is_unreachable(item: Item, failing: set[str]) -> bool:
    """Whether all addresses of a stored organism fail."""
    return failing.issuperset((*item["alerts"]["emails"], *item["alerts"]["phones"]))


def _failure_in(found: Item) -> DeliveryFailure:
    return DeliveryFailure(found["reason"], found["since"], found.get("until"))


class Bounces:
    """Notes the addresses of organisms that fail."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def desks(
        self, addresses: set[str], sent: "SentEmail | None", failure: DeliveryFailure, now: datetime
    ) -> Iterator[FailedAddress]:
        """The organisms that are alerted at one of these addresses, or to whose address an e-mail was `sent`.

        `addresses` are case-folded. Where a reader's address is known only by its digest, that is found too: mail that
        an organism forwards comes back from an address that is not the organism's.
        """
        attributes = ("organism_id", "alerts", "failing")
        for item in self._table.query(ORGANISMS, attributes=attributes):
            known = failing_in(item, now)
            for address in item["alerts"]["emails"]:
                if address.casefold() in addresses or (sent and sent.is_to(item["organism_id"], address)):
                    former = known.get(address)
                    yield FailedAddress(
                        item["organism_id"],
                        address,
                        replace(failure, at=former.at) if former else failure,
                        is_news=_is_news(former, failure),
                        is_last=is_unreachable(item, {*known, address}),
                    )

    def fails(self, organism_id: str, address: str, failure: DeliveryFailure) -> None:
        """Mark an organism's address, as the organism writes it. A mark that lasts is not replaced."""
        pk, sk = organism_key(organism_id)
        mark = {"reason": failure.reason, "since": failure.at}
        if failure.until:
            mark["until"] = failure.until
        passing = "attribute_exists(failing.#address.#until)"
        whole = self._table.change(
            pk,
            sk,
            update="SET failing = :all",
            condition="attribute_exists(pk) AND attribute_not_exists(failing)",
            values={":all": {address: mark}},
        )
        one = self._table.change(
            pk,
            sk,
            update="SET failing.#address = :mark",
            condition=f"attribute_exists(failing) AND (attribute_not_exists(failing.#address) OR {passing})",
            values={":mark": mark},
            names={"#address": address, "#until": "until"},
        )
        for write in (whole, one):
            try:
                self._table.apply(write)
            except ConditionFailedError:
                continue


@dataclass(frozen=True)
class SentEmail:
    """An e-mail of ours to an organism, by its tags."""

    notification_id: str
    template: Template
    mail_id: str
    at: datetime

    def is_to(self, organism_id: str, address: str) -> bool:
        """Whether it was sent to this address of this organism."""
        if self.template != "organism_reminder":
            return self.notification_id == notification_id(self.mail_id, self.template, "email", address)
        # A reminder is of the day on which it was queued, and may have waited past midnight.
        days = (clock.in_casablanca(self.at - wait).date() for wait in (timedelta(), _DAY))
        return self.notification_id in {reminder_id(organism_id, day, address) for day in days}


def _is_news(known: DeliveryFailure | None, failure: DeliveryFailure) -> bool:
    """Whether operators should hear of a failure: never of a delay, and a second time only of a lasting failure."""
    if failure.reason == "delayed":
        return False
    return known is None or known.reason == "delayed" or (failure.lasts and not known.lasts)
