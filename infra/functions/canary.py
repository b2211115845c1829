"""The mail that a stage sends to itself."""

from aws_cdk import Duration
from aws_cdk import aws_events as events

from infra.functions.environment import public_address
from infra.functions.function import Function, Functions, Repeats
from infra.stage_settings import Canary


def canary(functions: Functions, *, of: Canary) -> Function:
    """A mail to the test organism through the public address: the function may do nothing that a stranger may not."""
    function = Function(
        functions,
        "canary",
        timeout=Duration.minutes(2),
        settings=public_address(functions) | {"CANARY_ORGANISM": of.organism},
        repeats=Repeats(most=0, within=Duration.minutes(1)),  # the next run sends the next mail
    )
    function.run_on_schedule(events.Schedule.rate(Duration.minutes(5)))
    return function
