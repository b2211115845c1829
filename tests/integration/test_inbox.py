"""The inbox lists an organism's own mails, newest first, at a cost that does not grow with the register."""

import base64
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
import time_machine
from botocore.client import BaseClient

from tests.support.in_process.agents import Agent, mails, program
from tests.support.in_process.filled_register import fill
from tests.support.in_process.service import Service

_call = BaseClient._make_api_call  # type: ignore[attr-defined]  # botocore's one door to AWS


@contextmanager
def reads() -> Iterator[dict[str, int]]:
    """How many items DynamoDB reads for each operation while this lasts."""
    read: dict[str, int] = {}

    def call(client: BaseClient, operation: str, parameters: dict[str, Any]) -> Any:  # noqa: ANN401 - whatever AWS answers
        answer = _call(client, operation, parameters)
        assert operation != "Scan"
        brought = answer.get("ScannedCount") or sum(map(len, answer.get("Responses", {}).values())) or 1
        read[operation] = read.get(operation, 0) + brought
        return answer

    with mock.patch.object(BaseClient, "_make_api_call", call):
        yield read


@contextmanager
def queries() -> Iterator[list[dict[str, Any]]]:
    """What DynamoDB answers to each Query while this lasts."""
    answers: list[dict[str, Any]] = []

    def call(client: BaseClient, operation: str, parameters: dict[str, Any]) -> Any:  # noqa: ANN401 - whatever AWS answers
        answer = _call(client, operation, parameters)
        if operation == "Query":
            answers.append(answer)
        assert operation != "Scan"
        return answer

    with mock.patch.object(BaseClient, "_make_api_call", call):
        yield answers


def numbers(answer: Any) -> list[str]:  # noqa: ANN401 - an answer
    assert answer.status == 200, answer.body
    return [item["number"].rpartition("-")[2].lstrip("0") for item in answer.json["items"]]


def test_the_list_shows_what_came_newest_first(service: Service) -> None:
    first, second = mails(service, 2)
    nadia = Agent(service)
    listed = nadia.list().json
    assert listed["next_cursor"] is None
    assert [item["number"] for item in listed["items"]] == [second.submitted["number"], first.submitted["number"]]
    assert listed["items"][1] == {
        "number": first.submitted["number"],
        "subject": "Demande d'attestation — طلب شهادة رقم 45/2026",
        "kind": "request",
        "sender": {"kind": "citizen", "display_name": "Amina العلوي"},
        "submitted_at": first.submitted["submitted_at"],
        "status": "submitted",
        "attachments": 0,
        "channel": "online",
        "unread": True,
        "late": False,
        "collected_at": None,
        "outcome_at": None,
    }
    assert numbers(program(service).list()) == ["2", "1"]


def test_the_organism_comes_from_the_token_alone(service: Service) -> None:
    mails(service, 1)
    other = Agent(service, "adm")
    assert numbers(other.list()) == []
    refused = other.list("?organism_id=anam")
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, "organism_id")
    nobody = service.call("GET", "/v1/inbox")
    assert (nobody.status, nobody.json["type"]) == (401, "/problems/not-signed-in")


@pytest.mark.parametrize("groups", ["[]", "[operators]", "[organism:anam organism:adm]"])
def test_who_acts_for_none_or_two_organisms_is_refused_everywhere(service: Service, groups: str) -> None:
    """Before anything of the request is looked at."""
    stranger = Agent(service)
    stranger.claims = {"cognito:username": "x", "cognito:groups": groups}
    answers = [
        stranger.list("?status=nonsense"),
        stranger.call("GET", "/statistics"),
        stranger.open("ANAM-2026-000001"),
        stranger.download("ANAM-2026-000001", "x"),
        stranger.collect("ANAM-2026-000001"),
        stranger.close("ANAM-2026-000001", "nonsense"),
        stranger.announce("ANAM-2026-000001"),
        stranger.call("DELETE", "/ANAM-2026-000001/attachments/x"),
    ]
    assert {(answer.status, answer.json["type"]) for answer in answers} == {(403, "/problems/not-your-organism")}


def test_the_list_by_status_follows_what_becomes_of_the_mails(service: Service) -> None:
    one, two, three, four, _ = mails(service, 5)
    nadia = Agent(service)
    nadia.collect(one.submitted["number"])
    nadia.close(two.submitted["number"], "answered")
    nadia.close(three.submitted["number"], "rejected")
    nadia.redirect(four.submitted["number"], "adm")
    by_status = {
        status: numbers(nadia.list(f"?status={status}"))
        for status in ("submitted", "collected", "answered", "rejected", "redirected")
    }
    assert by_status == {
        "submitted": ["5"],
        "collected": ["1"],
        "answered": ["2"],
        "rejected": ["3"],
        "redirected": ["4"],
    }
    assert nadia.list("?status=draft").status == 422


@pytest.mark.parametrize("filled", [100, 100_000])
def test_a_page_costs_the_same_however_many_mails_the_register_holds(service: Service, filled: int) -> None:
    """One Query, no filter, and no more read than one entry beyond the page; a search reads as much of its list."""

    def look() -> None:
        fill(filled)
        fill(50, "adm")
        nadia = Agent(service)
        for query in ("", "status=submitted&", "from=2026-03-01&to=2026-12-31&"):
            with queries() as answers:
                page = nadia.list(f"?{query}limit=25")
                following = nadia.list(f"?{query}limit=25&cursor={page.json['next_cursor']}")
            newest = filled if "from" not in query else int(numbers(page)[0])
            assert numbers(page) + numbers(following) == [str(rank) for rank in range(newest, newest - 50, -1)]
            assert [(answer["Count"], answer["ScannedCount"]) for answer in answers] == [(26, 26), (26, 26)]
        for query, of_lists in (("q=objet&", 27), ("q=objet&status=submitted&", 20 + 20 + 27)):
            with reads() as read:
                page = nadia.list(f"?{query}limit=25")
            assert numbers(page) == [str(rank) for rank in range(filled, filled - 25, -1)]
            assert read["Query"] == of_lists
            assert read.get("BatchGetItem", 0) <= 27
        with reads() as read:
            assert numbers(nadia.list("?q=42")) == ["42"]
        assert read == {"GetItem": 1, "BatchGetItem": 1}

    # In a thread of its own, which begins with an empty stack. CPython's stack grows by pieces, and a loop whose calls
    # just cross from one to the next makes and unmakes a piece with each: ten times slower, at some runners' depths.
    with ThreadPoolExecutor(1) as alone:
        alone.submit(look).result()


@pytest.mark.parametrize("query", ["", "status=submitted&"])
def test_the_pages_hold_each_mail_once_and_then_end(service: Service, query: str) -> None:
    fill(10)
    nadia = Agent(service)
    seen: list[str] = []
    cursor = ""
    while True:
        page = nadia.list(f"?{query}limit=5{cursor}")
        seen += numbers(page)
        if page.json["next_cursor"] is None:
            break
        fill(1, first=11 + len(seen))  # what comes meanwhile is newer than all pages
        cursor = f"&cursor={page.json['next_cursor']}"
    assert seen == [str(rank) for rank in range(10, 0, -1)]


def test_a_cursor_is_good_for_the_very_list_it_came_from(service: Service) -> None:
    fill(10)
    fill(10, "adm")
    nadia = Agent(service)
    cursor = nadia.list("?limit=2").json["next_cursor"]
    wrong = [
        Agent(service, "adm").list(f"?limit=2&cursor={cursor}"),
        nadia.list(f"?status=submitted&cursor={cursor}"),
        nadia.list(f"?from=2026-03-01&cursor={cursor}"),
        nadia.list(f"?cursor={cursor[:-3]}"),
        nadia.list("?cursor=W10"),
        nadia.list("?cursor=WzEsMl0"),
        nadia.list("?cursor=é"),
    ]
    for answer in wrong:
        assert (answer.status, answer.json["errors"][0]["field"]) == (422, "cursor")


@pytest.mark.parametrize(
    "place",
    [
        "2026-02-01T08:00:00.000Z#ANAM-2026-000001",
        "2026-04-01T08:00:00.000Z#ANAM-2026-000001",
        "2026-03-01#ANAM-2026-000001",
        "2026-03-01T08:01:00.000Z#anam-2026-000001 ",
        "~#ANAM-2026-000001",
        "#ANAM-2026-000001",
    ],
)
def test_a_cursor_that_somebody_rewrote_is_refused_before_dynamodb_would(service: Service, place: str) -> None:
    """DynamoDB answers a start outside the asked dates, or of another form, with an error: that would be a 500."""
    fill(10)
    nadia = Agent(service)
    query = "?from=2026-03-01&to=2026-03-31&limit=2"
    cursor = nadia.list(query).json["next_cursor"]
    _, bound = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    forged = base64.urlsafe_b64encode(json.dumps([place, bound]).encode()).decode().rstrip("=")
    with queries() as asked:
        answer = nadia.list(f"{query}&cursor={forged}")
    assert (answer.status, answer.json["errors"][0]["field"], asked) == (422, "cursor", [])
    assert nadia.list(f"{query}&cursor={cursor}").status == 200


def test_days_are_those_of_casablanca_and_the_last_one_counts(service: Service) -> None:
    """In March 2026 the clocks of Casablanca are at UTC, it being Ramadan; in June they are an hour ahead."""
    nadia = Agent(service)
    for instant in ("2026-06-09T22:30:00Z", "2026-06-09T23:30:00Z", "2026-06-10T22:59:59Z", "2026-06-10T23:00:00Z"):
        with time_machine.travel(instant, tick=False):
            mails(service, 1)
    assert numbers(nadia.list("?from=2026-06-10&to=2026-06-10")) == ["3", "2"]
    assert numbers(nadia.list("?from=2026-06-11")) == ["4"]
    assert numbers(nadia.list("?to=2026-06-09")) == ["1"]
    assert numbers(nadia.list("?from=2026-06-09T23:30:00Z&to=2026-06-10T22:59:59Z")) == ["3", "2"]
    assert numbers(nadia.list("?to=2026-06-10T00:30:00%2B01:00")) == ["2", "1"]


def test_what_makes_no_sense_is_refused_by_name(service: Service) -> None:
    for query, field in [
        ("from=yesterday", "from"),
        ("from=2026-02-30", "from"),
        ("from=20260301", "from"),
        ("from=2026-03-01T10:00:00", "from"),
        ("to=9999-12-31", "to"),
        ("from=0001-01-01T00:00:00%2B14:00", "from"),
        ("from=2026-03-02&to=2026-03-01", "to"),
        ("status=open", "status"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("page=2", "page"),
    ]:
        answer = Agent(service).list(f"?{query}")
        assert answer.status == 422, query
        assert [error["field"] for error in answer.json["errors"]] == [field]
        assert "n'est pas acceptée" not in json.dumps(answer.json["errors"])


def test_statistics_count_by_status_kind_and_day_and_tell_the_median_waits(service: Service) -> None:
    nadia = Agent(service)
    for hours, (kind, outcome) in enumerate(
        [("request", "answered"), ("request", "rejected"), ("complaint", None), ("invoice", "")], start=1
    ):
        with time_machine.travel("2026-06-10T08:00:00Z", tick=False) as traveller:
            mail = service.start()
            service.write(mail, kind=kind)
            service.identify(mail)
            number = service.submit(mail).json["number"]
            traveller.shift(timedelta(hours=hours))
            if outcome is not None:
                nadia.collect(number)
            traveller.shift(timedelta(hours=10))
            if outcome:
                nadia.close(number, outcome)
    with time_machine.travel("2026-06-12T22:59:00Z", tick=False):
        mails(service, 1)
    counted = nadia.call("GET", "/statistics?from=2026-06-10&to=2026-06-12").json
    assert counted == {
        "start": "2026-06-09T23:00:00.000Z",
        "end": "2026-06-12T23:00:00.000Z",
        "total": 5,
        "by_status": {"submitted": 2, "collected": 1, "answered": 1, "redirected": 0, "rejected": 1},
        "by_kind": {"request": 3, "complaint": 1, "information": 0, "invoice": 1, "reply": 0, "other": 0},
        "by_channel": {"online": 5, "counter": 0},
        "by_day": {"2026-06-10": 4, "2026-06-12": 1},
        "days": [
            {
                "day": "2026-06-10",
                "total": 4,
                "by_status": {"submitted": 1, "collected": 1, "answered": 1, "redirected": 0, "rejected": 1},
                "by_kind": {"request": 2, "complaint": 1, "information": 0, "invoice": 1, "reply": 0, "other": 0},
                "by_channel": {"online": 4, "counter": 0},
            },
            {
                "day": "2026-06-12",
                "total": 1,
                "by_status": {"submitted": 1, "collected": 0, "answered": 0, "redirected": 0, "rejected": 0},
                "by_kind": {"request": 1, "complaint": 0, "information": 0, "invoice": 0, "reply": 0, "other": 0},
                "by_channel": {"online": 1, "counter": 0},
            },
        ],
        "median_seconds_to_collection": 2 * 3600.0,
        "median_seconds_to_outcome": 11.5 * 3600.0,
    }
    empty = nadia.call("GET", "/statistics?from=2026-06-13&to=2026-06-14").json
    assert (empty["total"], empty["by_day"], empty["median_seconds_to_collection"]) == (0, {}, None)
    assert Agent(service, "adm").call("GET", "/statistics?from=2026-06-10&to=2026-06-12").json["total"] == 0
    with time_machine.travel("2026-06-20T10:00:00Z", tick=False):
        assert nadia.call("GET", "/statistics").json["total"] == 5


def test_statistics_are_of_a_year_at_most(service: Service) -> None:
    nadia = Agent(service)
    assert nadia.call("GET", "/statistics?from=2026-01-01&to=2027-01-01").status == 200
    long = nadia.call("GET", "/statistics?from=2026-01-01&to=2027-01-02")
    assert (long.status, long.json["errors"][0]["field"]) == (422, "from")
    assert nadia.call("GET", "/statistics?from=2020-01-01").status == 422
