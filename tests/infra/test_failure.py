"""Failure is planned: what is repeated and for how long, what a queue keeps, and what no flood takes away."""

import re
from datetime import timedelta

import pytest
from aws_cdk import App, Stack

from infra.constructs.alarms import LONGEST_DELAY as WATCHED_DELAY
from infra.constructs.customer_key import CustomerKey
from infra.constructs.secret import Secret
from infra.functions.message_jobs import batches_at_once
from infra.names import LIVE
from mailroom.notifying import webhooks
from mailroom.notifying.postponement import LONGEST_DELAY
from tests.support.inspection.stages import SYNTHESISED
from tests.support.inspection.synthesised import Properties, Synthesised, listed, spelled

LONG_WEEKEND = timedelta(hours=60)
"""From Friday evening to Monday morning."""


def _queues_with_dead_letters(synthesised: Synthesised) -> list[tuple[Properties, Properties]]:
    """Each queue that functions read, and its dead-letter queue."""
    queues = synthesised.of_type("AWS::SQS::Queue")
    return [
        (queue, queues[queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]])
        for queue in queues.values()
        if "RedrivePolicy" in queue
    ]


def _kept(queue: Properties) -> timedelta:
    return timedelta(seconds=queue["MessageRetentionPeriod"])


def _all_attempts(queue: Properties) -> timedelta:
    """The time from the first attempt to the dead-letter queue: call_webhook says itself when each attempt is due."""
    if "webhooks" in queue["QueueName"]:
        return sum(webhooks.RETRY_AFTER, timedelta()) * (1 + webhooks.JITTER)
    return timedelta(seconds=queue["VisibilityTimeout"] * queue["RedrivePolicy"]["maxReceiveCount"])


def test_operators_have_ten_days_for_a_message_that_failed(synthesised: Synthesised) -> None:
    """The two clocks are one: in a standard queue's dead-letter queue a message keeps the time of its first sending.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
    "The expiration of a message is always based on its original enqueue timestamp."
    """
    pairs = _queues_with_dead_letters(synthesised)
    assert len(pairs) == 2
    for queue, dead_letters in pairs:
        assert _kept(dead_letters) == timedelta(days=14)  # the most that SQS allows
        assert _kept(dead_letters) - _kept(queue) >= timedelta(days=10)


def test_a_message_outlives_all_its_attempts_and_a_weekend_after_its_alarm(synthesised: Synthesised) -> None:
    """SQS deletes a message that nothing reads for the queue's whole retention: no dead-letter queue gets it."""
    late = {
        alarm["AlarmName"].removesuffix("-late"): timedelta(seconds=alarm["Threshold"])
        for alarm in synthesised.of_type("AWS::CloudWatch::Alarm").values()
        if alarm.get("MetricName") == "ApproximateAgeOfOldestMessage"
    }
    for queue, _ in _queues_with_dead_letters(synthesised):
        assert _kept(queue) >= _all_attempts(queue) + LONG_WEEKEND
        assert _kept(queue) >= late[queue["QueueName"]] + LONG_WEEKEND


def test_what_waits_without_a_queue_waits_as_long_as_sqs_allows(synthesised: Synthesised) -> None:
    queues = synthesised.of_type("AWS::SQS::Queue").values()
    failed = [queue for queue in queues if queue["QueueName"].endswith("-failed")]
    assert len(failed) == 4
    assert {_kept(queue) for queue in failed} == {timedelta(days=14)}


ONCE_IN_A_DAY = {"publish_heads": (2, 900), "publish_open_data": (2, 900), "remind_organisms": (2, 900)}
NEXT_RUN_IS_SOON = {"resume_stalled": (0, 60), "stamp_receipts": (0, 300), "chase_scans": (0, 300)}
EVENTS = {"render_receipt": (2, 21_600), "note_scan": (2, 21_600), "note_bounce": (2, 21_600)}
STAND_IN = {"scan_file": (2, 3_600)}
CANARY = {"canary": (0, 60)}


def _repeated(synthesised: Synthesised) -> dict[str, tuple[int, int]]:
    """How often an invocation that fails is repeated, and for how many seconds it is kept, by operation."""
    functions = synthesised.of_type("AWS::Lambda::Function")
    found = {}
    for config in synthesised.of_type("AWS::Lambda::EventInvokeConfig").values():
        operation = functions[config["FunctionName"]["Ref"]]["Handler"].partition(".")[0]
        assert operation not in found
        assert config["Qualifier"] == LIVE  # an invocation of the alias has the alias's own configuration
        found[operation] = config["MaximumRetryAttempts"], config["MaximumEventAgeInSeconds"]
    return found


def test_each_function_that_is_invoked_asynchronously_says_how_often_a_failure_is_repeated(
    synthesised: Synthesised,
) -> None:
    """Lambda repeats a failed asynchronous invocation twice and keeps it for six hours, unless it is told otherwise.

    What a rule's own retry policy says is about the delivery to Lambda alone.
    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    """
    stand_in = STAND_IN if synthesised.stage == "local" else {}
    canary = CANARY if "canary" in synthesised.operations() else {}
    assert _repeated(synthesised) == ONCE_IN_A_DAY | NEXT_RUN_IS_SOON | EVENTS | stand_in | canary
    assert set(_repeated(synthesised)) == _invoked_asynchronously(synthesised)


def _invoked_asynchronously(synthesised: Synthesised) -> set[str]:
    """The functions that rules, S3 and other functions invoke."""
    rules = synthesised.of_type("AWS::Events::Rule").values()
    found = synthesised.operations_in([rule["Targets"] for rule in rules])
    found |= synthesised.operations_in(synthesised.the("Custom::S3BucketNotifications")["NotificationConfiguration"])
    for operation in synthesised.operations():
        for statement in synthesised.statements(operation):
            if "lambda:InvokeFunction" in listed(statement["Action"]):
                found |= synthesised.operations_in(statement["Resource"])
    return found


def test_a_run_of_a_schedule_is_not_kept_past_the_next_one(synthesised: Synthesised) -> None:
    """Delivered late, a run is dropped: the one after it does its work."""
    for rule in synthesised.of_type("AWS::Events::Rule").values():
        for target in rule["Targets"] if "ScheduleExpression" in rule else ():
            operation = synthesised.operation_of(target["Arn"])
            repeats, kept = _repeated(synthesised)[operation]
            assert target["RetryPolicy"] == {"MaximumRetryAttempts": repeats, "MaximumEventAgeInSeconds": kept}
            assert kept <= _seconds_between(rule)
            assert synthesised.functions()[operation]["Timeout"] < _seconds_between(rule)


def _seconds_between(rule: Properties) -> int:
    """The time from one run to the next; the schedules of one hour run three times in it."""
    said = re.fullmatch(r"rate\((\d+) minutes?\)", rule["ScheduleExpression"])
    return int(said[1]) * 60 if said else 20 * 60


def test_submissions_and_receipts_have_places_that_no_flood_takes_and_scans_have_bounds(
    synthesised: Synthesised,
) -> None:
    """A new account has ten places in all, and Lambda reserves none of the last hundred: `dev` reserves nothing.

    Scans that find no place come again for six hours.
    """
    kept = {name: each.get("ReservedConcurrentExecutions") for name, each in synthesised.functions().items()}
    assert {name: each for name, each in kept.items() if each} == (
        {"submit_mail": 100, "render_receipt": 100, "note_scan": 50} if synthesised.stage == "prod" else {}
    )


def test_an_alarm_says_that_messages_wait_for_aws(synthesised: Synthesised) -> None:
    """A message that is put off is a new one to SQS, so that the age of the queue's messages tells nothing."""
    alarms = synthesised.of_type("AWS::CloudWatch::Alarm").values()
    (alarm,) = [each for each in alarms if each.get("MetricName") == "SecondsPostponed"]
    assert alarm["Dimensions"] == [{"Name": "service", "Value": "send_notification"}]
    assert (alarm["Statistic"], alarm["TreatMissingData"]) == ("Maximum", "notBreaching")
    assert alarm["Threshold"] == alarm["Period"] == 1_800  # each message reports at least once in that time
    assert timedelta(seconds=WATCHED_DELAY) == LONGEST_DELAY


@pytest.mark.parametrize(
    ("emails_per_second", "batches"),
    [(1, 2), (10, 2), (14, 2), (15, 3), (50, 10), (200, 40), (4_999, 999), (100_000, 1_000)],
)
def test_batches_that_are_read_at_once_keep_to_the_rate_of_ses(emails_per_second: int, batches: int) -> None:
    """An e-mail takes a fifth of a second, so that each batch sends five a second. Lambda reads from 2 to 1,000.

    https://docs.aws.amazon.com/lambda/latest/api/API_ScalingConfig.html
    """
    assert batches_at_once(emails_per_second) == batches


def test_each_queue_is_read_within_the_share_of_the_accounts_concurrency_that_is_its_own(
    synthesised: Synthesised,
) -> None:
    """Without a bound, one queue's readers grow until the account has no place for anything else."""
    quotas = SYNTHESISED[synthesised.stage].quotas
    bounds = {
        synthesised.operation_of(source["FunctionName"]): source["ScalingConfig"]
        for source in synthesised.of_type("AWS::Lambda::EventSourceMapping").values()
    }
    assert bounds == {
        "send_notification": {"MaximumConcurrency": batches_at_once(quotas.emails_per_second)},
        "call_webhook": {"MaximumConcurrency": 20 if quotas.lambda_concurrency >= 200 else 2},
    }


def test_no_secrets_name_ends_as_secrets_manager_ends_an_arn(synthesised: Synthesised) -> None:
    """Secrets Manager may then take a name for a partial ARN.

    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html "Do not end your secret name
    with a hyphen followed by six characters."
    """
    secrets = synthesised.of_type("AWS::SecretsManager::Secret")
    assert secrets
    for secret in secrets.values():  # a name that is left to CloudFormation ends in a hyphen and twelve characters
        assert spelled(secret.get("Name", "generated"))[-7] != "-"


@pytest.mark.parametrize(
    ("name", "stage", "is_refused"),
    [
        ("tokens", "prod", True),
        ("my-secret", "prod", True),
        ("a-Key_42", "prod", True),
        ("token-key", "prod", False),
        ("webhookkeys", "prod", False),
        ("keys", "a-secret", False),
        ("key", "ab", True),
        ("key", "abc", False),
    ],
)
def test_a_secret_that_is_named_so_is_refused_on_any_stage(name: str, stage: str, *, is_refused: bool) -> None:
    stack = Stack(App(), "Secrets")
    some = SYNTHESISED["prod"].model_copy(update={"name": stage})
    key = CustomerKey(stack, "Key", stage=some)
    if is_refused:
        with pytest.raises(ValueError, match="hyphen and six characters"):
            Secret(stack, "One", stage=some, key=key, name=name, what="", why="A test.")
    else:
        Secret(stack, "One", stage=some, key=key, name=name, what="", why="A test.")
