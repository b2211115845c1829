"""Operators see who has access, invite a person, shut one out, and reset a lost second factor."""

from functools import cached_property
from http import HTTPStatus
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import AfterValidator, StringConstraints

from mailroom.api import resolver
from mailroom.api.paging import PageSize
from mailroom.api.people_views import Invitation, PeoplePage, Person, person
from mailroom.domain.organism import OrganismId
from mailroom.domain.refusals import (
    OF_A_BODY,
    OF_AN_OPERATOR,
    FieldError,
    FieldsWrong,
    NotYourself,
    OrganismNotFound,
    PersonElsewhere,
    PersonNotFound,
)
from mailroom.fields.text import Line
from mailroom.operating.members import Members
from mailroom.organisms import callers
from mailroom.organisms.directory import Directory
from mailroom.process import WithTable

_BEGINNING = r'^[^\s"\\]+$'
"""Cognito's filters set their values in quotation marks."""


class Process(WithTable):
    """Reads organisms, and reads and changes the accounts of the user pool."""

    user_pool_id: str

    @cached_property
    def members(self) -> Members:
        """The people of the user pool."""
        return Members(self.cognito, self.user_pool_id)


process = Process.current
app = resolver.Api()

PersonId = Annotated[str, Path(examples=["0f9b7c4e-0d3e-4a57-9a5b-4c1c2f6a7d10"])]


@app.get(
    "/v1/operations/people",
    operation_id="manage_people",
    summary="Agents and operators",
    security=[{"operator": []}],
    responses={
        200: {"description": "A page of people"},
        **resolver.problem_responses(*OF_AN_OPERATOR, FieldsWrong),
    },
)
def list_people(
    organism_id: Annotated[OrganismId | None, Query(description="Only the agents of this organism.")] = None,
    role: Annotated[Literal["operator"] | None, Query(description="Only operators.")] = None,
    q: Annotated[
        Annotated[Line, AfterValidator(str.lower), StringConstraints(max_length=254, pattern=_BEGINNING)] | None,
        Query(description="The beginning of an e-mail address, without the other filters."),
    ] = None,
    limit: Annotated[PageSize, Query(description="Maximum number of people in the page; 60 are listed at most.")] = 25,
    cursor: Annotated[str | None, Query(max_length=4000, description="The `next_cursor` of the previous page.")] = None,
) -> Response[PeoplePage]:
    """One filter at a time. People who were shut out have no role: the whole list and `q` show them."""
    chosen = [name for name, value in (("organism_id", organism_id), ("role", role), ("q", q)) if value]
    if len(chosen) > 1:
        raise FieldsWrong(*(FieldError(name, "one_filter") for name in chosen))
    group = callers.organism_group(organism_id) if organism_id else callers.OPERATORS if role else None
    page = process().members.page(group=group, begins=q, limit=limit, token=cursor)
    return resolver.answer(PeoplePage(items=[person(each) for each in page.members], next_cursor=page.next_token))


@app.post(
    "/v1/operations/people",
    operation_id="manage_people.invite",
    status_code=201,
    summary="Invite an agent or an operator",
    security=[{"operator": []}],
    responses={
        200: {"description": "The person has this access already, or has it again"},
        201: {"description": "The person was invited by e-mail"},
        **resolver.problem_responses(*OF_A_BODY, *OF_AN_OPERATOR, PersonElsewhere),
    },
)
def invite(invitation: Invitation) -> Response[Person]:
    """Sending it again changes nothing; an invitation that was not used goes out again after a minute."""
    _require_organism(invitation)
    invited = process().members.invite(
        invitation.email.lower(), organism_id=invitation.organism_id, name=invitation.name
    )
    _note("person invited", invited.member.person_id)
    return resolver.answer(person(invited.member), HTTPStatus.CREATED if invited.is_new else HTTPStatus.OK)


@app.delete(
    "/v1/operations/people/<person_id>",
    operation_id="manage_people.shut_out",
    status_code=204,
    summary="Take all access from a person",
    security=[{"operator": []}],
    responses={
        204: {"description": "The account is disabled and signed out", "content": {}},
        **resolver.problem_responses(*OF_AN_OPERATOR, PersonNotFound, NotYourself),
    },
)
def shut_out(person_id: PersonId) -> Response[None]:
    """The person's sessions end. A token handed out before is valid for 15 minutes at most."""
    process().members.shut_out(person_id, by=_operator().name)
    _note("person shut out", person_id)
    return Response(HTTPStatus.NO_CONTENT.value)


@app.post(
    "/v1/operations/people/<person_id>/factor-reset",
    operation_id="manage_people.reset_factor",
    status_code=204,
    summary="Forget a person's lost authenticator",
    security=[{"operator": []}],
    responses={
        204: {"description": "The next sign-in asks for a new authenticator", "content": {}},
        **resolver.problem_responses(*OF_AN_OPERATOR, PersonNotFound, NotYourself),
    },
)
def reset_factor(person_id: PersonId) -> Response[None]:
    """The person's sessions end: the lost telephone may hold one."""
    process().members.reset_factor(person_id, by=_operator().name)
    _note("second factor reset", person_id)
    return Response(HTTPStatus.NO_CONTENT.value)


def _require_organism(invitation: Invitation) -> None:
    """Raise FieldsWrong unless an agent's organism exists, and an operator has none."""
    if invitation.role == "operator":
        if invitation.organism_id is not None:
            raise FieldsWrong(FieldError("organism_id", "organism_needless"))
        return
    if invitation.organism_id is None:
        raise FieldsWrong(FieldError("organism_id", "missing"))
    try:
        Directory(process().table).organism(invitation.organism_id)
    except OrganismNotFound:
        raise FieldsWrong(FieldError("organism_id", "organism_unknown")) from None


def _operator() -> callers.Caller:
    return callers.caller(app.current_event.raw_event)


def _note(done: str, person_id: str) -> None:
    resolver.logger.info(done, extra={"person_id": person_id, "by": _operator().person_id})


def operator_of_today(event: callers.HttpEvent) -> None:
    """Admit only operators whose account still says so: an operator who was shut out could invite himself again."""
    callers.operator_guard(event)
    process().members.require_operator(callers.caller(event).name)


handler = resolver.entry(app, operator_of_today)
