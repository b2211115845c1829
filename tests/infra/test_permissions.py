"""What each function may do: this list, to the letter."""

import re
from collections.abc import Iterator

import pytest

from tests.infra.permissions import COMMON, MAY, STAND_INS
from tests.support.inspection.synthesised import FOLDERS, OPERATIONS, Properties, Synthesised, listed, spelled

_CONDITIONS = {
    "ForAllValues:StringLike dynamodb:LeadingKeys": "on",
    "ForAllValues:StringEquals dynamodb:Attributes": "only",
    "StringEqualsIfExists dynamodb:Select": "naming",
    "StringLikeIfExists s3:prefix": "under",
    "StringEquals kms:ViaService": "for",
    "StringEquals s3:ExistingObjectTag/GuardDutyMalwareScanStatus": "tagged",
    "StringEquals ses:FromAddress": "from",
    "StringEquals kms:SigningAlgorithm": "by",
    "StringEquals kms:MessageType": "as",
}

_THINGS = (
    (r"arn:<AWS::Partition>:dynamodb:eu-west-3:<AWS::AccountId>:table/<RecordsTable\w+>", "table"),
    (r"arn:<AWS::Partition>:dynamodb:eu-west-3:<AWS::AccountId>:table/<SentOnceTable\w+>", "sent once"),
    (r"<TokensSecret\w+\.Id>", "secret"),
    (r"<StatementKeys\w+\.Arn>", "statement key"),
    (r"<Key\w+\.Arn>", "key"),
    (r"<SealKeysbureauordreprodseal2026\w+\.Arn>", "seal's key"),
    (r"<WebhookKeysSecret\w+\.Id>", "webhook keys"),
    (r"arn:<AWS::Partition>:sns:eu-west-3:<AWS::AccountId>:bureau-ordre-\w+-alarms", "operators"),
    (r"arn:<AWS::Partition>:events:eu-west-3:<AWS::AccountId>:event-bus/default", "event bus"),
    (r"<FunctionsRenderReceiptLive\w+>", "render_receipt"),
    (r"<FunctionsNoteScanLive\w+>", "note_scan"),
    (r"<FunctionsNoteBounceLive\w+>", "note_bounce"),
    (r"arn:<AWS::Partition>:s3:::bureau-ordre-\w+-files-[0-9a-f]{6}", "bucket"),
    (r"arn:<AWS::Partition>:ses:eu-west-3:<AWS::AccountId>:identity/courrier\.example\.ma", "e-mail identity"),
    (
        r"arn:<AWS::Partition>:ses:eu-west-3:<AWS::AccountId>:configuration-set/bureau-ordre-\w+-email",
        "e-mail configuration",
    ),
    (r"\.eu-west-3\.amazonaws\.com", ""),
)


def _queues(synthesised: Synthesised) -> list[tuple[str, str]]:
    """What stands for each queue's ARN: its name, the longest names first."""
    prefix = f"bureau-ordre-{synthesised.stage}-"
    names = sorted((queue["QueueName"] for queue in synthesised.of_type("AWS::SQS::Queue").values()), key=len)
    return [
        (f"arn:<AWS::Partition>:sqs:eu-west-3:<AWS::AccountId>:{name}", name.removeprefix(prefix).replace("-", " "))
        for name in reversed(names)
    ]


def _named(text: str, operation: str, synthesised: Synthesised) -> str:
    logs = rf"<Functions{operation.title().replace('_', '')}Logs\w+\.Arn>"
    for pattern, name in ((logs, "own logs"), *_queues(synthesised), *_THINGS):
        text = re.sub(pattern, name, text)
    return text


def _line(statement: Properties, operation: str, synthesised: Synthesised) -> str:
    assert statement["Effect"] == "Allow"
    parts = [", ".join(sorted(listed(statement["Action"])))]
    if "NotResource" in statement:
        assert spelled(statement["NotResource"]) == "arn:<AWS::Partition>:sns:*:*:*"
        parts.append("all but topics")
    else:
        resources = [_named(spelled(resource), operation, synthesised) for resource in listed(statement["Resource"])]
        parts.append(" ".join(sorted(resources)))
    return " | ".join([*parts, *sorted(_conditions(statement, operation, synthesised))])


def _conditions(statement: Properties, operation: str, synthesised: Synthesised) -> Iterator[str]:
    for operator, tests in statement.get("Condition", {}).items():
        for key, values in tests.items():
            told = " ".join(sorted(_named(spelled(value), operation, synthesised) for value in listed(values)))
            yield f"{_CONDITIONS[f'{operator} {key}']} {told}"


def _lines(text: str) -> set[str]:
    return {" ".join(line.split()) for line in text.strip().splitlines() if line.strip()}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_function_may_do_what_the_list_says_and_nothing_else(prod: Synthesised, operation: str) -> None:
    allowed = [_line(statement, operation, prod) for statement in prod.statements(operation)]
    assert set(allowed) == _lines(MAY[operation]) | _lines(COMMON)
    assert len(allowed) == len(set(allowed))


def test_a_stand_in_may_do_what_the_list_says_and_is_nowhere_but_on_the_local_stage(
    stages: dict[str, Synthesised],
) -> None:
    for operation, may in STAND_INS.items():
        local = stages["local"]
        allowed = {_line(statement, operation, local) for statement in local.statements(operation)}
        assert allowed == _lines(may) | _lines(COMMON.splitlines()[1])


def test_the_list_has_every_function_and_no_other(synthesised: Synthesised, prod: Synthesised) -> None:
    assert sorted(MAY) == OPERATIONS == sorted(prod.functions())
    assert sorted(synthesised.functions()) == synthesised.operations()
    assert sorted({*MAY, *STAND_INS}) == FOLDERS


_ASKED_OF_AWS = {"guardduty:SendObjectMalwareScan"}
"""What the local stage asks of a stand-in."""


def test_other_stages_allow_the_same_but_tracing(synthesised: Synthesised, prod: Synthesised) -> None:
    for operation in set(OPERATIONS).intersection(synthesised.operations()):
        here = {_shape(statement) for statement in synthesised.statements(operation)}
        there = {_shape(statement) for statement in prod.statements(operation)}
        assert there - here <= {"xray:PutTelemetryRecords, xray:PutTraceSegments", *_ASKED_OF_AWS}
        assert here - there <= ({"lambda:InvokeFunction"} if operation in {"chase_scans", "note_scan"} else set())


def _shape(statement: Properties) -> str:
    return ", ".join(sorted(listed(statement["Action"])))


def test_each_function_has_a_role_of_its_own_with_no_managed_policy(synthesised: Synthesised) -> None:
    own = {properties["Role"]["Fn::GetAtt"][0] for properties in synthesised.functions().values()}
    assert len(own) == len(synthesised.functions())
    roles = synthesised.of_type("AWS::IAM::Role")
    of_services = ("MalwareProtection", "FilesBucketReplication", "Backups", "TriggersHandler")
    assert {logical for logical in roles if not logical.startswith(of_services)} == own
    for logical, role in roles.items():
        assert "ManagedPolicyArns" not in role
        if logical not in own:
            continue
        assert "Policies" not in role
        (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_what_sets_the_buckets_triggers_may_do_that_to_this_bucket_alone(synthesised: Synthesised) -> None:
    (role,) = [
        role for name, role in synthesised.of_type("AWS::IAM::Role").items() if name.startswith("TriggersHandler")
    ]
    (policy,) = role["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    bucket = synthesised.the("AWS::S3::Bucket")["BucketName"]
    assert statement == {
        "Effect": "Allow",
        "Action": ["s3:GetBucketNotification", "s3:PutBucketNotification"],
        "Resource": {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":s3:::{bucket}"]]},
    }
    attached = [policy["Roles"] for policy in synthesised.of_type("AWS::IAM::Policy").values()]
    assert not [roles for roles in attached if "TriggersHandler" in str(roles)]


def test_a_wildcard_in_a_resource(
    synthesised: Synthesised,
) -> None:
    """It ends a prefix of object keys, or stands for an action that knows no resources."""
    known = re.compile(
        r"arn:<AWS::Partition>:s3:::bureau-ordre-[^/]+/(answers|attachments|submissions|receipts|slips|heads|seal)/\*"
    )
    for operation in set(OPERATIONS).intersection(synthesised.operations()):
        for statement in synthesised.statements(operation):
            for resource in map(spelled, listed(statement.get("Resource", []))):
                if "*" in resource and not known.fullmatch(resource):
                    assert resource == "*"
                    # neither knows resources
                    assert _shape(statement) in {"xray:PutTelemetryRecords, xray:PutTraceSegments", *_ASKED_OF_AWS}


def test_whoever_touches_what_is_encrypted_may_use_the_key_through_that_service(synthesised: Synthesised) -> None:
    for operation in set(OPERATIONS).intersection(synthesised.operations()):
        statements = list(synthesised.statements(operation))
        through = {
            statement["Condition"]["StringEquals"]["kms:ViaService"].partition(".")[0]
            for statement in statements
            if "kms:Decrypt" in listed(statement["Action"])
        }
        actions = {action for statement in statements for action in listed(statement["Action"])}
        encrypted = {"s3:GetObject", "s3:PutObject"} | {
            action for action in actions if action.startswith(("dynamodb:", "sqs:", "secretsmanager:"))
        }
        encrypted |= {
            action
            for statement in statements
            if "Resource" in statement
            for action in listed(statement["Action"])
            if action == "sns:Publish"
        }
        assert through == {action.partition(":")[0] for action in actions & encrypted}
