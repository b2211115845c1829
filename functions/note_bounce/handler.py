"""An e-mail bounced or was reported as spam: its address is marked, and the recipient is notified by another way."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from mailroom.notifying.sending_events import SendingEvent
from mailroom.operating.returned_emails import ReturnedEmails
from mailroom.process import WithNotifications, WithOperators, WithTable


class Process(WithTable, WithNotifications, WithOperators):
    """Writes failures to organisms and mails, queues notifications, and alerts operators."""


def handler(event: dict[str, Any], _context: LambdaContext) -> None:
    """Take one event of SES about an e-mail that did not arrive."""
    process = Process.current()
    returned = ReturnedEmails(process.table, process.notifications, process.operators)
    returned.take(SendingEvent.model_validate(event["detail"]))
