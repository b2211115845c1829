"""Published heads: whether the service signed them, and whether they agree with each other and with a register."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, ValidationError

from mailroom.check.register_entries import Digest, Register, RegisterFault
from mailroom.signatures.jws import HEAD


class Predecessor(BaseModel):
    """The previous head, as a head names it."""

    model_config = ConfigDict(strict=True, frozen=True)

    date: str
    sha256: Digest


class Stand(BaseModel):
    """The last entry of one register at the time of the head."""

    model_config = ConfigDict(strict=True, frozen=True)

    organism_id: str
    year: int
    last: int
    digest: Digest


class Claims(BaseModel):
    """The payload of a head."""

    model_config = ConfigDict(strict=True, frozen=True)

    version: Literal[1]
    iss: str
    iat: int
    date: str
    previous: Predecessor | None
    registers: list[Stand]


@dataclass(frozen=True)
class Head:
    """A head that one of the keys signed."""

    sha256: str
    claims: Claims

    def stand_of(self, register: tuple[str, int]) -> Stand | None:
        """Where a register stood, if it had entries."""
        return next((one for one in self.claims.registers if (one.organism_id, one.year) == register), None)


class Heads:
    """Heads in the order of their days, and their faults."""

    def __init__(self, files: Mapping[str, bytes], keys: KeySet, issuer: str | None) -> None:
        self.faults: list[RegisterFault] = []
        self.notes: list[RegisterFault] = []
        found: dict[str, Head] = {}
        for name, content in files.items():
            head = _signed(content, keys)
            if head is None:
                self.faults.append(RegisterFault("head_not_ours", {"file": name}))
            elif issuer is not None and head.claims.iss != issuer:
                self.faults.append(RegisterFault("head_of_another", {"file": name, "issuer": head.claims.iss}))
            elif found.setdefault(head.claims.date, head).sha256 != head.sha256:
                self.faults.append(RegisterFault("two_heads", {"date": head.claims.date}))
        self.all = [found[date] for date in sorted(found)]
        self._check_links(found)
        issuers = sorted({head.claims.iss for head in self.all})
        if len(issuers) > 1:
            self.faults.append(RegisterFault("two_issuers", {"issuers": ", ".join(issuers)}))

    def _check_links(self, found: Mapping[str, Head]) -> None:
        for head in self.all:
            previous = head.claims.previous
            if previous is None:
                continue
            before = found.get(previous.date)
            if before is None:
                self.notes.append(RegisterFault("head_not_given", {"date": previous.date}))
            if (before and before.sha256 != previous.sha256) or previous.date >= head.claims.date:
                self.faults.append(
                    RegisterFault("heads_not_linked", {"date": head.claims.date, "previous": previous.date})
                )
        for before, after in pairwise(self.all):
            named = after.claims.previous
            if named is None or named.date < before.claims.date:
                # A head that was published between them is passed over.
                self.faults.append(
                    RegisterFault("heads_not_linked", {"date": after.claims.date, "previous": before.claims.date})
                )

    def held_against(self, register: Register) -> tuple[list[RegisterFault], int]:
        """The contradictions between the heads and a register, and the rank up to which the heads prove it."""
        faults: list[RegisterFault] = []
        if register.name is None:
            return faults, 0
        proven = 0
        for head in self.all:
            stand = head.stand_of(register.name)
            if stand is None:
                # Heads of later years name this year's registers in January, and then no more.
                if proven and head.claims.date[:4] == str(register.name[1]):
                    faults.append(RegisterFault("head_forgets", {"date": head.claims.date, "rank": str(proven)}))
                continue
            where = {"date": head.claims.date, "rank": str(stand.last)}
            entry = register.entries.get(stand.last)
            if stand.last < proven:
                faults.append(RegisterFault("head_goes_back", where))
            elif stand.last > register.last:
                faults.append(RegisterFault("cut_off", where | {"last": str(register.last)}))
            elif entry is not None and entry.digest != stand.digest:
                faults.append(RegisterFault("head_differs", where))
            proven = max(proven, stand.last)
        return faults, min(proven, register.last)


def _signed(content: bytes, keys: KeySet) -> Head | None:
    """The head, if it is one and one of the keys signed it."""
    signed = content.strip()
    try:
        found = jws.deserialize_compact(signed, keys, algorithms=["ES256"])
        claims = Claims.model_validate_json(found.payload or b"")
    except (JoseError, ValidationError):
        return None
    return Head(hashlib.sha256(signed).hexdigest(), claims) if found.headers().get("typ") == HEAD else None


def dates(heads: Iterable[Head]) -> tuple[str, str] | None:
    """The first and the last day of some heads."""
    found = [head.claims.date for head in heads]
    return (found[0], found[-1]) if found else None
