"""A mail's outcome as its sender sees it."""

from mailroom.api.mail_views import OutcomeView, answer_file_view, redirection_view
from mailroom.domain.codes import OWN, Holder
from mailroom.domain.mail import Closed, Submitted
from mailroom.domain.reach import Way
from mailroom.mails.tokens import Tokens
from mailroom.storage.bucket import Files
from mailroom.storage.mails import Store
from mailroom.storage.table import Table


def outcome_view(  # noqa: PLR0913, PLR0917 - what is shown, from where, and to whom
    mail: Closed, holder: Holder, table: Table, files: Files, tokens: Tokens, language: str
) -> OutcomeView:
    """The outcome, without who decided it; files of the answer have an address once they are known to be clean."""
    there = mail.redirected_to
    redirected_to = None
    if there is not None:
        code = code_there(Store(table).submitted(there.mail_id), holder, tokens)
        redirected_to = redirection_view(there, code)
    return OutcomeView(
        outcome=mail.outcome.outcome,
        message=mail.outcome.message,
        at=mail.outcome.at,
        redirected_to=redirected_to,
        attachments=[
            answer_file_view(
                answer, files.download(mail.mail_id, answer) if answer.check == "clean" else None, language
            )
            for answer in mail.answers
        ],
    )


def code_there(mail: Submitted, holder: Holder, tokens: Tokens) -> str:
    """The code that opens a redirected mail as far as `holder`'s token opens the mail it comes from, and no further."""
    if holder.kind in OWN:
        return tokens.follow_up_code(mail.mail_id, mail.codes.slip)
    way: Way = "sms" if holder.kind == "sms" else "email"
    return tokens.link_code(mail.mail_id, way, mail.codes.version(way))
