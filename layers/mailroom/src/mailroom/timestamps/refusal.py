"""Why there is no time stamp, in one word for logs."""

from typing import Literal

NoStampReason = Literal[
    # the authority could not be asked, or did not say what it should
    "resting",
    "unreachable",
    "too_slow",
    "too_large",
    "not_ok",
    "unreadable",
    "refused",
    "wrong_nonce",
    "wrong_digest",
    "wrong_time",
    "not_certified",
    "not_exact",
    # this file can't take one
    "no_room",
    "no_seal",
    "outside_certificate",
]


class NoStampError(Exception):
    """There is no time stamp as things stand; the receipt is good without it."""

    def __init__(self, reason: NoStampReason) -> None:
        super().__init__(reason)
        self.reason: NoStampReason = reason


class CannotBeStampedError(NoStampError):
    """This file takes no time stamp, whatever the authority says, now or later."""
