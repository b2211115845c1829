"""Operators enrol an organism, change what is kept about it, suspend it or take it up again."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import Field

from mailroom import aws, settings
from mailroom.api import resolver
from mailroom.domain.organism import Organism, OrganismId, Webhook
from mailroom.domain.refusals import (
    OF_A_BODY,
    OF_AN_OPERATOR,
    CodeFixed,
    CodeTaken,
    FieldError,
    FieldsWrong,
    OrganismNotFound,
)
from mailroom.fields import web_address
from mailroom.fields.mistyped_domains import suggestion
from mailroom.fields.web_address import NotReachableError
from mailroom.organisms import callers
from mailroom.organisms.admission import Admission
from mailroom.organisms.directory import Directory
from mailroom.organisms.enrolment import Enrolment
from mailroom.storage.table import Table


class Settings(settings.Settings):
    """What this function is told; `webhooks_allow_loopback` is true on the local stage alone."""

    table_name: str
    webhooks_secret: str
    webhooks_allow_loopback: bool


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


def table() -> Table:
    """The table."""
    return aws.table(Settings.read().table_name)


app = resolver.Api()


@app.put(
    "/v1/organisms/<organism_id>",
    operation_id="enrol_organism",
    status_code=201,
    summary="Enrol an organism, or change it",
    security=[{"operator": []}],
    responses={
        200: {"description": "The organism, changed or as it was"},
        201: {"description": "The organism, which has joined"},
        **resolver.problem_responses(*OF_A_BODY, *OF_AN_OPERATOR, CodeFixed, CodeTaken),
    },
)
def enrol_organism(
    organism_id: Annotated[OrganismId, Path(examples=["anam"])], enrolment: Enrolment
) -> Response[Enrolled]:
    """A suspended organism takes no new mail from this moment on; its agents keep their inbox.

    What is left out gets its default: the body says all that is to be kept.
    """
    organism = enrolment.of(organism_id)
    former = _webhook_of(organism_id)
    if organism.webhook is not None and organism.webhook != former:
        _require_reachable(organism.webhook)
    saved = Admission(table()).admit(organism)
    status = HTTPStatus.CREATED if saved == "created" else HTTPStatus.OK
    meant = {email: found for email in organism.alerts.emails if (found := suggestion(email))}
    enrolled = Enrolled(**dict(organism), webhook_secret=_secret(organism, former), email_suggestions=meant)
    return resolver.answer(enrolled, status)


def _webhook_of(organism_id: str) -> Webhook | None:
    try:
        return Directory(table()).organism(organism_id).webhook
    except OrganismNotFound:
        return None


def _require_reachable(webhook: Webhook) -> None:
    try:
        web_address.reachable(webhook.url, loopback=Settings.read().webhooks_allow_loopback)
    except NotReachableError:
        raise FieldsWrong(FieldError("webhook.url", "not_reachable")) from None


def _secret(organism: Organism, former: Webhook | None) -> str | None:
    """The secret, for the one caller who sees it."""
    if organism.webhook is None or (former is not None and organism.webhook.secret_version <= former.secret_version):
        return None
    if not Admission(table()).shows_secret(organism.organism_id, organism.webhook.secret_version):
        return None
    keys = aws.webhook_keys(Settings.read().webhooks_secret)
    return keys.secret(organism.organism_id, organism.webhook.secret_version)


handler = resolver.entry(app, callers.operator_guard)
