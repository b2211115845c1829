"""Whether the sender of a mail can be reached, and by which way: failures of delivery and how long they count."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from mailroom.domain import clock

Way = Literal["email", "sms"]
FailureReason = Literal[
    "bounce",
    "complaint",
    "mailbox_full",
    "put_off",
    "undetermined",
    "rejected",
    "delayed",
    "not_mobile",
    "country",
    "sms_off",
    "opted_out",
    "number_refused",
    "not_mine",
    "limit",
    "paused",
]


@dataclass(frozen=True)
class DeliveryFailure:
    """Why messages do not arrive by e-mail, or by SMS. Without `until` the failure lasts."""

    reason: FailureReason
    at: str
    until: str | None = None

    @property
    def lasts(self) -> bool:
        """Whether no later message is expected to arrive either."""
        return self.until is None

    def holds(self, now: datetime) -> bool:
        """Whether the failure still counts at an instant."""
        return self.until is None or clock.iso(now) < self.until

    def stored(self) -> dict[str, str]:
        """The failure as the table keeps it: no address."""
        return {name: value for name, value in asdict(self).items() if value is not None}
