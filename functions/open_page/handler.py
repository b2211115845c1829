"""The two public pages: a sender follows a mail, and anyone verifies a receipt."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse

from mailroom import settings
from mailroom.api import resolver
from open_page.pages import Name, page

_HTML: dict[int, OpenAPIResponse] = {
    200: {"description": "The page", "content": {"text/html": {"schema": {"type": "string"}}}}
}


class Settings(settings.Settings):
    """The pages are told nothing: they ask the API that serves them."""


# Links from mailers and messengers come with parameters of their own.
app = resolver.Api(any_query=True)


@app.get("/suivi", operation_id="open_page.follow_up", summary="The follow-up page", responses=_HTML)
def follow_up() -> Response[str]:
    """The number and the code may follow `#`, which browsers keep to themselves."""
    return _shown("follow_up")


@app.get(
    "/s", operation_id="open_page.follow_up_by_sms", summary="The follow-up page, for short links", responses=_HTML
)
def follow_up_by_sms() -> Response[str]:
    """The page of `/suivi` under the address that an SMS has room for."""
    return _shown("follow_up")


@app.get("/verifier", operation_id="open_page.verify", summary="The verification page", responses=_HTML)
def verify() -> Response[str]:
    """The code may follow `#`."""
    return _shown("verify")


def _shown(name: Name) -> Response[str]:
    shown = page(name)
    return Response(
        200,
        content_type="text/html; charset=utf-8",
        body=shown.html,
        headers={
            "Content-Security-Policy": shown.policy,
            "Cache-Control": "public, max-age=300",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        },
    )


handler = resolver.entry(app)
