"""The AWS SDK: the locked one, in the layer, with the data of the services that functions use and of no others.

Lambda's runtime has one too, of a version that AWS chooses; AWS recommends to package the SDK:
https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html ("Runtime-included SDK versions").
"""

import ast
import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from infra.functions.bundling import SDK_DATA, SDK_SERVICES
from infra.local.interpreter import ensure_interpreter
from tests.support.inspection.synthesised import ROOT, Synthesised

_CLIENTS = """
import json, sys
import boto3, botocore, s3transfer, jmespath, urllib3, dateutil
made = {service: boto3.client(service) for service in sys.argv[1:]}
url = made["s3"].generate_presigned_url("put_object", Params={"Bucket": "bureau", "Key": "a"})
assert made["s3"].get_paginator("list_objects_v2") and made["dynamodb"].get_paginator("query")
found = {
    "from": [module.__file__ for module in (boto3, botocore, s3transfer, jmespath, urllib3, dateutil)],
    "services": sorted(made),
    "url": url,
    "scans": hasattr(made["guardduty"], "send_object_malware_scan"),
    "resets": hasattr(made["cognito-idp"], "admin_delete_software_token"),
    "version": boto3.__version__,
}
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def layer(stages: Mapping[str, Synthesised]) -> Path:
    """The layer of the stage whose functions run on this machine."""
    found = stages["local"].of_type("AWS::Lambda::LayerVersion")
    return next(
        stages["local"].asset(each["Content"]) / "python" for name, each in found.items() if name.startswith("Mailroom")
    )


@pytest.fixture(scope="module")
def fresh(layer: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """What a fresh process of a function finds, which has the layer before the runtime's own packages."""
    done = subprocess.run(
        [str(ensure_interpreter().python), "-s", "-B", "-c", _CLIENTS, *sorted(SDK_SERVICES)],
        env={"PYTHONPATH": str(layer), "PYTHONSAFEPATH": "1", "AWS_DEFAULT_REGION": "eu-west-3"}
        | {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_EC2_METADATA_DISABLED": "true"},
        cwd=tmp_path_factory.mktemp("function"),
        capture_output=True,
        text=True,
        check=True,
    )
    found: Mapping[str, Any] = json.loads(done.stdout)
    return found


def test_functions_get_the_sdk_from_the_layer_though_the_runtime_has_one(fresh: Mapping[str, Any], layer: Path) -> None:
    assert [path for path in fresh["from"] if not path.startswith(f"{layer}/")] == []
    assert f"boto3=={fresh['version']} " in (ROOT / "layers/mailroom/requirements.txt").read_text()


def test_every_client_can_be_made_and_presigns_with_the_pruned_data(fresh: Mapping[str, Any]) -> None:
    assert fresh["services"] == sorted(SDK_SERVICES)
    assert fresh["url"].startswith("https://bureau.s3")


def test_the_locked_sdk_knows_the_young_call_that_requests_a_scan(fresh: Mapping[str, Any]) -> None:
    """`chase_scans` would end with AttributeError.

    https://docs.aws.amazon.com/guardduty/latest/APIReference/API_SendObjectMalwareScan.html
    """
    assert fresh["scans"]


def test_the_locked_sdk_knows_the_young_call_that_resets_an_authenticator(fresh: Mapping[str, Any]) -> None:
    """`manage_people` would end with AttributeError, on no stage but those with a second factor."""
    assert fresh["resets"]


def test_the_layer_holds_the_data_of_these_services_and_no_others(layer: Path) -> None:
    assert {path.name for path in (layer / "botocore/data").iterdir()} == SDK_DATA
    for service in SDK_SERVICES:
        newest = max((layer / "botocore/data" / service).iterdir())
        names = {path.name for path in newest.iterdir()}
        assert {"service-2.json.gz", "endpoint-rule-set-1.json.gz"} <= names
        assert "examples-1.json" not in names


def test_the_list_of_services_is_that_of_the_clients_that_functions_make() -> None:
    sources = [*ROOT.glob("functions/**/*.py"), *ROOT.glob("layers/*/src/**/*.py")]
    made = {service for source in sources for service in _clients_in(source)}
    assert made == SDK_SERVICES


def _clients_in(source: Path) -> Iterator[str]:
    """The services of `boto3.client("…")`. Raises AssertionError for a service that is no literal, or a resource."""
    for node in ast.walk(ast.parse(source.read_text())):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name("boto3"), attr="client"), args=[ast.Constant(str(name))]):
                yield name
            case ast.Attribute(value=ast.Name("boto3"), attr="client" | "resource" | "Session"):
                assert node.attr == "client", f"{source}: the layer holds what clients need"
