"""Organisms as the API answers them."""

from typing import Annotated

from pydantic import BaseModel, Field

from mailroom.domain.organism import Accepts, Organism, OrganismStatus, OrganismSummary
from mailroom.domain.privacy_notice import PrivacyNotice


class OrganismPage(BaseModel):
    """A page of the directory: the best matches of a search first, otherwise in the order of French names."""

    items: list[OrganismSummary]
    next_cursor: str | None


class OrganismDetails(OrganismSummary):
    """An organism, its limits, and the privacy notice to show before contact details are entered."""

    status: OrganismStatus
    accepts: Accepts
    privacy_notice: PrivacyNotice


class Enrolled(Organism):
    """An organism after its enrolment or update."""

    webhook_secret: Annotated[
        str | None,
        Field(
            description=(
                "The secret that signs the calls to the webhook (Standard Webhooks). It is shown once, in the answer "
                "to a request whose `secret_version` is higher than any before, and null otherwise. To replace the "
                "secret, send the next version."
            ),
            examples=["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"],
        ),
    ]
    email_suggestions: Annotated[
        dict[str, str],
        Field(
            description="Alert addresses whose domain looks mistyped, with the addresses that may be meant.",
            examples=[{"bureau@gmail.con": "bureau@gmail.com"}],
        ),
    ]
