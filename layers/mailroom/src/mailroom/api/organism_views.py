"""Organisms as the API answers them."""

from typing import Annotated

from pydantic import BaseModel, Field

from mailroom.domain.organism import Accepts, Organism, OrganismSummary, Status
from mailroom.domain.privacy_notice import PrivacyNotice


class OrganismPage(BaseModel):
    """A page of the directory: what a search finds, the likeliest first, else sorted by French name."""

    items: list[OrganismSummary]
    next_cursor: str | None


class OrganismDetails(OrganismSummary):
    """An organism, what it takes, and the notice to read before giving contact details."""

    status: Status
    accepts: Accepts
    privacy_notice: PrivacyNotice


class Enrolled(Organism):
    """An organism as it is now enrolled."""

    webhook_secret: Annotated[
        str | None,
        Field(
            description="What the calls to the webhook are signed with (Standard Webhooks). It is shown once, in "
            "the answer that sets a `secret_version` higher than any before, and null otherwise: send the next one for "
            "another secret.",
            examples=["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"],
        ),
    ]
    email_suggestions: Annotated[
        dict[str, str],
        Field(
            description="Addresses to alert whose domain looks mistyped, with those that may be meant.",
            examples=[{"bureau@gmail.con": "bureau@gmail.com"}],
        ),
    ]
