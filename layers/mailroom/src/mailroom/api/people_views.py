"""The people who have access, as the API shows them to operators."""

from typing import Annotated

from pydantic import BaseModel, Field

from mailroom.domain.organism import OrganismId
from mailroom.fields.email_address import Email
from mailroom.fields.forms import Form
from mailroom.fields.text import Name
from mailroom.operating.members import Member, Role, State


class Invitation(Form):
    """A person to admit. An agent works for one organism, which `organism_id` names; an operator for none."""

    email: Annotated[Email, Field(examples=["nadia@anam.example"])]
    role: Role
    organism_id: Annotated[OrganismId | None, Field(examples=["anam"])] = None
    name: Annotated[Name | None, Field(description="The person's name.", examples=["Nadia Alaoui"])] = None


class Person(BaseModel):
    """A person who has access, or had it."""

    person_id: Annotated[str, Field(examples=["0f9b7c4e-0d3e-4a57-9a5b-4c1c2f6a7d10"])]
    username: Annotated[str, Field(description="The e-mail address that the person signs in with.")]
    name: str | None
    role: Annotated[Role | None, Field(description="Null if the person has no access.")]
    organism_id: Annotated[str | None, Field(description="The organism of an agent.")]
    state: Annotated[
        State,
        Field(description="`invited`: the first password has not been used yet. `shut_out`: the account is disabled."),
    ]
    second_factor: Annotated[bool, Field(description="Whether an authenticator is set up.")]
    changed_at: Annotated[
        str,
        Field(
            description="When the account last changed; for an invited person, when the invitation was last sent.",
            examples=["2026-11-22T10:15:30.123Z"],
        ),
    ]


class PeoplePage(BaseModel):
    """A page of people, in no particular order. It may hold fewer than were asked for."""

    items: list[Person]
    next_cursor: str | None


def person(member: Member) -> Person:
    """A person of the user pool."""
    return Person(
        person_id=member.person_id,
        username=member.username,
        name=member.name,
        role=member.role,
        organism_id=member.organism_id,
        state=member.state,
        second_factor=member.second_factor,
        changed_at=member.changed_at,
    )
