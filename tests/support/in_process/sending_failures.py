"""What SES says of an e-mail that did not arrive, as EventBridge hands it over."""

import copy
import importlib
import json
from typing import Any

import boto3

from tests.support.in_process.service import ROOT, TABLE, context

BOUNCE: dict[str, Any] = json.loads((ROOT / "events" / "note_bounce.json").read_text(encoding="utf-8"))
DESK = "bureau-ordre@anam.example.org"
SENT = "f24d24e5c7cc01041c4bb4a6f0f4e1b5"
AT = "2026-11-22T10:16:03.402Z"


def came_back(
    address: str = DESK, *, kind: str = "Permanent", sub_kind: str = "General", sent_to: str | None = None, **tags: str
) -> dict[str, Any]:
    """A bounce at `address`, of an e-mail that was `sent_to` it or to one that forwards its mail there."""
    recipients = [{"emailAddress": address}]
    bounce = {"bounceType": kind, "bounceSubType": sub_kind, "bouncedRecipients": recipients, "timestamp": AT}
    return event("Email Bounced", sent_to or address, tags) | {
        "detail": _detail("Bounce", sent_to or address, tags) | {"bounce": bounce}
    }


def complained(
    address: str = DESK, *, feedback: str | None = "abuse", sub_kind: str | None = None, **tags: str
) -> dict[str, Any]:
    """A complaint: somebody called the e-mail spam."""
    complaint = {
        "feedbackId": "f",
        "complaintSubType": sub_kind,
        "complainedRecipients": [{"emailAddress": address}],
        "timestamp": AT,
        "complaintFeedbackType": feedback,
    }
    return event("Email Complaint Received", address, tags) | {
        "detail": _detail("Complaint", address, tags) | {"complaint": complaint}
    }


def delayed(address: str = DESK, *, kind: str = "MailboxFull", **tags: str) -> dict[str, Any]:
    """SES could not deliver the e-mail yet."""
    delay = {
        "timestamp": AT,
        "delayType": kind,
        "expirationTime": AT,
        "delayedRecipients": [{"emailAddress": address, "status": "4.2.2", "diagnosticCode": "smtp; 452"}],
    }
    return event("Email Delivery Delayed", address, tags) | {
        "detail": _detail("DeliveryDelay", address, tags) | {"deliveryDelay": delay}
    }


def rejected(address: str = DESK, **tags: str) -> dict[str, Any]:
    """SES took the e-mail for a virus; such an event names no recipient."""
    return event("Email Rejected", address, tags) | {
        "detail": _detail("Reject", address, tags) | {"reject": {"reason": "Bad content"}}
    }


def event(detail_type: str, sent_to: str, tags: dict[str, str]) -> dict[str, Any]:
    """An event of SES that tells of nothing yet."""
    return BOUNCE | {"detail-type": detail_type, "detail": _detail("Send", sent_to, tags)}


def _detail(kind: str, sent_to: str, tags: dict[str, str]) -> dict[str, Any]:
    mail = copy.deepcopy(BOUNCE["detail"]["mail"]) | {"destination": [sent_to]}
    mail["tags"] |= {name: [value] for name, value in tags.items()}
    return {"eventType": kind, "mail": mail}


def note(happened: dict[str, Any]) -> None:
    """What EventBridge does with such an event."""
    importlib.import_module("note_bounce.handler").handler(happened, context("note_bounce"))


def failing(organism_id: str = "anam") -> dict[str, Any]:
    """The addresses of an organism that are marked as failing."""
    item = boto3.resource("dynamodb").Table(TABLE).get_item(Key={"pk": "ORGANISM", "sk": organism_id})["Item"]
    found: Any = item.get("failing", {})
    return dict(found)


def alerted_at(organism_id: str, *emails: str, phones: tuple[str, ...] = ()) -> None:
    """Have operators given an organism other addresses."""
    boto3.resource("dynamodb").Table(TABLE).update_item(
        Key={"pk": "ORGANISM", "sk": organism_id},
        UpdateExpression="SET alerts = :alerts",
        ExpressionAttributeValues={":alerts": {"emails": list(emails), "phones": list(phones)}},
    )
