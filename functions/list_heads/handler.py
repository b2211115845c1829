"""The registers' heads, for anyone to keep: a copy shows whether a register was rewritten since."""

from functools import cached_property
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from mailroom.api import resolver, signed_documents
from mailroom.api.head_views import HeadPage, HeadView
from mailroom.api.paging import PageSize
from mailroom.domain.refusals import FieldError, FieldsWrong, HeadNotFound
from mailroom.process import WithBucket
from mailroom.register.heads import PublishedHeads, is_day


class Process(WithBucket):
    """Reads heads in the bucket."""

    @cached_property
    def heads(self) -> PublishedHeads:
        """The published heads."""
        return PublishedHeads(self.s3, self.bucket_name)


process = Process.current
app = resolver.Api()


@app.get(
    "/v1/register-heads",
    operation_id="list_heads",
    summary="The daily heads of all registers, newest first",
    responses={
        200: {"description": "A page of heads"},
        **resolver.NOT_CHANGED,
        **resolver.problem_responses(FieldsWrong),
    },
)
def list_heads(
    limit: Annotated[PageSize, Query(description="Maximum number of items in the page.")] = 25,
    cursor: Annotated[str | None, Query(max_length=1000, description="The `next_cursor` of the previous page.")] = None,
) -> Response[HeadPage]:
    """Keep the newest, or all of them: each names its predecessor by its digest."""
    if cursor is not None and not is_day(cursor):
        raise FieldsWrong(FieldError("cursor", "cursor"))
    found = process().heads.newest(limit + 1, before=cursor)
    page = HeadPage(
        items=[HeadView(date=day, url=f"/v1/register-heads/{day}") for day in found[:limit]],
        next_cursor=found[limit - 1] if len(found) > limit else None,
    )
    return resolver.cacheable(page, app.current_event.raw_event, "public, max-age=300")


@app.get(
    "/v1/register-heads/<date>",
    operation_id="list_heads.read_head",
    summary="The head of a day, signed (JWS)",
    responses={
        **signed_documents.described(
            "A compact JWS (ES256), signed by a key of `/.well-known/jwks.json`. The payload holds each "
            "register's last rank with the digest of that entry, and names the previous head"
        ),
        **resolver.problem_responses(HeadNotFound),
    },
)
def read_head(date: Annotated[str, Path(examples=["2026-11-22"])]) -> Response[str]:
    """It never changes."""
    signed = process().heads.read(date) if is_day(date) else None
    if signed is None:
        raise HeadNotFound
    return signed_documents.answer(signed, cache_control="public, max-age=31536000, immutable")


handler = resolver.entry(app)
