"""The address that a sender may mean, shown with the mail."""

from mailroom.api.mail_views import MailView
from mailroom.fields.mistyped_domains import suggestion


def with_email_suggestion(view: MailView, email: str | None) -> MailView:
    """The mail with the address that may be meant, where the domain of the one given looks mistyped."""
    meant = suggestion(email) if email else None
    if view.sender is None or meant is None:
        return view
    return view.model_copy(update={"sender": view.sender.model_copy(update={"email_suggestion": meant})})
