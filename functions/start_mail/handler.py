"""Step 1: a sender chooses a desk, and a draft begins."""

from http import HTTPStatus
from typing import Annotated

import uuid_utils
from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from mailroom import aws, settings
from mailroom.api import resolver
from mailroom.api.mail_views import Instant, MailId
from mailroom.domain import clock
from mailroom.domain.organism import Language, OrganismSummary
from mailroom.domain.refusals import (
    OF_A_BODY,
    OrganismNotFound,
    OrganismSuspended,
    TryAgain,
)
from mailroom.fields.forms import Form
from mailroom.fields.text import Typed
from mailroom.mails.tokens import Tokens
from mailroom.organisms.directory import Directory
from mailroom.storage.mails import Store
from mailroom.storage.table import Table


class Settings(settings.Settings):
    """What this function is told."""

    table_name: str
    tokens_secret: str


class Start(Form):
    """The desk, and the language in which the sender wants to be told."""

    model_config = ConfigDict(strict=True)

    organism_id: Annotated[Typed, StringConstraints(max_length=64), Field(examples=["anam"])]
    language: Annotated[Language, Field(examples=["fr"])]


class Started(BaseModel):
    """A new draft. `access_token` opens this one mail and is shown only here."""

    mail_id: MailId
    access_token: Annotated[str, Field(examples=["x3JQm0f0H1k5bQyJr4Jp3m8mQ2r9v5mYp3d0b7VZkXo"])]
    status: Annotated[str, Field(examples=["draft"])]
    organism: OrganismSummary
    expires_at: Instant


def table() -> Table:
    """The table."""
    return aws.table(Settings.read().table_name)


def tokens() -> Tokens:
    """The maker of tokens."""
    return aws.tokens(Settings.read().tokens_secret)


app = resolver.Api()


@app.post(
    "/v1/mails",
    operation_id="start_mail",
    summary="Start a mail at an organism's desk",
    status_code=201,
    responses={
        201: {"description": "The draft; it lives 24 hours", "headers": {"Location": {"schema": {"type": "string"}}}},
        **resolver.problem_responses(*OF_A_BODY, OrganismNotFound, OrganismSuspended, TryAgain),
    },
)
def start_mail(start: Start) -> Response[Started]:
    """Whoever starts a mail gets the token that opens it; nobody else ever does."""
    organism = Directory(table()).organism(start.organism_id)
    if organism.status == "suspended":
        raise OrganismSuspended
    mail = Store(table()).start(str(uuid_utils.uuid7()), organism, start.language, clock.now())
    resolver.logger.append_keys(mail_id=mail.mail_id)
    started = Started(
        mail_id=mail.mail_id,
        access_token=tokens().access_token(mail.mail_id),
        status=mail.status,
        organism=mail.organism,
        expires_at=mail.expires_at,
    )
    return resolver.answer(started, HTTPStatus.CREATED, {"Location": f"/v1/mails/{mail.mail_id}"})


handler = resolver.entry(app)
