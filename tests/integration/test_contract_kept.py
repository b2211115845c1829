"""Real answers are of the shape that the contract promises."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.support.in_process.service import ROOT, Answer, Service

CONTRACT: dict[str, Any] = json.loads((ROOT / "infra" / "openapi.json").read_text(encoding="utf-8"))


def keeps(answer: Answer, method: str, path: str, status: int) -> None:
    """Hold an answer against the contract: a status that is stated, of its media type, and of its shape, whole."""
    assert answer.status == status, answer.body
    stated = CONTRACT["paths"][path][method]["responses"][str(status)].get("content", {})
    if not stated:
        assert answer.body == ""
        return
    media_type = answer.headers["Content-Type"]
    schema = {**strict(stated[media_type]["schema"]), "components": strict(CONTRACT["components"])}
    said = answer.body if media_type == "application/jose" else answer.json
    errors = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(said)]
    assert errors == []


def strict(schema: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """A schema whose objects have all the fields they name, and no others: answers never leave one out."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    parts = {name: strict(part) for name, part in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("title") != "Problem":
        parts |= {"additionalProperties": False}
    return parts


def test_answers_are_what_the_contract_promises(service: Service) -> None:
    call = service.call
    keeps(call("GET", "/v1/organisms?limit=3"), "get", "/v1/organisms", 200)
    tag = call("GET", "/v1/organisms").headers["ETag"]
    keeps(call("GET", "/v1/organisms", headers={"If-None-Match": tag}), "get", "/v1/organisms", 304)
    keeps(call("GET", "/v1/organisms?limit=0"), "get", "/v1/organisms", 422)
    keeps(call("GET", "/v1/organisms/anam"), "get", "/v1/organisms/{organism_id}", 200)
    keeps(call("GET", "/v1/organisms/x"), "get", "/v1/organisms/{organism_id}", 404)
    started = call("POST", "/v1/mails", {"organism_id": "anam", "language": "ar"})
    keeps(started, "post", "/v1/mails", 201)
    assert started.headers["Location"] == f"/v1/mails/{started.json['mail_id']}"
    keeps(call("POST", "/v1/mails", {}), "post", "/v1/mails", 422)
    keeps(call("GET", "/.well-known/jwks.json"), "get", "/.well-known/jwks.json", 200)
    keeps(call("GET", "/v1/register-heads"), "get", "/v1/register-heads", 200)
    keeps(call("GET", "/v1/register-heads?limit=x"), "get", "/v1/register-heads", 422)
    keeps(call("GET", "/v1/register-heads/2026-11-22"), "get", "/v1/register-heads/{date}", 404)
    keeps(call("GET", "/v1/health"), "get", "/v1/health", 200)
    keeps(call("GET", "/v1/openapi.json"), "get", "/v1/openapi.json", 200)


def test_a_mails_answers_are_what_the_contract_promises_at_every_step(service: Service) -> None:
    mail = service.start()
    whole, path = "/v1/mails/{mail_id}", f"/v1/mails/{mail.mail_id}"
    keeps(service.call("GET", path, token=mail.token), "get", whole, 200)
    keeps(service.call("GET", path), "get", whole, 401)
    keeps(service.submit(mail), "post", f"{whole}/submission", 409)
    keeps(service.write(mail), "put", f"{whole}/letter", 200)
    keeps(service.identify(mail), "put", f"{whole}/sender", 200)
    announced = service.announce(mail, b"x")
    keeps(announced, "post", f"{whole}/attachments", 201)
    keeps(service.announce(mail, b"x", size=10**12), "post", f"{whole}/attachments", 413)
    one = f"{path}/attachments/{announced.json['attachment_id']}"
    keeps(service.call("DELETE", one, token=mail.token), "delete", f"{whole}/attachments/{{attachment_id}}", 204)
    service.attach(mail)
    submitted = service.submit(mail)
    keeps(submitted, "post", f"{whole}/submission", 201)
    keeps(service.submit(mail), "post", f"{whole}/submission", 200)
    keeps(service.write(mail), "put", f"{whole}/letter", 409)
    keeps(service.call("GET", f"{path}/receipt", token=mail.token), "get", f"{whole}/receipt", 202)
    code = submitted.json["verification_code"]
    keeps(service.call("GET", f"/v1/receipts/{code}"), "get", "/v1/receipts/{verification_code}", 200)
    keeps(
        service.call("GET", f"/v1/receipts/{code}/statement"), "get", "/v1/receipts/{verification_code}/statement", 200
    )
    keeps(service.call("GET", "/v1/receipts/X"), "get", "/v1/receipts/{verification_code}", 404)
    service.receipt_trigger(mail.mail_id)
    keeps(service.call("GET", f"{path}/receipt", token=mail.token), "get", f"{whole}/receipt", 200)
    keeps(service.call("GET", f"/v1/receipts/{code}"), "get", "/v1/receipts/{verification_code}", 200)
    keeps(service.call("GET", path, token=mail.token), "get", whole, 200)
    paper = {"number": submitted.json["number"], "follow_up_code": submitted.json["follow_up_code"]}
    keeps(service.call("POST", "/v1/follow-up", paper), "post", "/v1/follow-up", 200)
    keeps(service.call("POST", "/v1/follow-up", paper | {"number": "x"}), "post", "/v1/follow-up", 404)


@pytest.mark.parametrize("path", ["/v1/health", "/v1/organisms", "/v1/organisms/none", "/nowhere"])
def test_every_answer_has_its_request_id_its_cache_rule_and_security_headers(service: Service, path: str) -> None:
    answer = service.call("GET", path)
    assert answer.headers["X-Request-Id"]
    assert answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
