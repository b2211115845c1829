"""What somebody without an account makes the service pay for: files, scans, registrations."""

import itertools
import threading
from typing import Any

import boto3
import pytest

from mailroom.domain import clock
from tests.support.in_process.agents import Agent
from tests.support.in_process.refused import wrong_fields
from tests.support.in_process.service import NEW_ORGANISM, REGION, TABLE, Answer, Mail, Service

ACCEPTS = {"national_id": False, "max_attachments": 2, "max_attachment_bytes": 1000}
"""What the organism takes; so a draft takes six announcements, and no more once 4000 bytes were announced."""


def slug(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.json["type"].removeprefix("/problems/")


@pytest.fixture
def draft(service: Service) -> Mail:
    body = {**NEW_ORGANISM, "accepts": ACCEPTS}
    assert service.put_organism("cndp", body).status == 201
    return service.start("cndp")


def announce(service: Service, draft: Mail, size: int = 10) -> Answer:
    return service.announce(draft, b"x", size=size)


def withdraw(service: Service, draft: Mail, announced: Answer) -> None:
    path = f"/v1/mails/{draft.mail_id}/attachments/{announced.json['attachment_id']}"
    assert service.call("DELETE", path, token=draft.token).status == 204


def test_announcing_and_withdrawing_without_end(service: Service, draft: Mail) -> None:
    """A stranger wants one draft to hand out addresses for ever, a withdrawn file making room for the next."""
    for _ in range(6):
        announced = announce(service, draft)
        assert announced.status == 201
        withdraw(service, draft, announced)
    assert slug(announce(service, draft)) == (409, "too-many-announcements")
    assert slug(announce(service, draft)) == (409, "too-many-announcements")
    assert "6" in announce(service, draft).json["detail"]


def test_bytes_withdrawn_are_bytes_all_the_same(service: Service, draft: Mail) -> None:
    """A stranger wants to store, by one draft, more than a mail may hold, a large file after the other."""
    for _ in range(4):
        announced = announce(service, draft, 1000)
        assert announced.status == 201
        withdraw(service, draft, announced)
    assert slug(announce(service, draft, 1)) == (413, "draft-too-large")


def test_many_at_once_get_no_more_than_one_after_the_other(service: Service, draft: Mail) -> None:
    """A stranger wants to pass the bound by asking fifty times in the same moment."""
    answers: list[Answer] = []

    def ask() -> None:
        for _ in range(4):
            answer = announce(service, draft)
            answers.append(answer)
            if answer.status == 201:
                withdraw(service, draft, answer)

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(answer.status == 201 for answer in answers) <= 6
    assert {answer.status for answer in answers} <= {201, 409, 503}


def test_a_draft_at_its_bound_can_still_be_sent(service: Service, draft: Mail) -> None:
    """Whoever got hold of a sender's draft wants it unusable: it is sent with the files it has."""
    for _ in range(5):
        withdraw(service, draft, announce(service, draft))
    service.attach(draft, b"%PDF-1.7 plan")
    assert slug(announce(service, draft)) == (409, "too-many-announcements")
    service.write(draft)
    service.identify(draft)
    assert service.submit(draft).status == 201


def test_a_draft_of_before_there_were_bounds_goes_on(service: Service, draft: Mail) -> None:
    """Nobody's wish: the drafts that are under way while this is deployed keep taking files."""
    boto3.client("dynamodb", REGION).update_item(
        TableName=TABLE,
        Key={"pk": {"S": f"MAIL#{draft.mail_id}"}, "sk": {"S": "MAIL"}},
        UpdateExpression="REMOVE most_announced, most_announced_bytes, announced, announced_bytes",
    )
    for _ in range(8):
        withdraw(service, draft, announce(service, draft))


def redirect(service: Service, at: str, number: str, to: str) -> Answer:
    return Agent(service, at, f"agent-of-{at}").redirect(number, to)


def passed_on(service: Service, *way: str) -> str:
    """The number under which the last organism of the way has a mail that the others passed on."""
    number = str(service.sent(way[0]).submitted["number"])
    for at, to in itertools.pairwise(way):
        answer = redirect(service, at, number, to)
        assert answer.status == 201, answer.body
        number = answer.json["outcome"]["redirected_to"]["number"]
    return number


def registered(service: Service) -> int:
    """How many entries all registers have."""
    year = clock.register_year(clock.now())
    return sum(len(service.items(f"REGISTER#{each}#{year}")) for each in ("anam", "adm", "mi", "mj", "cnss"))


@pytest.mark.parametrize("way", [("anam", "adm"), ("anam", "adm", "mi"), ("anam", "adm", "mi", "mj")])
def test_a_mail_that_goes_round_in_circles(service: Service, way: tuple[str, ...]) -> None:
    """An agent wants a mail off the desk, by sending it back to one that had it, again and again."""
    number = passed_on(service, *way)
    before = registered(service)
    for had_it in way[:-1]:
        assert wrong_fields(redirect(service, way[-1], number, had_it)) == ["redirect_to"]
    assert registered(service) == before
    assert Agent(service, way[-1], "somebody").close(number).status == 201


def test_a_mail_is_passed_on_three_times_at_most(service: Service) -> None:
    """Agents want a mail that each passes on to the next, registered everywhere and answered nowhere."""
    number = passed_on(service, "anam", "adm", "mi", "mj")
    before = registered(service)
    refused: Any = redirect(service, "mj", number, "cnss")
    assert slug(refused) == (409, "redirected-too-often")
    assert "3" in refused.json["detail"]
    assert registered(service) == before
    assert Agent(service, "mj", "somebody").close(number, "rejected").status == 201


def test_the_last_redirection_asked_for_again_has_the_same_answer(service: Service) -> None:
    """Bad luck wants a redirection whose answer got lost refused when it is sent again."""
    number = passed_on(service, "anam", "adm", "mi")
    first = redirect(service, "mi", number, "mj")
    again = redirect(service, "mi", number, "mj")
    assert (first.status, again.status) == (201, 200)
    assert again.json == first.json
