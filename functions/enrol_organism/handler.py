"""Operators enrol an organism, change what is kept about it, suspend it or take it up again."""

from functools import cached_property
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path

from mailroom.api import resolver
from mailroom.api.organism_views import Enrolled
from mailroom.domain.refusals import OF_A_BODY, OF_AN_OPERATOR, CodeFixed, CodeTaken, TestFixed
from mailroom.fields.mistyped_domains import suggestion
from mailroom.notifying.webhooks import WebhookKeys
from mailroom.organisms import callers
from mailroom.organisms.admission import Admission
from mailroom.organisms.directory import Directory
from mailroom.organisms.enrolment import Enrolment, NewOrganismId, require_reachable
from mailroom.process import WithTable


class Process(WithTable):
    """Writes organisms, and makes the secrets of their webhooks."""

    webhooks_secret: str
    webhooks_allow_loopback: bool
    """True on the local stage alone."""

    @cached_property
    def webhook_keys(self) -> WebhookKeys:
        """Makes the secrets that calls are signed with."""
        return WebhookKeys(self.secret(self.webhooks_secret))


app = resolver.Api()


@app.put(
    "/v1/organisms/<organism_id>",
    operation_id="enrol_organism",
    status_code=201,
    summary="Enrol or update an organism",
    security=[{"operator": []}],
    responses={
        200: {"description": "The organism, updated or unchanged"},
        201: {"description": "The organism is now enrolled"},
        **resolver.problem_responses(*OF_A_BODY, *OF_AN_OPERATOR, CodeFixed, CodeTaken, TestFixed),
    },
)
def enrol_organism(
    organism_id: Annotated[NewOrganismId, Path(examples=["anam"])], enrolment: Enrolment
) -> Response[Enrolled]:
    """A suspended organism takes no new mail from this moment on; its agents keep their inbox.

    What is left out gets its default: the body says all that is to be kept.
    """
    process = Process.current()
    organism, admission = enrolment.of(organism_id), Admission(process.table)
    webhook, former = organism.webhook, Directory(process.table).webhook_of(organism_id)
    if webhook is not None and webhook != former:
        require_reachable(webhook, loopback=process.webhooks_allow_loopback)
    saved = admission.admit(organism)
    secret = None
    version, shown = webhook.secret_version if webhook else 0, former.secret_version if former else 0
    if version > shown and admission.shows_secret(organism_id, version):
        secret = process.webhook_keys.secret(organism_id, version)
    meant = {email: found for email in organism.alerts.emails if (found := suggestion(email))}
    enrolled = Enrolled(**dict(organism), webhook_secret=secret, email_suggestions=meant)
    return resolver.answer(enrolled, HTTPStatus.CREATED if saved == "created" else HTTPStatus.OK)


handler = resolver.entry(app, callers.operator_guard)
