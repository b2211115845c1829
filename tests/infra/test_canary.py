"""The canary is where the stage names its test organism, and may do nothing in the account."""

from collections.abc import Mapping

import pytest

from tests.support.inspection.stages import SYNTHESISED
from tests.support.inspection.synthesised import Synthesised


@pytest.mark.parametrize("name", sorted(SYNTHESISED))
def test_it_is_where_the_stage_says_so(stages: Mapping[str, Synthesised], name: str) -> None:
    wanted = SYNTHESISED[name].canary is not None
    assert ("canary" in stages[name].functions()) == wanted


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
