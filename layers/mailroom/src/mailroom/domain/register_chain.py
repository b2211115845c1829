"""The chain of a register: each entry holds the digest of the one before it and of its own sealed record.

A change, removal or insertion of an entry changes every later digest, so that the heads published since disagree. A
link holds no personal data: the digest of a record reveals nothing without the record, which is salted. So a link
outlives its mail, and a chain stays whole when mails are erased.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import rfc8785

VERSION: Final = 1
"""Which rules a digest is made by; another form of links needs another number, so that none passes for the other."""


@dataclass(frozen=True)
class Link:
    """One entry of a register as the chain sees it. Digests are SHA-256 in hexadecimal."""

    organism_id: str
    year: int
    rank: int
    record_sha256: str
    previous: str

    @cached_property
    def digest(self) -> str:
        """What the next entry and the published head hold: SHA-256 over this link's canonical JSON (RFC 8785)."""
        return _digest(
            {
                "version": VERSION,
                "organism_id": self.organism_id,
                "year": self.year,
                "rank": self.rank,
                "record_sha256": self.record_sha256,
                "previous": self.previous,
            }
        )


def beginning(organism_id: str, year: int) -> str:
    """What the first entry of a register holds as its predecessor: no other register begins alike."""
    return _digest({"version": VERSION, "organism_id": organism_id, "year": year})


def _digest(values: dict[str, str | int]) -> str:
    return hashlib.sha256(rfc8785.dumps(values)).hexdigest()
