"""Failed messages to a sender, noted on the mail."""

from mailroom.domain import clock
from mailroom.domain.mail import SENDER_NOT_INFORMED, Submitted
from mailroom.domain.reach import DeliveryFailure, Way
from mailroom.notifying.notifications import Notification, Template, to_sender
from mailroom.storage.item_keys import mail_key
from mailroom.storage.mails import Store
from mailroom.storage.table import ConditionFailedError, Table


def note_failure(table: Table, mail_id: str, way: Way, failure: DeliveryFailure) -> bool:
    """Note on a submitted mail that messages to its sender fail by one way. A lasting failure is not replaced.

    False where one was known that lasts as long or longer, or where the mail is not there.
    """
    known = "attribute_not_exists(#failure)"
    newer = "(attribute_exists(#failure.#until) AND #failure.#until < :until)"
    replaced = "attribute_exists(#failure.#until)" if failure.lasts else newer
    values: dict[str, object] = {":failure": failure.stored()}
    if not failure.lasts:
        values[":until"] = failure.until
    write = table.change(
        *mail_key(mail_id),
        update="SET #failure = :failure",
        condition=f"attribute_exists(submission) AND ({known} OR {replaced})",
        values=values,
        names={"#failure": f"{way}_failure", "#until": "until"},
    )
    try:
        table.apply(write)
    except ConditionFailedError:
        return False
    return True


def messages_still_due(store: Store, mail_id: str, template: Template) -> list[Notification]:
    """The messages that are still due once one of a mail failed; where there are none, the history says so.

    Some of them may have gone out: each does once for its id.
    """
    mail, now = store.submitted(mail_id), clock.now()
    notifications = to_sender(mail, template, sms_on_wish=False)
    if not any(mail.reaches_sender_by(each.channel, now) for each in notifications):
        store.record_event_once(mail_id, SENDER_NOT_INFORMED, now)
    return notifications


def note_sender_not_informed(store: Store, mail: Submitted, notifications: list[Notification]) -> None:
    """Note in a mail's history that nothing of what is sent goes to its sender, where nothing does."""
    if not any(each.template.startswith("sender_") for each in notifications):
        store.record_event_once(mail.mail_id, SENDER_NOT_INFORMED, clock.now())
