"""What the data stack of a stage holds: storage, keys, and messaging."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.channels import EMail, OperatorsChannel
from infra.constructs.database import Records, SentOnce
from infra.constructs.files_bucket import FilesBucket
from infra.constructs.malware_protection import MalwareProtection
from infra.constructs.origin_secret import OriginSecret
from infra.constructs.queues import DeadLetters, Queue
from infra.constructs.secret import TokensSecret, WebhooksSecret
from infra.constructs.signing_keys import SealKeys, StatementKeys
from infra.stage import Stage


@dataclass(frozen=True, kw_only=True)
class Storage:
    """The tables, and the bucket."""

    records: Records
    sent_once: SentOnce
    files: FilesBucket

    @property
    def outputs(self) -> dict[str, str]:
        """The stack's outputs that name storage."""
        return {
            "BucketName": self.files.bucket_name,
            "TableName": self.records.table.table_name,
            "IdempotencyTableName": self.sent_once.table.table_name,
        }

    @property
    def exported(self) -> list[str]:
        """What other stacks use of it and cannot build from a fixed name."""
        return [self.records.own.table_name, self.sent_once.own.table_name]

    @property
    def tables(self) -> list[dynamodb.ITable]:
        """The tables in use, which are backed up."""
        return [self.records.table, self.sent_once.table]

    @classmethod
    def make(cls, scope: Construct, *, stage: Stage, key: kms.IKey) -> Self:
        """Make tables and bucket."""
        files = FilesBucket(scope, "Files", stage=stage, key=key)
        if stage.malware_protection:
            MalwareProtection(scope, "MalwareProtection", files=files, key=key)
        return cls(
            records=Records(scope, "Records", stage=stage, key=key),
            sent_once=SentOnce(scope, "SentOnce", stage=stage, key=key),
            files=files,
        )


@dataclass(frozen=True, kw_only=True)
class Keys:
    """The secrets of tokens and webhooks, and the keys of seals and statements."""

    tokens: TokensSecret
    webhook_keys: WebhooksSecret
    seal_keys: SealKeys
    statement_keys: StatementKeys
    origin_secrets: Sequence[OriginSecret]
    """By which the API knows the distribution; none on a stage without a domain."""

    @property
    def outputs(self) -> dict[str, str]:
        """The stack's outputs that name keys."""
        return {"TokensSecretName": self.tokens.secret_name, "SealKeyNames": ",".join(self.seal_keys.names)}

    @property
    def exported(self) -> list[str]:
        """What other stacks use of them and cannot build from a fixed name."""
        secrets = [self.tokens.secret_arn, self.webhook_keys.secret_arn]
        return [*secrets, *self.seal_keys.arns, *self.statement_keys.arns]

    @classmethod
    def make(cls, scope: Construct, *, stage: Stage, key: kms.IKey) -> Self:
        """Make secrets and signing keys."""
        return cls(
            tokens=TokensSecret(scope, "Tokens", stage=stage, key=key),
            webhook_keys=WebhooksSecret(scope, "WebhookKeys", stage=stage, key=key),
            seal_keys=SealKeys(scope, "SealKeys", stage=stage),
            statement_keys=StatementKeys(scope, "StatementKeys", stage=stage),
            origin_secrets=[OriginSecret(scope, name, stage=stage, key=key) for name in stage.origin_secrets],
        )


@dataclass(frozen=True, kw_only=True)
class Messaging:
    """Queues, their dead-letter queues, e-mail, the event bus and the operators' topic."""

    event_bus: events.IEventBus
    """The bus on which AWS's services publish events."""
    notifications: Queue
    webhooks: Queue
    receipts_failed: DeadLetters
    events_failed: DeadLetters
    """Scans' verdicts and bounces that could not be noted."""
    email: EMail
    operators: OperatorsChannel

    @property
    def queues(self) -> list[Queue]:
        """The queues that functions read."""
        return [self.notifications, self.webhooks]

    @property
    def given_up(self) -> list[DeadLetters]:
        """The dead-letter queues of events that came without a queue."""
        return [self.receipts_failed, self.events_failed]

    @property
    def dead_letters(self) -> list[DeadLetters]:
        """All dead-letter queues."""
        return [*self.given_up, *(queue.dead_letters for queue in self.queues)]

    @property
    def outputs(self) -> dict[str, str]:
        """The stack's outputs that name queues, topic and address."""
        return {
            "NotificationsQueueUrl": self.notifications.url,
            "NotificationsDlqUrl": self.notifications.dead_letters.url,
            "WebhooksQueueUrl": self.webhooks.url,
            "WebhooksDlqUrl": self.webhooks.dead_letters.url,
            "ReceiptsDlqUrl": self.receipts_failed.url,
            "EventsDlqUrl": self.events_failed.url,
            "OperatorsTopicArn": self.operators.topic.topic_arn,
            "EmailFrom": self.email.address,
            **self.email.dkim_records,
        }

    @classmethod
    def make(cls, scope: Construct, *, stage: Stage, key: kms.IKey) -> Self:
        """Make queues, e-mail and topic."""
        event_bus = events.EventBus.from_event_bus_name(scope, "EventBus", "default")
        a_minute = Duration.seconds(60)
        return cls(
            event_bus=event_bus,
            notifications=Queue(scope, "Notifications", stage=stage, key=key, handled_within=a_minute),
            webhooks=Queue(
                scope,
                "Webhooks",
                stage=stage,
                key=key,
                handled_within=a_minute,
                # in nearly 26 hours, an attempt later each time: `mailroom.notifying.webhooks` says when
                attempts=12,
                late_after=Duration.hours(30),
            ),
            receipts_failed=DeadLetters(scope, "Receipts", stage=stage, key=key),
            events_failed=DeadLetters(scope, "Events", stage=stage, key=key),
            email=EMail(scope, "EMail", stage=stage, event_bus=event_bus),
            operators=OperatorsChannel(scope, "Operators", stage=stage, key=key),
        )
