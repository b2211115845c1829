"""SQS: sends one e-mail or one SMS for each message, once for each notification."""

from functools import cached_property
from typing import Any, cast

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import Json

from mailroom.notifying.caps import Caps, Counters
from mailroom.notifying.notifications import Notification
from mailroom.notifying.postponement import Postponement
from mailroom.notifying.sending_health import Sending
from mailroom.notifying.sms_recipients import countries_in
from mailroom.process import WithNotifications, WithTable, WithTokens
from mailroom.storage.mails import Store
from send_notification.failure import PASSING, ids_of, put_off, report
from send_notification.outbox import ASKED_ONCE, Outbox
from send_notification.post_office import Memory, PostOffice


class Process(WithTable, WithTokens, WithNotifications):
    """Reads mails, makes the codes of links, sends e-mails and SMS, notes what was sent, and puts messages off."""

    idempotency_table_name: str
    public_url: str
    email_from: str
    email_configuration_set: str
    """Where SES reports what becomes of an e-mail."""
    sms_sender_id: str
    sms_countries: str
    """Two letters each, separated by commas; nothing where SMS are switched off."""
    message_caps: Json[Caps]

    @cached_property
    def post_office(self) -> PostOffice:
        """Sends, and remembers what it sent."""
        return PostOffice(
            store=Store(self.table),
            tokens=self.tokens,
            counters=Counters(self.table, self.message_caps, self.tokens.pseudonym),
            sending=Sending(self.table, self.tokens.pseudonym),
            outbox=Outbox(
                ses=boto3.client("sesv2", config=ASKED_ONCE),
                sns=boto3.client("sns", config=ASKED_ONCE),
                email_from=self.email_from,
                email_configuration_set=self.email_configuration_set,
                sms_sender_id=self.sms_sender_id,
                sms_countries=countries_in(self.sms_countries),
            ),
            public_url=self.public_url,
            memory=Memory(table_name=self.idempotency_table_name, boto3_client=self.dynamodb),
        )

    @cached_property
    def postponement(self) -> Postponement:
        """Puts messages of the queue off."""
        return Postponement(self.sqs, self.notifications_queue_url)


logger = Logger()


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Answer which messages of the batch failed; the queue brings those back, and only those."""
    process = Process.current()
    office = process.post_office
    office.idempotency.register_lambda_context(context)

    def tell(record: SQSRecord) -> None:
        notification = Notification.model_validate_json(record.body)
        with logger.append_context_keys(**ids_of(record, notification)):
            try:
                office.tell(notification)
            except PASSING as error:
                put_off(record, notification, error, process.postponement)

    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
    with processor(event["Records"], handler=tell):
        processor.process()
    for record, failure in zip(processor.fail_messages, processor.exceptions, strict=True):
        report(cast("SQSRecord", record), cast("Exception", failure[1]))
    return processor.response()
