"""Locks of objects, whenever they are set: S3 refuses those that end in the past, and those that shorten another."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pytest
import time_machine
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from mailroom.domain import clock
from mailroom.storage.object_lock import Retention, lock, put_locked

SUBMITTED = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
HALF_A_YEAR = timedelta(days=183)
_ANY_TIME = st.timedeltas(min_value=-timedelta(seconds=5), max_value=timedelta(days=40 * 365))
"""Between the submission and the work on it; a machine's clock may be a little slow."""


class Bucket:
    """One object, under S3's rules of Object Lock in both modes."""

    def __init__(self) -> None:
        self.until = datetime.min.replace(tzinfo=UTC)

    def put_object(self, *, ObjectLockRetainUntilDate: datetime, **_: object) -> None:  # noqa: N803 - S3's name
        self._take(ObjectLockRetainUntilDate)

    def put_object_retention(self, *, Retention: dict[str, datetime], **_: object) -> None:  # noqa: N803 - S3's name
        if Retention["RetainUntilDate"] < self.until:
            raise _refused("AccessDenied", 403)
        self._take(Retention["RetainUntilDate"])

    def get_object_retention(self, **_: object) -> Any:  # noqa: ANN401 - S3's answer
        return {"Retention": {"Mode": "COMPLIANCE", "RetainUntilDate": self.until}}

    def _take(self, until: datetime) -> None:
        if until <= clock.now():
            raise _refused("InvalidRequest", 400)
        self.until = until


def _refused(code: str, status: int) -> ClientError:
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "PutObjectRetention")


@given(days=st.integers(1, 3653), worked_at=st.lists(_ANY_TIME, min_size=1, max_size=5))
def test_work_at_any_time_in_any_order_locks_for_the_retention_and_two_weeks_more_at_least(
    days: int, worked_at: list[timedelta]
) -> None:
    bucket: Any = Bucket()
    retention = Retention("COMPLIANCE", days)
    longest = bucket.until
    for after in worked_at:
        with time_machine.travel(SUBMITTED + after, tick=False):
            until = retention.until(clock.iso(SUBMITTED))
            assert until >= SUBMITTED + timedelta(days=days)
            assert until >= clock.now() + timedelta(days=14)
            lock(bucket, retention, clock.iso(SUBMITTED), Bucket="b", Key="k", VersionId="v")
            assert bucket.until >= max(longest, until)
            longest = bucket.until


@given(days=st.integers(1, 3653), after=_ANY_TIME)
def test_an_object_that_is_written_at_any_time_is_locked(days: int, after: timedelta) -> None:
    bucket: Any = Bucket()
    with time_machine.travel(SUBMITTED + after, tick=False):
        assert put_locked(bucket, "b", Retention("COMPLIANCE", days), clock.iso(SUBMITTED), Key="k")
        assert bucket.until > clock.now()


@pytest.mark.parametrize("mode", ["COMPLIANCE", "GOVERNANCE"])
def test_what_is_in_time_ends_as_the_stage_says(mode: Literal["COMPLIANCE", "GOVERNANCE"]) -> None:
    with time_machine.travel(SUBMITTED + HALF_A_YEAR, tick=False):
        assert Retention(mode, 3653).until(clock.iso(SUBMITTED)) == SUBMITTED + timedelta(days=3653)
