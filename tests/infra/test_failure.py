"""Failure is planned: how long a queue keeps what fails, and names that lead to one thing alone."""

from datetime import timedelta

import pytest
from aws_cdk import App, Stack

from infra.constructs.customer_key import CustomerKey
from infra.constructs.secret import Secret
from mailroom.notifying import webhooks
from tests.support.inspection.stages import SYNTHESISED
from tests.support.inspection.synthesised import Properties, Synthesised, spelled

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
