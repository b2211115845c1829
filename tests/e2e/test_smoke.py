"""What `make smoke` says of a stage that really runs: the local cloud."""

import ssl

import pytest

from infra.commands.deployed import described
from infra.commands.smoke import CHECKS, as_text, fetch_trusting, is_complete, place_of
from infra.commands.smoke_findings import FetchError, Line, Place, State, Unreachable, run
from infra.local.assembly import STAGE
from infra.local.local_stack import LocalStack
from infra.local.sender_client import Sent
from infra.stage import Stage
from infra.stored_names import chain_object


@pytest.fixture(scope="module")
def place(stack: LocalStack, in_head: Sent) -> Place:
    """The local cloud, with the day's head published."""
    assert in_head.number
    where = described(stack.session(), STAGE)
    return place_of(Stage.load("local"), where, stack.api_url, stack.ca_file)


@pytest.fixture(scope="module")
def lines(place: Place) -> list[Line]:
    return run(CHECKS, place)


def states(lines: list[Line]) -> dict[str, set[State]]:
    found: dict[str, set[State]] = {}
    for line in lines:
        found.setdefault(line.check, set()).add(line.finding.state)
    return found


def test_the_local_cloud_lacks_nothing_that_it_can_have(lines: list[Line]) -> None:
    assert is_complete(lines), as_text(lines)
    there = {
        "public address",
        "seal",
        "register heads",
        "e-mail sender",
        "data key",
        "backups",
        "organisms",
        "operators",
    }
    assert {check for check, found in states(lines).items() if State.GOOD in found} == there


def test_what_the_local_cloud_has_not_is_said_to_be_none_of_it(lines: list[Line]) -> None:
    absent = {
        "certificate",
        "distribution",
        "pages",
        "gateway",
        "e-mail account",
        "SMS",
        "alarm addresses",
        "malware scan",
    }
    absent |= {"account", "alarms", "copies of files", "trail", "executions"}
    assert {check for check, found in states(lines).items() if found == {State.NOT_HERE}} == absent
    assert {line.check for line in lines} == {check.name for check in CHECKS}


def test_a_seal_that_is_gone_is_missed_and_said_to_stop_receipts(place: Place, stack: LocalStack) -> None:
    storage = stack.session().client("s3")
    bucket, key = place.where.outputs["BucketName"], chain_object(place.where.outputs["SealKeyNames"].split(",")[0])
    chain = storage.get_object(Bucket=bucket, Key=key)["Body"].read()
    removed = storage.delete_object(Bucket=bucket, Key=key)
    try:
        found = states(run([check for check in CHECKS if check.name == "seal"], place))
        assert found == {"seal": {State.MISSING}}
    finally:
        storage.delete_object(Bucket=bucket, Key=key, VersionId=removed["VersionId"])
    assert storage.get_object(Bucket=bucket, Key=key)["Body"].read() == chain


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://no-such-name.invalid/v1/health", Unreachable.NO_ADDRESS),
        ("https://127.0.0.1:9/v1/health", Unreachable.NO_ANSWER),
    ],
)
def test_why_an_address_does_not_answer_is_told_apart(url: str, reason: Unreachable) -> None:
    with pytest.raises(FetchError) as failure:
        fetch_trusting(ssl.create_default_context(), url)
    assert failure.value.reason is reason


def test_a_certificate_that_the_machine_does_not_trust_is_told_apart(stack: LocalStack) -> None:
    with pytest.raises(FetchError) as failure:
        fetch_trusting(ssl.create_default_context(), f"{stack.api_url}/v1/health")
    assert failure.value.reason is Unreachable.NO_TRUST
