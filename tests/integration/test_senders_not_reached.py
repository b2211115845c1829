"""Nobody is unreachable in silence: the sender, the agents and the history know whom no message reaches."""

import json
from typing import Any

import pytest

from tests.support.in_process.agents import Agent
from tests.support.in_process.scanning import Listening
from tests.support.in_process.sending_failures import (
    DESK,
    came_back,
    complained,
    delayed,
    event,
    failing,
    note,
    rejected,
)
from tests.support.in_process.service import CITIZEN, Mail, Service

EMAIL = "amina.alaoui@exemple.ma"
BOTH = CITIZEN | {"sms": None}
LANDLINE = "0537712345"


@pytest.fixture
def operators(service: Service, monkeypatch: pytest.MonkeyPatch) -> Listening:  # noqa: ARG001 - its AWS
    listening = Listening()
    monkeypatch.setenv("OPERATORS_TOPIC_ARN", listening.topic_arn)
    return listening


def sent(service: Service, sender: dict[str, object]) -> Mail:
    """A mail whose receipt was made and whose first messages went out."""
    mail = service.start()
    service.write(mail)
    identified = service.identify(mail, sender)
    assert identified.status == 200, identified.body
    mail.submitted = service.submit(mail).json
    service.receipt_trigger(mail.mail_id)
    assert service.deliver(service.queued()) == {"batchItemFailures": []}
    return mail


def told(service: Service, mail: Mail) -> list[tuple[str, str]]:
    """Template and channel of what was queued for the sender, each once."""
    bodies = [json.loads(record["body"]) for record in service.queued()]
    return sorted(
        {(b["template"], b["channel"]) for b in bodies if b["mail_id"] == mail.mail_id and "sender" in b["template"]}
    )


def seen(service: Service, mail: Mail) -> tuple[Any, Any, list[str]]:
    """What the sender and an agent see of the ways that work, which must be the same, and the events."""
    of_sender = service.call("GET", f"/v1/mails/{mail.mail_id}", token=mail.token).json
    of_agent = Agent(service).open(mail.submitted["number"]).json
    ways = [
        (each["sender"]["reachable_by_email"], each["sender"]["reachable_by_sms"]) for each in (of_sender, of_agent)
    ]
    assert ways[0] == ways[1]
    events = [each["event"] for each in of_sender["history"]]
    assert events == [each["event"] for each in of_agent["history"]]
    return (*ways[0], events)


def bounce(mail: Mail, template: str = "sender_receipt", **more: str) -> dict[str, Any]:
    return came_back(EMAIL, template=template, mail_id=mail.mail_id, **more)


def without(*names: str) -> dict[str, object]:
    return {name: value for name, value in BOTH.items() if name not in names}


@pytest.mark.parametrize(
    ("sender", "by_email", "by_sms"),
    [
        (BOTH, True, True),
        (without("email"), False, True),
        (without("phone"), True, False),
        (BOTH | {"phone": LANDLINE}, True, False),
        (BOTH | {"phone": "+33612345678"}, True, False),
        (BOTH | {"sms": False}, True, False),
        (without("email") | {"phone": LANDLINE}, False, False),
        (without("email") | {"phone": "+881612345678"}, False, False),
    ],
)
def test_who_gives_contact_details_learns_at_once_by_which_ways_messages_come(
    service: Service, sender: dict[str, object], by_email: bool, by_sms: bool
) -> None:
    given = service.identify(service.start(), sender).json["sender"]
    assert (given["reachable_by_email"], given["reachable_by_sms"]) == (by_email, by_sms)


def test_other_contact_details_forget_what_was_wrong_with_the_first(service: Service) -> None:
    mail = service.start()
    service.identify(mail, BOTH | {"phone": LANDLINE})
    assert service.identify(mail, BOTH).json["sender"]["reachable_by_sms"] is True
    assert service.identify(mail, BOTH | {"phone": LANDLINE}).json["sender"]["reachable_by_sms"] is False


def test_a_mistyped_address_that_bounces_is_known_to_sender_and_agent_and_sms_take_over(
    service: Service, operators: Listening, capsys: pytest.CaptureFixture[str]
) -> None:
    mail = sent(service, BOTH)
    assert told(service, mail) == [("sender_receipt", "email")]
    assert seen(service, mail)[:2] == (True, True)
    for _ in range(2):
        note(bounce(mail))
    assert seen(service, mail)[:2] == (False, True)
    assert told(service, mail) == [("sender_receipt", "email"), ("sender_receipt", "sms")]
    agent = Agent(service)
    agent.collect(mail.submitted["number"])
    agent.close(mail.submitted["number"])
    later = [each for each in told(service, mail) if each[0] != "sender_receipt"]
    assert later == [("sender_answered", "sms"), ("sender_collected", "sms")]
    assert service.deliver(service.queued()) == {"batchItemFailures": []}
    assert "sender_not_informed" not in seen(service, mail)[2]
    assert operators.heard() == []
    stored = next(item for item in service.items(f"MAIL#{mail.mail_id}") if item["sk"] == "MAIL")
    assert set(stored["email_failure"]) == {"reason", "at"}
    assert EMAIL not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("kind", "sub_kind", "lasts"),
    [
        ("Permanent", "General", True),
        ("Permanent", "OnAccountSuppressionList", True),
        ("Transient", "MailboxFull", False),
        ("Transient", "General", False),
        ("Transient", "ContentRejected", False),
        ("Undetermined", "Undetermined", False),
    ],
)
def test_each_bounce_of_a_senders_address_is_followed_by_an_sms(
    service: Service, operators: Listening, kind: str, sub_kind: str, lasts: bool
) -> None:
    """Only one that lasts ends the e-mails."""
    mail = sent(service, BOTH)
    note(bounce(mail, kind=kind, sub_kind=sub_kind))
    assert seen(service, mail)[:2] == (False, True)
    assert ("sender_receipt", "sms") in told(service, mail)
    Agent(service).close(mail.submitted["number"])
    later = [channel for template, channel in told(service, mail) if template == "sender_answered"]
    assert later == (["sms"] if lasts else ["email", "sms"])
    assert operators.heard() == []


def test_an_e_mail_that_is_only_late_is_waited_for(service: Service, operators: Listening) -> None:
    mail = sent(service, BOTH)
    note(delayed(EMAIL, template="sender_receipt", mail_id=mail.mail_id))
    assert seen(service, mail)[:2] == (True, True)
    assert told(service, mail) == [("sender_receipt", "email")]
    assert operators.heard() == []


@pytest.mark.parametrize(
    "happened",
    [
        lambda mail: complained(EMAIL, template="sender_receipt", mail_id=mail.mail_id),
        lambda mail: rejected(EMAIL, template="sender_receipt", mail_id=mail.mail_id),
        # forwarded: the address is not the sender's
        lambda mail: came_back("x@elsewhere.example", sent_to=EMAIL, template="sender_receipt", mail_id=mail.mail_id),
    ],
)
def test_whatever_keeps_an_e_mail_from_its_sender_is_known(
    service: Service,
    operators: Listening,
    happened: Any,  # noqa: ANN401 - makes an event of a mail
) -> None:
    mail = sent(service, without("phone"))
    note(happened(mail))
    assert seen(service, mail)[:2] == (False, False)
    assert "sender_not_informed" in seen(service, mail)[2]
    assert operators.heard() == []


def test_an_e_mail_that_arrived_changes_nothing(service: Service, operators: Listening) -> None:
    mail = sent(service, BOTH)
    note(event("Email Delivered", EMAIL, {"template": "sender_receipt", "mail_id": mail.mail_id}))
    assert seen(service, mail)[:2] == (True, True)
    assert operators.heard() == []


@pytest.mark.parametrize(
    "sender",
    [
        without("phone"),
        BOTH | {"phone": LANDLINE},
        BOTH | {"phone": "+881612345678"},
        BOTH | {"sms": False},
    ],
)
def test_a_sender_whom_no_way_reaches_any_more_is_untold_and_the_history_says_so_once(
    service: Service, operators: Listening, sender: dict[str, object]
) -> None:
    mail = sent(service, sender)
    for template in ("sender_receipt", "sender_receipt", "sender_collected"):
        note(bounce(mail, template))
    by_email, by_sms, events = seen(service, mail)
    assert (by_email, by_sms) == (False, False)
    assert events.count("sender_not_informed") == 1
    Agent(service).close(mail.submitted["number"])
    assert told(service, mail) == [("sender_receipt", "email")]
    assert operators.heard() == []


@pytest.mark.parametrize("phone", [LANDLINE, "+33142345678", "+33612345678"])
def test_a_sender_without_e_mail_whose_telephone_gets_no_sms(service: Service, phone: str) -> None:
    """The history says from the beginning that the sender is not informed."""
    mail = sent(service, without("email") | {"phone": phone})
    by_email, by_sms, events = seen(service, mail)
    assert (by_email, by_sms) == (False, False)
    assert events.count("sender_not_informed") == 1
    assert "sender_informed" not in events
    assert told(service, mail) == []


def test_who_checks_a_receipt_does_not_learn_whether_its_sender_could_be_told(service: Service) -> None:
    mail = sent(service, without("email") | {"phone": LANDLINE})
    checked = service.call("GET", f"/v1/receipts/{mail.submitted['verification_code']}").json
    assert "sender_not_informed" not in [each["event"] for each in checked["history"]]


def test_a_redirected_mail_takes_along_what_is_known_of_its_sender(service: Service, operators: Listening) -> None:
    mail = sent(service, BOTH)
    note(bounce(mail))
    number = mail.submitted["number"]
    closed = Agent(service).redirect(number, "adm").json
    there = closed["outcome"]["redirected_to"]["number"]
    sender = Agent(service, "adm").open(there).json["sender"]
    assert (sender["reachable_by_email"], sender["reachable_by_sms"]) == (False, True)
    assert ("sender_redirected", "sms") in told(service, mail)
    assert ("sender_redirected", "email") not in told(service, mail)
    assert operators.heard() == []


def test_a_sender_who_writes_from_an_organisms_address_marks_that_too(service: Service, operators: Listening) -> None:
    """SES's suppression list asks nobody which e-mail it was: the desk gets no alert either."""
    mail = sent(service, BOTH | {"email": DESK})
    note(came_back(DESK, template="sender_receipt", mail_id=mail.mail_id))
    assert set(failing()) == {DESK}
    assert seen(service, mail)[:2] == (False, True)
    assert len(operators.heard()) == 1


def test_sms_that_are_switched_off_leave_who_has_only_a_telephone_untold(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMS_COUNTRIES", "")
    mail = sent(service, without("email"))
    by_email, by_sms, events = seen(service, mail)
    assert (by_email, by_sms) == (False, False)
    assert "sender_not_informed" in events
