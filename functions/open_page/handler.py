"""The two public pages: a sender follows a mail, and anyone verifies a receipt."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse

from mailroom.api import resolver
from open_page.pages import Name, page

HTML: dict[int, OpenAPIResponse] = {
    200: {"description": "The page", "content": {"text/html": {"schema": {"type": "string"}}}}
}

# Links from mailers and messengers come with parameters of their own.
app = resolver.Api(any_query=True)


@app.get("/suivi", operation_id="open_page.follow_up", summary="The follow-up page", responses=HTML)
def follow_up() -> Response[str]:
    """The number and the code may follow `#`, which browsers keep to themselves."""
    return shown("follow_up")


@app.get("/s", operation_id="open_page.follow_up_by_sms", summary="The follow-up page, for short links", responses=HTML)
def follow_up_by_sms() -> Response[str]:
    """The page of `/suivi` under the address that an SMS has room for."""
    return shown("follow_up")


@app.get("/verifier", operation_id="open_page.verify", summary="The verification page", responses=HTML)
def verify() -> Response[str]:
    """The code may follow `#`."""
    return shown("verify")


def shown(name: Name) -> Response[str]:
    """The page of that name."""
    found = page(name)
    return Response(200, content_type="text/html; charset=utf-8", body=found.html, headers=found.headers)


handler = resolver.entry(app)
