"""What exists, and who may do what."""

from pathlib import Path

from aws_cdk import CfnOutput, Duration, Environment, Stack
from aws_cdk import aws_events as events
from constructs import Construct

from infra.constructs.bucket import Files
from infra.constructs.database import CustomerKey, Records, Secret, SentOnce
from infra.constructs.http_api import Api
from infra.constructs.malware_protection import MalwareProtection
from infra.constructs.observability import Observability
from infra.constructs.queues import DeadLetters, EMail, Operators, Queue
from infra.constructs.seal_keys import SealKeys
from infra.constructs.user_pool import Identity
from infra.functions.agent_routes import add_desk
from infra.functions.bundling import Layer
from infra.functions.function import Function, Functions
from infra.functions.operator_routes import add_operating
from infra.functions.parts import Parts
from infra.functions.public_routes import StatementKeys, add_statements
from infra.functions.scan_jobs import add_care
from infra.functions.sender_routes import add_sending
from infra.stage import Stage

_LAYERS = Path(__file__).parent.parent / "layers"


class BureauOrdre(Stack):
    """The whole of one stage."""

    def __init__(self, scope: Construct, *, stage: Stage) -> None:
        super().__init__(
            scope,
            f"BureauOrdre-{stage.name}",
            env=Environment(region=stage.region),
            description="Bureau d'Ordre Digital: mail in four steps, a numbered receipt",
            termination_protection=stage.is_lasting,
        )
        self._stage = stage
        self._identity = Identity(self, "Identity", stage=stage)
        self._parts = parts = self._make_parts()

        receipt_layer = self._layer("receipt")
        add_sending(parts, receipt_layer=receipt_layer)
        add_statements(parts, keys=StatementKeys(self, "StatementKeys", stage=stage), receipt_layer=receipt_layer)
        add_desk(parts)
        add_care(parts)
        enrol = add_operating(parts)
        parts.api.serve(
            {each.operation: each for each in parts.functions.made},
            signed_in=self._identity.authorizer,
            otherwise="describe_service",
        )
        Observability(
            self,
            "Observability",
            stage=stage,
            operators=parts.operators,
            api=parts.api,
            functions=parts.functions.made,
            queues=parts.queues,
            dead_letters=parts.dead_letters,
        )
        self._tell(enrol)

    def _make_parts(self) -> Parts:
        stage = self._stage
        key = CustomerKey(self, "Key", stage=stage)
        event_bus = events.EventBus.from_event_bus_name(self, "EventBus", "default")
        files = Files(self, "Files", stage=stage, key=key)
        if stage.malware_protection:
            MalwareProtection(self, "MalwareProtection", files=files, key=key)
        return Parts(
            stage=stage,
            functions=Functions(self, "Functions", stage=stage, key=key, layer=self._layer("mailroom")),
            api=Api(self, "Api", stage=stage, key=key),
            records=Records(self, "Records", stage=stage, key=key),
            sent_once=SentOnce(self, "SentOnce", stage=stage, key=key),
            files=files,
            tokens=Secret(
                self,
                "Tokens",
                stage=stage,
                key=key,
                what="Access tokens and follow-up codes are HMACs under this",
                why="The follow-up codes printed on receipts are made under it: another value would make every "
                "receipt handed out so far useless to its sender.",
            ),
            webhook_keys=Secret(
                self,
                "WebhookKeys",
                stage=stage,
                key=key,
                what="The secrets that webhooks are signed with are HMACs under this",
                why="Organisms' programs check calls with secrets made under it: another value would make each of "
                "them refuse every call. One organism's secret is changed by its version.",
            ),
            seal_keys=SealKeys(self, "SealKeys", stage=stage),
            notifications=Queue(self, "Notifications", stage=stage, key=key, handled_within=Duration.seconds(60)),
            webhooks=Queue(
                self,
                "Webhooks",
                stage=stage,
                key=key,
                handled_within=Duration.seconds(60),
                # in nearly 26 hours, an attempt later each time: `mailroom.notifying.webhooks` says when
                attempts=12,
                late_after=Duration.hours(30),
            ),
            receipts_failed=DeadLetters(self, "Receipts", stage=stage, key=key),
            events_failed=DeadLetters(self, "Events", stage=stage, key=key),
            email=EMail(self, "EMail", stage=stage, event_bus=event_bus),
            event_bus=event_bus,
            operators=Operators(self, "Operators", stage=stage, key=key),
        )

    def _layer(self, name: str) -> Layer:
        return Layer(self, f"{name.title()}Layer", folder=_LAYERS / name, machine=self._stage.machine)

    def _tell(self, enrol: Function) -> None:
        parts = self._parts
        outputs = {
            "ApiUrl": parts.api.endpoint,
            "BucketName": parts.files.bucket_name,
            "TableName": parts.records.table.table_name,
            "IdempotencyTableName": parts.sent_once.table.table_name,
            "NotificationsQueueUrl": parts.notifications.queue.queue_url,
            "NotificationsDlqUrl": parts.notifications.dead_letters.url,
            "WebhooksQueueUrl": parts.webhooks.queue.queue_url,
            "WebhooksDlqUrl": parts.webhooks.dead_letters.url,
            "ReceiptsDlqUrl": parts.receipts_failed.url,
            "EventsDlqUrl": parts.events_failed.url,
            "OperatorsTopicArn": parts.operators.topic.topic_arn,
            "EnrolFunctionName": enrol.name,
            "TokensSecretName": parts.tokens.secret_name,
            "SealKeyNames": ",".join(parts.seal_keys.names),
            "EmailFrom": self._stage.email_from,
            "UserPoolId": self._identity.pool_id,
            "UserPoolClientId": self._identity.people_client_id,
            "TokenUrl": self._identity.token_url,
        }
        for name, value in outputs.items():
            CfnOutput(self, name, value=value)
