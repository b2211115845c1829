"""The care of what came in: scans of files, reminders of mail that nobody collects, addresses that fail."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam

from infra.constructs.bucket import FROM_OUTSIDE
from infra.constructs.database import CAPS, MAILS, ORGANISMS, REGISTERS, WAITING_INDEX
from infra.functions.function import Function, Permission, on_schedule
from infra.functions.parts import Parts

_SCANNED = "GuardDuty Malware Protection Object Scan Result"


_MAY_ASK_GUARDDUTY = Permission(
    statement=iam.PolicyStatement(actions=["guardduty:SendObjectMalwareScan"], resources=["*"]),
    wildcard="The action knows no resource: what it may look into, GuardDuty's own role says.",
)


def add_care(parts: Parts) -> None:
    """Make the functions of this side."""
    stand_in = None if parts.stage.malware_protection else _scan_file(parts)
    _note_scan(parts)
    _chase_scans(parts, stand_in)
    _remind_organisms(parts)
    _note_bounce(parts)


def _scan_file(parts: Parts) -> Function:
    scan = parts.functions.add(
        "scan_file",
        may=[
            parts.files.may(
                "GetObject",
                "GetObjectVersion",
                "GetObjectVersionTagging",
                "PutObjectVersionTagging",
                under=FROM_OUTSIDE,
            ),
            Permission(
                statement=iam.PolicyStatement(actions=["events:PutEvents"], resources=[parts.event_bus.event_bus_arn])
            ),
        ],
        told=parts.bucket,
    )
    parts.files.trigger(scan.function, under=FROM_OUTSIDE)
    return scan


def _note_scan(parts: Parts) -> None:
    note = parts.functions.add(
        "note_scan",
        may=[*_may_inspect(parts), parts.events_failed.may_send()],
        told=parts.table | parts.bucket | parts.notifying,
        # events that find no place come again for six hours
        at_once=parts.stage.looks_at_once,
    )
    _on_event(
        parts,
        note,
        events.EventPattern(
            source=["aws.guardduty"],
            detail_type=[_SCANNED],
            detail={"s3ObjectDetails": {"bucketName": [parts.files.bucket_name]}},
        ),
    )


def _chase_scans(parts: Parts, stand_in: Function | None) -> None:
    chase = parts.functions.add(
        "chase_scans",
        may=[
            *_may_inspect(parts),
            parts.records.may_query_indexes(WAITING_INDEX),
            parts.operators.may_tell(),
            stand_in.may_be_invoked() if stand_in else _MAY_ASK_GUARDDUTY,
        ],
        timeout=Duration.minutes(4),
        told=parts.table
        | parts.bucket
        | parts.notifying
        | parts.operators_topic
        | {"SCANNER": stand_in.name if stand_in else "guardduty"},
    )
    each_five_minutes = events.Schedule.rate(Duration.minutes(5))
    on_schedule(chase, each_five_minutes)


def _remind_organisms(parts: Parts) -> None:
    remind = parts.functions.add(
        "remind_organisms",
        may=[
            parts.records.may_query_indexes(WAITING_INDEX),
            parts.records.may("GetItem", on=[ORGANISMS]),
            parts.records.may("BatchGetItem", "UpdateItem", on=[REGISTERS]),
            parts.records.may("PutItem", on=[MAILS]),  # the event
            parts.notifications.may_send(),
            parts.operators.may_tell(),
        ],
        timeout=Duration.minutes(5),
        told=parts.table | parts.notifying | parts.operators_topic,
    )
    # which days are working days it knows itself; each run does what the ones before left undone
    on_schedule(remind, events.Schedule.cron(hour="7", minute="0,20,40"))


def _note_bounce(parts: Parts) -> None:
    note = parts.functions.add(
        "note_bounce",
        may=[
            parts.records.may("GetItem", "Query", on=[ORGANISMS]),
            parts.records.may("GetItem", "PutItem", on=[MAILS]),
            parts.records.may("UpdateItem", on=[CAPS, MAILS, ORGANISMS]),
            parts.records.may("GetItem", on=[CAPS]),
            parts.notifications.may_send(),
            parts.operators.may_tell(),
            parts.events_failed.may_send(),
        ],
        told=parts.table | parts.notifying | parts.operators_topic,
    )
    pattern = events.EventPattern(
        source=["aws.ses"],
        detail_type=["Email Bounced", "Email Complaint Received", "Email Rejected", "Email Delivery Delayed"],
        detail={"mail": {"tags": {"ses:configuration-set": [parts.email.configuration_set_name]}}},
    )
    _on_event(parts, note, pattern)


def _may_inspect(parts: Parts) -> list[Permission]:
    """Allow noting what is known of a file, on its mail; its first bytes tell what it is."""
    return [
        parts.records.may("GetItem", on=[MAILS, ORGANISMS]),
        parts.records.may("UpdateItem", "DeleteItem", on=[MAILS]),
        parts.files.may("GetObject", "GetObjectVersion", under=FROM_OUTSIDE),
        parts.files.may("GetObjectVersionTagging", "PutObjectVersionTagging", under=FROM_OUTSIDE),
        parts.files.may_list(under=FROM_OUTSIDE),
        parts.notifications.may_send(),
    ]


def _on_event(parts: Parts, function: Function, pattern: events.EventPattern) -> None:
    """Call the function for each such event; what it cannot take waits for operators."""
    function.give_up_to(parts.events_failed.queue)
    events.Rule(
        function,
        "On",
        rule_name=function.name,
        event_bus=parts.event_bus,
        event_pattern=pattern,
        targets=[targets.LambdaFunction(function.function)],
    )
