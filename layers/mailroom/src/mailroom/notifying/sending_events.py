"""The events of SES about an accepted e-mail: bounces, complaints, rejections, delays.

The shapes are those of SES's events on EventBridge ("Contents of event data that Amazon SES publishes" in its guide).
"""

from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from mailroom.domain import clock
from mailroom.domain.reach import DeliveryFailure, FailureReason

PUT_OFF_COUNTS = timedelta(days=7)
"""The life of a temporary failure. The next failing e-mail renews it."""

DELAY_COUNTS = timedelta(days=1)
"""SES tries for 14 hours, then says that the e-mail bounced."""

_SUPPRESSED = frozenset({"Suppressed", "OnAccountSuppressionList"})
"""Sub-types of e-mails that SES did not send at all."""

_NO_COMPLAINT = "not-spam"
"""Feedback that takes an e-mail out of the spam folder."""


_TRANSIENT: dict[str, FailureReason] = {
    "MailboxFull": "mailbox_full",
    "MessageTooLarge": "rejected",
    "ContentRejected": "rejected",
    "AttachmentRejected": "rejected",
}
"""Sub-types of transient bounces that have a reason of their own; the others put the e-mail off."""


class _Part(BaseModel):
    # Pydantic's refusals quote what they refuse, and this is full of addresses.
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class _Recipient(_Part):
    address: str = Field(alias="emailAddress")


class _Bounce(_Part):
    kind: str = Field(alias="bounceType")
    sub_kind: str | None = Field(None, alias="bounceSubType")
    recipients: tuple[_Recipient, ...] = Field((), alias="bouncedRecipients")

    @property
    def reason(self) -> FailureReason:
        """Why the e-mail came back. A kind that SES adds one day is not known to last."""
        if self.kind == "Permanent":
            return "bounce"
        return _TRANSIENT.get(self.sub_kind or "", "put_off") if self.kind == "Transient" else "undetermined"


class _Complaint(_Part):
    recipients: tuple[_Recipient, ...] = Field((), alias="complainedRecipients")
    feedback: str | None = Field(None, alias="complaintFeedbackType")
    sub_kind: str | None = Field(None, alias="complaintSubType")

    @property
    def is_suppressed(self) -> bool:
        """Whether the e-mail was never sent, for an earlier complaint."""
        return self.sub_kind in _SUPPRESSED


class _Delay(_Part):
    recipients: tuple[_Recipient, ...] = Field((), alias="delayedRecipients")


class _Reject(_Part):
    reason: str | None = None


class _Sent(_Part):
    message_id: str = Field(alias="messageId")
    sent_at: str | None = Field(None, alias="timestamp")
    destination: tuple[str, ...] = ()
    tags: dict[str, tuple[str, ...]] = {}


class SendingEvent(_Part):
    """The detail of one of SES's events, as far as it is needed."""

    mail: _Sent
    bounce: _Bounce | None = None
    complaint: _Complaint | None = None
    delay: _Delay | None = Field(None, alias="deliveryDelay")
    reject: _Reject | None = None

    @property
    def reason(self) -> FailureReason | None:
        """Why the e-mail did not arrive; None where the event is no failure."""
        if self.complaint:
            return None if self.complaint.feedback == _NO_COMPLAINT else "complaint"
        if self.bounce:
            return self.bounce.reason
        if self.reject:
            return "rejected"
        return "delayed" if self.delay else None

    def failure(self, now: datetime) -> DeliveryFailure | None:
        """The failure to note on the address; None if the event is no failure."""
        reason = self.reason
        if reason is None:
            return None
        if reason in {"bounce", "complaint"}:
            return DeliveryFailure(reason, clock.iso(now))
        counts = DELAY_COUNTS if reason == "delayed" else PUT_OFF_COUNTS
        return DeliveryFailure(reason, clock.iso(now), clock.iso(now + counts))

    @property
    def counts_as(self) -> Literal["bounced", "complained"] | None:
        """How SES counts the event against the account; e-mails that its suppression list blocked are not counted."""
        if self.bounce:
            suppressed = self.bounce.sub_kind in _SUPPRESSED
            return "bounced" if self.reason == "bounce" and not suppressed else None
        return "complained" if self.complaint and self.reason and not self.complaint.is_suppressed else None

    @property
    def addresses(self) -> set[str]:
        """The addresses that failed and the one we wrote to, case-folded: they differ where mail is forwarded."""
        about = self.complaint or self.bounce or self.delay
        failed = {recipient.address for recipient in about.recipients} if about else set[str]()
        return {address.casefold() for address in (*failed, *self.mail.destination)}

    def tag(self, name: str) -> str | None:
        """The value of our tag of that name on the e-mail; `send_notification` sets them."""
        return next(iter(self.mail.tags.get(name, ())), None)
