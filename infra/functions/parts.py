"""What functions are made of: the things a stage has, and the settings that tell of them."""

import json
from dataclasses import asdict, dataclass

from aws_cdk import aws_events as events

from infra.constructs.bucket import Files
from infra.constructs.database import Records, Secret, SentOnce
from infra.constructs.http_api import Api
from infra.constructs.queues import DeadLetters, EMail, Operators, Queue
from infra.constructs.seal_keys import SealKeys
from infra.functions.function import Functions
from infra.stage import Stage


@dataclass(frozen=True, kw_only=True)
class Parts:
    """All that a function may be given leave to use."""

    stage: Stage
    functions: Functions
    api: Api
    records: Records
    sent_once: SentOnce
    files: Files
    tokens: Secret
    webhook_keys: Secret
    seal_keys: SealKeys
    notifications: Queue
    webhooks: Queue
    receipts_failed: DeadLetters
    events_failed: DeadLetters
    """What became known and could not be noted: scans, bounces."""
    email: EMail
    event_bus: events.IEventBus
    """Where AWS's own services say what happened."""
    operators: Operators

    @property
    def queues(self) -> list[Queue]:
        """The queues that functions read."""
        return [self.notifications, self.webhooks]

    @property
    def dead_letters(self) -> list[DeadLetters]:
        """Where what was given up waits for operators."""
        return [self.receipts_failed, self.events_failed, *(queue.dead_letters for queue in self.queues)]

    @property
    def table(self) -> dict[str, str]:
        """Tell of the table."""
        return {"TABLE_NAME": self.records.table.table_name}

    @property
    def bucket(self) -> dict[str, str]:
        """Tell of the bucket."""
        return {"BUCKET_NAME": self.files.bucket_name}

    @property
    def secret(self) -> dict[str, str]:
        """Tell of the secret that tokens are made under."""
        return {"TOKENS_SECRET": self.tokens.secret_name}

    @property
    def webhook_secret(self) -> dict[str, str]:
        """Tell of the secret that webhooks are signed under."""
        return {"WEBHOOKS_SECRET": self.webhook_keys.secret_name}

    @property
    def loopback(self) -> dict[str, str]:
        """Tell whether a webhook may be a program on this very machine."""
        return {"WEBHOOKS_ALLOW_LOOPBACK": str(self.stage.loopback_webhooks).lower()}

    @property
    def retention(self) -> dict[str, str]:
        """Tell how long what was submitted is locked, and how firmly."""
        return {
            "RETENTION_DAYS": str(self.stage.retention_days),
            "RETENTION_MODE": self.stage.retention_mode,
        }

    @property
    def public(self) -> dict[str, str]:
        """Tell where people are sent."""
        return {"PUBLIC_URL": self.stage.public_url or self.api.endpoint}

    @property
    def notifying(self) -> dict[str, str]:
        """Tell of the queue that people are told through."""
        return {"NOTIFICATIONS_QUEUE_URL": self.notifications.queue.queue_url}

    @property
    def texting(self) -> dict[str, str]:
        """Tell of the countries whose mobiles get SMS: none where SMS are switched off."""
        return {"SMS_COUNTRIES": ",".join(self.stage.sms_countries) if self.stage.sms else ""}

    @property
    def domains(self) -> dict[str, str]:
        """Tell whether DNS is asked about senders' domains."""
        return {"CHECK_EMAIL_DOMAINS": str(self.stage.check_email_domains).lower()}

    @property
    def caps(self) -> dict[str, str]:
        """Tell how many messages may be sent."""
        return {"MESSAGE_CAPS": json.dumps(asdict(self.stage.message_caps))}

    @property
    def calling(self) -> dict[str, str]:
        """Tell of the queue that organisms' programs are called through."""
        return {"WEBHOOKS_QUEUE_URL": self.webhooks.queue.queue_url}

    @property
    def timestamping(self) -> dict[str, str]:
        """Tell who stamps the time on seals; nothing where nobody does."""
        return {"TIMESTAMP_AUTHORITY": self.stage.timestamp_authority or ""}

    @property
    def pace(self) -> dict[str, str]:
        """Tell how fast one caller may try codes."""
        throttle = self.stage.caller_throttle
        return {"CALLER_RATE": str(throttle.rate), "CALLER_BURST": str(throttle.burst)}

    @property
    def operators_topic(self) -> dict[str, str]:
        """Tell of the topic that operators listen to."""
        return {"OPERATORS_TOPIC_ARN": self.operators.topic.topic_arn}
