"""A deployment while people use the service: each answer is of the old version or of the new one, and each comes."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from infra.local.local_stack import LocalStack
from infra.names import LIVE, Part, stack_name

STACK = stack_name("local", Part.SERVICE)
FUNCTION = "bureau-ordre-local-describe-service"
ASSETS = "cdk-hnb659fds-assets-000000000000-{region}"


class Deployments:
    """Updates of the service stack, as the CDK makes them from a template."""

    def __init__(self, stack: LocalStack) -> None:
        session = stack.session()
        self._region, self._s3 = stack.region, session.client("s3")
        self._cloudformation, self._functions = session.client("cloudformation"), session.client("lambda")
        template: Any = self._cloudformation.get_template(StackName=STACK)["TemplateBody"]
        self.first: dict[str, Any] = json.loads(template) if isinstance(template, str) else dict(template)
        # the addresses of this machine, which the local stage gives its functions after a deployment
        live = self._functions.get_function_configuration(FunctionName=FUNCTION, Qualifier=LIVE)
        self._variables(self.first).update(live["Environment"]["Variables"])

    def with_version(self, version: str) -> dict[str, Any]:
        """The template after a change of one function's setting: the CDK names a version by all that it is made of."""
        changed: dict[str, Any] = json.loads(json.dumps(self.first))
        resources = changed["Resources"]
        function = self._function(changed)
        self._variables(changed)["SERVICE_VERSION"] = version
        (old,) = (
            name
            for name, each in resources.items()
            if each["Type"] == "AWS::Lambda::Version" and each["Properties"]["FunctionName"] == {"Ref": function}
        )
        text = json.dumps(changed)
        assert f'"{old}"' in text
        renamed: dict[str, Any] = json.loads(text.replace(f'"{old}"', f'"{old}{version.title()}"'))
        return renamed

    def _function(self, template: dict[str, Any]) -> str:
        resources = template["Resources"].items()
        (name,) = (name for name, each in resources if each.get("Properties", {}).get("FunctionName") == FUNCTION)
        return str(name)

    def _variables(self, template: dict[str, Any]) -> dict[str, Any]:
        properties: dict[str, Any] = template["Resources"][self._function(template)]["Properties"]
        variables: dict[str, Any] = properties["Environment"]["Variables"]
        return variables

    def deploy(self, template: dict[str, Any]) -> None:
        """Update the stack, and wait until that is done."""
        bucket = ASSETS.format(region=self._region)
        self._s3.put_object(Bucket=bucket, Key="changed.template.json", Body=json.dumps(template).encode())
        self._cloudformation.update_stack(
            StackName=STACK,
            TemplateURL=f"https://s3.{self._region}.amazonaws.com/{bucket}/changed.template.json",
            Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
            Parameters=[{"ParameterKey": name, "UsePreviousValue": True} for name in template.get("Parameters", {})],
        )
        waiter = self._cloudformation.get_waiter("stack_update_complete")
        waiter.wait(StackName=STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 120})

    def live(self) -> int:
        """The number of the function's version that is live."""
        return int(self._functions.get_alias(FunctionName=FUNCTION, Name=LIVE)["FunctionVersion"])

    def versions(self) -> set[str]:
        """The function's published versions."""
        found = self._functions.list_versions_by_function(FunctionName=FUNCTION)["Versions"]
        return {each["Version"] for each in found} - {"$LATEST"}


@pytest.fixture
def deployments(stack: LocalStack) -> Iterator[Deployments]:
    """Deployments, the last of which is as the first one was."""
    made = Deployments(stack)
    yield made
    made.deploy(made.first)


@contextmanager
def asking(ask: Callable[[], httpx.Response]) -> Iterator[list[httpx.Response]]:
    """What a client is answered that asks all the time."""
    answers: list[httpx.Response] = []
    ended = threading.Event()

    def go_on() -> None:
        while not ended.is_set():
            answers.append(ask())

    client = threading.Thread(target=go_on)
    client.start()
    try:
        yield answers
    finally:
        ended.set()
        client.join()


def test_a_deployment_moves_the_alias_and_every_request_meanwhile_is_answered(
    deployments: Deployments, api: httpx.Client
) -> None:
    deployments.deploy(deployments.with_version("before"))
    first = deployments.live()
    with asking(lambda: api.get("/v1/health")) as answers:
        deployments.deploy(deployments.with_version("next"))
        answers.append(api.get("/v1/health"))
    assert {answer.status_code for answer in answers} == {200}
    said = [answer.json()["version"] for answer in answers]
    assert set(said) == {"before", "next"}
    assert deployments.live() > first
    assert str(first) not in deployments.versions(), "it is deleted when nothing names it any more"


def test_what_is_live_is_a_published_version_that_nothing_changes(stack: LocalStack) -> None:
    """The addresses of this machine are in it, so that links in receipts lead here."""
    functions = stack.session().client("lambda")
    live = functions.get_function_configuration(FunctionName="bureau-ordre-local-render-receipt", Qualifier=LIVE)
    assert live["Version"] != "$LATEST"
    assert live["Environment"]["Variables"]["PUBLIC_URL"] == stack.site_url
