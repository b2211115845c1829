"""HTTP: the resolver all routes share, who may call them, and refusals as problem documents (RFC 9457)."""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotoConnectionError
from pydantic import BaseModel

from mailroom.api import request
from mailroom.api.request import MOST_ERRORS, HttpEvent, header
from mailroom.domain import problems, refusals
from mailroom.domain.codes import Holder, Kind
from mailroom.domain.refusals import FieldError, FieldsWrong, Refusal
from mailroom.mails.tokens import Tokens
from mailroom.operating.logged_errors import logged
from mailroom.storage.busy import TransactionBusyError, is_throttling

type Guard = Callable[[HttpEvent], None]
type Handler = Callable[[HttpEvent, LambdaContext], dict[str, Any]]

ORIGIN_HEADER, ORIGIN_SECRETS = "x-origin-secret", "origin_secrets"
"""The header of the distribution, and the variable of the API's stage that lists what it may hold (`infra/`)."""

JSON, PROBLEM = request.JSON, "application/problem+json"

_HEADERS = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
"""What every answer carries unless the route says otherwise."""

logger = Logger()


class BareAnswer(Exception):  # noqa: N818 - it is no error: the answer is elsewhere, or the caller has it already
    """An answer without a body, of another type than the route's: a status such as 303 or 304, and headers."""

    def __init__(self, status: HTTPStatus, headers: Mapping[str, str]) -> None:
        super().__init__(status.phrase)
        self.status = status
        self.headers = dict(headers)


class Api(APIGatewayHttpResolver):
    """Routes of one function. Bodies and parameters are checked against the route's types; the rest is refused.

    `tags` are the values that tell members of a union apart: they show up in pydantic's error paths,
    not in the request. A body has `most_body_bytes` at most.
    """

    def __init__(
        self,
        *,
        tags: frozenset[str] = frozenset(),
        any_query: bool = False,
        most_body_bytes: int = request.MOST_BODY_BYTES,
    ) -> None:
        super().__init__(
            enable_validation=True,
            # An answer that is not of its route's type is our fault, and not the caller's.
            response_validation_error_http_code=HTTPStatus.INTERNAL_SERVER_ERROR,
            serializer=_dump,
            json_body_deserializer=partial(request.parsed, most_bytes=most_body_bytes),
        )
        self._tags = tags
        if not any_query:
            self.use([_refuse_unknown_query])
        self.exception_handler(Refusal)(self._refused)
        self.exception_handler(RequestValidationError)(self._invalid)
        self.exception_handler(BareAnswer)(lambda bare: Response(bare.status.value, headers=bare.headers))
        # The last resort of every route: the caller gets a problem document and operators get the kind and the place
        # of the error, but not its text, which may quote a person.
        self.exception_handler(Exception)(lambda error: self._refused(refusal_of(error)))
        self.not_found(lambda _error: self._refused(refusals.RouteNotFound()))

    @property
    def language(self) -> str:
        """The language of the answer, by `Accept-Language`."""
        return problems.language_of(header(self.current_event.raw_event, "accept-language"))

    @property
    def request_id(self) -> str:
        """The id of the request, which callers see as `X-Request-Id`, and messages and records carry on."""
        return _request_id(self.current_event.raw_event)

    def refuse(self, refusal: Refusal, event: HttpEvent) -> dict[str, Any]:
        """The answer to a request that was refused before it reached its route."""
        language = problems.language_of(header(event, "accept-language"))
        body = problems.document(refusal, language, instance=f"/requests/{_request_id(event)}")
        headers = {"Content-Type": PROBLEM, "Content-Language": language}
        if refusal.retry_after is not None:
            headers["Retry-After"] = str(refusal.retry_after)
        if refusal.status == HTTPStatus.UNAUTHORIZED:
            headers["WWW-Authenticate"] = "Bearer"
        if allowed := refusal.values.get("allowed"):
            headers["Allow"] = str(allowed)
        return {"statusCode": refusal.status, "headers": headers, "body": _dump(body), "isBase64Encoded": False}

    def _refused(self, refusal: Refusal) -> Response[str]:
        answer = self.refuse(refusal, self.current_event.raw_event)
        content_type = answer["headers"].pop("Content-Type")
        return Response(answer["statusCode"], content_type=content_type, headers=answer["headers"], body=answer["body"])

    def _invalid(self, error: RequestValidationError) -> Response[str]:
        errors = list(error.errors())
        if any(found["loc"] == ("body",) and found["type"] == "missing" for found in errors):
            return self._refused(refusals.NotJson())
        return self._refused(FieldsWrong(*(self._field_error(found) for found in errors[:MOST_ERRORS])))

    def _field_error(self, found: Mapping[str, Any]) -> FieldError:
        path = [str(part) for part in found["loc"][1:]]
        if path and path[0] in self._tags:
            path = path[1:]
        if found["type"].startswith("union_tag"):
            path.append(str(found["ctx"]["discriminator"]).strip("'"))
        values: dict[str, object] = {
            name: str(value).replace(" or ", ", ") for name, value in (found.get("ctx") or {}).items()
        }
        # Lengths are checked after our own rules, where pydantic speaks of a value and not of a text.
        code = f"string_{found['type']}" if values.get("field_type") == "Value" else found["type"]
        return FieldError(".".join(path) or "body", code, values)


def refusal_of(error: Exception) -> Refusal:
    """The refusal that answers an unexpected error: try again when AWS is busy, else an error of ours."""
    busy = isinstance(error, (BotoConnectionError, HTTPClientError, TransactionBusyError)) or (
        isinstance(error, ClientError) and is_throttling(error)
    )
    logger.error("request failed", extra=logged(error))
    return refusals.TryAgain() if busy else refusals.InternalError()


def entry(api: Api, *guards: Guard) -> Handler:
    """The Lambda handler of `api`: `guards` first, then the route, then the headers and one line of log."""

    def handler(event: HttpEvent, context: LambdaContext) -> dict[str, Any]:
        request_id = _request_id(event)
        parameters = event.get("pathParameters") or {}
        logger.set_correlation_id(request_id)
        logger.append_keys(mail_id=parameters.get("mail_id"))
        answer = _answer(api, guards, event, context)
        answer["headers"] = _HEADERS | {"X-Request-Id": request_id} | answer.get("headers", {})
        answer["body"] = answer.get("body") or ""  # null, say of a 304, is not a body to every gateway
        logger.info("answered", extra={"route": event.get("routeKey"), "status": answer["statusCode"]})
        return answer

    return handler


def _answer(api: Api, guards: Iterable[Guard], event: HttpEvent, context: LambdaContext) -> dict[str, Any]:
    try:
        _require_distribution(event)
        for guard in guards:
            guard(event)
        readable = request.readable(event)
    except Refusal as refusal:
        return api.refuse(refusal, event)
    except (ClientError, BotoConnectionError, HTTPClientError) as error:
        return api.refuse(refusal_of(error), event)
    return api.resolve(readable, context)


def _require_distribution(event: HttpEvent) -> None:
    """Raise AddressClosed for a request that came past the distribution and its firewall.

    The distribution sends one of the secrets that the API's stage lists; two of them while one replaces the other. A
    stage that lists none has no distribution.
    """
    accepted = (event.get("stageVariables") or {}).get(ORIGIN_SECRETS)
    if accepted is None:
        return
    given = header(event, ORIGIN_HEADER).encode(errors="replace")
    if not any(secret and hmac.compare_digest(given, secret.encode()) for secret in accepted.split(",")):
        raise refusals.AddressClosed


_HOLDER = "mailroom.holder"
"""Where the event says who comes. Gateways write no such name."""


def sender_guard(tokens: Callable[[], Tokens], *kinds: Kind) -> Guard:
    """Lets through only who holds a token of the mail in the path, of one of some `kinds`; other paths are open.

    Whether the token's version is in force is not known here: `Store` finds out as it reads the mail for `holder`.
    """

    def guard(event: HttpEvent) -> None:
        mail_id = (event.get("pathParameters") or {}).get("mail_id")
        if mail_id is None:
            return
        scheme, _, token = header(event, "authorization").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise refusals.TokenMissing
        holder = tokens().holder(mail_id, token.strip())
        if holder is None or holder.kind not in kinds:
            raise refusals.TokenWrong
        event[_HOLDER] = holder

    return guard


def holder(app: Api) -> Holder:
    """Who comes for the mail in the path, as `sender_guard` found."""
    found: Holder = app.current_event.raw_event[_HOLDER]
    return found


def answer[Model: BaseModel](
    model: Model, status: HTTPStatus = HTTPStatus.OK, headers: Mapping[str, str] | None = None
) -> Response[Model]:
    """A JSON answer."""
    return Response(status.value, content_type=JSON, headers=dict(headers or {}), body=model)


def cacheable[Model: BaseModel](
    model: Model, event: Mapping[str, Any], cache_control: str, *, apart_from: frozenset[str] = frozenset()
) -> Response[Model]:
    """A JSON answer with an entity tag: a strong one, or a weak one that some fields do not count for.

    Raises:
        BareAnswer: the caller holds this very answer (``If-None-Match``, RFC 9110 section 13.1.2).

    """
    counted = model.model_dump_json(exclude=set(apart_from))
    return answer(model, headers=validators(counted, event, cache_control, is_weak=bool(apart_from)))


def validators(content: str, event: Mapping[str, Any], cache_control: str, *, is_weak: bool = False) -> dict[str, str]:
    """The headers of a cacheable answer, with an entity tag. Raises BareAnswer as `cacheable` does."""
    tag = f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'
    headers = {"ETag": f"W/{tag}" if is_weak else tag, "Cache-Control": cache_control}
    known = header(event, "if-none-match")
    if known.strip() == "*" or tag in {one.strip().removeprefix("W/") for one in known.split(",")}:
        raise BareAnswer(HTTPStatus.NOT_MODIFIED, headers)
    return headers


NOT_CHANGED: dict[int, OpenAPIResponse] = {304: {"description": "The caller's copy is current", "content": {}}}
"""The response of a route that answers by `cacheable`."""


@cache
def problem_responses(*kinds: type[Refusal]) -> dict[int, OpenAPIResponse]:
    """The refusals of a route, by status, as OpenAPI's responses. Every route may answer "try again"."""
    schema = {"$ref": "#/components/schemas/Problem"}
    by_status: dict[int, list[type[Refusal]]] = {}
    refused: list[type[Refusal]] = [*kinds, refusals.TryAgain]
    for kind in refused:
        by_status.setdefault(kind.status, []).append(kind)
    return {
        status: {
            "description": "; ".join(problems.words("en", kind.slug)["title"] for kind in alike),
            "content": {PROBLEM: {"schema": schema, "examples": {kind.slug: problems.example(kind) for kind in alike}}},
        }
        for status, alike in by_status.items()
    }


def _refuse_unknown_query(app: APIGatewayHttpResolver, next_middleware: NextMiddleware) -> Response[Any]:
    known = {parameter.alias for parameter in app.context["_route"].dependant.query_params}
    # As it was sent: a parameter that is unknown is so without a value too.
    sent = parse_qs(app.current_event.raw_event.get("rawQueryString", ""), keep_blank_values=True)
    unknown = sorted({*sent, *(app.current_event.query_string_parameters or {})} - known)
    if unknown:
        raise FieldsWrong(*(FieldError(name[:64], "extra_forbidden") for name in unknown[:20]))
    return next_middleware(app)


def _request_id(event: HttpEvent) -> str:
    request_id: str = event["requestContext"]["requestId"]
    return request_id


_dump = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))
