"""E-mails that come back: operators learn of a desk's address once, and a mail says that its sender was not told."""

import copy
import importlib
import json
from typing import Any

import boto3
import pytest

from tests.integration.mishaps import ProcessDiedError, dying_after_write
from tests.integration.scanning import Listening
from tests.integration.service import ROOT, TABLE, Mail, Service, context

BOUNCE: dict[str, Any] = json.loads((ROOT / "events" / "note_bounce.json").read_text(encoding="utf-8"))
DESK = "bureau-ordre@anam.example.org"


@pytest.fixture
def operators(service: Service, monkeypatch: pytest.MonkeyPatch) -> Listening:  # noqa: ARG001 - its AWS
    listening = Listening()
    monkeypatch.setenv("OPERATORS_TOPIC_ARN", listening.topic_arn)
    return listening


def came_back(address: str = DESK, *, kind: str = "Permanent", **tags: str) -> dict[str, Any]:
    event = copy.deepcopy(BOUNCE)
    event["detail"]["bounce"] |= {"bounceType": kind, "bouncedRecipients": [{"emailAddress": address}]}
    event["detail"]["mail"]["tags"] |= {name: [value] for name, value in tags.items()}
    return event


def complained(address: str = DESK, **tags: str) -> dict[str, Any]:
    event = came_back(address, **tags)
    event["detail-type"] = "Email Complaint Received"
    detail = event["detail"]
    del detail["bounce"]
    detail["eventType"] = "Complaint"
    detail["complaint"] = {
        "feedbackId": "f",
        "complaintSubType": None,
        "complainedRecipients": [{"emailAddress": address}],
        "timestamp": "2026-11-22T10:16:03.402Z",
        "complaintFeedbackType": "abuse",
    }
    return event


def note(event: dict[str, Any]) -> None:
    """What EventBridge does with such an event."""
    importlib.import_module("note_bounce.handler").handler(event, context("note_bounce"))


def failing(organism_id: str = "anam") -> dict[str, Any]:
    item = boto3.resource("dynamodb").Table(TABLE).get_item(Key={"pk": "ORGANISM", "sk": organism_id})["Item"]
    found: Any = item.get("failing", {})
    return dict(found)


def alerted_at(organism_id: str, *emails: str) -> None:
    """Have operators given an organism other addresses."""
    boto3.resource("dynamodb").Table(TABLE).update_item(
        Key={"pk": "ORGANISM", "sk": organism_id},
        UpdateExpression="SET alerts.emails = :emails",
        ExpressionAttributeValues={":emails": list(emails)},
    )


def mail_item(service: Service, mail: Mail) -> dict[str, Any]:
    (item,) = [each for each in service.items(f"MAIL#{mail.mail_id}") if each["sk"] == "MAIL"]
    return item


@pytest.mark.parametrize(("event", "reason"), [(came_back(), "bounce"), (complained(), "complaint")])
def test_an_organisms_address_is_marked_and_operators_are_told_once(
    service: Service,  # noqa: ARG001 - its AWS
    operators: Listening,
    capsys: pytest.CaptureFixture[str],
    event: dict[str, Any],
    reason: str,
) -> None:
    for _ in range(3):
        note(event)
    assert set(failing()) == {DESK}
    assert failing()[DESK]["reason"] == reason
    assert failing()[DESK]["since"].endswith("Z")
    (told,) = operators.heard()
    assert told["message"].splitlines()[-1] == "anam"
    assert DESK not in json.dumps(told)
    assert DESK not in capsys.readouterr().out


def test_a_second_address_is_marked_beside_the_first(
    service: Service,  # noqa: ARG001 - its AWS
    operators: Listening,
) -> None:
    alerted_at("anam", DESK, "Second@anam.example.org")
    note(came_back())
    note(came_back("second@ANAM.example.org"))
    assert set(failing()) == {DESK, "Second@anam.example.org"}
    assert len(operators.heard()) == 2


def test_an_address_of_two_organisms_is_marked_on_both(
    service: Service,  # noqa: ARG001 - its AWS
    operators: Listening,
) -> None:
    alerted_at("adm", DESK)
    note(came_back())
    assert set(failing()) == set(failing("adm")) == {DESK}
    (told,) = operators.heard()
    assert told["message"].splitlines()[-2:] == ["adm", "anam"]


@pytest.mark.parametrize("kind", ["Transient", "Undetermined"])
def test_what_is_only_put_off_is_counted_and_nothing_more(
    service: Service,  # noqa: ARG001 - its AWS
    operators: Listening,
    capsys: pytest.CaptureFixture[str],
    kind: str,
) -> None:
    note(came_back(kind=kind))
    assert failing() == {}
    assert operators.heard() == []
    line = next(line for line in capsys.readouterr().out.splitlines() if "EmailsReturned" in line)
    assert json.loads(line)["reason"] == "put_off"


def test_a_mail_says_that_its_sender_could_not_be_told_without_the_address(
    service: Service, operators: Listening
) -> None:
    mail = service.sent()
    event = came_back("amina.alaoui@exemple.ma", template="sender_receipt", mail_id=mail.mail_id)
    note(event)
    noted = mail_item(service, mail)["sender_not_told"]
    assert {name: noted[name] for name in ("template", "reason")} == {"template": "sender_receipt", "reason": "bounce"}
    assert "amina" not in json.dumps(noted)
    before = mail_item(service, mail)
    note(event)
    note(complained("amina.alaoui@exemple.ma", template="sender_receipt", mail_id=mail.mail_id))
    assert mail_item(service, mail) == before
    assert "sender_not_told" not in service.call("GET", f"/v1/mails/{mail.mail_id}", token=mail.token).body
    assert operators.heard() == []


def test_a_sender_who_writes_from_an_organisms_address_marks_that_too(service: Service, operators: Listening) -> None:
    """SES's suppression list asks nobody which e-mail it was: the desk gets no alert either."""
    mail = service.sent()
    note(came_back(DESK, template="sender_receipt", mail_id=mail.mail_id))
    assert set(failing()) == {DESK}
    assert "sender_not_told" in mail_item(service, mail)
    assert len(operators.heard()) == 1


def test_events_of_mails_and_addresses_that_are_no_longer_there_are_harmless(
    service: Service, operators: Listening
) -> None:
    draft = service.ready()
    before = mail_item(service, draft)
    gone = "0199a0e2-6a0b-7c55-9e0f-0b6d7f3f8a11"
    note(came_back("nobody@exemple.ma", template="sender_receipt", mail_id=gone))
    note(came_back("nobody@exemple.ma", template="sender_receipt", mail_id=draft.mail_id))
    note(came_back("nobody@exemple.ma", template="organism_alert", mail_id=gone))
    untagged = came_back("nobody@exemple.ma")
    untagged["detail"]["mail"]["tags"] = {}
    note(untagged)
    alerted_at("anam", "new@anam.example.org")
    note(came_back())
    assert mail_item(service, draft) == before
    assert service.items(f"MAIL#{gone}") == []
    assert failing() == {}
    assert operators.heard() == []


@pytest.mark.parametrize("write", [1, 2])
def test_a_run_that_dies_tells_operators_rather_twice_than_never(
    service: Service,  # noqa: ARG001 - its AWS
    operators: Listening,
    write: int,
) -> None:
    with dying_after_write(write) as writes, pytest.raises(ProcessDiedError):
        note(came_back())
    assert writes == ["Publish", "UpdateItem"][:write]
    note(came_back())
    assert set(failing()) == {DESK}
    assert len(operators.heard()) == (2 if write == 1 else 1)


def test_an_event_of_another_shape_is_refused_without_quoting_it(
    service: Service,  # noqa: ARG001 - its AWS
    operators: Listening,
) -> None:
    event = came_back()
    event["detail"]["bounce"]["bouncedRecipients"] = [{"emailAddress": {"zanzibar@exemple.ma": 1}}]
    with pytest.raises(ValueError, match="emailAddress") as refusal:
        note(event)
    assert "zanzibar" not in str(refusal.value)
    assert operators.heard() == []
