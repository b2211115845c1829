"""What each function may do: this list, to the letter."""

import re

import pytest

from tests.infra.permissions import COMMON, MAY, STAND_INS
from tests.support.inspection.granted import line_of, lines_in
from tests.support.inspection.synthesised import FOLDERS, OPERATIONS, Properties, Synthesised, listed, spelled


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_function_may_do_what_the_list_says_and_nothing_else(prod: Synthesised, operation: str) -> None:
    allowed = [line_of(statement, operation, prod) for statement in prod.statements(operation)]
    assert set(allowed) == {*lines_in(MAY[operation]), *lines_in(COMMON)}
    assert len(allowed) == len(set(allowed))


def test_a_stand_in_may_do_what_the_list_says_and_is_nowhere_but_on_the_local_stage(
    stages: dict[str, Synthesised],
) -> None:
    for operation, may in STAND_INS.items():
        local = stages["local"]
        allowed = {line_of(statement, operation, local) for statement in local.statements(operation)}
        assert allowed == {*lines_in(may), *lines_in(COMMON.splitlines()[1])}


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
        r"arn:<AWS::Partition>:s3:::bureau-ordre-[^/]+/(answers|attachments|submissions|receipts|slips|heads|seal|open_data)/\*"
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
            if "kms:Decrypt" in listed(statement["Action"]) and "kms:Encrypt" not in listed(statement["Action"])
        }
        actions = {action for statement in statements for action in listed(statement["Action"])}
        encrypted = {"s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"} | {
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
