"""Routes that answer with a signed document (a compact JWS) instead of JSON."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse

from mailroom.signatures import jws


def described(description: str) -> dict[int, OpenAPIResponse]:
    """The response of such a route, for OpenAPI."""
    return {200: {"description": description, "content": {jws.MEDIA_TYPE: {"schema": {"type": "string"}}}}}


def answer(document: str, *, cache_control: str | None = None) -> Response[str]:
    """A signed document; without `cache_control`, it is not to be cached."""
    headers = {} if cache_control is None else {"Cache-Control": cache_control}
    return Response(200, content_type=jws.MEDIA_TYPE, body=document, headers=headers)
