"""Organisms as the table holds them."""

from mailroom.domain.organism import Accepts, Alerts, Bilingual, Organism, Reminders, Webhook
from mailroom.storage.table import Item


def organism_in(item: Item) -> Organism:
    """The organism that a stored item holds, trusted as it was checked at enrolment."""
    return Organism.model_construct(
        organism_id=item["organism_id"],
        code=item["code"],
        category=item["category"],
        name=Bilingual.model_construct(**item["name"]),
        city=item.get("city"),
        status=item["status"],
        language=item["language"],
        alerts=Alerts.model_construct(emails=tuple(item["alerts"]["emails"]), phones=tuple(item["alerts"]["phones"])),
        accepts=accepts_in(item["accepts"]),
        reminders=Reminders.model_validate({name: int(days) for name, days in item.get("reminders", {}).items()}),
        sms_to_senders=item.get("sms_to_senders", True),
        webhook=_webhook_in(item.get("webhook")),
        is_test=item.get("is_test", False),
    )


def _webhook_in(values: Item | None) -> Webhook | None:
    if values is None:
        return None
    return Webhook.model_construct(url=values["url"], secret_version=int(values["secret_version"]))


def accepts_in(values: Item) -> Accepts:
    """What an organism takes, from stored values (DynamoDB's numbers are decimals)."""
    return Accepts.model_construct(
        national_id=values["national_id"],
        max_attachments=int(values["max_attachments"]),
        max_attachment_bytes=int(values["max_attachment_bytes"]),
    )
