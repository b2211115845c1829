"""What is wrong with contact details although each field is well formed."""

from datetime import datetime

from mailroom.domain import clock
from mailroom.domain.privacy_notice import CURRENT_VERSION
from mailroom.domain.reach import DeliveryFailure
from mailroom.domain.refusals import FieldError
from mailroom.domain.sender import Sender
from mailroom.fields.mistyped_domains import suggestion
from mailroom.notifying.mail_domains import system_resolver, takes_no_mail
from mailroom.notifying.sms_recipients import countries_in, why_no_sms


def has_no_contact(sender: Sender) -> bool:
    """Whether the sender gave neither an e-mail address nor a telephone."""
    return sender.email is None and sender.phone is None


def wrong_fields(sender: Sender, *, asks_dns: bool, is_at_counter: bool) -> list[FieldError]:
    """The fields that are refused; with `asks_dns`, an e-mail address whose domain takes no mail too.

    A sender who hands a mail in at the counter may have no contact, and takes the receipt and the slip home on paper.
    """
    wrong = []
    if has_no_contact(sender) and not is_at_counter:
        # Without a way to be reached, the sender would not hear what became of the mail.
        wrong += [FieldError(way, "contact_missing") for way in ("email", "phone")]
    if sender.privacy_notice_version != CURRENT_VERSION:
        wrong.append(FieldError("privacy_notice_version", "privacy_notice_outdated", {"current": CURRENT_VERSION}))
    # Where another domain may be meant, the answer asks about that instead.
    if asks_dns and sender.email is not None and not suggestion(sender.email):
        domain = sender.email.rpartition("@")[2]
        if takes_no_mail(domain, system_resolver()):
            wrong.append(FieldError("email", "email_domain_without_mail"))
    return wrong


def sms_failure(sender: Sender, countries: str, now: datetime) -> DeliveryFailure | None:
    """Why no SMS reaches the sender's telephone, if it has one; `countries` are those served, separated by commas."""
    reason = why_no_sms(sender.phone, countries_in(countries)) if sender.phone else None
    return DeliveryFailure(reason, clock.iso(now)) if reason else None
