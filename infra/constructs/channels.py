"""The ways to people: e-mail and SMS to senders and organisms, the topic to operators."""

from aws_cdk import Aws, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.constructs.permission import WRITES, Permission
from infra.stage import Stage


class EMail(Construct):
    """The service's identity in SES; SES sends nothing more to an address after a bounce or a complaint."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, event_bus: events.IEventBus) -> None:
        super().__init__(scope, construct_id)
        self.address = stage.email_from
        self.configuration_set_name = stage.name_of("email")
        self.settings = {"EMAIL_FROM": stage.email_from, "EMAIL_CONFIGURATION_SET": self.configuration_set_name}
        configuration = ses.ConfigurationSet(
            self,
            "Configuration",
            configuration_set_name=self.configuration_set_name,
            reputation_metrics=True,
            tls_policy=ses.ConfigurationSetTlsPolicy.REQUIRE,
            suppression_reasons=ses.SuppressionReasons.BOUNCES_AND_COMPLAINTS,
        )
        # Refused e-mails cost the account its reputation with SES: `note_bounce` gets each such event.
        configuration.add_event_destination(
            "Refused",
            destination=ses.EventDestination.event_bus(event_bus),
            # every event of an e-mail that does not arrive, but rendering failures: SES has no templates of ours
            events=[
                ses.EmailSendingEvent.BOUNCE,
                ses.EmailSendingEvent.COMPLAINT,
                ses.EmailSendingEvent.REJECT,
                ses.EmailSendingEvent.DELIVERY_DELAY,
            ],
        )
        self._domain = stage.email_from.partition("@")[2]
        self._identity: ses.IEmailIdentity
        self.dkim_records: dict[str, str] = {}
        """The records that show in DNS that the domain sends by SES, as outputs; none of an identity that exists."""
        if stage.email_identity_exists:
            self._identity = ses.EmailIdentity.from_email_identity_name(self, "Existing", self._domain)
            return
        made = ses.EmailIdentity(
            self,
            "Identity",
            identity=ses.Identity.domain(self._domain),
            configuration_set=configuration,
        )
        self._identity = made
        if stage.has_public_dns:
            self.dkim_records = {
                f"DkimRecord{rank}": f"{record.name} CNAME {record.value}"
                for rank, record in enumerate(made.dkim_records, 1)
            }

    @property
    def identity_arn(self) -> str:
        """The ARN of the identity, the domain of the stage's address: for the stack that holds it alone."""
        return self._identity.email_identity_arn

    def may_send(self) -> Permission:
        """Allow sending e-mail from the stage's address and no other."""
        stack = Stack.of(self)
        identity = stack.format_arn(service="ses", resource="identity", resource_name=self._domain)
        configuration = stack.format_arn(
            service="ses", resource="configuration-set", resource_name=self.configuration_set_name
        )
        return Permission(
            statement=iam.PolicyStatement(
                actions=["ses:SendEmail"],
                # SES checks the identity's default configuration set as well
                resources=[identity, configuration],
                conditions={"StringEquals": {"ses:FromAddress": self.address}},
            )
        )


def may_send_sms() -> Permission:
    """Allow sending to telephones: in IAM, publishing to anything but a topic."""
    return Permission(
        statement=iam.PolicyStatement(actions=["sns:Publish"], not_resources=[f"arn:{Aws.PARTITION}:sns:*:*:*"])
    )


class OperatorsChannel(Construct):
    """The topic that alarms are published to."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        name = stage.name_of("alarms")
        made = sns.Topic(self, "Topic", topic_name=name, master_key=key, enforce_ssl=True)
        # whatever publishes knows the topic by its fixed name: another stack then asks this one for no value
        arn = Stack.of(self).format_arn(service="sns", resource=name)
        self.topic = sns.Topic.from_topic_arn(self, "ByName", arn)
        self.settings = {"OPERATORS_TOPIC_ARN": self.topic.topic_arn}
        alarms = iam.ServicePrincipal(
            "cloudwatch.amazonaws.com",
            conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
        )
        made.grant_publish(alarms)
        # rules of EventBridge; a condition in the topic's policy would keep their events out
        made.grant_publish(iam.ServicePrincipal("events.amazonaws.com"))
        for address in stage.alarm_emails:
            made.add_subscription(subscriptions.EmailSubscription(address))

    def may_publish(self) -> Permission:
        """Allow publishing to operators."""
        return Permission(
            statement=iam.PolicyStatement(actions=["sns:Publish"], resources=[self.topic.topic_arn]),
            service="sns",
            key_actions=WRITES,
        )
