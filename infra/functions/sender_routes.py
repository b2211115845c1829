"""The sender's side: four steps, the receipt, and word of it to everyone."""

import tomllib
from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_

from infra.constructs.database import CAPS, MAILS, ORGANISMS, RECEIPTS, REGISTERS, WAITING_INDEX
from infra.constructs.queues import may_send_sms
from infra.functions.function import Function, on_schedule
from infra.functions.parts import Parts


def add_sending(parts: Parts, *, receipt_layer: lambda_.ILayerVersion) -> Function:
    """Make the functions of this side; return the one that renders receipts."""
    _step_by_step(parts)
    _whatever_else_is_asked(parts)
    render = _render_receipt(parts, receipt_layer)
    _send_notification(parts)
    _turn_codes(parts, render)
    _resume_stalled(parts, render)
    _stamp_receipts(parts, receipt_layer)
    return render


def _step_by_step(parts: Parts) -> None:
    add, records, files, tokens = parts.functions.add, parts.records, parts.files, parts.tokens
    drafts = [records.may("UpdateItem", on=[MAILS]), tokens.may_read()]
    shown = [*drafts, files.may_list(under=["attachments/"])]
    add(
        "list_organisms",
        may=[records.may("GetItem", "Query", on=[ORGANISMS])],
        told=parts.table,
    )
    add(
        "start_mail",
        may=[
            records.may("GetItem", on=[ORGANISMS]),
            records.may("PutItem", on=[MAILS]),
            tokens.may_read(),
        ],
        told=parts.table | parts.secret,
    )
    add("write_letter", may=shown, told=parts.table | parts.bucket | parts.secret)
    add("identify_sender", may=shown, told=parts.table | parts.bucket | parts.secret | parts.texting | parts.domains)
    add(
        "attach_file",
        may=[
            *drafts,
            # what the presigned URLs it hands out can do
            files.may("PutObject", "PutObjectTagging", under=["attachments/"]),
        ],
        told=parts.table | parts.bucket | parts.secret,
    )
    add(
        "submit_mail",
        may=[
            records.may("GetItem", on=[MAILS]),
            records.may("BatchGetItem", on=[ORGANISMS, REGISTERS]),
            records.may("PutItem", "UpdateItem", on=[MAILS, REGISTERS, RECEIPTS]),
            records.may("ConditionCheckItem", on=[ORGANISMS]),
            files.may("GetObject", under=["attachments/"]),
            files.may_list(under=["attachments/"]),
            files.may("PutObject", "PutObjectRetention", under=["submissions/"]),
            tokens.may_read(),
        ],
        told=parts.table | parts.bucket | parts.secret | parts.retention,
    )


def _whatever_else_is_asked(parts: Parts) -> None:
    add, records, files, tokens = parts.functions.add, parts.records, parts.files, parts.tokens
    add("describe_service", told={"SERVICE_VERSION": _version()})
    add("open_page")
    add(
        "follow_mail",
        may=[
            records.may("GetItem", "Query", on=[MAILS]),
            records.may("Query", on=[ORGANISMS]),
            records.may("GetItem", on=[REGISTERS]),
            files.may_list(under=["attachments/"]),
            files.may("GetObject", under=["receipts/", "slips/"]),
            files.may_read_clean(under=["answers/"]),
            tokens.may_read(),
        ],
        told=parts.table | parts.bucket | parts.secret | parts.pace,
    )
    add(
        "verify_receipt",
        may=[
            records.may("GetItem", on=[RECEIPTS]),
            records.may_query_attributes("pk", "sk", "event", "at", on=[MAILS]),
        ],
        told=parts.table | parts.pace,
    )


def _render_receipt(parts: Parts, layer: lambda_.ILayerVersion) -> Function:
    records, files = parts.records, parts.files
    render = parts.functions.add(
        "render_receipt",
        may=[
            records.may("GetItem", on=[MAILS, ORGANISMS]),
            records.may("PutItem", "UpdateItem", on=[MAILS, RECEIPTS]),
            files.may("GetObject", under=["submissions/", "receipts/", "seal/", "slips/"]),
            files.may_list(under=["submissions/", "receipts/", "seal/", "slips/"]),
            parts.seal_keys.may_seal(),
            files.may_lock(under=["attachments/"]),
            files.may("PutObject", "PutObjectRetention", under=["receipts/"]),
            files.may("PutObject", under=["slips/"]),
            parts.notifications.may_send(),
            parts.webhooks.may_send(),
            parts.receipts_failed.may_send(),
            parts.tokens.may_read(),
        ],
        extra_layers=[layer],
        memory_mb=1769,  # one whole processor
        timeout=Duration.seconds(60),
        told=parts.notifying
        | parts.calling
        | parts.public
        | parts.table
        | parts.bucket
        | parts.secret
        | parts.retention
        | parts.seal_keys.told
        | parts.timestamping,
    )
    render.give_up_to(parts.receipts_failed.queue)
    parts.files.trigger(render.function, under=["submissions/"], suffix=".json")
    return render


def _send_notification(parts: Parts) -> None:
    send = parts.functions.add(
        "send_notification",
        may=[
            parts.records.may("GetItem", on=[MAILS, ORGANISMS]),
            parts.records.may("PutItem", on=[MAILS]),
            parts.records.may("UpdateItem", on=[CAPS, MAILS, ORGANISMS]),
            parts.records.may("GetItem", on=[CAPS]),
            parts.sent_once.may_remember(),
            parts.notifications.may_receive(),
            parts.email.may_send(),
            may_send_sms(),
            parts.tokens.may_read(),
        ],
        timeout=parts.notifications.handled_within,
        told={
            "IDEMPOTENCY_TABLE_NAME": parts.sent_once.table.table_name,
            "EMAIL_FROM": parts.stage.email_from,
            "SMS_SENDER_ID": parts.stage.sms_sender_id,
        }
        | parts.texting
        | parts.caps
        | parts.public
        | parts.table
        | parts.secret,
    )
    lambda_.EventSourceMapping(
        send,
        "Notifications",
        target=send.function,
        event_source_arn=parts.notifications.queue.queue_arn,
        batch_size=10,
        report_batch_item_failures=True,
    )


def _turn_codes(parts: Parts, render: Function) -> None:
    parts.functions.add(
        "turn_codes",
        may=[
            parts.records.may("GetItem", "UpdateItem", on=[MAILS]),
            render.may_be_invoked(),
            parts.tokens.may_read(),
        ],
        told={"RENDER_FUNCTION_NAME": render.name} | parts.table | parts.secret,
    )


def _resume_stalled(parts: Parts, render: Function) -> None:
    resume = parts.functions.add(
        "resume_stalled",
        may=[
            parts.records.may_query_indexes(WAITING_INDEX),
            parts.records.may("GetItem", on=[MAILS, ORGANISMS]),
            parts.records.may("Query", "PutItem", "UpdateItem", on=[MAILS]),
            parts.files.may("PutObject", "PutObjectRetention", under=["submissions/"]),
            # what an outcome brings with it: its files stay as they are, and its sender is told
            parts.files.may(
                "PutObjectRetention", "GetObjectVersionTagging", "PutObjectVersionTagging", under=["answers/"]
            ),
            parts.notifications.may_send(),
            render.may_be_invoked(),
        ],
        timeout=Duration.seconds(50),
        told={"RENDER_FUNCTION_NAME": render.name}
        | parts.notifying
        | parts.table
        | parts.bucket
        | parts.retention
        | parts.notifying,
    )
    each_minute = events.Schedule.rate(Duration.minutes(1))
    on_schedule(resume, each_minute)


def _stamp_receipts(parts: Parts, layer: lambda_.ILayerVersion) -> None:
    stamp = parts.functions.add(
        "stamp_receipts",
        may=[
            parts.records.may_query_indexes(WAITING_INDEX),
            parts.records.may("GetItem", "DeleteItem", on=[MAILS]),
            parts.records.may("UpdateItem", on=[MAILS, RECEIPTS]),
            parts.files.may("GetObject", "PutObject", "PutObjectRetention", under=["receipts/"]),
            parts.files.may_list(under=["receipts/"]),
        ],
        extra_layers=[layer],
        timeout=Duration.minutes(4),
        told=parts.table | parts.bucket | parts.retention | parts.timestamping,
    )
    on_schedule(stamp, events.Schedule.rate(Duration.minutes(5)))


def _version() -> str:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    return str(project["version"])
