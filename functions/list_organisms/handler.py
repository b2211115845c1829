"""Step 1: the directory of organisms, from which a sender chooses one."""

from functools import cached_property
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import StringConstraints

from mailroom.api import resolver
from mailroom.api.directory_cursor import cursor_at, place_at
from mailroom.api.organism_views import OrganismDetails, OrganismPage
from mailroom.api.paging import PageSize
from mailroom.domain.organism import ACTIVE, Category
from mailroom.domain.privacy_notice import notice_of
from mailroom.domain.refusals import FieldsWrong, OrganismNotFound
from mailroom.fields.text import Line, is_blank
from mailroom.organisms.directory import Directory
from mailroom.organisms.listing import listed
from mailroom.process import WithTable

_CACHEABLE = "public, max-age=60"
_LONGEST_ID = 64


class Process(WithTable):
    """Reads organisms."""

    @cached_property
    def directory(self) -> Directory:
        """The directory, kept for a minute."""
        return Directory(self.table)


process = Process.current
app = resolver.Api()


@app.get(
    "/v1/organisms",
    operation_id="list_organisms",
    summary="The organisms that take mail",
    responses={
        200: {
            "description": (
                "A page of organisms: with `q` the best matches first, otherwise in the order of their French names"
            )
        },
        **resolver.NOT_CHANGED,
        **resolver.problem_responses(FieldsWrong),
    },
)
def list_organisms(
    category: Annotated[Category | None, Query(description="Only organisms of this category.")] = None,
    q: Annotated[
        Annotated[Line, StringConstraints(max_length=100)] | None,
        Query(
            description=(
                "Words of the name, code or city, in any order. Case, accents, hyphens, apostrophes, the Arabic "
                "article and spelling variants of a letter are ignored. The best matches come first."
            )
        ),
    ] = None,
    limit: Annotated[PageSize, Query(description="Maximum number of items in the page.")] = 25,
    cursor: Annotated[str | None, Query(max_length=1000, description="The `next_cursor` of the previous page.")] = None,
) -> Response[OrganismPage]:
    """Suspended organisms and those for tests are absent. The answer may be up to a minute old."""
    offered = [
        organism
        for organism in process().directory.organisms()
        if organism.status == ACTIVE and not organism.is_test and category in {None, organism.category}
    ]
    after = place_at(cursor) if cursor else None
    found = listed(offered, None if q is None or is_blank(q) else q)
    left = [answer for answer in found if after is None or answer[0] > after]
    page = OrganismPage(
        items=[organism.summary for _, organism in left[:limit]],
        next_cursor=cursor_at(left[limit - 1][0]) if len(left) > limit else None,
    )
    return resolver.cacheable(page, app.current_event.raw_event, _CACHEABLE)


@app.get(
    "/v1/organisms/<organism_id>",
    operation_id="list_organisms.read_organism",
    summary="One organism, its limits and its privacy notice",
    responses={
        200: {"description": "The organism"},
        **resolver.NOT_CHANGED,
        **resolver.problem_responses(OrganismNotFound),
    },
)
def read_organism(organism_id: Annotated[str, Path(examples=["anam"])]) -> Response[OrganismDetails]:
    """Everything a sender needs to know before writing, as it stands now: an organism is there once it is enrolled."""
    if len(organism_id) > _LONGEST_ID:
        raise OrganismNotFound
    organism = process().directory.organism(organism_id)
    details = OrganismDetails(
        **dict(organism.summary),
        status=organism.status,
        accepts=organism.accepts,
        privacy_notice=notice_of(organism.name),
    )
    return resolver.cacheable(details, app.current_event.raw_event, _CACHEABLE)


handler = resolver.entry(app)
