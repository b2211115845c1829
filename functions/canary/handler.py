"""Every five minutes: a mail to the test organism, through the public address, followed to its receipt.

It does what any sender could do and may do nothing else: its role has no right but to write its log. So it shows what
senders meet, from the name in DNS to the digest of the downloaded receipt.
"""

from typing import Any

from aws_lambda_powertools import Logger, Metrics, single_metric
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from canary.journey import Journey, StepFailedError
from canary.public_client import PublicClient
from mailroom.settings import Settings

_KEPT_SECONDS = 5.0
"""What is left of the function's time to say how it went."""


class Process(Settings):
    """Knows the public address and the test organism, and nothing of AWS."""

    public_url: str
    canary_organism: str
    """The id of the test organism."""


logger = Logger()
metrics = Metrics()


def handler(_event: dict[str, Any], context: LambdaContext) -> None:
    """Send one mail; a step that fails is counted and logged by its name, and the next run comes in five minutes."""
    process = Process.current()
    client = PublicClient(process.public_url, seconds=context.get_remaining_time_in_millis() / 1000 - _KEPT_SECONDS)
    try:
        seconds = Journey(client, process.canary_organism).go()
    except StepFailedError as failed:
        # No text of errors, for it may quote an address that opens a file.
        said = {"step": failed.step, "reason": failed.reason, "failed_request": failed.request_id}
        logger.error("canary failed", extra=said)  # noqa: TRY400 - the reason says all
        metrics.add_metric("CanaryPassed", MetricUnit.Count, 0)
        with single_metric(
            name="CanaryFailed", unit=MetricUnit.Count, value=1, default_dimensions={"step": failed.step}
        ):
            pass
    else:
        logger.info("canary passed", extra={"seconds_to_receipt": seconds})
        metrics.add_metric("CanaryPassed", MetricUnit.Count, 1)
        metrics.add_metric("CanarySeconds", MetricUnit.Seconds, seconds)
    metrics.flush_metrics()
