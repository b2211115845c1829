"""A mail is taken over once: of two agents one is named, the other is told who; the sender hears of it, not of whom."""

import json

import pytest

from tests.support.in_process.agents import Agent, program
from tests.support.in_process.mishaps import before_transaction, counting, refusing
from tests.support.in_process.service import Mail, Service


def entry(service: Service, mail: Mail) -> dict[str, object]:
    """The register entry of a mail."""
    code, year, rank = mail.submitted["number"].split("-")
    items = service.items(f"REGISTER#{code.lower()}#{year}")
    return next(item for item in items if item["sk"] == f"ENTRY#{int(rank):09d}")


def templates(service: Service) -> list[tuple[str, str]]:
    """What waits to be told, and by which way."""
    told = [json.loads(message["body"]) for message in service.queued()]
    return sorted((each["template"], each["channel"]) for each in told)


def test_an_uncollected_mail_waits_and_a_collected_one_does_not(service: Service) -> None:
    mail = service.sent()
    before = entry(service, mail)
    assert (before["waiting"], before["waiting_since"]) == ("COLLECTION", mail.submitted["submitted_at"])
    first = Agent(service).collect(mail.submitted["number"])
    assert first.status == 201
    assert first.json == {
        "number": mail.submitted["number"],
        "status": "collected",
        "collected": {"by": "nadia", "at": first.json["collected"]["at"]},
    }
    after = entry(service, mail)
    assert (after["status"], after["desk_status"], after["collected_at"]) == (
        "collected",
        "anam#collected",
        first.json["collected"]["at"],
    )
    assert not {"waiting", "waiting_since"} & set(after)


def test_who_comes_later_is_told_who_collected(service: Service) -> None:
    mail = service.sent()
    first = Agent(service).collect(mail.submitted["number"])
    for later in (Agent(service), Agent(service, name="omar"), program(service)):
        answer = later.collect(mail.submitted["number"])
        assert (answer.status, answer.json) == (200, first.json)
    history = Agent(service).open(mail.submitted["number"]).json
    assert [(event["event"], event["by"]) for event in history["history"]][1:] == [
        ("submitted", None),
        ("collected", "nadia"),
    ]
    assert [access["action"] for access in history["accesses"]] == ["collected", "opened"]


def test_of_two_who_collect_at_once_one_is_named_and_the_other_told_who(service: Service) -> None:
    mail = service.sent()
    number = mail.submitted["number"]
    quicker, slower = Agent(service, name="omar"), Agent(service)
    with before_transaction(lambda: quicker.collect(number)):
        answer = slower.collect(number)
    assert (answer.status, answer.json["collected"]["by"]) == (200, "omar")
    assert [event["by"] for event in slower.open(number).json["history"] if event["event"] == "collected"] == ["omar"]


def test_the_sender_is_told_once_by_e_mail_alone(service: Service) -> None:
    mail = service.sent()
    nadia = Agent(service)
    nadia.collect(mail.submitted["number"])
    nadia.collect(mail.submitted["number"])
    assert templates(service) == [("sender_collected", "email")]
    with counting() as calls:
        assert service.deliver(service.queued()) == {"batchItemFailures": []}
    assert calls.count("SendEmail") == 1


def test_a_sender_who_could_not_be_told_is_told_by_the_retry(service: Service) -> None:
    """The collection stands, whatever becomes of the queue."""
    mail = service.sent()
    nadia = Agent(service)
    with refusing("SendMessageBatch", "ThrottlingException"):
        assert nadia.collect(mail.submitted["number"]).status == 503
    assert entry(service, mail)["status"] == "collected"
    assert nadia.collect(mail.submitted["number"]).status == 200
    assert templates(service) == [("sender_collected", "email")]


@pytest.mark.parametrize("times", [2, 1_000])
def test_others_at_work_on_the_mail_are_waited_for_a_while(service: Service, times: int) -> None:
    mail = service.sent()
    cancelled = {"CancellationReasons": [{"Code": "TransactionConflict"}]}
    with refusing("TransactWriteItems", "TransactionCanceledException", times=times, more=cancelled):
        answer = Agent(service).collect(mail.submitted["number"])
    assert answer.status == (201 if times == 2 else 503)
