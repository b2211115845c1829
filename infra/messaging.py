"""What carries word to people: the notifications' queue, e-mail, SMS, the operators' topic."""

from aws_cdk import Acknowledgment, Aws, Duration, Stack, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.function import READS, WRITES, Permission
from infra.stage import Stage

_KEPT = Duration.days(14)
"""The longest that SQS keeps a message: time for people to look at what failed."""


class DeadLetters(Construct):
    """Where what could not be done waits, as it was, for an operator."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self.queue = _queue(self, key=key, name=stage.name_of(f"{construct_id.lower()}-failed"))
        Validations.of(self.queue).acknowledge(
            Acknowledgment(id="AwsSolutions-SQS3", reason="It is a dead-letter queue itself.")
        )

    def may_send(self) -> Permission:
        """Allow sending to it."""
        return _may_send(self.queue)


class Queue(Construct):
    """A queue whose messages are tried five times and then wait in its dead-letter queue.

    `handled_within` is the time-out of the function that reads it.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        key: kms.IKey,
        handled_within: Duration,
    ) -> None:
        super().__init__(scope, construct_id)
        self.handled_within = handled_within
        self.dead_letters = DeadLetters(self, construct_id, stage=stage, key=key)
        self.queue = _queue(
            self,
            key=key,
            name=stage.name_of(construct_id.lower()),
            # AWS's rule: six times the reader's time-out
            visibility_timeout=Duration.seconds(6 * handled_within.to_seconds()),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letters.queue, max_receive_count=5),
        )

    def may_send(self) -> Permission:
        """Allow sending to it."""
        return _may_send(self.queue)

    def may_receive(self) -> Permission:
        """Allow what Lambda's poller does in the function's name."""
        actions = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
        return Permission(
            statement=iam.PolicyStatement(
                actions=[f"sqs:{action}" for action in actions],
                resources=[self.queue.queue_arn],
            ),
            service="sqs",
            key_actions=READS,
        )


class EMail(Construct):
    """The sender's identity in SES; bounces and complaints stop further mail to an address."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        self._address = stage.email_from
        self._configuration = ses.ConfigurationSet(
            self,
            "Configuration",
            configuration_set_name=stage.name_of("email"),
            reputation_metrics=True,
            tls_policy=ses.ConfigurationSetTlsPolicy.REQUIRE,
            suppression_reasons=ses.SuppressionReasons.BOUNCES_AND_COMPLAINTS,
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
