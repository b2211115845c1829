"""SQS: tells an organism's program of one mail for each message, until it takes the call or a day has passed."""

from functools import cached_property
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError

from call_webhook.attempts import Attempts, count
from mailroom.notifying.postponement import Postponement, not_now
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

    @cached_property
    def postponement(self) -> Postponement:
        """Puts messages of the queue off."""
        return Postponement(self.sqs, self.webhooks_queue_url)


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, list[dict[str, str]]]:
    """Answer which messages of the batch were not taken; the queue brings those back."""
    process = Process.current()
    failed = [record["messageId"] for record in event["Records"] if not take(record, process)]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def take(record: dict[str, Any], process: Process) -> bool:
    """Take a message; whether nothing is left to do about it. One that AWS keeps from being taken is put off."""
    try:
        return process.attempts.take(record)
    except ClientError as error:
        refusal = not_now(error)
        if refusal is None:
            raise
        # Our table and keys are no fault of the program, whose attempts SQS counts.
        process.postponement.put_off(record, refusal)
        count("WebhooksPostponed")
        return True
