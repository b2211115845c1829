"""Whether a stored register is a whole chain, computed again from what docs/checking-a-register.md says."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any


def sha256_of(values: Mapping[str, object]) -> str:
    """The digest of plain ASCII values, for which Python's sorted compact JSON is RFC 8785's."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def assert_chained(items: Iterable[Mapping[str, Any]], organism_id: str, year: int) -> None:
    """The entries count 1, 2, 3 …, each holds on to the one before it, and the counter holds the last one's digest."""
    kept = {item["sk"]: item for item in items}
    counter = kept.pop("COUNTER", None)
    head = sha256_of({"version": 1, "organism_id": organism_id, "year": year})
    for rank, (sk, entry) in enumerate(sorted(kept.items()), start=1):
        assert sk == f"ENTRY#{rank:09d}"
        assert entry["previous"] == head
        head = sha256_of(
            {
                "version": 1,
                "organism_id": organism_id,
                "year": year,
                "rank": rank,
                "record_sha256": entry["record_sha256"],
                "previous": head,
            }
        )
        assert entry["digest"] == head
    if counter is None:
        assert not kept
    else:
        assert (int(counter["last"]), counter["head"]) == (len(kept), head)
