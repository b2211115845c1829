"""Findings of cdk-nag that are accepted, each with its reason."""

from collections.abc import Iterable, Sequence

from aws_cdk import Acknowledgment, Stack, Validations
from constructs import Construct, IConstruct


def acknowledge(scope: IConstruct, finding: str, reason: str) -> None:
    """Accept a finding on a construct and on all below it."""
    Validations.of(scope).acknowledge(Acknowledgment(id=finding, reason=reason))


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
