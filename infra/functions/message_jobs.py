"""Jobs that send messages to people and programs, and the one that notes bounces."""

from aws_cdk import Duration
from aws_cdk import aws_events as events

from infra.constructs.channels import EMail, OperatorsChannel, may_send_sms
from infra.constructs.database import Records, SentOnce
from infra.constructs.queues import DeadLetters, Queue
from infra.constructs.secret import TokensSecret, WebhooksSecret
from infra.functions.environment import message_caps, public_address, sms_countries, sms_sender, webhook_targets
from infra.functions.function import Function, Functions, Repeats
from infra.stored_names import CAPS, MAILS, ORGANISMS, REGISTERS, WAITING_INDEX

SECONDS_AN_EMAIL = 0.2
"""What sending one e-mail takes: an answer of SES, and half a dozen of the table. A batch is sent one by one, so that
each batch that is read at one time makes five e-mails a second."""

FEWEST_AT_ONCE, MOST_AT_ONCE = 2, 1_000
"""Lambda's own bounds of the batches of a queue that are read at one time (`MaximumConcurrency` of ScalingConfig)."""

_CALLS_AT_ONCE = 20


def batches_at_once(emails_per_second: int) -> int:
    """How many batches of notifications are read at one time, for SES's sending rate not to be exceeded.

    Below ten a second Lambda's lower bound is still too many: what SES refuses then comes again later.
    """
    return min(max(int(emails_per_second * SECONDS_AN_EMAIL), FEWEST_AT_ONCE), MOST_AT_ONCE)


def send_notification(  # noqa: PLR0913 - what the function uses, by keyword
    functions: Functions,
    *,
    records: Records,
    sent_once: SentOnce,
    tokens: TokensSecret,
    notifications: Queue,
    email: EMail,
) -> Function:
    """E-mails and SMS, from the queue of notifications."""
    function = Function(
        functions,
        "send_notification",
        may=[
            records.may("GetItem", on=[MAILS, ORGANISMS]),
            records.may("PutItem", on=[MAILS]),
            records.may("UpdateItem", on=[CAPS, MAILS, ORGANISMS]),
            records.may("GetItem", on=[CAPS]),
            sent_once.may_remember(),
            notifications.may_receive(),
            notifications.may_send(),  # once more, what AWS does not take at present
            email.may_send(),
            may_send_sms(),
            tokens.may_read(),
        ],
        timeout=notifications.handled_within,
        settings=records.settings
        | sent_once.settings
        | tokens.settings
        | email.settings
        | notifications.settings
        | sms_sender(functions.stage)
        | sms_countries(functions.stage)
        | message_caps(functions.stage)
        | public_address(functions),
    )
    function.read_from(
        notifications, batch_size=10, max_concurrency=batches_at_once(functions.stage.quotas.emails_per_second)
    )
    return function


def remind_organisms(
    functions: Functions, *, records: Records, notifications: Queue, operators: OperatorsChannel
) -> Function:
    """Reminders of mail that an organism does not collect."""
    function = Function(
        functions,
        "remind_organisms",
        may=[
            records.may_query_indexes(WAITING_INDEX),
            records.may("GetItem", on=[ORGANISMS]),
            records.may("BatchGetItem", "UpdateItem", on=[REGISTERS]),
            records.may("PutItem", on=[MAILS]),  # the event
            notifications.may_send(),
            operators.may_publish(),
        ],
        timeout=Duration.minutes(5),
        settings=records.settings | notifications.settings | operators.settings,
        repeats=Repeats(most=2, within=Duration.minutes(15)),  # a day passes until the next morning
    )
    # The function itself skips holidays. Each run does what the runs before it left undone.
    function.run_on_schedule(events.Schedule.cron(hour="7", minute="0,20,40"))
    return function


def note_bounce(  # noqa: PLR0913 - what the function uses, by keyword
    functions: Functions,
    *,
    records: Records,
    notifications: Queue,
    operators: OperatorsChannel,
    email: EMail,
    event_bus: events.IEventBus,
    events_failed: DeadLetters,
) -> Function:
    """E-mails that SES reports as not delivered, or as called spam."""
    function = Function(
        functions,
        "note_bounce",
        may=[
            records.may("GetItem", "Query", on=[ORGANISMS]),
            records.may("GetItem", "PutItem", on=[MAILS]),
            records.may("UpdateItem", on=[CAPS, MAILS, ORGANISMS]),
            records.may("GetItem", on=[CAPS]),
            notifications.may_send(),
            operators.may_publish(),
            events_failed.may_send(),
        ],
        settings=records.settings | notifications.settings | operators.settings,
        gives_up_to=events_failed,
    )
    pattern = events.EventPattern(
        source=["aws.ses"],
        detail_type=["Email Bounced", "Email Complaint Received", "Email Rejected", "Email Delivery Delayed"],
        detail={"mail": {"tags": {"ses:configuration-set": [email.configuration_set_name]}}},
    )
    function.run_on_event(pattern, event_bus)
    return function


def call_webhook(functions: Functions, *, records: Records, webhook_keys: WebhooksSecret, webhooks: Queue) -> Function:
    """Signed calls to organisms' programs, from the queue of webhooks."""
    function = Function(
        functions,
        "call_webhook",
        may=[
            records.may("GetItem", on=[ORGANISMS]),
            webhooks.may_receive("ChangeMessageVisibility"),
            webhooks.may_send(),
            webhook_keys.may_read(),
        ],
        timeout=webhooks.handled_within,
        settings=records.settings | webhook_keys.settings | webhooks.settings | webhook_targets(functions.stage),
    )
    # One call a batch: a program that hangs delays no other program's call. All calls together leave the account's
    # concurrency to its other functions.
    share = max(functions.stage.quotas.lambda_concurrency // 10, FEWEST_AT_ONCE)
    function.read_from(webhooks, batch_size=1, max_concurrency=min(share, _CALLS_AT_ONCE))
    return function
