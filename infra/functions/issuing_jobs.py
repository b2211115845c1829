"""Jobs after a submission: the receipt, its time stamp, the nightly heads, open data, and the mails that stalled."""

from aws_cdk import Duration
from aws_cdk import aws_events as events

from infra.constructs.database import Records
from infra.constructs.files_bucket import FilesBucket
from infra.constructs.queues import DeadLetters, Queue
from infra.constructs.secret import TokensSecret
from infra.constructs.signing_keys import SealKeys, StatementKeys
from infra.functions.environment import public_address, retention, time_stamping
from infra.functions.function import Function, Functions, Repeats
from infra.stored_names import (
    ANSWERS,
    ATTACHMENTS,
    DESK_INDEX,
    HEADS,
    MAILS,
    OPEN_DATA,
    ORGANISMS,
    RECEIPTS,
    REGISTERS,
    SEALS,
    SLIPS,
    STATEMENTS,
    SUBMISSIONS,
    WAITING_INDEX,
    WORDS,
)


def render_receipt(  # noqa: PLR0913 - what the function uses, by keyword
    functions: Functions,
    *,
    records: Records,
    files: FilesBucket,
    tokens: TokensSecret,
    seal_keys: SealKeys,
    notifications: Queue,
    webhooks: Queue,
    receipts_failed: DeadLetters,
) -> Function:
    """The receipt of a sealed record, which S3 invokes it with."""
    stored = [SUBMISSIONS, RECEIPTS, SEALS, SLIPS]
    of_resources = records.settings | files.settings | tokens.settings | seal_keys.settings
    of_stage = public_address(functions) | retention(functions.stage) | time_stamping(functions.stage)
    return Function(
        functions,
        "render_receipt",
        may=[
            records.may("GetItem", on=[MAILS, ORGANISMS]),
            records.may("PutItem", "UpdateItem", on=[MAILS, STATEMENTS]),
            files.may("GetObject", under=stored),
            files.may_list(under=stored),
            seal_keys.may_seal(),
            files.may_lock(under=[ATTACHMENTS]),
            files.may("PutObject", "PutObjectRetention", under=[RECEIPTS]),
            files.may("PutObject", under=[SLIPS]),
            notifications.may_send(),
            webhooks.may_send(),
            receipts_failed.may_send(),
            tokens.may_read(),
        ],
        extra_layers=[functions.receipt_layer],
        memory_mb=1769,  # one whole processor
        timeout=Duration.seconds(60),
        settings=of_resources | notifications.settings | webhooks.settings | of_stage,
        at_once=functions.stage.reserved.receipts if functions.stage.reserved else None,
        gives_up_to=receipts_failed,
    )


def stamp_receipts(functions: Functions, *, records: Records, files: FilesBucket, seal_keys: SealKeys) -> Function:
    """Time stamps for receipts that could not get one when issued, and the days left to the seal's certificate."""
    function = Function(
        functions,
        "stamp_receipts",
        may=[
            records.may_query_indexes(WAITING_INDEX),
            records.may("GetItem", "DeleteItem", on=[MAILS]),
            records.may("UpdateItem", on=[MAILS, STATEMENTS]),
            files.may("GetObject", "PutObject", "PutObjectRetention", under=[RECEIPTS]),
            files.may("GetObject", under=[SEALS]),
            files.may_list(under=[RECEIPTS, SEALS]),
        ],
        extra_layers=[functions.receipt_layer],
        timeout=Duration.minutes(4),
        settings=records.settings
        | files.settings
        | {"SEAL_CHAIN": seal_keys.settings["SEAL_CHAIN"]}
        | retention(functions.stage)
        | time_stamping(functions.stage),
        repeats=Repeats(most=0, within=Duration.minutes(5)),  # the next run does what this one left undone
    )
    function.run_on_schedule(events.Schedule.rate(Duration.minutes(5)))
    return function


def resume_stalled(
    functions: Functions, *, records: Records, files: FilesBucket, notifications: Queue, render: Function
) -> Function:
    """Mails that stopped half-way go on."""
    function = Function(
        functions,
        "resume_stalled",
        may=[
            records.may_query_indexes(WAITING_INDEX),
            records.may("GetItem", on=[MAILS, ORGANISMS]),
            records.may("Query", "PutItem", "UpdateItem", on=[MAILS]),
            # the search's lists, for a mail with more words than its registration had room for
            records.may("GetItem", on=[REGISTERS]),
            records.may("PutItem", on=[WORDS]),
            files.may("PutObject", "PutObjectRetention", under=[SUBMISSIONS]),
            # an outcome that stalled: its files are locked, and its sender is informed
            files.may_lock(under=[ANSWERS]),
            notifications.may_send(),
            render.may_be_invoked(),
        ],
        timeout=Duration.seconds(50),
        settings={"RENDER_FUNCTION_NAME": render.live_name}
        | notifications.settings
        | records.settings
        | files.settings
        | retention(functions.stage),
        repeats=Repeats(most=0, within=Duration.minutes(1)),  # the next run does what this one left undone
    )
    function.run_on_schedule(events.Schedule.rate(Duration.minutes(1)))
    return function


def publish_heads(
    functions: Functions, *, records: Records, files: FilesBucket, statement_keys: StatementKeys
) -> Function:
    """Each night, the signed heads of all registers."""
    function = Function(
        functions,
        "publish_heads",
        may=[
            records.may("Query", on=[ORGANISMS]),
            records.may("BatchGetItem", on=[REGISTERS]),
            files.may("GetObject", "PutObject", "PutObjectRetention", under=[HEADS]),
            files.may_list(under=[HEADS]),
            *statement_keys.may_sign(),
        ],
        timeout=Duration.minutes(5),
        settings=records.settings
        | files.settings
        | public_address(functions)
        | retention(functions.stage)
        | statement_keys.settings,
        repeats=Repeats(most=2, within=Duration.minutes(15)),  # a day passes until the next night
    )
    # At two in the morning UTC and Casablanca have the same date. The later runs publish where the first one failed.
    function.run_on_schedule(events.Schedule.cron(hour="2", minute="0,20,40"))
    return function


def publish_open_data(functions: Functions, *, records: Records, files: FilesBucket) -> Function:
    """Each night, the open data of the newest quarter that is due, unless it is published."""
    function = Function(
        functions,
        "publish_open_data",
        may=[
            records.may("Query", on=[ORGANISMS]),
            records.may_query_indexes(DESK_INDEX),
            files.may("PutObject", under=[OPEN_DATA]),
            files.may_list(under=[OPEN_DATA]),
        ],
        timeout=Duration.minutes(5),  # once in a quarter it reads all entries of three months
        settings=records.settings | files.settings,
        repeats=Repeats(most=2, within=Duration.minutes(15)),  # a day passes until the next night
    )
    # The later runs publish where the first one failed.
    function.run_on_schedule(events.Schedule.cron(hour="3", minute="10,30,50"))
    return function
