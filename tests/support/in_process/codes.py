"""Who comes with which code, as the tests of codes and links have it."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import render_receipt.handler
from tests.support.in_process.mishaps import taking
from tests.support.in_process.service import Answer, Mail, Service, context

_LINK = re.compile(r"#([A-Z0-9-]+)/([0-9A-Z-]{19})")


def come(service: Service, number: str, code: str) -> Answer:
    """What somebody gets for a number and a code."""
    return service.call("POST", "/v1/follow-up", {"number": number, "follow_up_code": code})


def by_slip(service: Service, mail: Mail) -> str:
    """The token of who comes with the slip's code."""
    answer = come(service, mail.submitted["number"], mail.submitted["follow_up_code"])
    assert answer.status == 200, answer.body
    return str(answer.json["access_token"])


def link_code(mail: Mail, template: str = "sender_receipt", channel: str = "email") -> str:
    """The code in the link of a message that went out: as `send_notification` makes it of what the table holds."""
    from mailroom.notifying.notifications import Notification, notification_id  # noqa: PLC0415 - the same
    from mailroom.storage.mails import Store  # noqa: PLC0415 - the same
    from send_notification.facts import facts  # noqa: PLC0415 - the same
    from send_notification.handler import Process  # noqa: PLC0415 - the same

    process = Process.current()
    stored = Store(process.table).submitted(mail.mail_id)
    notification = Notification.model_validate(
        {
            "notification_id": notification_id(mail.mail_id, template, channel, "somebody"),  # type: ignore[arg-type]
            "mail_id": mail.mail_id,
            "template": template,
            "channel": channel,
            "to": "somebody",
            "language": "fr",
        }
    )
    url = facts(notification, stored, process.tokens, process.public_url)["follow_up_url"]
    found = _LINK.search(str(url))
    assert found, url
    assert found[1] == mail.submitted["number"]
    return found[2]


def by_link(service: Service, mail: Mail, channel: str = "email") -> str:
    """The token of who opens the link of an e-mail, or of an SMS."""
    answer = come(service, mail.submitted["number"], link_code(mail, channel=channel))
    assert answer.status == 200, answer.body
    return str(answer.json["access_token"])


def seen_by(service: Service, mail: Mail, token: str) -> Answer:
    """The mail as who holds a token sees it."""
    return service.call("GET", f"/v1/mails/{mail.mail_id}", token=token)


def turn(service: Service, mail: Mail, token: str | None = None, *, key: str | None = None) -> Answer:
    """Ask for new codes."""
    headers = {} if key is None else {"Idempotency-Key": key}
    with slips_made():
        return service.call("POST", f"/v1/mails/{mail.mail_id}/codes", token=token or mail.token, headers=headers)


def not_mine(service: Service, mail: Mail, token: str) -> Answer:
    """Say that the mail is not one's own."""
    with slips_made():
        return service.call("POST", f"/v1/mails/{mail.mail_id}/not-mine", token=token)


@contextmanager
def slips_made() -> Iterator[list[dict[str, Any]]]:
    """Lambda calls `render_receipt` when asked: once what asked is done, since it is asked without waiting."""
    with taking("Invoke", {"StatusCode": 202}) as invoked:
        yield invoked
    for call in invoked:
        assert (call["FunctionName"], call["InvocationType"]) == ("render_receipt", "Event")
        render_receipt.handler.handler(json.loads(call["Payload"]), context("render_receipt"))


def receipt_of(service: Service, mail: Mail, token: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """The answer about the receipt."""
    return service.call("GET", f"/v1/mails/{mail.mail_id}/receipt", token=token).json
