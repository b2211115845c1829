"""The HTTP contract, `infra/openapi.json`, generated from the handlers: `make openapi`."""

import argparse
import importlib
import json
import sys
import tomllib
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.openapi.models import HTTPBearer, SecurityScheme

from infra.paths import CONTRACT, FUNCTIONS, ROOT

_PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457. `detail` is in the language of `Accept-Language` (ar, fr, en; else fr).",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "examples": ["/problems/mail-not-found"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri-reference"},
        "errors": {
            "description": "With 422: the errors, field by field.",
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "missing": {
            "description": "With 409 on submission: `letter`, `sender`, `attachments/<id>`.",
            "type": "array",
            "items": {"type": "string"},
        },
        "outcome": {
            "description": "With 409 on a second outcome: the first one, which is final.",
            "type": "object",
            "required": ["outcome", "at", "by"],
            "properties": {
                "outcome": {"enum": ["answered", "redirected", "rejected"]},
                "at": {"type": "string", "format": "date-time"},
                "by": {"description": "The agent's user name or the program's id.", "type": "string"},
            },
        },
        "genuine": {"description": "With 404 on a verification.", "const": False},
    },
}

_GATEWAY_ANSWER: dict[str, Any] = {
    "title": "GatewayAnswer",
    "description": (
        "The answer of API Gateway itself, before any function runs: in English only, and not a problem document."
    ),
    "type": "object",
    "required": ["message"],
    "properties": {"message": {"type": "string", "examples": ["Too Many Requests", "Unauthorized"]}},
}

_BY_THE_GATEWAY: dict[str, Any] = {"application/json": {"schema": {"$ref": "#/components/schemas/GatewayAnswer"}}}

_FOR_EVERY_ROUTE: dict[str, Any] = {
    "422": {
        "description": "An unknown query parameter.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    },
    "429": {
        "description": (
            "Too many requests. The firewall answers where one address sends too many in five minutes: a problem in "
            "the language of `Accept-Language`, with `Retry-After`, and of the type `application/json`, the only one "
            "that it can send. The gateway itself answers when all callers together exceed its limit, without "
            "`Retry-After`: try again after at least one second."
        ),
        "content": {
            "application/json": {
                "schema": {
                    "anyOf": [{"$ref": "#/components/schemas/Problem"}, {"$ref": "#/components/schemas/GatewayAnswer"}]
                }
            }
        },
    },
    "500": {
        "description": (
            "An unexpected error of the service. Nothing was lost. Report the `X-Request-Id` to the operators."
        ),
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    },
}


_SIGNED_IN_AS = {"agent", "operator"}
_SCHEMES: dict[str, SecurityScheme] = {
    "access_token": HTTPBearer(description="The access token of this one mail."),
    "agent": HTTPBearer(
        bearerFormat="JWT",
        description="An identity token of the user pool. Its group `organism:<organism_id>` gives access to that "
        "organism's inbox. A program uses an access token (client credentials) with scopes: `mailroom/inbox.read` for "
        "GET, `mailroom/inbox.write` for every other method.",
    ),
    "operator": HTTPBearer(
        bearerFormat="JWT", description="An identity token of the user pool with the group `operators`."
    ),
}


def resolvers() -> dict[str, APIGatewayHttpResolver]:
    """The resolver of each HTTP function, by the name of its folder."""
    handlers = sorted(FUNCTIONS.glob("*/handler.py"))
    modules = {path.parent.name: importlib.import_module(f"{path.parent.name}.handler") for path in handlers}
    return {name: module.app for name, module in modules.items() if hasattr(module, "app")}


def contract() -> dict[str, Any]:
    """The whole contract as OpenAPI 3.1."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": "Bureau d'Ordre Digital",
            "version": version,
            "description": "Official mail to Morocco's public bodies in four steps, with a receipt as proof.",
        },
        "paths": {},
        "components": {
            "schemas": {"Problem": _PROBLEM, "GatewayAnswer": _GATEWAY_ANSWER},
            "securitySchemes": {},
        },
    }
    for resolver in resolvers().values():
        part = json.loads(resolver.get_openapi_json_schema(title="", version="", security_schemes=_SCHEMES))
        for path, methods in part["paths"].items():
            document["paths"].setdefault(path, {}).update(methods)
        for name, schema in part["components"].get("schemas", {}).items():
            if document["components"]["schemas"].setdefault(name, schema) != schema:
                msg = f"Two functions have different schemas under the name {name}."
                raise ValueError(msg)
        document["components"]["securitySchemes"] |= part["components"]["securitySchemes"]
    return _tidied(document)


def _tidied(document: dict[str, Any]) -> dict[str, Any]:
    schemas = document["components"]["schemas"]
    # Powertools' schemas of validation errors: this API answers problem documents.
    for foreign in ("HTTPValidationError", "ValidationError", "ResponseValidationError"):
        schemas.pop(foreign, None)
    for methods in document["paths"].values():
        for operation in methods.values():
            responses = operation["responses"]
            for status in ("422", "500"):
                if "ValidationError" in json.dumps(responses.get(status, {})):
                    del responses[status]
            for answer in responses.values():
                if not answer.get("content"):
                    answer.pop("content", None)
            if any(name in _SIGNED_IN_AS for way in operation.get("security", ()) for name in way):
                responses["401"]["description"] += (
                    ". The gateway itself refuses a token that the user pool did not issue"
                )
                responses["401"]["content"] |= _BY_THE_GATEWAY
            if "429" in responses:  # the firewall and the gateway answer so too
                responses["429"]["content"] |= _FOR_EVERY_ROUTE["429"]["content"]
            responses |= {status: answer for status, answer in _FOR_EVERY_ROUTE.items() if status not in responses}
            operation["responses"] = dict(sorted(responses.items()))
    document["paths"] = dict(sorted(document["paths"].items()))
    document["components"]["schemas"] = dict(sorted(schemas.items()))
    return document


def written() -> str:
    """The contract as it is committed."""
    return json.dumps(contract(), ensure_ascii=False, indent=2) + "\n"


def main() -> int:
    """Write the contract, or check the committed one against the handlers; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 when the committed contract is stale"
    )
    checked = parser.parse_args().check
    new = written()
    if not checked:
        CONTRACT.write_text(new, encoding="utf-8")
        return 0
    if CONTRACT.read_text(encoding="utf-8") == new:
        return 0
    sys.stderr.write(
        "infra/openapi.json is not what the handlers say: run `make openapi` and look at the difference.\n"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
