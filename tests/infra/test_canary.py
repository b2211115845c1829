"""The canary is where the stage names its test organism, may do nothing in the account, and rings when it is mute."""

from collections.abc import Mapping

import pytest

from tests.support.inspection.stages import SYNTHESISED
from tests.support.inspection.synthesised import Properties, Synthesised


def _alarms(synthesised: Synthesised) -> list[Properties]:
    return [
        alarm
        for alarm in synthesised.of_type("AWS::CloudWatch::Alarm").values()
        if "canary-failed" in alarm["AlarmName"]
    ]


@pytest.mark.parametrize("name", sorted(SYNTHESISED))
def test_it_is_where_the_stage_says_so(stages: Mapping[str, Synthesised], name: str) -> None:
    wanted = SYNTHESISED[name].canary is not None
    assert ("canary" in stages[name].functions()) == wanted
    assert (len(_alarms(stages[name])) == 1) == wanted


def test_it_knows_the_public_address_and_the_test_organism(prod: Synthesised) -> None:
    told = prod.functions()["canary"]["Environment"]["Variables"]
    assert (told["PUBLIC_URL"], told["CANARY_ORGANISM"]) == ("https://courrier.example.ma", "essai")


def test_its_role_writes_a_log_and_nothing_else(prod: Synthesised) -> None:
    """It shows what strangers meet: no right of the account helps it."""
    actions = {action for statement in prod.statements("canary") for action in statement["Action"]}
    assert actions == {
        *("logs:CreateLogStream", "logs:PutLogEvents"),
        *("xray:PutTelemetryRecords", "xray:PutTraceSegments"),
    }


def test_two_of_three_runs_that_fail_or_say_nothing_ring(prod: Synthesised) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html (M out of N)."""
    (alarm,) = _alarms(prod)
    assert (alarm["MetricName"], alarm["Statistic"], alarm["Period"]) == ("CanaryPassed", "Minimum", 300)
    assert alarm["Dimensions"] == [{"Name": "service", "Value": "canary"}]
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", 1)
    assert (alarm["EvaluationPeriods"], alarm["DatapointsToAlarm"]) == (3, 2)
    assert alarm["TreatMissingData"] == "breaching"
