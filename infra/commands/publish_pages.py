"""`make pages`: build the pages, copy them into a stage's bucket, have the distribution forget those that it keeps.

`make deploy` does the same as its last step.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import boto3
import httpx
from botocore.exceptions import BotoCoreError, ClientError

from infra import door
from infra.commands.deployed import NotDeployedError, find_stack, require_account
from infra.commands.desks import Desk, desks
from infra.names import Part, stack_name
from infra.paths import PAGES
from infra.site.build import build
from infra.site.bundles import BundlingError
from infra.stage import Stage
from infra.stage_file import StageError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

KEPT_DAYS = 30
"""How long an asset stays that the pages no longer name: a page left open in a browser may still ask for it."""
_LEFT = "left"
"""The tag of such an asset: the day on which it was first missing."""
_SECONDS_FOR_DESKS = 20

FAILURES = (NotDeployedError, BundlingError, BotoCoreError, ClientError)
"""Why pages are not published."""

type Say = Callable[[str], object]


def main() -> int:
    """Return 0 when the pages are in place, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", required=True)
    try:
        stage = Stage.load(parser.parse_args().stage)
        session = boto3.Session(region_name=stage.region)
        require_account(stage, session)
        build_and_publish(session, stage, say=lambda line: sys.stdout.write(f"{line}\n"))
    except (StageError, *FAILURES) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def build_and_publish(session: boto3.Session, stage: Stage, *, say: Say, pages: Path = PAGES) -> None:
    """Build the pages with the stage's desks in `pages`, and publish them.

    Raises NotDeployedError, BundlingError, BotoCoreError, ClientError.
    """
    outputs = _outputs(session, stage.name)
    build(pages, organisms=_desks(outputs["DistributionDomainName"], stage, say))
    for line in publish(session, stage.name, pages):
        say(line)


def _desks(distribution: str, stage: Stage, say: Say) -> list[Desk]:
    """The desks by the stage's address, else by the distribution's own, which answers before the domain leads to it."""
    addresses = [f"https://{host}" for host in (stage.domain, distribution) if host]
    for address in addresses:
        try:
            with httpx.Client(base_url=address, timeout=_SECONDS_FOR_DESKS) as client:
                return desks(client)
        except httpx.HTTPError as error:
            say(f"{address} did not list the desks: {type(error).__name__}")
    say("The pages have no list of desks for people without script; `make pages` again once the address answers.")
    return []


def publish(
    session: boto3.Session, stage: str, pages: Path = PAGES, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> list[str]:
    """Make the bucket hold these pages; return one line for each change. Raises NotDeployedError, ClientError.

    Assets come first, so that no page names one that is missing. Pages that are gone are removed; assets that are gone
    stay for `KEPT_DAYS`. The bucket keeps the versions replaced.
    """
    outputs = _outputs(session, stage)
    bucket, s3 = outputs["PagesBucketName"], session.client("s3")
    put = dict(_files(pages))
    for key, file in put.items():
        s3.put_object(
            Bucket=bucket,
            Key=key,
            Body=file.read_bytes(),
            ContentType=door.media_type(key),
            CacheControl=door.cache_control(key),
        )
    listed = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    left = [found["Key"] for page in listed for found in page.get("Contents", []) if found["Key"] not in put]
    gone = [key for key in left if not door.is_asset(key) or _is_forgotten(s3, bucket, key, now())]
    for key in gone:
        s3.delete_object(Bucket=bucket, Key=key)
    session.client("cloudfront").create_invalidation(
        DistributionId=outputs["DistributionId"],
        InvalidationBatch={"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": str(uuid4())},
    )
    return [*(f"put {key}" for key in put), *(f"removed {key}" for key in gone)]


def _is_forgotten(s3: "S3Client", bucket: str, key: str, now: datetime) -> bool:
    """Whether an asset has been missing from the pages for long enough; note the day where it is missing at first.

    The day stands in a tag: a publication that has the asset again puts it without one.
    """
    tags = {tag["Key"]: tag["Value"] for tag in s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"]}
    if _LEFT in tags:
        return now - datetime.fromisoformat(tags[_LEFT]).replace(tzinfo=UTC) > timedelta(days=KEPT_DAYS)
    day = now.date().isoformat()
    s3.put_object_tagging(Bucket=bucket, Key=key, Tagging={"TagSet": [{"Key": _LEFT, "Value": day}]})
    return False


def _outputs(session: boto3.Session, stage: str) -> dict[str, str]:
    stack = find_stack(session, stack_name(stage, Part.EDGE))
    if stack is None:
        raise NotDeployedError(f"{stage} has no pages: it has no domain, or is not deployed.")
    return {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])}


def _files(pages: Path) -> Iterator[tuple[str, Path]]:
    """The files by their key: assets first, then what pages name, then the pages."""
    files = {path.relative_to(pages).as_posix(): path for path in pages.rglob("*") if path.is_file()}
    yield from sorted(files.items(), key=lambda each: (not door.is_asset(each[0]), each[0].endswith(".html"), each[0]))


if __name__ == "__main__":
    sys.exit(main())
