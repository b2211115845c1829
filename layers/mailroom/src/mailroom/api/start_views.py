"""What starts a mail, and what the API answers when it is started and when it is sent."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from mailroom.api.mail_views import Instant, MailId, PrintedNumber
from mailroom.domain.mail import DRAFT, SUBMITTED, Draft, Submitted
from mailroom.domain.organism import Language, OrganismSummary
from mailroom.fields.forms import Form
from mailroom.fields.text import Typed


class Start(Form):
    """The organism, and the language of messages to the sender."""

    model_config = ConfigDict(strict=True)

    organism_id: Annotated[Typed, StringConstraints(max_length=64), Field(examples=["anam"])]
    language: Annotated[Language, Field(examples=["fr"])]


class CounterEntry(Form):
    """The language of the sender who hands in a mail on paper; the organism is the caller's."""

    model_config = ConfigDict(strict=True)

    language: Annotated[Language, Field(examples=["fr"])]


class Started(BaseModel):
    """A new draft. The `access_token` gives access to this mail and is shown only in this answer."""

    mail_id: MailId
    access_token: Annotated[str, Field(examples=["x3JQm0f0H1k5bQyJr4Jp3m8mQ2r9v5mYp3d0b7VZkXo"])]
    status: Annotated[str, Field(examples=[DRAFT])]
    organism: OrganismSummary
    expires_at: Instant


class SubmittedView(BaseModel):
    """The registered mail. Repeating the request gives the same answer."""

    mail_id: MailId
    number: PrintedNumber
    submitted_at: Instant
    status: Literal["submitted"]
    verification_code: Annotated[str, Field(examples=["7Q2M-4C9T-XV3E-8KHA"])]
    follow_up_code: Annotated[str, Field(examples=["K4ZP-90WD-3RTB-6YMJ"])]


def started(draft: Draft, access_token: str) -> Started:
    """The answer that starts a mail."""
    return Started(
        mail_id=draft.mail_id,
        access_token=access_token,
        status=draft.status,
        organism=draft.organism,
        expires_at=draft.expires_at,
    )


def submitted(mail: Submitted, follow_up_code: str) -> SubmittedView:
    """The answer that a mail was sent."""
    return SubmittedView(
        mail_id=mail.mail_id,
        number=mail.submission.number,
        submitted_at=mail.submission.submitted_at,
        status=SUBMITTED,
        verification_code=mail.submission.verification_code,
        follow_up_code=follow_up_code,
    )
