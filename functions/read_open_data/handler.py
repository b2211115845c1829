"""Open data, for anyone: counts and median waiting times of each organism, a quarter at a time."""

from functools import cached_property
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from mailroom.api import resolver
from mailroom.api.open_data_views import OpenData, open_data, open_data_csv
from mailroom.domain.open_data import Quarter
from mailroom.domain.refusals import FieldError, FieldsWrong, OpenDataNotFound
from mailroom.process import WithBucket
from mailroom.register.open_data_editions import Editions


class Process(WithBucket):
    """Reads editions in the bucket."""

    @cached_property
    def editions(self) -> Editions:
        """The published editions."""
        return Editions(self.s3, self.bucket_name)


process = Process.current
app = resolver.Api()

AskedQuarter = Annotated[
    str | None,
    Query(alias="quarter", max_length=40, description="A published quarter (2026-Q3); the newest where none is asked."),
]

_KEPT = "public, max-age=3600"
_CSV = "text/csv; charset=utf-8"


@app.get(
    "/v1/open-data",
    operation_id="read_open_data",
    summary="Counts and waiting times of each organism",
    responses={
        200: {"description": "One quarter"},
        **resolver.NOT_CHANGED,
        **resolver.problem_responses(FieldsWrong, OpenDataNotFound),
    },
)
def read_open_data(asked: AskedQuarter = None) -> Response[OpenData]:
    """A quarter is published 30 days after its end, and never changes. Small counts are null."""
    return resolver.cacheable(found(asked), app.current_event.raw_event, _KEPT)


@app.get(
    "/v1/open-data.csv",
    operation_id="read_open_data.download",
    summary="The same as CSV",
    responses={
        200: {
            "description": "UTF-8; the header is in French and Arabic, and a masked value is an empty cell",
            "content": {"text/csv": {"schema": {"type": "string"}}},
        },
        **resolver.NOT_CHANGED,
        **resolver.problem_responses(FieldsWrong, OpenDataNotFound),
    },
)
def download(asked: AskedQuarter = None) -> Response[str]:
    """For a spreadsheet."""
    data = found(asked)
    written = open_data_csv(data)
    headers = resolver.validators(written, app.current_event.raw_event, _KEPT)
    name = f"open-data-{data.period.quarter}.csv" if data.period else "open-data.csv"
    headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(HTTPStatus.OK.value, content_type=_CSV, body=written, headers=headers)


def found(asked: str | None) -> OpenData:
    """The edition of the quarter that is asked for, or the newest; an empty one before there is any.

    Raises:
        FieldsWrong: the text is no quarter.
        OpenDataNotFound: this quarter is not published.

    """
    editions = process().editions
    quarters = editions.names()
    if asked is None:
        return open_data(editions.read(quarters[0]) if quarters else None, quarters)
    if Quarter.named(asked) is None:
        raise FieldsWrong(FieldError("quarter", "quarter"))
    edition = editions.read(asked)
    if edition is None:
        raise OpenDataNotFound
    return open_data(edition, quarters)


handler = resolver.entry(app)
