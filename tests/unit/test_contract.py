"""The contract says what the handlers do: it is generated from them, whole, and valid."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from infra.commands import contract
from infra.paths import CONTRACT

ROOT = Path(__file__).parents[2]
COMMITTED: dict[str, Any] = json.loads((ROOT / "infra" / "openapi.json").read_text(encoding="utf-8"))
PROBLEM = "application/problem+json"
OPERATIONS = [
    pytest.param(method, path, operation, id=f"{method.upper()} {path}")
    for path, methods in COMMITTED["paths"].items()
    for method, operation in methods.items()
]
API = {
    "GET /v1/organisms": {200, 304, 422, 503},
    "GET /v1/organisms/{organism_id}": {200, 304, 404, 503},
    "POST /v1/mails": {201, 400, 404, 409, 413, 415, 422, 503},
    "GET /v1/mails/{mail_id}": {200, 401, 404, 503},
    "PUT /v1/mails/{mail_id}/letter": {200, 400, 401, 404, 409, 413, 415, 422, 503},
    "POST /v1/mails/{mail_id}/attachments": {201, 400, 401, 404, 409, 413, 415, 422, 503},
    "DELETE /v1/mails/{mail_id}/attachments/{attachment_id}": {204, 401, 404, 409, 503},
    "PUT /v1/mails/{mail_id}/sender": {200, 400, 401, 404, 409, 413, 415, 422, 503},
    "POST /v1/mails/{mail_id}/submission": {200, 201, 401, 404, 409, 503},
    "GET /v1/mails/{mail_id}/receipt": {200, 202, 401, 404, 409, 503},
    "POST /v1/mails/{mail_id}/codes": {200, 401, 403, 404, 409, 503},
    "POST /v1/mails/{mail_id}/not-mine": {204, 401, 404, 409, 503},
    "POST /v1/follow-up": {200, 400, 404, 413, 415, 422, 503},
    "GET /v1/receipts/{verification_code}": {200, 303, 404, 503},
    "GET /v1/receipts/{verification_code}/statement": {200, 404, 503},
    "GET /.well-known/jwks.json": {200, 304, 503},
    "GET /v1/register-heads": {200, 304, 422, 503},
    "GET /v1/register-heads/{date}": {200, 404, 503},
    "GET /v1/inbox": {200, 304, 401, 403, 422, 503},
    "GET /v1/inbox/counts": {200, 304, 401, 403, 503},
    "POST /v1/session": {200, 400, 401, 403, 413, 415, 422, 503},
    "POST /v1/session/challenge": {200, 400, 401, 403, 413, 415, 422, 503},
    "GET /v1/session": {200, 401, 403, 503},
    "DELETE /v1/session": {204, 503},
    "POST /v1/session/forgotten": {202, 400, 413, 415, 422, 503},
    "POST /v1/session/reset": {204, 400, 401, 413, 415, 422, 503},
    "POST /v1/inbox/counter": {201, 400, 401, 403, 404, 409, 413, 415, 422, 503},
    "GET /v1/inbox/statistics": {200, 401, 403, 422, 503},
    "GET /v1/inbox/{number}": {200, 304, 401, 403, 404, 503},
    "GET /v1/inbox/templates": {200, 401, 403, 503},
    "PUT /v1/inbox/templates/{template_id}": {200, 201, 400, 401, 403, 409, 413, 415, 422, 503},
    "DELETE /v1/inbox/templates/{template_id}": {204, 401, 403, 404, 503},
    "GET /v1/inbox/{number}/attachments/{attachment_id}": {200, 401, 403, 404, 409, 410, 503},
    "POST /v1/inbox/{number}/attachments": {201, 400, 401, 403, 404, 409, 413, 415, 422, 503},
    "DELETE /v1/inbox/{number}/attachments/{attachment_id}": {204, 401, 403, 404, 409, 503},
    "POST /v1/inbox/{number}/collection": {200, 201, 401, 403, 404, 503},
    "POST /v1/inbox/{number}/outcome": {200, 201, 400, 401, 403, 404, 409, 413, 415, 422, 503},
    "GET /v1/open-data": {200, 304, 404, 422, 503},
    "GET /v1/open-data.csv": {200, 304, 404, 422, 503},
    "GET /v1/health": {200},
    "GET /v1/openapi.json": {200},
}


_ACTS = ("/submission", "/collection", "/redrive", "/codes", "/not-mine", "/factor-reset")
"""What is done by asking for it, with nothing to say besides."""


def test_the_committed_contract_is_what_the_handlers_say() -> None:
    """When this fails, run `make openapi` and look at the difference."""
    assert contract.written() == CONTRACT.read_text(encoding="utf-8")


def test_the_contract_is_valid_openapi() -> None:
    OpenAPIV31SpecValidator(COMMITTED).validate()


def test_the_contract_has_every_route_of_senders_and_agents_with_its_statuses() -> None:
    stated = {
        f"{method.upper()} {path}": {int(status) for status in operation["responses"]}
        for path, methods in COMMITTED["paths"].items()
        for method, operation in methods.items()
    }
    assert stated.keys() >= API.keys()
    for route, statuses in API.items():
        assert stated[route] == statuses | {422, 429, 500}


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_an_operation_is_a_folder_and_says_what_it_does(method: str, path: str, operation: dict[str, Any]) -> None:
    folder = operation["operationId"].partition(".")[0]
    assert (ROOT / "functions" / folder / "handler.py").is_file()
    assert operation["summary"]
    assert all(answer["description"] for answer in operation["responses"].values())
    assert ("{mail_id}" in path) == (operation.get("security") == [{"access_token": []}])
    assert path.startswith("/v1/inbox") == (operation.get("security") == [{"agent": []}])
    assert ("requestBody" in operation) == (method in {"put", "post"} and not path.endswith(_ACTS))
    assert {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "path"} == {
        part.strip("{}") for part in path.split("/") if part.startswith("{")
    }


def test_no_two_operations_have_one_id() -> None:
    ids = [operation["operationId"] for methods in COMMITTED["paths"].values() for operation in methods.values()]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_every_refusal_is_a_problem_with_an_example(method: str, path: str, operation: dict[str, Any]) -> None:
    for status, answer in operation["responses"].items():
        if int(status) < 400:
            continue
        is_checked = operation.get("security", [{"access_token": []}]) != [{"access_token": []}]
        by_gateway = status == "429" or (status == "401" and is_checked)
        assert ("application/json" in answer["content"]) == by_gateway, (method, path, status)
        if answer["content"].keys() == {"application/json"}:
            assert status == "429"
            continue
        assert answer["content"].keys() - {"application/json"} == {PROBLEM}, (method, path, status)
        said = answer["content"][PROBLEM]
        assert said["schema"] == {"$ref": "#/components/schemas/Problem"}
        for example in said.get("examples", {}).values():
            assert list(validator({"$ref": "#/components/schemas/Problem"}).iter_errors(example["value"])) == []
            assert str(example["value"]["status"]) == status


@pytest.mark.parametrize("name", COMMITTED["components"]["schemas"])
def test_every_schema_is_described_and_agrees_with_its_own_examples(name: str) -> None:
    schema = COMMITTED["components"]["schemas"][name]
    assert schema["description"]
    whole = validator(schema)
    for example in schema.get("examples", []):
        assert list(whole.iter_errors(example)) == []
    for field in schema.get("properties", {}).values():
        for example in field.get("examples", []):
            assert list(validator(field).iter_errors(example)) == []


def test_what_is_sent_may_hold_no_other_field() -> None:
    schemas = COMMITTED["components"]["schemas"]
    for name in (
        "Start",
        "Letter",
        "Announcement",
        "Citizen",
        "Enterprise",
        "Administration",
        "Association",
        "Closing",
    ):
        assert schemas[name]["additionalProperties"] is False


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": COMMITTED["components"]})
