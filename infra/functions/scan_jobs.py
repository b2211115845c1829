"""Jobs of malware scans: their verdicts, scans that did not come, and the local stage's stand-in for GuardDuty."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam

from infra.constructs.channels import OperatorsChannel
from infra.constructs.database import Records
from infra.constructs.files_bucket import FROM_OUTSIDE, FilesBucket
from infra.constructs.permission import Permission
from infra.constructs.queues import DeadLetters, Queue
from infra.functions.function import Function, Functions, Repeats
from infra.stored_names import ANSWERS, MAILS, ORGANISMS, WAITING_INDEX

_VERDICT = "GuardDuty Malware Protection Object Scan Result"

_MAY_ASK_GUARDDUTY = Permission(
    statement=iam.PolicyStatement(actions=["guardduty:SendObjectMalwareScan"], resources=["*"]),
    wildcard="The action knows no resource: what it may look into, GuardDuty's own role says.",
)


def scan_file(functions: Functions, *, files: FilesBucket, event_bus: events.IEventBus) -> Function:
    """The stand-in where GuardDuty is not available: it tags each new file, and puts a verdict on the bus."""
    return Function(
        functions,
        "scan_file",
        may=[
            files.may(
                "GetObjectVersion",
                "GetObjectVersionTagging",
                "PutObjectVersionTagging",
                under=FROM_OUTSIDE,
            ),
            Permission(
                statement=iam.PolicyStatement(actions=["events:PutEvents"], resources=[event_bus.event_bus_arn])
            ),
        ],
        settings=files.settings,
        repeats=Repeats(most=2, within=Duration.hours(1)),  # past that, `chase_scans` asks again
    )


def note_scan(  # noqa: PLR0913 - what the function uses, by keyword
    functions: Functions,
    *,
    records: Records,
    files: FilesBucket,
    notifications: Queue,
    event_bus: events.IEventBus,
    events_failed: DeadLetters,
    stand_in: Function | None,
) -> Function:
    """Verdicts on files, noted on their mails; one that was lost is asked of `stand_in`, or of GuardDuty."""
    function = Function(
        functions,
        "note_scan",
        may=[
            *_may_inspect(records, files, notifications),
            _may_ask(stand_in),
            events_failed.may_send(),
        ],
        settings=records.settings | files.settings | notifications.settings | _scanner(stand_in),
        # Lambda repeats for six hours the events for which it finds no place.
        at_once=functions.stage.looks_at_once,
        gives_up_to=events_failed,
    )
    pattern = events.EventPattern(
        source=["aws.guardduty"],
        detail_type=[_VERDICT],
        detail={"s3ObjectDetails": {"bucketName": [files.bucket_name]}},
    )
    function.run_on_event(pattern, event_bus)
    return function


def chase_scans(  # noqa: PLR0913 - what the function uses, by keyword
    functions: Functions,
    *,
    records: Records,
    files: FilesBucket,
    notifications: Queue,
    operators: OperatorsChannel,
    stand_in: Function | None,
) -> Function:
    """Scans that did not come are asked for again: of `stand_in`, or of GuardDuty where there is none."""
    function = Function(
        functions,
        "chase_scans",
        may=[
            *_may_inspect(records, files, notifications),
            files.may("GetObject", under=[ANSWERS]),  # which version is the newest: the outcome alone pins one
            records.may_query_indexes(WAITING_INDEX),
            operators.may_publish(),
            _may_ask(stand_in),
        ],
        timeout=Duration.minutes(4),
        settings=records.settings | files.settings | notifications.settings | operators.settings | _scanner(stand_in),
        repeats=Repeats(most=0, within=Duration.minutes(5)),  # the next run does what this one left undone
    )
    function.run_on_schedule(events.Schedule.rate(Duration.minutes(5)))
    return function


def _scanner(stand_in: Function | None) -> dict[str, str]:
    return {"SCANNER": stand_in.live_name if stand_in else "guardduty"}


def _may_ask(stand_in: Function | None) -> Permission:
    """Allow having a file scanned once more."""
    return stand_in.may_be_invoked() if stand_in else _MAY_ASK_GUARDDUTY


def _may_inspect(records: Records, files: FilesBucket, notifications: Queue) -> list[Permission]:
    """Allow noting a file's verdict on its mail; the file's first bytes say what type it is."""
    return [
        records.may("GetItem", on=[MAILS, ORGANISMS]),
        records.may("UpdateItem", "DeleteItem", on=[MAILS]),
        files.may("GetObjectVersion", under=FROM_OUTSIDE),
        files.may("GetObjectVersionTagging", "PutObjectVersionTagging", under=FROM_OUTSIDE),
        files.may_list(under=FROM_OUTSIDE),
        notifications.may_send(),
    ]
