"""What a restore drill does to the local cloud and no caller can do to AWS: the launcher lets it in beside the patches.

A bucket is lost with all that is locked in it, as in the fire of a region; and an object is put under the id of a
version that it had elsewhere, as S3's replication does. Both are asked for by headers that AWS does not know.
"""

# ruff: noqa: SLF001 - the emulator has no other doors

from contextvars import ContextVar
from typing import Any

LOSS_HEADER = "x-local-lost"
"""On DeleteBucket: the bucket is gone at once, whatever it holds."""
VERSION_HEADER = "x-local-version-id"
"""On PutObject: the id of the version."""


def lose_buckets(s3: Any) -> None:
    """Let DeleteBucket take a bucket away that holds locked versions."""
    handle = s3.handle_request

    async def losing(method: str, path: str, headers: Any, *rest: Any, **named: Any) -> Any:
        if method == "DELETE" and headers.get(LOSS_HEADER):
            name = path.strip("/")
            s3._buckets[name]["objects"].clear()
            for versions in [each for each in s3._object_versions if each[0] == name]:
                del s3._object_versions[versions]
        return await handle(method, path, headers, *rest, **named)

    s3.handle_request = losing


def keep_version_ids(s3: Any) -> None:
    """Let PutObject take the id of the version that it makes."""
    given: ContextVar[str | None] = ContextVar("given", default=None)
    put, new_uuid = s3._put_object, s3.new_uuid

    def put_version(bucket: str, key: str, body: bytes, headers: Any) -> Any:
        token = given.set(headers.get(VERSION_HEADER))
        try:
            return put(bucket, key, body, headers)
        finally:
            given.reset(token)

    s3._put_object = put_version
    s3.new_uuid = lambda: given.get() or new_uuid()


DISASTERS = (lose_buckets, keep_version_ids)
"""All of them are about `ministack.services.s3`."""
