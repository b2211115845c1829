"""The signature of a call to an organism's program (Standard Webhooks)."""

from datetime import datetime

from standardwebhooks import Webhook

from mailroom.notifying.webhooks import Call


def signed_headers(call: Call, secret: str, at: datetime) -> dict[str, str]:
    """The headers that prove where `call` comes from; all its attempts have one id, by which a program knows them."""
    return {
        "webhook-id": call.webhook_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(call.webhook_id, at, call.payload),
    }
