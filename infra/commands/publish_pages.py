"""`make pages`: copy the pages into a stage's bucket, and have the distribution forget the copies that it keeps."""

import argparse
import mimetypes
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.commands.deployed import NotDeployedError, find_stack
from infra.names import Part, stack_name
from infra.paths import PAGES
from infra.stage import Stage
from infra.stage_file import StageError

CACHE_CONTROL = "public, max-age=300"
"""As long as the two pages that a function makes."""


def main() -> int:
    """Return 0 when the pages are in place, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", required=True)
    name = parser.parse_args().stage
    if name == "local":
        sys.stderr.write("The proxy of the local stage serves the pages as they lie on disk.\n")
        return 1
    try:
        stage = Stage.load(name)
        changed = publish(boto3.Session(region_name=stage.region), stage.name)
    except (StageError, NotDeployedError, BotoCoreError, ClientError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("".join(f"{line}\n" for line in changed))
    return 0


def publish(session: boto3.Session, stage: str, pages: Path = PAGES) -> list[str]:
    """Make the bucket hold these pages and no others; return one line for each. Raises NotDeployedError, ClientError.

    New pages come before old ones go, so that none is missing meanwhile. The bucket keeps the versions replaced.
    """
    stack = find_stack(session, stack_name(stage, Part.EDGE))
    if stack is None:
        raise NotDeployedError(f"{stage} has no public address of its own: it has no domain, or is not deployed.")
    outputs = {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])}
    bucket = outputs["PagesBucketName"]
    s3 = session.client("s3")
    put = dict(_files(pages))
    for key, file in put.items():
        s3.put_object(
            Bucket=bucket, Key=key, Body=file.read_bytes(), ContentType=_media_type(key), CacheControl=CACHE_CONTROL
        )
    listed = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    gone = [found["Key"] for page in listed for found in page.get("Contents", []) if found["Key"] not in put]
    for key in gone:
        s3.delete_object(Bucket=bucket, Key=key)
    session.client("cloudfront").create_invalidation(
        DistributionId=outputs["DistributionId"],
        InvalidationBatch={"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": str(uuid4())},
    )
    return [*(f"put {key}" for key in put), *(f"removed {key}" for key in gone)]


def _files(pages: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(pages.rglob("*")):
        if path.is_file():
            yield path.relative_to(pages).as_posix(), path


def _media_type(key: str) -> str:
    media_type = mimetypes.guess_type(key)[0] or "application/octet-stream"
    is_text = media_type.startswith("text/") or media_type in {"application/javascript", "application/json"}
    return f"{media_type}; charset=utf-8" if is_text else media_type


if __name__ == "__main__":
    sys.exit(main())
