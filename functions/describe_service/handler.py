"""Health, the contract, and a clear word for every address that does not exist."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel, Field

from mailroom import http, settings
from mailroom.refusals import MethodNotAllowed, RouteNotFound


class Settings(settings.Settings):
    """What this function is told."""

    service_version: str


class Health(BaseModel):
    """The service answers."""

    status: Literal["ok"]
    version: Annotated[str, Field(examples=["1.0.0"])]


@cache
def contract() -> dict[str, Any]:
    """The contract as it was generated from the handlers."""
    text = (Path(__file__).parent / "openapi.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


app = http.Api()


@app.get(
    "/v1/health",
    operation_id="describe_service",
    summary="Whether the service answers",
    responses={200: {"description": "It does"}},
)
def health() -> Response[Health]:
    """Touches no store: it tells that the API and its functions run."""
    return http.answer(Health(status="ok", version=Settings.read().service_version))


@app.get(
    "/v1/openapi.json",
    operation_id="describe_service.contract",
    summary="This contract",
    responses={200: {"description": "OpenAPI 3.1", "content": {http.JSON: {"schema": {"type": "object"}}}}},
)
def read_contract() -> Response[dict[str, Any]]:
    """The contract, for programs and people."""
    return Response(200, content_type=http.JSON, headers={"Cache-Control": "public, max-age=300"}, body=contract())


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """The two routes; for all the addresses no function serves, 405 where the path exists and 404 where it does not."""
    return _known(event, context) if event["routeKey"] != "$default" else _unknown(event, context)


_known = http.entry(app)


def _refuse(event: http.Event) -> None:
    path = event["rawPath"]
    for template, methods in contract()["paths"].items():
        pattern = re.sub(r"\{[^/]+\}", "[^/]+", template)
        if re.fullmatch(pattern, path):
            raise MethodNotAllowed(allowed=", ".join(sorted(method.upper() for method in methods)))
    raise RouteNotFound


_unknown = http.entry(app, _refuse)
