"""What exists, and who may do what."""

import tomllib
from pathlib import Path

from aws_cdk import CfnOutput, Duration, Environment, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.api import Api
from infra.bundling import Layer
from infra.files import Files
from infra.function import Function, Functions, Permission
from infra.messaging import DeadLetters, EMail, Operators, Queue, may_send_sms
from infra.observability import Observability
from infra.stage import Stage
from infra.storage import CustomerKey, Records, SentOnce, Tokens

_ROOT = Path(__file__).parent.parent
_MAILS = "MAIL#*"
_ORGANISMS = "ORGANISM"
_REGISTERS = "REGISTER#*"
_RECEIPTS = "RECEIPT#*"


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
        self._key = key = CustomerKey(self, "Key", stage=stage)
        self._records = Records(self, "Records", stage=stage, key=key)
        self._sent_once = SentOnce(self, "SentOnce", stage=stage, key=key)
        self._files = Files(self, "Files", stage=stage, key=key)
        self._tokens = Tokens(self, "Tokens", stage=stage, key=key)
        self._notifications = Queue(self, "Notifications", stage=stage, key=key, handled_within=Duration.seconds(60))
        self._receipts_failed = DeadLetters(self, "Receipts", stage=stage, key=key)
        self._email = EMail(self, "EMail", stage=stage)
        self._api = Api(self, "Api", stage=stage, key=key)
        self._functions = Functions(self, "Functions", stage=stage, key=key, layer=self._layer("mailroom"))

        self._step_by_step()
        self._whatever_else_is_asked()
        served = {each.operation: each for each in self._functions.made}
        self._api.serve(served, otherwise="describe_service")
        self._resume_stalled(self._render_receipt())
        self._send_notification()
        enrol = self._enrol_organisms()
        Observability(
            self,
            "Observability",
            stage=stage,
            operators=Operators(self, "Operators", stage=stage, key=key),
            api=self._api,
            functions=self._functions.made,
            queues=[self._notifications],
            dead_letters=[self._receipts_failed, self._notifications.dead_letters],
        )
        self._tell(enrol)

    def _step_by_step(self) -> None:
        add, records, files, tokens = self._functions.add, self._records, self._files, self._tokens
        drafts = [records.may("UpdateItem", on=[_MAILS]), tokens.may_read()]
        shown = [*drafts, files.may_list(under=["attachments/"])]
        add(
            "list_organisms",
            may=[records.may("Query", on=[_ORGANISMS])],
            told=self._table,
        )
        add(
            "start_mail",
            may=[
                records.may("GetItem", on=[_ORGANISMS]),
                records.may("PutItem", on=[_MAILS]),
                tokens.may_read(),
            ],
            told=self._table | self._secret,
        )
        add("write_letter", may=shown, told=self._table | self._bucket | self._secret)
        add("identify_sender", may=shown, told=self._table | self._bucket | self._secret)
        add(
            "attach_file",
            may=[
                *drafts,
                # what the presigned URLs it hands out can do
                files.may("PutObject", "PutObjectTagging", under=["attachments/"]),
            ],
            told=self._table | self._bucket | self._secret,
        )
        add(
            "submit_mail",
            may=[
                records.may("GetItem", on=[_MAILS]),
                records.may("BatchGetItem", on=[_ORGANISMS, _REGISTERS]),
                records.may("PutItem", "UpdateItem", on=[_MAILS, _REGISTERS, _RECEIPTS]),
                files.may("GetObject", under=["attachments/"]),
                files.may_list(under=["attachments/"]),
                files.may("PutObject", "PutObjectRetention", under=["submissions/"]),
                tokens.may_read(),
            ],
            told=self._table | self._bucket | self._secret | self._retention,
        )

    def _whatever_else_is_asked(self) -> None:
        add, records, files, tokens = self._functions.add, self._records, self._files, self._tokens
        add("describe_service", told={"SERVICE_VERSION": _version()})
        add("open_page")
        add(
            "follow_mail",
            may=[
                records.may("GetItem", "Query", on=[_MAILS]),
                records.may("Query", on=[_ORGANISMS]),
                records.may("GetItem", on=[_REGISTERS]),
                files.may_list(under=["attachments/"]),
                files.may("GetObject", under=["receipts/"]),
                tokens.may_read(),
            ],
            told=self._table | self._bucket | self._secret,
        )
        add(
            "verify_receipt",
            may=[
                records.may("GetItem", on=[_RECEIPTS]),
                records.may_query_attributes("pk", "sk", "event", "at", on=[_MAILS]),
            ],
            told=self._table,
        )

    def _render_receipt(self) -> Function:
        records, files = self._records, self._files
        render = self._functions.add(
            "render_receipt",
            may=[
                records.may("GetItem", on=[_MAILS, _ORGANISMS]),
                records.may("PutItem", "UpdateItem", on=[_MAILS, _RECEIPTS]),
                files.may("GetObject", under=["submissions/", "receipts/"]),
                files.may_list(under=["submissions/", "receipts/"]),
                files.may(
                    "PutObjectRetention",
                    "PutObjectTagging",
                    "PutObjectVersionTagging",
                    under=["attachments/"],
                ),
                files.may("PutObject", "PutObjectRetention", under=["receipts/"]),
                self._notifications.may_send(),
                self._receipts_failed.may_send(),
                self._tokens.may_read(),
            ],
            extra_layers=[self._layer("receipt")],
            memory_mb=1769,  # one whole processor
            timeout=Duration.seconds(60),
            told={"NOTIFICATIONS_QUEUE_URL": self._notifications.queue.queue_url}
            | self._public
            | self._table
            | self._bucket
            | self._secret
            | self._retention,
        )
        render.give_up_to(self._receipts_failed.queue)
        self._files.trigger(render.function, prefix="submissions/", suffix=".json")
        return render

    def _send_notification(self) -> Function:
        send = self._functions.add(
            "send_notification",
            may=[
                self._records.may("GetItem", on=[_MAILS, _ORGANISMS]),
                self._records.may("PutItem", "UpdateItem", on=[_MAILS]),
                self._sent_once.may_remember(),
                self._notifications.may_receive(),
                self._email.may_send(),
                may_send_sms(),
                self._tokens.may_read(),
            ],
            timeout=self._notifications.handled_within,
            told={
                "IDEMPOTENCY_TABLE_NAME": self._sent_once.table.table_name,
                "EMAIL_FROM": self._stage.email_from,
                "SMS_SENDER_ID": self._stage.sms_sender_id,
            }
            | self._public
            | self._table
            | self._secret,
        )
        lambda_.EventSourceMapping(
            send,
            "Notifications",
            target=send.function,
            event_source_arn=self._notifications.queue.queue_arn,
            batch_size=10,
            report_batch_item_failures=True,
        )
        return send

    def _resume_stalled(self, render: Function) -> Function:
        resume = self._functions.add(
            "resume_stalled",
            may=[
                self._records.may_query_waiting(),
                self._records.may("GetItem", on=[_MAILS]),
                self._files.may("PutObject", "PutObjectRetention", under=["submissions/"]),
                Permission(
                    statement=iam.PolicyStatement(
                        actions=["lambda:InvokeFunction"],
                        resources=[render.function.function_arn],
                    )
                ),
            ],
            timeout=Duration.seconds(50),
            told={"RENDER_FUNCTION_NAME": render.name} | self._table | self._bucket | self._retention,
        )
        events.Rule(
            resume,
            "EachMinute",
            rule_name=resume.name,
            schedule=events.Schedule.rate(Duration.minutes(1)),
            # whatever a run that failed left undone, the next one finds
            targets=[targets.LambdaFunction(resume.function, retry_attempts=0)],
        )
        return resume

    def _enrol_organisms(self) -> Function:
        return self._functions.add(
            "enrol_organisms",
            may=[self._records.may("Query", "PutItem", on=[_ORGANISMS])],
            timeout=Duration.minutes(5),
            told=self._table,
        )

    def _layer(self, name: str) -> Layer:
        return Layer(
            self,
            f"{name.title()}Layer",
            folder=_ROOT / "layers" / name,
            machine=self._stage.machine,
        )

    @property
    def _table(self) -> dict[str, str]:
        return {"TABLE_NAME": self._records.table.table_name}

    @property
    def _bucket(self) -> dict[str, str]:
        return {"BUCKET_NAME": self._files.bucket_name}

    @property
    def _secret(self) -> dict[str, str]:
        return {"TOKENS_SECRET": self._tokens.secret_name}

    @property
    def _retention(self) -> dict[str, str]:
        return {
            "RETENTION_DAYS": str(self._stage.retention_days),
            "RETENTION_MODE": self._stage.retention_mode,
        }

    @property
    def _public(self) -> dict[str, str]:
        return {"PUBLIC_URL": self._stage.public_url or self._api.endpoint}

    def _tell(self, enrol: Function) -> None:
        outputs = {
            "ApiUrl": self._api.endpoint,
            "BucketName": self._files.bucket_name,
            "TableName": self._records.table.table_name,
            "IdempotencyTableName": self._sent_once.table.table_name,
            "NotificationsQueueUrl": self._notifications.queue.queue_url,
            "NotificationsDlqUrl": self._notifications.dead_letters.queue.queue_url,
            "ReceiptsDlqUrl": self._receipts_failed.queue.queue_url,
            "EnrolFunctionName": enrol.name,
            "TokensSecretName": self._tokens.secret_name,
            "EmailFrom": self._stage.email_from,
        }
        for name, value in outputs.items():
            CfnOutput(self, name, value=value)


def _version() -> str:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text())["project"]
    return str(project["version"])
