"""What commands find of a deployed stage: the outputs of its stacks, or a sentence that says what is missing."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import boto3
import pytest
from botocore.stub import Stubber

from infra.commands.deployed import NotDeployedError, described
from infra.local.deployment import StateLostError, require_state
from infra.names import Part, stack_name

STAGE = "dev"


class CloudFormation:
    """The service's answers to one question after the other."""

    def __init__(self, session: boto3.Session, stub: Stubber) -> None:
        self.session = session
        self._stub = stub

    def has(self, part: Part, **outputs: str) -> None:
        """Answer that there is a stack."""
        given = [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items()]
        exported = {"OutputKey": "ExportsOutputRefTable", "OutputValue": "t", "ExportName": "BureauOrdre:Table"}
        stack = {"StackName": stack_name(STAGE, part), "CreationTime": 0, "StackStatus": "CREATE_COMPLETE"}
        self._stub.add_response("describe_stacks", {"Stacks": [stack | {"Outputs": [*given, exported]}]})

    def has_not(self, part: Part) -> None:
        """Answer that there is none, as CloudFormation does."""
        missing = f"Stack with id {stack_name(STAGE, part)} does not exist"
        self._stub.add_client_error("describe_stacks", "ValidationError", missing, 400)


@pytest.fixture
def cloudformation(monkeypatch: pytest.MonkeyPatch) -> Iterator[CloudFormation]:
    """A session whose CloudFormation answers what a test says."""
    session = boto3.Session("key", "secret", region_name="eu-west-3")
    client = session.client("cloudformation")
    monkeypatch.setattr(session, "client", lambda _: client)
    with Stubber(client) as stub:
        yield CloudFormation(session, stub)
        stub.assert_no_pending_responses()


def test_the_outputs_of_all_stacks_are_one_list_without_exports(
    cloudformation: CloudFormation,
) -> None:
    cloudformation.has(Part.DATA, TableName="records")
    cloudformation.has(Part.SERVICE, ApiUrl="https://api")
    assert described(cloudformation.session, STAGE).outputs == {"TableName": "records", "ApiUrl": "https://api"}


def test_a_stage_that_is_not_deployed_is_named(cloudformation: CloudFormation) -> None:
    cloudformation.has_not(Part.DATA)
    with pytest.raises(NotDeployedError, match=r"no stack BureauOrdre-dev in eu-west-3: deploy the stage first"):
        described(cloudformation.session, STAGE)


def test_a_stage_that_is_deployed_by_half_is_named_by_what_it_lacks(cloudformation: CloudFormation) -> None:
    cloudformation.has(Part.DATA)
    cloudformation.has_not(Part.SERVICE)
    with pytest.raises(NotDeployedError, match="BureauOrdre-dev-Service"):
        described(cloudformation.session, STAGE)


COMMANDS = {
    "enrol": ["organisms.csv"],
    "export_register": ["anam", "2026"],
    "list_words": ["anam", "2026"],
    "certify_seal": ["request"],
    "access": ["no-machine", "a-client"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_ends_with_that_sentence(command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(_stage: str) -> None:
        raise NotDeployedError("There is no stack BureauOrdre-dev.")

    module = import_module(f"infra.commands.{command}")
    monkeypatch.setattr(module, "deployed", refuse)
    monkeypatch.setattr(sys, "argv", [command, "--stage", STAGE, *COMMANDS[command]])
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match=r"There is no stack BureauOrdre-dev\."):
        module.main()


def test_a_state_that_was_lost_is_told_from_one_of_a_single_stack(cloudformation: CloudFormation) -> None:
    """Neither can be deployed into: the local cloud starts from nothing, and says why."""
    cloudformation.has_not(Part.DATA)
    with pytest.raises(StateLostError, match="killed before it saved"):
        require_state(cloudformation.session)
    cloudformation.has(Part.DATA)
    cloudformation.has_not(Part.SERVICE)
    with pytest.raises(StateLostError, match="older than the division"):
        require_state(cloudformation.session)
