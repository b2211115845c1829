"""Caps on messages, against the abuse of the service to flood others or to spend its money.

Any sender can type any address. Caps limit the messages to one address or telephone and for one organism, by hour and
by day (UTC), and the SMS of the whole stage by month. Each cap is one conditional write on a counter, so that it holds
under concurrency. Addresses are counted under a keyed hash, and counters expire after days.

Messages to one address are counted by the notification's id, so that a retry counts once. The other counters follow,
once for each id: a process that dies in between leaves them one short.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from mailroom.notifying.notifications import Channel, Notification
from mailroom.storage.item_keys import address_cap_key, month_cap_key, organism_cap_key, refusal_in, refusal_key
from mailroom.storage.schema import REFUSALS
from mailroom.storage.table import ConditionFailedError, Table

Scope = Literal["address", "organism", "month"]

_ALWAYS = "attribute_exists(pk) OR attribute_not_exists(pk)"
_KEPT = timedelta(days=2)
_MONTH_KEPT = timedelta(days=70)
_REFUSALS_KEPT = timedelta(days=8)

_DOTS_MEAN_NOTHING = frozenset({"gmail.com", "googlemail.com"})


class Cap(BaseModel):
    """The most messages in an hour, and in a day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hour: int
    day: int


class Caps(BaseModel):
    """The caps of a stage. `sms_desk` is for telephones that operators enrolled; a desk's e-mail has no cap."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sms_number: Cap
    sms_desk: Cap
    sms_organism: Cap
    sms_month: int
    email_address: Cap
    email_organism: Cap


class Refusals(NamedTuple):
    """The number of messages for an organism that one cap withheld on one day."""

    day: str
    organism_id: str
    channel: str
    cap: str
    messages: int


class Counters:
    """Counts messages before they are sent. `pseudonym` makes an address's keyed hash."""

    def __init__(self, table: Table, caps: Caps, pseudonym: Callable[[str], str]) -> None:
        self._table = table
        self._caps = caps
        self._pseudonym = pseudonym
        self.sms_of_month = 0
        """The SMS of the stage in this month, as of this process's last count."""

    def reached(self, notification: Notification, organism_id: str, now: datetime) -> Scope | None:
        """The cap that this message would exceed; None if the message is counted and may be sent."""
        channel, is_to_desk = notification.channel, not notification.template.startswith("sender_")
        if channel == "email" and is_to_desk:
            return None
        reached = self._counted(notification, organism_id, now, is_to_desk=is_to_desk)
        if reached:
            self._note(organism_id, channel, reached, now)
        return reached

    def _counted(
        self, notification: Notification, organism_id: str, now: datetime, *, is_to_desk: bool
    ) -> Scope | None:
        caps, channel = self._caps, notification.channel
        if channel == "email":
            of_address, of_organism = caps.email_address, caps.email_organism
        else:
            of_address, of_organism = (caps.sms_desk if is_to_desk else caps.sms_number), caps.sms_organism
        is_new = self._to_address(notification, of_address, now)
        if is_new is None:
            return "address"
        if not is_new:
            return None
        if not self._for_organism(channel, organism_id, of_organism, now):
            return "organism"
        if channel == "sms" and not self._of_month(now):
            return "month"
        return None

    def _to_address(self, notification: Notification, cap: Cap, now: datetime) -> bool | None:
        """Whether the message is counted now (True) or was before (False); None where the cap is reached."""
        address = self._pseudonym(_same(notification.channel, notification.to))
        notification_id = notification.notification_id
        write = self._table.change(
            *address_cap_key(notification.channel, address, _day(now)),
            update="SET #ttl = :ttl ADD #day :ids, #hour :ids",
            condition="(attribute_not_exists(#day) OR (NOT contains(#day, :id) AND size(#day) < :of_day)) "
            "AND (attribute_not_exists(#hour) OR size(#hour) < :of_hour)",
            values={
                ":ttl": _ttl(now, _KEPT),
                ":ids": {notification_id},
                ":id": notification_id,
                ":of_day": cap.day,
                ":of_hour": cap.hour,
            },
            names={"#ttl": "ttl", "#day": "day", "#hour": f"hour_{now:%H}"},
        )
        try:
            self._table.apply(write)
        except ConditionFailedError as refusal:
            known = refusal.items[0] or {}
            return False if notification_id in known.get("day", ()) else None
        return True

    def _for_organism(self, channel: Channel, organism_id: str, cap: Cap, now: datetime) -> bool:
        write = self._table.change(
            *organism_cap_key(channel, organism_id, _day(now)),
            update="SET #ttl = :ttl ADD #day :one, #hour :one",
            condition="(attribute_not_exists(#day) OR #day < :of_day) "
            "AND (attribute_not_exists(#hour) OR #hour < :of_hour)",
            values={":ttl": _ttl(now, _KEPT), ":one": 1, ":of_day": cap.day, ":of_hour": cap.hour},
            names={"#ttl": "ttl", "#day": "day", "#hour": f"hour_{now:%H}"},
        )
        try:
            self._table.apply(write)
        except ConditionFailedError:
            return False
        return True

    def _of_month(self, now: datetime) -> bool:
        write = self._table.change(
            *month_cap_key(f"{now:%Y-%m}"),
            update="SET #ttl = :ttl ADD sent :one",
            condition="attribute_not_exists(sent) OR sent < :most",
            values={":ttl": _ttl(now, _MONTH_KEPT), ":one": 1, ":most": self._caps.sms_month},
            names={"#ttl": "ttl"},
        )
        try:
            self.sms_of_month = int(self._table.update(write)["sent"]) if self._caps.sms_month else 0
        except ConditionFailedError:
            return False
        return self.sms_of_month > 0

    def _note(self, organism_id: str, channel: Channel, reached: Scope, now: datetime) -> None:
        write = self._table.change(
            *refusal_key(_day(now), organism_id, channel, reached),
            update="SET #ttl = :ttl ADD refused :one",
            condition=_ALWAYS,
            values={":ttl": _ttl(now, _REFUSALS_KEPT), ":one": 1},
            names={"#ttl": "ttl"},
        )
        self._table.apply(write)


def refusals(table: Table) -> Iterator[Refusals]:
    """The messages that caps withheld in the last week, by day."""
    for item in table.query(REFUSALS, consistent=False):
        yield Refusals(*refusal_in(item), int(item["refused"]))


def _day(now: datetime) -> str:
    return f"{now:%Y-%m-%d}"


def _ttl(now: datetime, kept: timedelta) -> int:
    return int((now + kept).timestamp())


def _same(channel: Channel, address: str) -> str:
    """One spelling for all that reach the same mailbox: capitals, `+tags`, and dots where they mean nothing."""
    if channel == "sms":
        return address
    local, _, domain = address.casefold().rpartition("@")
    local = local.partition("+")[0] or local
    return f"{local.replace('.', '') if domain in _DOTS_MEAN_NOTHING else local}@{domain}"
