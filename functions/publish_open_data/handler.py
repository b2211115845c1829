"""Each night: publish the open data of the newest quarter that has settled, unless it is there.

A run that fails has written nothing, and the next night's does the same: an edition is written whole and once.
"""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailroom.domain import clock
from mailroom.domain.open_data import Quarter
from mailroom.process import WithBucket, WithTable
from mailroom.register.open_data_editions import Editions, edition_of


class Process(WithTable, WithBucket):
    """Reads register entries and writes editions."""


logger = Logger()


def handler(_event: dict[str, Any], _context: LambdaContext) -> None:
    """Compute and write the edition that is due; do nothing where it is published."""
    process = Process.current()
    editions = Editions(process.s3, process.bucket_name)
    quarter = Quarter.newest_due(clock.now())
    extra = {"quarter": str(quarter)}
    if str(quarter) in editions.names():
        logger.info("open data was there", extra=extra)
        return
    edition = edition_of(quarter, process.table)
    editions.publish(str(quarter), edition)
    logger.info("open data published", extra=extra | {"organisms": len(edition["organisms"])})
