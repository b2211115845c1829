"""Whatever the storage answers to a request for a range, exactly that range is read."""

import io
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroom.content.stored import WrongRangeError, ranges_of

CONTENT = bytes(range(256)) * 20


class Body(io.BytesIO):
    """An answer's body that gives what comes at once, in small pieces, and counts it."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.given = 0

    def read(self, size: int | None = -1) -> bytes:
        part = super().read(min(size or 0, 100))
        self.given += len(part)
        return part


class Storage:
    """Answers with the range moved to the front by `early` bytes, or with the whole object."""

    def __init__(self, *, early: int | None) -> None:
        self.early = early
        self.bodies: list[Body] = []

    def get_object(self, *, Range: str, **_others: str) -> dict[str, Any]:  # noqa: N803 - boto3's name
        first, _, last = Range.removeprefix("bytes=").partition("-")
        begins_at = 0 if self.early is None else max(0, int(first) - self.early)
        body = Body(CONTENT[begins_at:] if self.early is None else CONTENT[begins_at : int(last) + 1])
        self.bodies.append(body)
        answer: dict[str, Any] = {"Body": body}
        if self.early is not None:
            answer["ContentRange"] = f"bytes {begins_at}-{last}/{len(CONTENT)}"
        return answer


def reading(storage: Storage) -> Any:  # noqa: ANN401 - called as it is in the product
    return ranges_of(cast("Any", storage), bucket="b", key="k", version_id="v")


@given(st.sampled_from([None, 0, 7, 300]), st.integers(0, len(CONTENT) - 1), st.integers(1, 600))
def test_exactly_the_range_asked_for_is_read(early: int | None, start: int, length: int) -> None:
    """206 as asked, 206 from an earlier byte on, 200 with everything."""
    length = min(length, len(CONTENT) - start)
    storage = Storage(early=early)
    assert reading(storage)(start, length) == CONTENT[start : start + length]
    assert storage.bodies[0].given <= start + length, "what follows the range is not fetched"
    assert storage.bodies[0].closed


def test_a_range_that_begins_too_late_is_an_error_and_no_content() -> None:
    with pytest.raises(WrongRangeError):
        reading(Storage(early=-5))(10, 10)
