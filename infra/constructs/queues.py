"""Queues, each with its dead-letter queue, and dead-letter queues for events that come without a queue.

Their names are fixed, and whatever uses a queue knows it by its name: another stack then asks for no value of the
stack that holds the queues.
"""

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.acknowledgements import acknowledge
from infra.constructs.permission import READS, WRITES, Permission
from infra.constructs.retention import removal_policy
from infra.stage import Stage

_KEPT = Duration.days(14)
"""The longest that SQS keeps a message."""

_WAITS = Duration.days(4)
"""How long a queue keeps a message that its reader does not take: a long weekend after the alarm, and what is left of
`_KEPT` for operators to look at what failed. For SQS counts both from the first sending: a message that goes to the
dead-letter queue keeps its age (SQS Developer Guide, "Using dead-letter queues": retention of standard queues)."""

_LATE = Duration.minutes(5)


class DeadLetters(Construct):
    """The queue in which failed events wait, unchanged, for an operator."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self.name = construct_id.lower()
        name = stage.name_of(f"{self.name}-failed")
        self.made = _queue(self, stage=stage, key=key, name=name, kept=_KEPT)
        """The queue itself, for the stack that holds it alone."""
        self.queue = _by_name(self, name)
        self.url = self.queue.queue_url
        acknowledge(self.made, "AwsSolutions-SQS3", "It is a dead-letter queue itself.")

    def may_send(self) -> Permission:
        """Allow sending to the queue."""
        return _may_send(self.queue)

    def may_receive(self) -> Permission:
        """Allow taking messages out of the queue."""
        return _may_receive(self.queue)


class Queue(Construct):
    """A queue whose messages are tried `attempts` times and then wait in its dead-letter queue.

    `handled_within` is the time-out of the function that reads it. A message older than `late_after` raises an alarm.
    """

    def __init__(  # noqa: PLR0913 - what makes a queue, by keyword
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        key: kms.IKey,
        handled_within: Duration,
        attempts: int = 5,
        late_after: Duration = _LATE,
    ) -> None:
        super().__init__(scope, construct_id)
        self.late_after = late_after
        self.name = construct_id.lower()
        self.handled_within = handled_within
        self.dead_letters = DeadLetters(self, construct_id, stage=stage, key=key)
        _queue(
            self,
            stage=stage,
            key=key,
            name=stage.name_of(self.name),
            kept=_WAITS,
            # AWS's rule: six times the reader's time-out
            visibility_timeout=Duration.seconds(6 * handled_within.to_seconds()),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letters.made, max_receive_count=attempts),
        )
        self.queue = _by_name(self, stage.name_of(self.name))
        self.url = self.queue.queue_url
        self.settings = {f"{self.name.upper()}_QUEUE_URL": self.url}

    def may_send(self) -> Permission:
        """Allow sending to the queue."""
        return _may_send(self.queue)

    def may_receive(self, *further: str) -> Permission:
        """Allow what Lambda's poller does in the function's name, and these further actions."""
        return _may_receive(self.queue, *further)


def _queue(  # noqa: PLR0913 - what makes a queue, by keyword
    scope: Construct,
    *,
    stage: Stage,
    key: kms.IKey,
    name: str,
    kept: Duration,
    visibility_timeout: Duration | None = None,
    dead_letter_queue: sqs.DeadLetterQueue | None = None,
) -> sqs.Queue:
    return sqs.Queue(
        scope,
        "Queue",
        queue_name=name,
        encryption=sqs.QueueEncryption.KMS,
        encryption_master_key=key,
        enforce_ssl=True,
        retention_period=kept,
        visibility_timeout=visibility_timeout,
        dead_letter_queue=dead_letter_queue,
        removal_policy=removal_policy(stage),
    )


def _by_name(scope: Construct, name: str) -> sqs.IQueue:
    return sqs.Queue.from_queue_arn(scope, "ByName", Stack.of(scope).format_arn(service="sqs", resource=name))


def _may_send(queue: sqs.IQueue) -> Permission:
    return Permission(
        statement=iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[queue.queue_arn]),
        service="sqs",
        key_actions=WRITES,
    )


def _may_receive(queue: sqs.IQueue, *further: str) -> Permission:
    actions = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes", *further)
    return Permission(
        statement=iam.PolicyStatement(actions=[f"sqs:{action}" for action in actions], resources=[queue.queue_arn]),
        service="sqs",
        key_actions=READS,
    )
