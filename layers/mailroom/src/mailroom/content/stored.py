"""Reading ranges of a stored object: exactly the requested bytes, whatever range the storage answers."""

import re
from contextlib import closing
from typing import TYPE_CHECKING, Protocol

from mailroom.content.finding import Ranges

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_CONTENT_RANGE = re.compile(r"bytes (\d{1,19})-")
_AT_ONCE = 1024 * 1024


class WrongRangeError(Exception):
    """The storage answered a range that begins after the one asked for."""


class _Body(Protocol):
    def read(self, amt: int) -> bytes: ...


def ranges_of(s3: "S3Client", *, bucket: str, key: str, version_id: str) -> Ranges:
    """Read ranges of one version of an object.

    A storage may ignore a range and answer the whole object (RFC 9110, 14.2; MiniStack does so when a version is
    named), or answer from another byte on: what was not asked for is dropped, and what follows is not fetched.
    """

    def read(start: int, length: int) -> bytes:
        answer = s3.get_object(
            Bucket=bucket, Key=key, VersionId=version_id, Range=f"bytes={start}-{start + length - 1}"
        )
        found = _CONTENT_RANGE.match(answer.get("ContentRange") or "")
        begins_at = int(found[1]) if found else 0
        if begins_at > start:
            raise WrongRangeError(f"{begins_at} instead of {start}")
        with closing(answer["Body"]) as body:
            _drop(body, start - begins_at)
            return _read(body, length)

    return read


def _drop(body: _Body, length: int) -> None:
    while length > 0 and (part := body.read(min(length, _AT_ONCE))):
        length -= len(part)


def _read(body: _Body, length: int) -> bytes:
    parts: list[bytes] = []
    while length > 0 and (part := body.read(length)):
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
