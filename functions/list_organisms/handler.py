"""Step 1: the directory of organisms, from which a sender chooses a desk."""

import base64
import json
from functools import cache
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter

from mailroom import aws, settings
from mailroom.api import resolver
from mailroom.api.paging import PageSize
from mailroom.domain.organism import Accepts, Category, OrganismSummary, Status
from mailroom.domain.privacy_notice import PrivacyNotice, notice_of
from mailroom.domain.refusals import FieldError, FieldsWrong, OrganismNotFound
from mailroom.fields.text import Line, is_blank
from mailroom.organisms.directory import Directory
from mailroom.organisms.listing import Place, listed

_CACHEABLE = "public, max-age=60"
_LONGEST_ID = 64
_PLACE: TypeAdapter[Place] = TypeAdapter(Place, config=ConfigDict(strict=True))


class Settings(settings.Settings):
    """What this function is told."""

    table_name: str


class OrganismPage(BaseModel):
    """A page of the directory: what a search finds, the likeliest first, else sorted by French name."""

    items: list[OrganismSummary]
    next_cursor: str | None


class OrganismDetails(OrganismSummary):
    """An organism, what it takes, and the notice to read before giving contact details."""

    status: Status
    accepts: Accepts
    privacy_notice: PrivacyNotice


@cache
def directory() -> Directory:
    """The directory, kept in the function for a minute."""
    return Directory(aws.table(Settings.read().table_name))


app = resolver.Api()


@app.get(
    "/v1/organisms",
    operation_id="list_organisms",
    summary="The organisms that take mail",
    responses={
        200: {"description": "A page of organisms: the likeliest first with `q`, else sorted by French name"},
        304: {"description": "What the caller holds is current", "content": {}},
        **resolver.problem_responses(FieldsWrong),
    },
)
def list_organisms(
    category: Annotated[Category | None, Query(description="Only organisms of this category.")] = None,
    q: Annotated[
        Annotated[Line, StringConstraints(max_length=100)] | None,
        Query(
            description="Words in names, code or city, in any order. Case, accents, hyphens, apostrophes, the Arabic "
            "article and ways of writing a letter do not count; the likeliest organisms come first."
        ),
    ] = None,
    limit: Annotated[PageSize, Query(description="Items in a page.")] = 25,
    cursor: Annotated[str | None, Query(max_length=1000, description="The `next_cursor` of the page before.")] = None,
) -> Response[OrganismPage]:
    """Suspended organisms are absent. The answer may be up to a minute old."""
    offered = [
        organism
        for organism in directory().organisms()
        if organism.status == "active" and category in {None, organism.category}
    ]
    after = _place_in(cursor) if cursor else None
    found = listed(offered, None if q is None or is_blank(q) else q)
    left = [answer for answer in found if after is None or answer[0] > after]
    page = OrganismPage(
        items=[organism.summary for _, organism in left[:limit]],
        next_cursor=_cursor(left[limit - 1][0]) if len(left) > limit else None,
    )
    return resolver.cacheable(page, app.current_event.raw_event, _CACHEABLE)


@app.get(
    "/v1/organisms/<organism_id>",
    operation_id="list_organisms.read_organism",
    summary="One organism, what it takes, and its privacy notice",
    responses={
        200: {"description": "The organism"},
        304: {"description": "What the caller holds is current", "content": {}},
        **resolver.problem_responses(OrganismNotFound),
    },
)
def read_organism(organism_id: Annotated[str, Path(examples=["anam"])]) -> Response[OrganismDetails]:
    """Everything a sender needs to know before writing, as it stands now: an organism is there once it is enrolled."""
    if len(organism_id) > _LONGEST_ID:
        raise OrganismNotFound
    organism = directory().organism(organism_id)
    details = OrganismDetails(
        **dict(organism.summary),
        status=organism.status,
        accepts=organism.accepts,
        privacy_notice=notice_of(organism.name),
    )
    return resolver.cacheable(details, app.current_event.raw_event, _CACHEABLE)


def _cursor(place: Place) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _place_in(cursor: str) -> Place:
    # An answer begins behind a place and not behind a number of answers: organisms may join between two pages.
    try:
        return _PLACE.validate_json(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        raise FieldsWrong(FieldError("cursor", "cursor")) from None


handler = resolver.entry(app)
