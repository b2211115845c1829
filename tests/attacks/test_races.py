"""What holds for one after the other, asked for in the same moment: more in `tests/e2e/test_register_race.py`."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from mailroom.domain import clock
from tests.support.in_process.agents import Agent
from tests.support.in_process.service import Answer, Service

AT_ONCE = 8


def at_once(*asked: Callable[[], Answer]) -> list[Answer]:
    with ThreadPoolExecutor(len(asked)) as pool:
        return [each.result() for each in [pool.submit(ask) for ask in asked]]


def entries(service: Service, organism_id: str = "anam") -> int:
    items = service.items(f"REGISTER#{organism_id}#{clock.register_year(clock.now())}")
    return sum(item["sk"].startswith("ENTRY#") for item in items)


def test_two_numbers_for_one_mail(service: Service) -> None:
    """A sender wants one mail in the register twice, by sending it many times in the same moment."""
    mail = service.ready()
    answers = at_once(*[lambda: service.submit(mail)] * AT_ONCE)
    assert Counter(answer.status for answer in answers if answer.status != 503)[201] == 1
    assert {answer.status for answer in answers} <= {200, 201, 503}
    assert len({answer.json["number"] for answer in answers if answer.status != 503}) == 1
    assert entries(service) == 1


def test_a_letter_changed_while_it_is_sent(service: Service) -> None:
    """A sender wants a record of one letter and a mail with another, by writing while it is sent."""
    mail = service.ready()
    answers = at_once(
        lambda: service.submit(mail), *[lambda: service.write(mail, subject="Un autre objet")] * (AT_ONCE - 1)
    )
    assert answers[0].status in {201, 503}
    sent = service.submit(mail)
    assert sent.status in {200, 201}
    shown = service.call("GET", f"/v1/mails/{mail.mail_id}", token=mail.token).json["letter"]["subject"]
    assert service.write(mail, subject="Encore un autre").status == 409
    (entry,) = [
        item
        for item in service.items(f"REGISTER#anam#{clock.register_year(clock.now())}")
        if item["sk"].startswith("ENTRY#")
    ]
    assert entry["subject"] == shown


def test_two_outcomes_for_one_mail(service: Service) -> None:
    """Two agents want a mail answered and redirected at once: one outcome stands, in one other register at most."""
    number = service.sent().submitted["number"]
    agents = [Agent(service, name=f"agent-{rank}") for rank in range(4)]
    answers = at_once(
        *[lambda agent=agent: agent.close(number) for agent in agents[:2]],
        *[lambda agent=agent: agent.redirect(number, "adm") for agent in agents[2:]],
    )
    statuses = Counter(answer.status for answer in answers)
    assert statuses[201] == 1
    assert set(statuses) <= {200, 201, 409, 503}
    assert entries(service, "adm") == (agents[0].open(number).json["status"] == "redirected")
