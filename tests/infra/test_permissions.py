"""What each function may do: this list, to the letter."""

import re
from collections.abc import Iterator

import pytest

from tests.infra.synthesised import OPERATIONS, Properties, Synthesised, listed, spelled

_CONDITIONS = {
    "ForAllValues:StringLike dynamodb:LeadingKeys": "on",
    "ForAllValues:StringEquals dynamodb:Attributes": "only",
    "StringEqualsIfExists dynamodb:Select": "naming",
    "StringLikeIfExists s3:prefix": "under",
    "StringEquals kms:ViaService": "for",
    "StringEquals ses:FromAddress": "from",
}

_COMMON = """
logs:CreateLogStream, logs:PutLogEvents | own logs
xray:PutTelemetryRecords, xray:PutTraceSegments | *
"""

MAY = {
    "describe_service": "",
    "open_page": "",
    "list_organisms": """
        dynamodb:Query | table | on ORGANISM
        kms:Decrypt | key | for dynamodb
    """,
    "start_mail": """
        dynamodb:GetItem | table | on ORGANISM
        dynamodb:PutItem | table | on MAIL#*
        secretsmanager:GetSecretValue | secret
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
        kms:Decrypt | key | for secretsmanager
    """,
    "write_letter": """
        dynamodb:UpdateItem | table | on MAIL#*
        s3:ListBucket | bucket | under attachments/*
        secretsmanager:GetSecretValue | secret
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
        kms:Decrypt | key | for secretsmanager
    """,
    "identify_sender": """
        dynamodb:UpdateItem | table | on MAIL#*
        s3:ListBucket | bucket | under attachments/*
        secretsmanager:GetSecretValue | secret
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
        kms:Decrypt | key | for secretsmanager
    """,
    "attach_file": """
        dynamodb:UpdateItem | table | on MAIL#*
        s3:PutObject, s3:PutObjectTagging | bucket/attachments/*
        secretsmanager:GetSecretValue | secret
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
        kms:Decrypt, kms:GenerateDataKey | key | for s3
        kms:Decrypt | key | for secretsmanager
    """,
    "submit_mail": """
        dynamodb:GetItem | table | on MAIL#*
        dynamodb:BatchGetItem | table | on ORGANISM REGISTER#*
        dynamodb:ConditionCheckItem | table | on ORGANISM
        dynamodb:PutItem, dynamodb:UpdateItem | table | on MAIL#* RECEIPT#* REGISTER#*
        s3:GetObject | bucket/attachments/*
        s3:ListBucket | bucket | under attachments/*
        s3:PutObject, s3:PutObjectRetention | bucket/submissions/*
        secretsmanager:GetSecretValue | secret
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
        kms:Decrypt, kms:GenerateDataKey | key | for s3
        kms:Decrypt | key | for secretsmanager
    """,
    "follow_mail": """
        dynamodb:GetItem, dynamodb:Query | table | on MAIL#*
        dynamodb:Query | table | on ORGANISM
        dynamodb:GetItem | table | on REGISTER#*
        s3:ListBucket | bucket | under attachments/*
        s3:GetObject | bucket/receipts/*
        secretsmanager:GetSecretValue | secret
        kms:Decrypt | key | for dynamodb
        kms:Decrypt | key | for s3
        kms:Decrypt | key | for secretsmanager
    """,
    "verify_receipt": """
        dynamodb:GetItem | table | on RECEIPT#*
        dynamodb:Query | table | naming SPECIFIC_ATTRIBUTES | on MAIL#* | only at event pk sk
        kms:Decrypt | key | for dynamodb
    """,
    "render_receipt": """
        dynamodb:GetItem | table | on MAIL#* ORGANISM
        dynamodb:PutItem, dynamodb:UpdateItem | table | on MAIL#* RECEIPT#*
        s3:GetObject | bucket/receipts/* bucket/submissions/*
        s3:ListBucket | bucket | under receipts/* submissions/*
        s3:PutObjectRetention, s3:PutObjectTagging, s3:PutObjectVersionTagging | bucket/attachments/*
        s3:PutObject, s3:PutObjectRetention | bucket/receipts/*
        sqs:SendMessage | notifications
        sqs:SendMessage | receipts failed
        secretsmanager:GetSecretValue | secret
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
        kms:Decrypt, kms:GenerateDataKey | key | for s3
        kms:Decrypt | key | for secretsmanager
        kms:Decrypt, kms:GenerateDataKey | key | for sqs
    """,
    "send_notification": """
        dynamodb:GetItem | table | on MAIL#* ORGANISM
        dynamodb:PutItem, dynamodb:UpdateItem | table | on MAIL#*
        dynamodb:DeleteItem, dynamodb:GetItem, dynamodb:PutItem, dynamodb:UpdateItem | sent once
        sqs:DeleteMessage, sqs:GetQueueAttributes, sqs:ReceiveMessage | notifications
        ses:SendEmail | e-mail configuration e-mail identity | from ne-pas-repondre@bureau-ordre.example
        sns:Publish | all but topics
        secretsmanager:GetSecretValue | secret
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
        kms:Decrypt | key | for secretsmanager
        kms:Decrypt | key | for sqs
    """,
    "resume_stalled": """
        dynamodb:Query | table/index/waiting
        dynamodb:GetItem | table | on MAIL#*
        s3:PutObject, s3:PutObjectRetention | bucket/submissions/*
        lambda:InvokeFunction | render_receipt
        kms:Decrypt | key | for dynamodb
        kms:Decrypt, kms:GenerateDataKey | key | for s3
    """,
    "enrol_organisms": """
        dynamodb:Query | table | on ORGANISM
        dynamodb:GetItem, dynamodb:UpdateItem | table | on ORGANISM
        dynamodb:DeleteItem, dynamodb:GetItem, dynamodb:PutItem | table | on CODE#*
        dynamodb:BatchGetItem, dynamodb:ConditionCheckItem | table | on REGISTER#*
        kms:Decrypt, kms:GenerateDataKey | key | for dynamodb
    """,
}

_THINGS = (
    (r"<RecordsTable\w+\.Arn>", "table"),
    (r"<SentOnceTable\w+\.Arn>", "sent once"),
    (r"<TokensSecret\w+\.Id>", "secret"),
    (r"<Key\w+\.Arn>", "key"),
    (r"<NotificationsQueue\w+\.Arn>", "notifications"),
    (r"<ReceiptsQueue\w+\.Arn>", "receipts failed"),
    (r"<FunctionsRenderReceiptFunction\w+\.Arn>", "render_receipt"),
    (r"arn:<AWS::Partition>:s3:::bureau-ordre-prod-<AWS::AccountId>-eu-west-3", "bucket"),
    (r"arn:<AWS::Partition>:ses:eu-west-3:<AWS::AccountId>:identity/<EMailIdentity\w+>", "e-mail identity"),
    (
        r"arn:<AWS::Partition>:ses:eu-west-3:<AWS::AccountId>:configuration-set/<EMailConfiguration\w+>",
        "e-mail configuration",
    ),
    (r"\.eu-west-3\.amazonaws\.com", ""),
)


def _named(text: str, operation: str) -> str:
    logs = rf"<Functions{operation.title().replace('_', '')}Logs\w+\.Arn>"
    for pattern, name in ((logs, "own logs"), *_THINGS):
        text = re.sub(pattern, name, text)
    return text


def _line(statement: Properties, operation: str) -> str:
    assert statement["Effect"] == "Allow"
    parts = [", ".join(sorted(listed(statement["Action"])))]
    if "NotResource" in statement:
        assert spelled(statement["NotResource"]) == "arn:<AWS::Partition>:sns:*:*:*"
        parts.append("all but topics")
    else:
        resources = [_named(spelled(resource), operation) for resource in listed(statement["Resource"])]
        parts.append(" ".join(sorted(resources)))
    return " | ".join([*parts, *sorted(_conditions(statement, operation))])


def _conditions(statement: Properties, operation: str) -> Iterator[str]:
    for operator, tests in statement.get("Condition", {}).items():
        for key, values in tests.items():
            told = " ".join(sorted(_named(spelled(value), operation) for value in listed(values)))
            yield f"{_CONDITIONS[f'{operator} {key}']} {told}"


def _lines(text: str) -> set[str]:
    return {line.strip() for line in text.strip().splitlines() if line.strip()}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_function_may_do_what_the_list_says_and_nothing_else(prod: Synthesised, operation: str) -> None:
    allowed = [_line(statement, operation) for statement in prod.statements(operation)]
    assert set(allowed) == _lines(MAY[operation]) | _lines(_COMMON)
    assert len(allowed) == len(set(allowed))


def test_the_list_has_every_function_and_no_other(prod: Synthesised) -> None:
    assert sorted(MAY) == OPERATIONS == sorted(prod.functions())


def test_other_stages_allow_the_same_but_tracing(synthesised: Synthesised, prod: Synthesised) -> None:
    for operation in OPERATIONS:
        here = {_shape(statement) for statement in synthesised.statements(operation)}
        there = {_shape(statement) for statement in prod.statements(operation)}
        assert there - here <= {"xray:PutTelemetryRecords, xray:PutTraceSegments"}
        assert not here - there


def _shape(statement: Properties) -> str:
    return ", ".join(sorted(listed(statement["Action"])))


def test_each_function_has_a_role_of_its_own_with_no_managed_policy(synthesised: Synthesised) -> None:
    roles = [properties["Role"]["Fn::GetAtt"][0] for properties in synthesised.functions().values()]
    assert sorted(roles) == sorted(synthesised.of_type("AWS::IAM::Role"))
    for role in synthesised.of_type("AWS::IAM::Role").values():
        assert not {"ManagedPolicyArns", "Policies"} & role.keys()
        (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_a_wildcard_resource_is_a_prefix_of_object_keys_or_of_an_action_that_knows_no_resources(
    synthesised: Synthesised,
) -> None:
    known = re.compile(r"arn:<AWS::Partition>:s3:::bureau-ordre-[^/]+/(attachments|submissions|receipts)/\*")
    for operation in OPERATIONS:
        for statement in synthesised.statements(operation):
            for resource in map(spelled, listed(statement.get("Resource", []))):
                if "*" in resource and not known.fullmatch(resource):
                    assert (resource, _shape(statement)) == (
                        "*",
                        "xray:PutTelemetryRecords, xray:PutTraceSegments",  # X-Ray knows no resources
                    )


def test_whoever_touches_what_is_encrypted_may_use_the_key_through_that_service(synthesised: Synthesised) -> None:
    for operation in OPERATIONS:
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
        assert through == {action.partition(":")[0] for action in actions & encrypted}
