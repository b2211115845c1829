"""E-mails that came back: what SES tells of them, and what is kept of that.

An organism's address that fails is marked on the organism, for operators alone to see. A sender's is not kept at all:
their mail says that they could not be told, and why. SES's own suppression list keeps from writing there again.
"""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from mailroom import clock
from mailroom.directory import key_of
from mailroom.store import mail_key
from mailroom.table import ConditionFailedError, Table

Reason = Literal["bounce", "complaint"]


class _Told(BaseModel):
    # Refusals of pydantic quote what they refuse, and this is full of addresses.
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class _Recipient(_Told):
    address: str = Field(alias="emailAddress")


class _Bounce(_Told):
    kind: str = Field(alias="bounceType")
    recipients: tuple[_Recipient, ...] = Field(alias="bouncedRecipients")


class _Complaint(_Told):
    recipients: tuple[_Recipient, ...] = Field(alias="complainedRecipients")


class _Sent(_Told):
    message_id: str = Field(alias="messageId")
    tags: dict[str, tuple[str, ...]] = {}


class SendingEvent(_Told):
    """The detail of SES's events "Email Bounced" and "Email Complaint Received", as far as it is needed."""

    mail: _Sent
    bounce: _Bounce | None = None
    complaint: _Complaint | None = None

    @property
    def reason(self) -> Reason | None:
        """Why the addresses fail from now on; None where they may take the next e-mail."""
        if self.complaint:
            return "complaint"
        return "bounce" if self.bounce and self.bounce.kind == "Permanent" else None

    @property
    def addresses(self) -> list[str]:
        """The addresses it is about, as far as SES knows."""
        told = self.complaint or self.bounce
        return [recipient.address for recipient in told.recipients] if told else []

    def tag(self, name: str) -> str | None:
        """What our tag of that name on the e-mail says; each e-mail has them from `send_notification`."""
        return next(iter(self.mail.tags.get(name, ())), None)


class Bounces:
    """What is kept of them."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def desks_of(self, address: str) -> list[str]:
        """Ids of the organisms that are alerted at an address and not known to be unreachable there."""
        wanted = address.casefold()
        attributes = ("organism_id", "alerts", "failing")
        return [
            item["organism_id"]
            for item in self._table.query("ORGANISM", attributes=attributes)
            if wanted in map(str.casefold, item["alerts"]["emails"])
            and wanted not in map(str.casefold, item.get("failing", {}))
        ]

    def fails(self, organism_id: str, address: str, reason: Reason, at: datetime) -> None:
        """Mark an organism's address, as the organism writes it, as failing since then."""
        pk, sk = key_of(organism_id)
        item = self._table.get(pk, sk) or {"alerts": {"emails": []}}
        known = next((each for each in item["alerts"]["emails"] if each.casefold() == address.casefold()), None)
        if known is None:
            return
        mark = {"reason": reason, "since": clock.iso(at)}
        whole = self._table.change(
            pk,
            sk,
            update="SET failing = :all",
            condition="attribute_exists(pk) AND attribute_not_exists(failing)",
            values={":all": {known: mark}},
        )
        one = self._table.change(
            pk,
            sk,
            update="SET failing.#address = :mark",
            condition="attribute_exists(failing) AND attribute_not_exists(failing.#address)",
            values={":mark": mark},
            names={"#address": known},
        )
        for write in (whole, one):
            try:
                self._table.apply(write)
            except ConditionFailedError:
                continue

    def sender_not_told(self, mail_id: str, template: str, reason: Reason, at: datetime) -> bool:
        """Note on a mail that its sender could not be told; False where it is known, or the mail no more there."""
        pk, sk = mail_key(mail_id)
        noted = self._table.change(
            pk,
            sk,
            update="SET sender_not_told = :noted",
            condition="attribute_exists(submission) AND attribute_not_exists(sender_not_told)",
            values={":noted": {"template": template, "reason": reason, "at": clock.iso(at)}},
        )
        try:
            self._table.apply(noted)
        except ConditionFailedError:
            return False
        return True
