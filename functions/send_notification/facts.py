"""What each notification may tell about a mail: the values of the templates, and no others."""

from datetime import datetime

from mailroom import clock, links
from mailroom.mail import Mail
from mailroom.notifications import Notification
from mailroom.tokens import Tokens
from mailroom.wording import Values


def facts(notification: Notification, mail: Mail, tokens: Tokens, public_url: str) -> Values:
    """Gather what `notification` tells of `mail`, a submitted one; links are under `public_url`.

    What opens the mail, the follow-up code, is told to the sender alone; what the sender wrote is
    told to the organism alone, for the sender's address was checked by nobody.
    """
    if mail.submission is None or mail.letter is None or mail.sender is None:
        raise ValueError(f"mail {mail.mail_id} is not submitted")
    site = public_url.rstrip("/")
    number, code = mail.submission.number, mail.submission.verification_code
    name = mail.organism.name
    told: dict[str, str | datetime] = {
        "number": number,
        "organism": name.ar if notification.language == "ar" else name.fr,
        "submitted_at": clock.parse(mail.submission.submitted_at),
    }
    if notification.template == "organism_alert":
        return told | {
            "sender_kind": str(mail.sender["kind"]),
            "subject": mail.letter.subject,
            "collect_url": site,
        }
    return told | {
        "follow_up_url": links.follow_up(site, number, tokens.follow_up_code(mail.mail_id)),
        "verification_code": code,
        "verification_page": f"{site}/verifier#{code}",
        "verification_url": links.verification(site, code),
    }
