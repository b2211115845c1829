"""A role's statements as `tests/infra/permissions.py` spells them: actions, on what, under which conditions."""

import re
from collections.abc import Iterator

from tests.support.inspection.synthesised import Properties, Synthesised, listed, spelled

_CONDITIONS = {
    "ForAllValues:StringLike dynamodb:LeadingKeys": "on",
    "ForAllValues:StringEquals dynamodb:Attributes": "only",
    "StringEqualsIfExists dynamodb:Select": "naming",
    "StringLikeIfExists s3:prefix": "under",
    "StringEquals kms:ViaService": "for",
    "StringEquals kms:EncryptionContext:purpose": "with the purpose",
    "StringEquals s3:ExistingObjectTag/GuardDutyMalwareScanStatus": "tagged",
    "StringEquals ses:FromAddress": "from",
    "StringEquals kms:SigningAlgorithm": "by",
    "StringEquals kms:MessageType": "as",
}

_THINGS = (
    (r"arn:<AWS::Partition>:dynamodb:eu-west-3:<AWS::AccountId>:table/<RecordsTable\w+>", "table"),
    (r"arn:<AWS::Partition>:dynamodb:eu-west-3:<AWS::AccountId>:table/<SentOnceTable\w+>", "sent once"),
    (r"arn:<AWS::Partition>:cognito-idp:eu-west-3:<AWS::AccountId>:userpool/<IdentityPool\w+>", "user pool"),
    (r"<TokensSecret\w+\.Id>", "secret"),
    (r"<StatementKeys\w+\.Arn>", "statement key"),
    (r"<Key\w+\.Arn>", "key"),
    (r"<SealKeysbureauordre\w+seal2026\w+\.Arn>", "seal's key"),
    (r"<WebhookKeysSecret\w+\.Id>", "webhook keys"),
    (r"arn:<AWS::Partition>:sns:eu-west-3:<AWS::AccountId>:bureau-ordre-\w+-alarms", "operators"),
    (r"arn:<AWS::Partition>:events:eu-west-3:<AWS::AccountId>:event-bus/default", "event bus"),
    (r"<FunctionsRenderReceiptLive\w+>", "render_receipt"),
    (r"<FunctionsNoteScanLive\w+>", "note_scan"),
    (r"<FunctionsScanFileLive\w+>", "scan_file"),
    (r"<FunctionsNoteBounceLive\w+>", "note_bounce"),
    (r"arn:<AWS::Partition>:s3:::bureau-ordre-\w+-files-[0-9a-f]{6}", "bucket"),
    (r"arn:<AWS::Partition>:ses:eu-west-3:<AWS::AccountId>:identity/[\w.-]+", "e-mail identity"),
    (
        r"arn:<AWS::Partition>:ses:eu-west-3:<AWS::AccountId>:configuration-set/bureau-ordre-\w+-email",
        "e-mail configuration",
    ),
    (r"arn:<AWS::Partition>:cognito-idp:eu-west-3:<AWS::AccountId>:userpool/<\w+>", "user pool"),
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


def line_of(statement: Properties, operation: str, synthesised: Synthesised) -> str:
    """One statement of an operation's role as a line of the list."""
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


def lines_in(text: str) -> list[str]:
    """The lines of an entry of the list, each as `line_of` spells it."""
    return [" ".join(line.split()) for line in text.strip().splitlines() if line.strip()]
