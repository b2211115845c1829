"""Health, the contract, and an answer for each address that does not exist: a page that was meant, or a refusal."""

from http import HTTPMethod, HTTPStatus
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel, Field

from describe_service.page_links import page_meant
from describe_service.page_not_found import language_of, page_not_found
from describe_service.served_contract import contract, refusal_of_path
from mailroom.api import resolver
from mailroom.api.request import HttpEvent, asks_for_page, header
from mailroom.settings import Settings


class Process(Settings):
    """Uses no other service, and so loads no client."""

    service_version: str
    public_url: str


class Health(BaseModel):
    """The service is available."""

    status: Literal["ok"]
    version: Annotated[str, Field(examples=["1.0.0"])]


app = resolver.Api()
elsewhere = resolver.Api(any_query=True)
nowhere = resolver.Api(any_query=True)


@app.get(
    "/v1/health",
    operation_id="describe_service",
    summary="Health of the service",
    responses={200: {"description": "The service is available"}},
)
def health() -> Response[Health]:
    """Touches no store: it tells that the API and its functions run."""
    return resolver.answer(Health(status="ok", version=Process.current().service_version))


@app.get(
    "/v1/openapi.json",
    operation_id="describe_service.contract",
    summary="This contract",
    responses={200: {"description": "OpenAPI 3.1", "content": {resolver.JSON: {"schema": {"type": "object"}}}}},
)
def read_contract() -> Response[dict[str, Any]]:
    """The contract, for programs and people."""
    return Response(200, content_type=resolver.JSON, headers={"Cache-Control": "public, max-age=300"}, body=contract())


@elsewhere.get("/.*")
def lead_on() -> Response[str]:
    """A redirect to the site: browsers carry over what stands behind `#`."""
    leads = page_elsewhere(elsewhere.current_event.raw_event) or ""
    return Response(HTTPStatus.SEE_OTHER.value, headers={"Location": leads}, body="")


@nowhere.get("/.*")
def say_there_is_none() -> Response[str]:
    """The refusal as a page: a person who typed an address reads no JSON."""
    event = nowhere.current_event.raw_event
    language = language_of(event["rawPath"], header(event, "accept-language"))
    return Response(
        HTTPStatus.NOT_FOUND.value,
        content_type="text/html; charset=utf-8",
        headers={"Content-Language": language, "Vary": "Accept, Accept-Language"},
        body=page_not_found(language, Process.current().public_url),
    )


def page_elsewhere(event: HttpEvent) -> str | None:
    """The address of the page that is meant, at the site; None where none is meant.

    None too where this is the site's own address: a stage without a domain has no pages.
    """
    site = Process.current().public_url
    if urlsplit(site).hostname == event["requestContext"].get("domainName"):
        return None
    page = page_meant(event["rawPath"], event.get("rawQueryString", ""))
    return page and f"{site}{page}"


def refuse(event: HttpEvent) -> None:
    """Refuse whatever is asked."""
    raise refusal_of_path(event["rawPath"])


answer_known, answer_page, answer_browser, answer_unknown = (
    resolver.entry(app),
    resolver.entry(elsewhere),
    resolver.entry(nowhere),
    resolver.entry(app, refuse),
)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """The two routes. For all other addresses: the way to the page that is meant, else a refusal."""
    if event["routeKey"] != "$default":
        return answer_known(event, context)
    if event["requestContext"]["http"]["method"] != HTTPMethod.GET:
        return answer_unknown(event, context)
    if page_elsewhere(event):
        return answer_page(event, context)
    return (answer_browser if asks_for_page(event) else answer_unknown)(event, context)
