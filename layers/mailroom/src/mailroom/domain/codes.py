"""Which codes of a mail are in force, and by which of them somebody came.

A mail has four kinds of codes, each with a version that the mail's item holds. A code of an earlier version opens
nothing. The version goes into the HMAC (`tokens`), so that new codes need nothing to be stored but a number.
"""

import hashlib
from dataclasses import dataclass
from typing import Literal

Kind = Literal["access", "slip", "email", "sms"]
"""`access`: the token that came with the draft. `slip`: the follow-up code that came with the number and stands on the
slip. `email`, `sms`: the code in a message's link, which the owner of a mistyped address has too."""

OWN: frozenset[Kind] = frozenset({"access", "slip"})
"""The kinds that no message carries: only who sent the mail was ever given them."""


@dataclass(frozen=True)
class Holder:
    """Somebody who showed a code, or a token that was given for it; `version` is that code's."""

    kind: Kind
    version: int = 0


def turn_mark(holder: Holder, key: str) -> str:
    """What a request for new codes is known by when it comes again: the digest of its key and of who sent it."""
    return hashlib.sha256(f"{holder.kind} {holder.version} {key}".encode()).hexdigest()


@dataclass(frozen=True)
class Codes:
    """The versions in force, 0 until codes of a kind are turned."""

    access: int = 0
    slip: int = 0
    email: int = 0
    sms: int = 0

    def version(self, kind: Kind) -> int:
        """The version in force of one kind."""
        versions: dict[Kind, int] = {"access": self.access, "slip": self.slip, "email": self.email, "sms": self.sms}
        return versions[kind]

    def admit(self, holder: Holder) -> bool:
        """Whether what `holder` showed is still in force."""
        return holder.version == self.version(holder.kind)
