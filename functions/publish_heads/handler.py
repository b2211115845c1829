"""Each night: publish where every register stands, signed, so that nobody can rewrite one afterwards, we included.

The schedule fires several times, and whoever comes first does it. A day that was missed is made up for by the next:
its head names the newest one before it, whichever that is.
"""

from datetime import datetime
from typing import Any, Literal

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailroom import aws, settings
from mailroom.domain import clock
from mailroom.register.heads import VERSION, Heads, day_of, registers
from mailroom.signatures import jws
from mailroom.signatures.jws import Signer
from mailroom.storage.bucket import Retention


class Settings(settings.Settings):
    """What this function is told."""

    table_name: str
    bucket_name: str
    signing_key: str
    public_url: str
    retention_days: int
    retention_mode: Literal["COMPLIANCE", "GOVERNANCE"]


logger = Logger()
metrics = Metrics()


def handler(_event: dict[str, Any], _context: LambdaContext) -> None:
    """Publish the day's head unless it is there; the metric says that it is."""
    told = Settings.read()
    heads = Heads(aws.client("s3"), told.bucket_name, Retention(told.retention_mode, told.retention_days))
    now = clock.now()
    day = day_of(now)
    if heads.newest(1) != [day]:
        published = heads.publish(day, _signed(told, heads, day, now), now)
        logger.info("head published" if published else "head was there", extra={"date": day})
    metrics.add_metric("HeadsFound", MetricUnit.Count, 1)
    metrics.flush_metrics()


def _signed(told: Settings, heads: Heads, day: str, now: datetime) -> str:
    # Before the registers are read: they only grow, so that no head tells of less than the one it names.
    previous = heads.predecessor(day)
    claims = {
        "version": VERSION,
        "iss": told.public_url,
        "iat": int(now.timestamp()),
        "date": day,
        "previous": previous,
        "registers": registers(aws.table(told.table_name), now),
    }
    return Signer(aws.client("kms"), told.signing_key).sign(jws.HEAD, claims)
