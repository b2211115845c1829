"""Operators enrol an organism, change what is kept about it, suspend it or take it up again."""

from functools import cached_property
from http import HTTPStatus
from time import monotonic as ticks
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Path

from mailroom.api import resolver
from mailroom.api.enrolled_items import enrolled_organism
from mailroom.api.organism_views import (
    MOST_WRONG,
    DirectoryCheck,
    DirectoryFile,
    DirectoryLoad,
    Enrolled,
    EnrolledDetails,
    WrongRow,
)
from mailroom.api.request import MOST_DIRECTORY_BYTES
from mailroom.domain.refusals import (
    OF_A_BODY,
    OF_AN_OPERATOR,
    CodeFixed,
    CodeTaken,
    DirectoryRefused,
    OrganismChanged,
    OrganismExists,
    OrganismNotFound,
    TestFixed,
)
from mailroom.fields.mistyped_domains import suggestion
from mailroom.notifying.webhooks import WebhookKeys
from mailroom.organisms import callers
from mailroom.organisms.admission import NONE_YET, Admission, version_of
from mailroom.organisms.directory import Directory
from mailroom.organisms.directory_file import BadRowsError, read_directory
from mailroom.organisms.enrolment import Enrolment, NewOrganismId, require_reachable
from mailroom.process import WithTable
from mailroom.storage.item_keys import organism_key


class Process(WithTable):
    """Writes organisms, and makes the secrets of their webhooks."""

    webhooks_secret: str
    webhooks_allow_loopback: bool
    """True on the local stage alone."""

    @cached_property
    def webhook_keys(self) -> WebhookKeys:
        """Makes the secrets that calls are signed with."""
        return WebhookKeys(self.secret(self.webhooks_secret))


process = Process.current
app = resolver.Api(most_body_bytes=MOST_DIRECTORY_BYTES)

_LONGEST_ID = 64
_ENOUGH_SECONDS = 15.0
"""API Gateway waits for 30 seconds: the operator sends the file again for the organisms that are left."""


@app.put(
    "/v1/organisms/<organism_id>",
    operation_id="enrol_organism",
    status_code=201,
    summary="Enrol or update an organism",
    security=[{"operator": []}],
    responses={
        200: {"description": "The organism, updated or unchanged"},
        201: {"description": "The organism is now enrolled"},
        **resolver.problem_responses(
            *OF_A_BODY, *OF_AN_OPERATOR, CodeFixed, CodeTaken, TestFixed, OrganismChanged, OrganismExists
        ),
    },
)
def enrol_organism(
    organism_id: Annotated[NewOrganismId, Path(examples=["anam"])],
    enrolment: Enrolment,
    if_match: Annotated[
        str | None,
        Header(max_length=100, description="The `version` that was read: a change made since is not overwritten."),
    ] = None,
    if_none_match: Annotated[
        str | None, Header(max_length=100, description="`*`: only if no organism has this id yet.")
    ] = None,
) -> Response[Enrolled]:
    """A suspended organism takes no new mail from this moment on; its agents keep their inbox.

    What is left out gets its default: the body says all that is to be kept.
    """
    seen = NONE_YET if if_none_match == "*" else _tag_in(if_match)
    organism, admission = enrolment.of(organism_id), Admission(process().table)
    webhook, former = organism.webhook, Directory(process().table).webhook_of(organism_id)
    if webhook is not None and webhook != former:
        require_reachable(webhook, loopback=process().webhooks_allow_loopback)
    saved = admission.admit(organism, seen=seen)
    secret = None
    version, shown = webhook.secret_version if webhook else 0, former.secret_version if former else 0
    if version > shown and admission.shows_secret(organism_id, version):
        secret = process().webhook_keys.secret(organism_id, version)
    meant = {email: found for email in organism.alerts.emails if (found := suggestion(email))}
    enrolled = Enrolled(**dict(organism), webhook_secret=secret, email_suggestions=meant)
    status = HTTPStatus.CREATED if saved == "created" else HTTPStatus.OK
    return resolver.answer(enrolled, status, {"ETag": f'"{version_of(organism)}"'})


@app.get(
    "/v1/operations/organisms/<organism_id>",
    operation_id="enrol_organism.read",
    summary="One organism, as operators entered it",
    security=[{"operator": []}],
    responses={
        200: {"description": "The organism as it stands now; its `ETag` is its version"},
        **resolver.problem_responses(*OF_AN_OPERATOR, OrganismNotFound),
    },
)
def read_organism(organism_id: Annotated[str, Path(examples=["anam"])]) -> Response[EnrolledDetails]:
    """The fields are those of an enrolment: change some, and send all of them back."""
    item = process().table.get(*organism_key(organism_id)) if len(organism_id) <= _LONGEST_ID else None
    if item is None:
        raise OrganismNotFound
    shown = enrolled_organism(item)
    details = EnrolledDetails(**dict(shown), code_fixed=Admission(process().table).has_entries(organism_id))
    return resolver.answer(details, headers={"ETag": f'"{shown.version}"'})


@app.post(
    "/v1/operations/organisms/check",
    operation_id="enrol_organism.check",
    summary="Check a directory in CSV",
    security=[{"operator": []}],
    responses={
        200: {"description": "What loading it would do, or all that is wrong with it"},
        **resolver.problem_responses(*OF_A_BODY, *OF_AN_OPERATOR),
    },
)
def check_directory(file: DirectoryFile) -> Response[DirectoryCheck]:
    """Every row is checked against the rules of an enrolment, the other rows and the organisms there are."""
    admission = Admission(process().table)
    known = admission.known()
    try:
        organisms = read_directory(file.csv, known, admission.has_entries)
    except BadRowsError as refusal:
        errors = [
            WrongRow(row=cell.row, field=cell.column, message=cell.message(app.language))
            for cell in refusal.cells[:MOST_WRONG]
        ]
        none = DirectoryCheck(rows=0, new=0, changed=0, unchanged=0, wrong=len(refusal.cells), errors=errors)
        return resolver.answer(none)
    new = sum(1 for organism in organisms if organism.organism_id not in known)
    unchanged = sum(1 for organism in organisms if known.get(organism.organism_id) == organism)
    return resolver.answer(
        DirectoryCheck(
            rows=len(organisms),
            new=new,
            changed=len(organisms) - new - unchanged,
            unchanged=unchanged,
            wrong=0,
            errors=[],
        )
    )


@app.post(
    "/v1/operations/organisms/load",
    operation_id="enrol_organism.load",
    summary="Enrol the organisms of a directory in CSV",
    security=[{"operator": []}],
    responses={
        200: {"description": "What was written, and how many organisms are left"},
        **resolver.problem_responses(*OF_A_BODY, *OF_AN_OPERATOR, DirectoryRefused),
    },
)
def load_directory(file: DirectoryFile) -> Response[DirectoryLoad]:
    """The whole file is checked before the first organism is written. Send it again until `left` is 0."""
    until = ticks() + _ENOUGH_SECONDS
    admission = Admission(process().table)
    known = admission.known()
    try:
        organisms = read_directory(file.csv, known, admission.has_entries)
    except BadRowsError:
        raise DirectoryRefused from None
    waiting = [organism for organism in organisms if known.get(organism.organism_id) != organism]
    written = 0
    for organism in waiting:
        if ticks() > until:
            break
        admission.admit(organism)
        written += 1
    operator = callers.caller(app.current_event.raw_event).person_id
    resolver.logger.info("directory loaded", extra={"written": written, "rows": len(organisms), "by": operator})
    return resolver.answer(
        DirectoryLoad(
            rows=len(organisms),
            written=written,
            unchanged=len(organisms) - len(waiting),
            left=len(waiting) - written,
        )
    )


def _tag_in(header: str | None) -> str | None:
    """The version that a header names; None where there is none."""
    return header.strip().removeprefix("W/").strip('"') if header else None


handler = resolver.entry(app, callers.operator_guard)
