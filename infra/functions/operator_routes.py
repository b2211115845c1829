"""The operators' side: organisms that join, their programs that are called, what failed and is redriven."""

from aws_cdk import Duration, Stack
from aws_cdk import aws_lambda as lambda_

from infra.constructs.database import CAPS, CODES, ORGANISMS, REGISTERS, WAITING_INDEX
from infra.constructs.queues import may_receive
from infra.functions.function import Function, Permission
from infra.functions.parts import Parts


def add_operating(parts: Parts) -> Function:
    """Make the functions of this side; return the one that enrols a whole directory."""
    _enrol_organism(parts)
    _call_webhook(parts)
    _operate(parts)
    return _enrol_organisms(parts)


def _may_admit(parts: Parts) -> list[Permission]:
    """Allow the one transaction that enrols: an organism, the claim on its code, the registers it depends on."""
    return [
        parts.records.may("GetItem", "UpdateItem", on=[ORGANISMS]),
        parts.records.may("GetItem", "PutItem", "DeleteItem", on=[CODES]),
        parts.records.may("BatchGetItem", "ConditionCheckItem", on=[REGISTERS]),
    ]


def _enrol_organism(parts: Parts) -> None:
    parts.functions.add(
        "enrol_organism",
        may=[*_may_admit(parts), parts.webhook_keys.may_read()],
        told=parts.table | parts.webhook_secret | parts.loopback,
    )


def _enrol_organisms(parts: Parts) -> Function:
    return parts.functions.add(
        "enrol_organisms",
        may=[parts.records.may("Query", on=[ORGANISMS]), *_may_admit(parts)],
        timeout=Duration.minutes(5),
        told=parts.table,
    )


def _call_webhook(parts: Parts) -> None:
    call = parts.functions.add(
        "call_webhook",
        may=[
            parts.records.may("GetItem", on=[ORGANISMS]),
            parts.webhooks.may_receive("ChangeMessageVisibility"),
            parts.webhook_keys.may_read(),
        ],
        timeout=parts.webhooks.handled_within,
        told=parts.table | parts.webhook_secret | parts.calling | parts.loopback,
    )
    lambda_.EventSourceMapping(
        call,
        "Webhooks",
        target=call.function,
        event_source_arn=parts.webhooks.queue.queue_arn,
        batch_size=1,  # a program that hangs holds up nobody else's call
        max_concurrency=20,  # and all of them together leave the account's other functions alone
        report_batch_item_failures=True,
    )


def _operate(parts: Parts) -> None:
    """Make what shows failures and redrives them; what functions gave up is given back to those functions."""
    gave_up = [function for function in parts.functions.made if function.gives_up]
    given_up = [queue for queue in parts.dead_letters if queue not in {each.dead_letters for each in parts.queues}]
    urls = {queue.name: {"url": queue.queue.queue_url, "dlq_url": queue.dead_letters.url} for queue in parts.queues}
    urls |= {queue.name: {"dlq_url": queue.url} for queue in given_up}
    parts.functions.add(
        "operate",
        may=[
            parts.records.may_query_indexes(WAITING_INDEX),
            parts.records.may("Query", on=[CAPS, ORGANISMS]),
            parts.records.may("GetItem", on=[CAPS]),
            *(may_receive(queue.queue) for queue in parts.dead_letters),
            *(queue.may_send() for queue in parts.queues),
            *(function.may_be_invoked() for function in gave_up),
        ],
        told=parts.table | {"QUEUE_URLS": Stack.of(parts.functions).to_json_string(urls)},
    )
