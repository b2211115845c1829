"""A register and its heads, made by the rules in docs/checking-a-register.md, for the tests of the check."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey, KeySet, KeySetSerialization

from mailroom.check.register_command import RegisterFindings, check
from mailroom.check.register_entries import Register
from mailroom.check.register_heads import Heads
from tests.support.signed.chained import sha256_of

ISSUER = "https://bod.example.org"
ORGANISM, YEAR = "anam", 2026

type Line = dict[str, Any]


def key() -> ECKey:
    """A key on P-256."""
    return ECKey.generate_key("P-256")


OURS, ANOTHERS = key(), key()


def public(*keys: ECKey) -> KeySetSerialization:
    """The public halves, as they are published."""
    return {"keys": [{**one.as_dict(private=False), "kid": one.thumbprint()} for one in keys]}


def chained(count: int, *, year: int = YEAR, salt: str = "") -> list[Line]:
    """A whole register of so many entries; another salt makes other records, from there on."""
    previous = sha256_of({"version": 1, "organism_id": ORGANISM, "year": year})
    lines = []
    for rank in range(1, count + 1):
        link = {
            "version": 1,
            "organism_id": ORGANISM,
            "year": year,
            "rank": rank,
            "record_sha256": hashlib.sha256(f"{rank}{salt}".encode()).hexdigest(),
            "previous": previous,
        }
        previous = sha256_of(link)
        lines.append({**link, "number": f"ANAM-{year}-{rank:06d}", "digest": previous})
    return lines


def signed(claims: Line, by: ECKey = OURS, **header: str) -> bytes:
    """A head, signed."""
    named = {"alg": "ES256", "kid": by.thumbprint(), "typ": "register-head+jwt"} | header
    return jws.serialize_compact(named, json.dumps(claims).encode(), by).encode()


@dataclass
class World:
    """Heads that were published of registers, each naming the one before it."""

    heads: dict[str, bytes] = field(default_factory=dict)

    def publish(self, date: str, *registers: list[Line], by: ECKey = OURS, **changes: object) -> None:
        """Publish where these registers stand."""
        before = max(self.heads, default=None)
        previous = before and {"date": before, "sha256": hashlib.sha256(self.heads[before]).hexdigest()}
        claims = {
            "version": 1,
            "iss": ISSUER,
            "iat": 1795312800,
            "date": date,
            "previous": previous,
            "registers": [
                {
                    "organism_id": lines[-1]["organism_id"],
                    "year": lines[-1]["year"],
                    "last": lines[-1]["rank"],
                    "digest": lines[-1]["digest"],
                }
                for lines in registers
            ],
        }
        self.heads[date] = signed(claims | changes, by)

    def check(self, lines: list[Line], *keys: ECKey, issuer: str | None = None) -> RegisterFindings:
        """What the check finds of a register."""
        return check(self.read(lines), self.held(*keys, issuer=issuer))

    def read(self, lines: list[Line]) -> Register:
        """The register, read from an export of these lines."""
        return Register(json.dumps(line) for line in lines)

    def held(self, *keys: ECKey, issuer: str | None = None) -> Heads:
        """The heads, in the hands of somebody who trusts these keys, ours where none are named."""
        return Heads(self.heads, KeySet.import_key_set(public(*(keys or (OURS,)))), issuer)


def world(*counts: int) -> World:
    """Heads of a register that had so many entries, day after day."""
    made = World()
    for day, count in enumerate(counts, start=1):
        made.publish(f"2026-11-{day:02}", *([chained(count)] if count else []))
    return made


def what(found: RegisterFindings) -> set[str]:
    """What is wrong, by its name."""
    return {fault.what for fault in (*found.rewritten, *found.heads_wrong)}
