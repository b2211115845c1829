"""Findings of cdk-nag that are accepted, each with its reason."""

from collections.abc import Iterable, Sequence

from aws_cdk import Acknowledgment, Stack, Validations
from constructs import Construct, IConstruct

NO_SECOND_COPY = (
    "No real mail comes into this stage; one that lasts names a second region, and its own stack makes the copy."
)


def acknowledge(scope: IConstruct, finding: str, reason: str) -> None:
    """Accept a finding on a construct and on all below it."""
    Validations.of(scope).acknowledge(Acknowledgment(id=finding, reason=reason))


def acknowledge_own_policy(role: IConstruct) -> None:
    """Accept that a role's permissions are written into the role."""
    acknowledge(
        role,
        "NIST.800.53.R5-IAMNoInlinePolicy",
        "The role serves one resource, and its policy goes with it; a managed one could be attached elsewhere.",
    )


def acknowledge_wildcards(scope: Construct, resources: Sequence[str], reason: str) -> None:
    """Accept that each of these resources of a policy holds a wildcard. Raises TypeError where one is no text."""
    for resource in resources:
        reported = "".join(_as_reported(Stack.of(scope).resolve(resource)))
        acknowledge(scope, f"AwsSolutions-IAM5[Resource::{reported}]", reason)


def _as_reported(value: object) -> Iterable[str]:
    """The parts of a resource's name as cdk-nag writes them: a value known only at deployment stands in `<>`."""
    match value:
        case str():
            yield value
        case {"Fn::Join": ["", [*parts]]}:
            for part in parts:
                yield from _as_reported(part)
        case {"Ref": str(name)}:
            yield f"<{name}>"
        case {"Fn::GetAtt": [name, attribute]}:
            yield f"<{name}.{attribute}>"
        case _:
            raise TypeError(f"A resource's name is made in a way that is not foreseen: {value!r}")
