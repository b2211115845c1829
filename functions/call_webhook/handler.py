"""SQS: tells an organism's program of one mail for each message, until it takes the call or a day has passed."""

from functools import cached_property
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from call_webhook.attempts import Attempts
from mailroom.notifying.webhooks import WebhookKeys
from mailroom.organisms.directory import Directory
from mailroom.process import WithTable


class Process(WithTable):
    """Reads organisms, signs calls, and puts messages off."""

    webhooks_secret: str
    webhooks_queue_url: str
    webhooks_allow_loopback: bool
    """True on the local stage alone."""

    @cached_property
    def keys(self) -> WebhookKeys:
        """The keys that the organisms' secrets are made with."""
        return WebhookKeys(self.secret(self.webhooks_secret))

    @cached_property
    def attempts(self) -> Attempts:
        """Calls programs, and remembers which of them failed a moment ago."""
        return Attempts(
            directory=Directory(self.table),
            sqs=self.sqs,
            queue_url=self.webhooks_queue_url,
            keys=lambda: self.keys,
            loopback=self.webhooks_allow_loopback,
        )


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, list[dict[str, str]]]:
    """Answer which messages of the batch were not taken; the queue brings those back."""
    attempts = Process.current().attempts
    failed = [record["messageId"] for record in event["Records"] if not attempts.take(record)]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}
