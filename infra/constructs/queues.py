"""What carries word to people: the notifications' queue, e-mail, SMS, the operators' topic."""

from aws_cdk import Acknowledgment, Aws, Duration, Stack, Validations
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.functions.function import READS, WRITES, Permission
from infra.stage import Stage

_KEPT = Duration.days(14)
"""The longest that SQS keeps a message: time for people to look at what failed."""


_LATE = Duration.minutes(5)


class DeadLetters(Construct):
    """Where what could not be done waits, as it was, for an operator."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self.name = construct_id.lower()
        self.queue = _queue(self, key=key, name=stage.name_of(f"{self.name}-failed"))
        Validations.of(self.queue).acknowledge(
            Acknowledgment(id="AwsSolutions-SQS3", reason="It is a dead-letter queue itself.")
        )

    @property
    def url(self) -> str:
        """Its address."""
        return self.queue.queue_url

    def may_send(self) -> Permission:
        """Allow sending to it."""
        return _may_send(self.queue)


class Queue(Construct):
    """A queue whose messages are tried so many times and then wait in its dead-letter queue.

    `handled_within` is the time-out of the function that reads it; a message that is older than `late_after`
    tells that something is wrong.
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
        self.queue = _queue(
            self,
            key=key,
            name=stage.name_of(self.name),
            # AWS's rule: six times the reader's time-out
            visibility_timeout=Duration.seconds(6 * handled_within.to_seconds()),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letters.queue, max_receive_count=attempts),
        )

    def may_send(self) -> Permission:
        """Allow sending to it."""
        return _may_send(self.queue)

    def may_receive(self, *further: str) -> Permission:
        """Allow what Lambda's poller does in the function's name, and these further actions."""
        return may_receive(self.queue, *further)


class EMail(Construct):
    """The sender's identity in SES; bounces and complaints stop further mail to an address."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, event_bus: events.IEventBus) -> None:
        super().__init__(scope, construct_id)
        self._address = stage.email_from
        self.configuration_set_name = stage.name_of("email")
        self._configuration = ses.ConfigurationSet(
            self,
            "Configuration",
            configuration_set_name=self.configuration_set_name,
            reputation_metrics=True,
            tls_policy=ses.ConfigurationSetTlsPolicy.REQUIRE,
            suppression_reasons=ses.SuppressionReasons.BOUNCES_AND_COMPLAINTS,
        )
        # the reputation of all mail hangs on addresses that refuse it: whoever is concerned hears of each
        self._configuration.add_event_destination(
            "Refused",
            destination=ses.EventDestination.event_bus(event_bus),
            # all that tells of an e-mail that does not arrive; a rendering fails only where SES has the templates
            events=[
                ses.EmailSendingEvent.BOUNCE,
                ses.EmailSendingEvent.COMPLAINT,
                ses.EmailSendingEvent.REJECT,
                ses.EmailSendingEvent.DELIVERY_DELAY,
            ],
        )
        self._identity = ses.EmailIdentity(
            self,
            "Identity",
            identity=ses.Identity.domain(stage.email_from.partition("@")[2]),
            configuration_set=self._configuration,
        )

    def may_send(self) -> Permission:
        """Allow sending e-mail from the stage's address and no other."""
        configuration = Stack.of(self).format_arn(
            service="ses",
            resource="configuration-set",
            resource_name=self._configuration.configuration_set_name,
        )
        return Permission(
            statement=iam.PolicyStatement(
                actions=["ses:SendEmail"],
                # SES asks for the identity's default configuration set as well
                resources=[self._identity.email_identity_arn, configuration],
                conditions={"StringEquals": {"ses:FromAddress": self._address}},
            )
        )


def may_receive(queue: sqs.IQueue, *further: str) -> Permission:
    """Allow taking messages out of a queue, and these further actions."""
    actions = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes", *further)
    return Permission(
        statement=iam.PolicyStatement(actions=[f"sqs:{action}" for action in actions], resources=[queue.queue_arn]),
        service="sqs",
        key_actions=READS,
    )


def may_send_sms() -> Permission:
    """Allow sending to telephones: publishing to whatever is not a topic."""
    return Permission(
        statement=iam.PolicyStatement(actions=["sns:Publish"], not_resources=[f"arn:{Aws.PARTITION}:sns:*:*:*"])
    )


class Operators(Construct):
    """The topic that alarms are published to."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self.topic = sns.Topic(self, "Topic", topic_name=stage.name_of("alarms"), master_key=key, enforce_ssl=True)
        alarms = iam.ServicePrincipal(
            "cloudwatch.amazonaws.com",
            conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
        )
        self.topic.grant_publish(alarms)
        if stage.alarm_email:
            self.topic.add_subscription(subscriptions.EmailSubscription(stage.alarm_email))

    def may_tell(self) -> Permission:
        """Allow telling operators."""
        return Permission(
            statement=iam.PolicyStatement(actions=["sns:Publish"], resources=[self.topic.topic_arn]),
            service="sns",
            key_actions=WRITES,
        )


def _queue(
    scope: Construct,
    *,
    key: kms.IKey,
    name: str,
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
        retention_period=_KEPT,
        visibility_timeout=visibility_timeout,
        dead_letter_queue=dead_letter_queue,
    )


def _may_send(queue: sqs.Queue) -> Permission:
    return Permission(
        statement=iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[queue.queue_arn]),
        service="sqs",
        key_actions=WRITES,
    )
