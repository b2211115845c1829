"""E-mails that do not arrive at an organism: which failures count, for how long, and who is told."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from mailroom.domain import clock
from mailroom.notifying.notifications import reminder_id
from tests.support.in_process.mishaps import ProcessDiedError, dying_after_write
from tests.support.in_process.scanning import Listening
from tests.support.in_process.sending_failures import (
    DESK,
    alerted_at,
    came_back,
    complained,
    delayed,
    failing,
    note,
    rejected,
)
from tests.support.in_process.service import OPERATOR, Service

LASTS, A_WEEK, A_DAY = None, timedelta(days=7), timedelta(days=1)

SES_SAYS: list[tuple[str, dict[str, Any], str, timedelta | None]] = [
    # what SES says, the event, the reason that operators read, how long it counts
    ("Permanent General", came_back(), "bounce", LASTS),
    ("Permanent NoEmail", came_back(sub_kind="NoEmail"), "bounce", LASTS),
    ("Permanent Suppressed", came_back(sub_kind="Suppressed"), "bounce", LASTS),
    ("Permanent OnAccountSuppressionList", came_back(sub_kind="OnAccountSuppressionList"), "bounce", LASTS),
    ("Permanent, of a new kind", came_back(sub_kind="UnsubscribedRecipient"), "bounce", LASTS),
    ("Transient General", came_back(kind="Transient"), "put_off", A_WEEK),
    ("Transient MailboxFull", came_back(kind="Transient", sub_kind="MailboxFull"), "mailbox_full", A_WEEK),
    ("Transient MessageTooLarge", came_back(kind="Transient", sub_kind="MessageTooLarge"), "rejected", A_WEEK),
    ("Transient ContentRejected", came_back(kind="Transient", sub_kind="ContentRejected"), "rejected", A_WEEK),
    ("Transient AttachmentRejected", came_back(kind="Transient", sub_kind="AttachmentRejected"), "rejected", A_WEEK),
    ("Transient, of a new kind", came_back(kind="Transient", sub_kind="CustomTimeoutExceeded"), "put_off", A_WEEK),
    ("Undetermined", came_back(kind="Undetermined", sub_kind="Undetermined"), "undetermined", A_WEEK),
    ("a kind that SES adds", came_back(kind="Novel", sub_kind="Novel"), "undetermined", A_WEEK),
    ("Complaint abuse", complained(), "complaint", LASTS),
    ("Complaint without feedback", complained(feedback=None), "complaint", LASTS),
    ("Complaint OnAccountSuppressionList", complained(sub_kind="OnAccountSuppressionList"), "complaint", LASTS),
    ("Reject", rejected(), "rejected", A_WEEK),
    ("DeliveryDelay MailboxFull", delayed(), "delayed", A_DAY),
    ("DeliveryDelay RecipientServerError", delayed(kind="RecipientServerError"), "delayed", A_DAY),
]


@pytest.fixture
def operators(service: Service, monkeypatch: pytest.MonkeyPatch) -> Listening:  # noqa: ARG001 - its AWS
    listening = Listening()
    monkeypatch.setenv("OPERATORS_TOPIC_ARN", listening.topic_arn)
    return listening


def shown(service: Service) -> list[dict[str, Any]]:
    """The addresses that operators see."""
    answer = service.call("GET", "/v1/operations/failures", claims=OPERATOR)
    assert answer.status == 200, answer.body
    items: list[dict[str, Any]] = answer.json["addresses"]["items"]
    return items


@pytest.mark.parametrize(("event", "reason", "counts"), [row[1:] for row in SES_SAYS], ids=[row[0] for row in SES_SAYS])
def test_operators_see_each_failure_of_an_organisms_address_for_as_long_as_it_counts(  # noqa: PLR0913, PLR0917
    service: Service,
    operators: Listening,
    capsys: pytest.CaptureFixture[str],
    event: dict[str, Any],
    reason: str,
    counts: timedelta | None,
) -> None:
    alerted_at("anam", DESK)
    begun = clock.now()
    with time_machine.travel(begun, tick=False):
        for _ in range(3):
            note(event)
        (seen,) = shown(service)
    until = clock.iso(begun + counts) if counts else None
    assert seen == {
        "organism_id": "anam",
        "address": DESK,
        "reason": reason,
        "since": clock.iso(begun),
        "until": until,
        "unreachable": True,
    }
    told = operators.heard()
    assert len(told) == (0 if reason == "delayed" else 1)
    assert DESK not in json.dumps(told)
    printed = capsys.readouterr().out
    assert DESK not in printed
    counted = [json.loads(line) for line in printed.splitlines() if "EmailsReturned" in line]
    assert {line["reason"] for line in counted} == {reason}
    with time_machine.travel(begun + (counts or timedelta(days=400)), tick=False):
        assert bool(shown(service)) is (counts is None)


def test_who_takes_an_e_mail_out_of_the_spam_folder_complains_of_nothing(
    service: Service, operators: Listening
) -> None:
    note(complained(feedback="not-spam"))
    assert shown(service) == []
    assert operators.heard() == []


FORWARDED = [
    came_back("chief@elsewhere.example", sent_to=DESK),
    came_back("chief@elsewhere.example", sent_to=DESK.upper()),
    came_back("chief@elsewhere.example", kind="Transient", sub_kind="MailboxFull", sent_to=DESK),
    came_back("chief@elsewhere.example", kind="Undetermined", sub_kind="Undetermined", sent_to=DESK),
    complained("chief@elsewhere.example")
    | {"detail": complained("chief@elsewhere.example")["detail"] | {"mail": came_back(DESK)["detail"]["mail"]}},
]


@pytest.mark.parametrize("event", FORWARDED)
def test_mail_that_an_organism_forwards_fails_at_the_organisms_own_address(
    service: Service, operators: Listening, event: dict[str, Any]
) -> None:
    note(event)
    assert [seen["address"] for seen in shown(service)] == [DESK]
    assert len(operators.heard()) == 1
    assert "elsewhere" not in json.dumps(failing())


def test_an_address_that_no_event_names_is_found_by_the_notifications_id(
    service: Service, operators: Listening
) -> None:
    """Rewritten on its way (SRS, BATV) or left out: the tag says which e-mail of ours it was."""
    mail = service.sent()
    service.receipt_trigger(mail.mail_id)
    alert = next(body for body in bodies(service) if body["to"] == DESK)
    tags = {name: alert[name] for name in ("notification_id", "template", "mail_id")}
    note(came_back("SRS0=x=y=anam.example.org=z@relay.example", **tags))
    assert set(failing()) == {DESK}
    assert len(operators.heard()) == 1


@pytest.mark.parametrize("days_before", [0, 1])
def test_a_reminder_that_comes_back_is_found_by_its_day(
    service: Service,  # noqa: ARG001 - its AWS
    operators: Listening,
    days_before: int,
) -> None:
    alerted_at("cnss", CNSS)
    day = clock.parse("2026-11-22T10:16:01.123Z").date() - timedelta(days=days_before)
    tags = {"template": "organism_reminder", "mail_id": "x", "notification_id": reminder_id("cnss", day, CNSS)}
    note(came_back("relay@elsewhere.example", kind="Transient", sub_kind="MailboxFull", **tags))
    assert set(failing("cnss")) == {CNSS}
    assert len(operators.heard()) == 1


CNSS = "courrier@cnss.example"


def bodies(service: Service) -> list[dict[str, Any]]:
    """What the notifications in the queue say."""
    return [json.loads(record["body"]) for record in service.queued()]


def test_the_alert_goes_to_the_addresses_that_were_not_told_and_once_to_each(
    service: Service, operators: Listening
) -> None:
    """Operators mended the organism's addresses after the mail was alerted to the old one."""
    alerted_at("anam", DESK)
    mail = service.sent()
    service.receipt_trigger(mail.mail_id)
    assert service.deliver(service.queued()) == {"batchItemFailures": []}
    alerted_at("anam", DESK, "second@anam.example", phones=("+212612000001",))
    for _ in range(2):
        note(came_back(template="organism_alert", mail_id=mail.mail_id))
    queued = {(body["template"], body["to"]) for body in bodies(service) if body["template"] == "organism_alert"}
    assert queued == {("organism_alert", to) for to in (DESK, "second@anam.example", "+212612000001")}
    ids = [body["notification_id"] for body in bodies(service)]
    assert len(set(ids)) < len(ids)
    (told,) = operators.heard()
    assert told["subject"] == "An organism's address fails"


@pytest.mark.parametrize("kind", ["Permanent", "Transient", "Undetermined"])
def test_operators_hear_when_no_address_of_an_organism_works_any_more(
    service: Service, operators: Listening, kind: str
) -> None:
    alerted_at("anam", DESK, "second@anam.example")
    note(came_back(kind=kind))
    assert [seen["unreachable"] for seen in shown(service)] == [False]
    note(came_back("second@anam.example", kind=kind))
    assert [seen["unreachable"] for seen in shown(service)] == [True, True]
    first, last = operators.heard()
    assert first["subject"] == "An organism's address fails"
    assert last["subject"] == "An organism cannot be alerted any more"
    assert last["message"].splitlines()[-1] == "anam"


def test_what_passes_is_told_again_only_once_it_had_passed_or_when_it_lasts(
    service: Service, operators: Listening
) -> None:
    full, begun = came_back(kind="Transient", sub_kind="MailboxFull"), clock.now()
    for days, event, news in (
        (0, delayed(), 0),
        (0, full, 1),
        (6, full, 0),  # goes on: six days later it counts for a week more
        (12, full, 0),
        (20, full, 1),  # it had passed
        (21, came_back(), 1),  # now it lasts
        (22, full, 0),
        (22, came_back(), 0),
    ):
        with time_machine.travel(begun + timedelta(days=days), tick=False):
            note(event)
            assert len(operators.heard()) == news, (days, event["detail"]["eventType"])
            if days == 12:
                assert shown(service)[0]["since"] == clock.iso(begun)
    assert failing()[DESK]["reason"] == "bounce"


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
    alerted_at("anam", DESK)
    note(came_back())
    assert set(failing()) == set(failing("adm")) == {DESK}
    (told,) = operators.heard()
    assert told["message"].splitlines()[-2:] == ["adm", "anam"]


def test_events_of_mails_and_addresses_that_are_no_longer_there_are_harmless(
    service: Service, operators: Listening
) -> None:
    draft = service.ready()
    before = service.items(f"MAIL#{draft.mail_id}")
    gone = "0199a0e2-6a0b-7c55-9e0f-0b6d7f3f8a11"
    for template in ("sender_receipt", "organism_alert", "organism_reminder", "of_another_program"):
        for mail_id in (gone, draft.mail_id):
            note(came_back("nobody@exemple.ma", template=template, mail_id=mail_id))
    untagged = came_back("nobody@exemple.ma")
    untagged["detail"]["mail"]["tags"] = {}
    note(untagged)
    alerted_at("anam", "new@anam.example.org")
    note(came_back())
    assert service.items(f"MAIL#{draft.mail_id}") == before
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
