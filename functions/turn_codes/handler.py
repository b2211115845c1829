"""New codes for a mail's sender, and the end of a link for a stranger whom a message reached."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header
from aws_lambda_powertools.metrics import MetricUnit
from botocore.exceptions import BotoCoreError, ClientError

from mailroom.api import resolver
from mailroom.api.follow_up_views import NewCodes
from mailroom.domain.codes import OWN, Holder
from mailroom.domain.mail import Submitted
from mailroom.domain.refusals import OF_A_TOKEN, NotByCode, NotYetSubmitted
from mailroom.mails.slip_requests import ask_for_slip
from mailroom.mails.turning import Turning
from mailroom.process import WithTable, WithTokens


class Process(WithTable, WithTokens):
    """Turns the codes of mails, makes tokens, and calls the function that makes slips."""

    render_function_name: str


process = Process.current
app = resolver.Api()
metrics = Metrics()


@app.post(
    "/v1/mails/<mail_id>/codes",
    operation_id="turn_codes",
    summary="Replace the codes. The former codes and every link that was sent stop working at once",
    security=[{"access_token": []}],
    responses={
        200: {"description": "The new codes. A slip with the new follow-up code is made within moments"},
        **resolver.problem_responses(*OF_A_TOKEN, NotByCode, NotYetSubmitted),
    },
)
def turn_codes(
    mail_id: str,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=16,
            max_length=100,
            description="A random text. Sent again with the same token and key, the request is answered with the same "
            "codes: without it, who loses the answer on its way has no code that works.",
        ),
    ] = None,
) -> Response[NewCodes]:
    """The sender's token or the slip's code is required; the code of a message's link is refused.

    A redirected mail's codes at the other organism are turned with it. Of two concurrent calls one succeeds, and the
    token of the other has ended, unless both have the same key.
    """
    holder = resolver.holder(app)
    if holder.kind not in OWN:
        raise NotByCode
    mails = Turning(process().table, holder).turn_all(mail_id, idempotency_key)
    request_slips(mails)
    codes = mails[0].codes
    new = Holder(holder.kind, codes.version(holder.kind))
    return resolver.answer(
        NewCodes(
            access_token=process().tokens.access_token(mail_id, new),
            follow_up_code=process().tokens.follow_up_code(mail_id, codes.slip),
        )
    )


@app.post(
    "/v1/mails/<mail_id>/not-mine",
    operation_id="turn_codes.not_mine",
    summary="Report that the mail is not mine, and disable the link that led here",
    security=[{"access_token": []}],
    status_code=204,
    responses={
        204: {
            "description": "The link is disabled, and no further message is sent to that address or telephone",
            "content": {},
        },
        **resolver.problem_responses(*OF_A_TOKEN, NotYetSubmitted),
    },
)
def not_mine(mail_id: str) -> Response[None]:
    """The organism sees that the sender is not reached that way. The slip's code and other links go on opening.

    Said twice, or of a link that had ended: the same answer, and nothing changes.
    """
    holder = resolver.holder(app)
    if mails := Turning(process().table, holder).end_link(mail_id):
        if holder.kind == "slip":
            request_slips(mails)
        metrics.add_metric("LinksNotMine", MetricUnit.Count, 1)
        metrics.flush_metrics()
    return Response(HTTPStatus.NO_CONTENT.value)


def request_slips(mails: list[Submitted]) -> None:
    """Request slips with the new code; where that fails, `resume_stalled` finds the mails that wait for one."""
    try:
        for mail in mails:
            ask_for_slip(process().functions, process().render_function_name, mail.mail_id)
    except (ClientError, BotoCoreError) as error:
        resolver.logger.warning("slips not asked for", extra={"error": type(error).__name__})


handler = resolver.entry(app, resolver.sender_guard(lambda: process().tokens, "access", "slip", "email", "sms"))
