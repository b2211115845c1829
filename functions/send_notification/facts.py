"""What each notification may tell about a mail: the values of the templates, and no others."""

from datetime import datetime

from mailroom.domain import clock, public_addresses
from mailroom.domain.codes import Codes
from mailroom.domain.mail import Submitted
from mailroom.mails.tokens import Tokens
from mailroom.notifying.notifications import Notification
from mailroom.notifying.wording import Values


def facts(
    notification: Notification,
    mail: Submitted,
    tokens: Tokens,
    public_url: str,
    codes_elsewhere: Codes = Codes(),  # noqa: B008
) -> Values:
    """Gather what `notification` tells of `mail`; links are under `public_url`.

    `codes_elsewhere` are those in force of the mail that it was redirected to.

    What opens the mail, the link's own code, goes to the sender alone; the sender's own words go to
    the organism alone, for the sender's address is not verified.
    """
    site = public_url.rstrip("/")
    number, code = mail.submission.number, mail.submission.verification_code
    name = mail.organism.name
    common: dict[str, str | datetime] = {
        "number": number,
        "organism": name.ar if notification.language == "ar" else name.fr,
        "submitted_at": clock.parse(mail.submission.submitted_at),
    }
    short = notification.channel == "sms"
    link_code = tokens.link_code(mail.mail_id, notification.channel, mail.codes.version(notification.channel))
    ways_in: dict[str, str | datetime] = {
        "follow_up_url": public_addresses.follow_up(site, number, link_code, short=short),
        "not_mine_url": public_addresses.not_mine(site, number, link_code),
    }
    match notification.template:
        case "organism_alert":
            kind, subject = str(mail.sender["kind"]), mail.letter.subject
            return common | {"sender_kind": kind, "subject": subject}
        case "organism_warned_file" | "organism_unchecked_file" | "organism_answer_blocked":
            return common
        case "organism_reminder":
            return common | _overdue(notification)
        case "sender_collected" | "sender_answered" | "sender_rejected" | "sender_file_blocked":
            return common | ways_in
        case "sender_redirected":
            return common | ways_in | _elsewhere(notification, mail, tokens, site, codes_elsewhere)
        case "sender_receipt":
            return (
                common
                | ways_in
                | {
                    "verification_code": code,
                    "verification_page": f"{site}/verifier#{code}",
                    "letter_kind": mail.letter.kind,
                }
            )


def _elsewhere(
    notification: Notification, mail: Submitted, tokens: Tokens, site: str, codes: Codes
) -> dict[str, str | datetime]:
    there = mail.redirected_to
    if there is None:
        raise ValueError(f"mail {mail.mail_id} was not redirected")
    name, way = there.organism.name, notification.channel
    code = tokens.link_code(there.mail_id, way, codes.version(way))
    return {
        "new_organism": name.ar if notification.language == "ar" else name.fr,
        "new_number": there.number,
        "new_follow_up_url": public_addresses.follow_up(site, there.number, code, short=way == "sms"),
    }


def _overdue(notification: Notification) -> dict[str, str | datetime]:
    if notification.overdue is None:
        raise ValueError(f"reminder {notification.notification_id} does not say of how many mails")
    return {"count": str(notification.overdue.count), "numbers": ", ".join(notification.overdue.numbers)}
