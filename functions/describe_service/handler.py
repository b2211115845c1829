"""Health, the contract, and a clear word for every address that does not exist, unless it was meant for a page."""

import json
import re
from functools import cache
from http import HTTPMethod, HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel, Field

from describe_service.page_links import page_meant
from mailroom import settings
from mailroom.api import resolver
from mailroom.domain.refusals import MethodNotAllowed, RouteNotFound


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


app = resolver.Api()


@app.get(
    "/v1/health",
    operation_id="describe_service",
    summary="Whether the service answers",
    responses={200: {"description": "It does"}},
)
def health() -> Response[Health]:
    """Touches no store: it tells that the API and its functions run."""
    return resolver.answer(Health(status="ok", version=Settings.read().service_version))


@app.get(
    "/v1/openapi.json",
    operation_id="describe_service.contract",
    summary="This contract",
    responses={200: {"description": "OpenAPI 3.1", "content": {resolver.JSON: {"schema": {"type": "object"}}}}},
)
def read_contract() -> Response[dict[str, Any]]:
    """The contract, for programs and people."""
    return Response(200, content_type=resolver.JSON, headers={"Cache-Control": "public, max-age=300"}, body=contract())


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """The two routes. For all the addresses no function serves: the way to the page that one means, else a refusal."""
    if event["routeKey"] != "$default":
        return _known(event, context)
    return _led_on(event, context) if _page(event) else _unknown(event, context)


_known = resolver.entry(app)


def _page(event: resolver.Event) -> str | None:
    is_read = event["requestContext"]["http"]["method"] == HTTPMethod.GET
    return page_meant(event["rawPath"]) if is_read else None


leading = resolver.Api(any_query=True)


@leading.get("/.*")
def lead_on() -> Response[str]:
    """A redirect: the address bar, the history and the page's own addresses are as if the link had never changed."""
    page = _page(leading.current_event.raw_event) or ""
    return Response(HTTPStatus.SEE_OTHER.value, headers={"Location": page}, body="")


_led_on = resolver.entry(leading)


def _refuse(event: resolver.Event) -> None:
    """405 where the path exists, and 404 where it does not."""
    path = event["rawPath"]
    for template, methods in contract()["paths"].items():
        pattern = re.sub(r"\{[^/]+\}", "[^/]+", template)
        if re.fullmatch(pattern, path):
            raise MethodNotAllowed(allowed=", ".join(sorted(method.upper() for method in methods)))
    raise RouteNotFound


_unknown = resolver.entry(app, _refuse)
