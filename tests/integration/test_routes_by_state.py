"""Each route that takes a mail, in each state of the mail: the status and the problem that `api.md` promises."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine

from mailroom.domain import clock
from tests.support.in_process.agents import Agent, scanned
from tests.support.in_process.codes import come
from tests.support.in_process.mishaps import taking
from tests.support.in_process.refused import everything_about, problem
from tests.support.in_process.service import Answer, Mail, Service

ANSWER = "Voici. هذا"

STATES = ("draft", "expired", "without receipt", "submitted", "collected", "answered", "redirected", "rejected")

GONE, NO_NUMBER = "404 mail-not-found", "404 number-not-found"
SENT, NOT_SENT, CLOSED = "409 already-submitted", "409 not-yet-submitted", "409 already-closed"
NO_FILE, NO_PAIR, NO_RECEIPT = "404 attachment-not-found", "404 follow-up-not-found", "404 receipt-not-found"

TABLE = {
    # route                draft      expired     w/o receipt submitted collected answered redirected rejected
    "write_letter":       ("200",     GONE,       SENT,      SENT,     SENT,     SENT,    SENT,      SENT),
    "identify_sender":    ("200",     GONE,       SENT,      SENT,     SENT,     SENT,    SENT,      SENT),
    "attach_file":        ("201",     GONE,       SENT,      SENT,     SENT,     SENT,    SENT,      SENT),
    "withdraw":           ("204",     GONE,       SENT,      SENT,     SENT,     SENT,    SENT,      SENT),
    "submit_mail":        ("201",     GONE,       "200",     "200",    "200",    "200",   "200",     "200"),
    "follow_mail":        ("200",     GONE,       "200",     "200",    "200",    "200",   "200",     "200"),
    "read_receipt":       (NOT_SENT,  GONE,       "202",     "200",    "200",    "200",   "200",     "200"),
    "turn_codes":         (NOT_SENT,  GONE,       "200",     "200",    "200",    "200",   "200",     "200"),
    "not_mine":           (NOT_SENT,  GONE,       "204",     "204",    "204",    "204",   "204",     "204"),
    "follow_up":          (NO_PAIR,   NO_PAIR,    "200",     "200",    "200",    "200",   "200",     "200"),
    "verify_receipt":     (NO_RECEIPT, NO_RECEIPT, "200",    "200",    "200",    "200",   "200",     "200"),
    "open_mail":          (NO_NUMBER, NO_NUMBER,  "200",     "200",    "200",    "200",   "200",     "200"),
    "download":           (NO_NUMBER, NO_NUMBER,  "200",     "200",    "200",    "200",   "200",     "200"),
    "collect_mail":       (NO_NUMBER, NO_NUMBER,  "201",     "201",    "200",    "200",   "200",     "200"),
    "attach_answer_file": (NO_NUMBER, NO_NUMBER,  "201",     "201",    "201",    CLOSED,  CLOSED,    CLOSED),
    "withdraw_answer":    (NO_NUMBER, NO_NUMBER,  NO_FILE,   NO_FILE,  NO_FILE,  CLOSED,  CLOSED,    CLOSED),
    "answer":             (NO_NUMBER, NO_NUMBER,  "201",     "201",    "201",    "200",   CLOSED,    CLOSED),
    "reject":             (NO_NUMBER, NO_NUMBER,  "201",     "201",    "201",    CLOSED,  CLOSED,    "200"),
    "redirect":           (NO_NUMBER, NO_NUMBER,  "201",     "201",    "201",    CLOSED,  "200",     CLOSED),
}  # fmt: skip
"""What each route answers; the agent's routes know a draft by no number, and nobody has a code of it."""


@dataclass
class Case:
    """A mail in a state, its one file, and those who come for it."""

    service: Service
    agent: Agent
    mail: Mail
    attachment_id: str

    @property
    def path(self) -> str:
        return f"/v1/mails/{self.mail.mail_id}"

    @property
    def number(self) -> str:
        return str(self.mail.submitted.get("number", "ANAM-2026-999999"))

    def call(self, method: str, path: str) -> Answer:
        return self.service.call(method, f"{self.path}{path}", token=self.mail.token)


ROUTES: dict[str, Callable[[Case], Answer]] = {
    "write_letter": lambda case: case.service.write(case.mail, subject="Autre"),
    "identify_sender": lambda case: case.service.identify(case.mail),
    "attach_file": lambda case: case.service.announce(case.mail, b"x"),
    "withdraw": lambda case: case.call("DELETE", f"/attachments/{case.attachment_id}"),
    "submit_mail": lambda case: case.service.submit(case.mail),
    "follow_mail": lambda case: case.call("GET", ""),
    "read_receipt": lambda case: case.call("GET", "/receipt"),
    "turn_codes": lambda case: case.call("POST", "/codes"),
    "not_mine": lambda case: case.call("POST", "/not-mine"),
    "follow_up": lambda case: come(case.service, case.number, case.mail.submitted.get("follow_up_code", "0")),
    "verify_receipt": lambda case: case.service.call(
        "GET", f"/v1/receipts/{case.mail.submitted.get('verification_code', '0')}"
    ),
    "open_mail": lambda case: case.agent.open(case.number),
    "download": lambda case: case.agent.download(case.number, case.attachment_id),
    "collect_mail": lambda case: case.agent.collect(case.number),
    "attach_answer_file": lambda case: case.agent.announce(case.number),
    "withdraw_answer": lambda case: case.agent.call("DELETE", f"/{case.number}/attachments/none"),
    "answer": lambda case: case.agent.close(case.number, message=ANSWER),
    "reject": lambda case: case.agent.close(case.number, "rejected", "Incomplet."),
    "redirect": lambda case: case.agent.redirect(case.number, "adm"),
}


def in_state(service: Service, state: str) -> Case:
    """A new mail, brought into a state as people bring it there."""
    agent, mail = Agent(service), service.start()
    service.write(mail)
    service.identify(mail)
    case = Case(service, agent, mail, service.attach(mail))
    if state in {"draft", "expired"}:
        return case
    mail.submitted = service.submit(mail).json
    scanned(mail, case.attachment_id, "clean")
    if state != "without receipt":
        service.receipt_trigger(mail.mail_id)
    if state == "collected":
        agent.collect(case.number)
    elif state == "answered":
        agent.close(case.number, message=ANSWER)
    elif state == "redirected":
        agent.redirect(case.number, "adm")
    elif state == "rejected":
        agent.close(case.number, "rejected", "Incomplet.")
    return case


@pytest.fixture(scope="module")
def kept() -> dict[str, Case]:
    """One mail in each state, for the routes that leave it there."""
    return {}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("route", TABLE)
def test_a_route_answers_as_the_state_of_the_mail_says(
    shared_service: Service, kept: dict[str, Case], state: str, route: str
) -> None:
    """A refusal is of the problem that the state calls for, and changes nothing."""
    expected = TABLE[route][STATES.index(state)]
    stays = expected != "201" and route != "turn_codes"
    case = kept.get(state) if stays else None
    if case is None:
        case = in_state(shared_service, state)
    if stays:
        kept[state] = case
    before = everything_about(shared_service, case.mail.mail_id)
    later = clock.now() + timedelta(hours=24, seconds=5)
    with time_machine.travel(later) if state == "expired" else nullcontext(), taking("Invoke", {"StatusCode": 202}):
        answer = ROUTES[route](case)
    status, _, slug = expected.partition(" ")
    if slug:
        problem(answer, int(status), slug)
        assert everything_about(shared_service, case.mail.mail_id) == before
    assert answer.status == int(status), answer.body


def test_the_table_has_each_route_in_each_state() -> None:
    assert TABLE.keys() == ROUTES.keys()
    assert {len(row) for row in TABLE.values()} == {len(STATES)}
