"""Each night: publish where every register stands, signed, so that no one can rewrite a register afterwards.

The schedule fires several times, and the first run does it. The head of the day after a missed one makes up for it: it
names the newest head before it, of whichever day.
"""

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailroom.domain import clock
from mailroom.process import WithRetention, WithSigner, WithTable
from mailroom.register.heads import PublishedHeads, day_of
from mailroom.signatures import jws


class Process(WithTable, WithRetention, WithSigner):
    """Reads the registers; signs heads and locks them in the bucket."""


logger = Logger()
metrics = Metrics()


def handler(_event: dict[str, Any], _context: LambdaContext) -> None:
    """Publish the day's head unless it is there; the metric says that it is."""
    process, now = Process.current(), clock.now()
    heads = PublishedHeads(process.s3, process.bucket_name, process.retention)
    day = day_of(now)
    if heads.newest(1) != [day]:
        claims = heads.claims(day, process.table, process.public_url, now)
        published = heads.publish(day, process.signer.sign(jws.HEAD, claims), now)
        logger.info("head published" if published else "head was there", extra={"date": day})
    metrics.add_metric("HeadsFound", MetricUnit.Count, 1)
    metrics.flush_metrics()
