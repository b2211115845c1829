"""Mail is found in the inbox from the moment of its registration on, by its own organism alone."""

from itertools import islice

import boto3
import pytest
import time_machine

import resume_stalled.handler
from infra.commands.deployed import Deployed
from infra.commands.list_words import marked
from mailroom.storage.word_items import MOST_AT_ONCE
from tests.integration.test_inbox import numbers
from tests.support.in_process.agents import Agent, mails, program, scanned
from tests.support.in_process.clients import session
from tests.support.in_process.mishaps import refusing
from tests.support.in_process.service import CITIZEN, REGION, TABLE, Mail, Service, context

MANY_WORDS = " ".join(f"{first}{second}x{first}{second}y" for first in "abcdefg" for second in "hijklm")[:255]


def sent(service: Service, subject: str, last_name: str = "Alami", organism_id: str = "anam") -> Mail:
    """A submitted mail with this subject."""
    mail = service.start(organism_id)
    assert service.write(mail, subject=subject).status == 200
    service.identify(mail, CITIZEN | {"last_name": last_name})
    mail.submitted = service.submit(mail).json
    return mail


def waiting(service: Service, mail: Mail) -> list[str]:
    """What the events of a mail wait for."""
    return [item["waiting"] for item in service.items(f"MAIL#{mail.mail_id}") if "waiting" in item and "event" in item]


def test_a_mail_is_found_by_number_words_and_filters_at_once(service: Service) -> None:
    sent(service, "Demande d'attestation", "Benali")
    permit = sent(service, "رخصة البناء", "العلوي")
    sent(service, "Demande de visa", "Bennani")
    nadia = Agent(service)
    nadia.collect(permit.submitted["number"])
    for query, expected in {
        "q=visa": ["3"],
        "q=DEM": ["3", "1"],
        "q=dem+ben": ["3", "1"],
        "q=demande+benali": ["1"],
        "q=الرخصة": ["2"],
        "q=علوي+بناء": ["2"],
        "q=2": ["2"],
        f"q={permit.submitted['number'].lower().replace('-', '+')}": ["2"],
        "q=amina&status=submitted": ["3", "1"],
        "q=amina&status=collected": ["2"],
        "q=amina&status=answered": [],
        "q=2&status=submitted": [],
        "q=amina&from=2026-01-01&to=2099-12-31": ["3", "2", "1"],
        "q=amina&from=2099-01-01": [],
        "q=": ["3", "2", "1"],
        "q=+&status=": ["3", "2", "1"],
        "q=%E2%80%8B": ["3", "2", "1"],
        "q=***": [],
        "q=inconnu": [],
    }.items():
        assert numbers(nadia.list(f"?{query}")) == expected, query
    assert numbers(program(service).list("?q=visa")) == ["3"]
    assert numbers(Agent(service, "adm").list("?q=visa")) == []
    assert numbers(Agent(service, "adm").list("?q=1")) == []


def test_a_search_goes_on_page_by_page(service: Service) -> None:
    for name in ("Benali", "Bennani", "Alami", "Benkirane"):
        sent(service, "Objet", name)
    nadia = Agent(service)
    first = nadia.list("?q=ben&limit=2")
    cursor = first.json["next_cursor"]
    assert numbers(first) == ["4", "2"]
    assert numbers(nadia.list(f"?q=ben&limit=2&cursor={cursor}")) == ["1"]
    for query in ("q=be", "q=ben&status=submitted", "q=ben&unread=true", "status=submitted"):
        refused = nadia.list(f"?{query}&limit=2&cursor={cursor}")
        assert (refused.status, refused.json["errors"][0]["field"]) == (422, "cursor")


def test_what_is_typed_has_a_bound(service: Service) -> None:
    nadia = Agent(service)
    assert nadia.list(f"?q={'a' * 200}").status == 200
    assert nadia.list(f"?q={'a+' * 100}").status == 200
    assert nadia.list(f"?q={'a' * 201}").json["errors"][0]["field"] == "q"
    for query, field in (("unread=perhaps", "unread"), ("late=2", "late")):
        assert nadia.list(f"?{query}").json["errors"][0]["field"] == field


def test_a_redirected_mail_is_found_where_it_came_to(service: Service) -> None:
    mail = sent(service, "Permis de conduire", "Benali")
    assert numbers(Agent(service, "adm").list("?q=permis")) == []
    Agent(service).redirect(mail.submitted["number"], "adm")
    assert numbers(Agent(service, "adm").list("?q=permis+benali")) == ["1"]
    assert numbers(Agent(service).list("?q=permis&status=redirected")) == ["1"]


def test_a_mail_of_more_words_than_a_transaction_takes_is_found_a_minute_later(service: Service) -> None:
    """Until then an event waits for it, so that no crash leaves it out. Its number finds it at once."""
    mail = sent(service, MANY_WORDS)
    nadia, there = Agent(service), Agent(service, "adm")
    nadia.redirect(mail.submitted["number"], "adm")
    assert waiting(service, mail)[0] == "WORDS"
    assert numbers(nadia.list("?q=1")) == ["1"]
    words = MANY_WORDS.split()
    assert len(words) > MOST_AT_ONCE / 3
    assert numbers(nadia.list(f"?q={words[0]}")) == numbers(there.list(f"?q={words[-2]}")) == []
    resume_stalled.handler.handler({}, context("resume_stalled"))
    for agent in (nadia, there):
        for word in islice(words, 0, None, 12):
            assert numbers(agent.list(f"?q={word}")) == ["1"]
    assert "WORDS" not in waiting(service, mail)


def test_mail_from_before_the_search_is_entered_by_a_command(service: Service) -> None:
    one, two = mails(service, 2)
    Agent(service).redirect(two.submitted["number"], "adm")
    dynamodb = boto3.client("dynamodb", REGION)
    for item in dynamodb.scan(TableName=TABLE)["Items"]:
        if item["pk"]["S"].startswith("WORDS#"):
            dynamodb.delete_item(TableName=TABLE, Key={"pk": item["pk"], "sk": item["sk"]})
    nadia = Agent(service)
    assert numbers(nadia.list("?q=attestation")) == []
    where = Deployed(session=session(REGION), stage="test", outputs={"TableName": TABLE})
    year = int(one.submitted["number"].split("-")[1])
    assert (marked(where, "anam", year), marked(where, "adm", year), marked(where, "adm", 2020)) == (2, 1, 0)
    resume_stalled.handler.handler({}, context("resume_stalled"))
    assert numbers(nadia.list("?q=attestation")) == ["2", "1"]
    assert numbers(Agent(service, "adm").list("?q=attestation")) == ["1"]


def marks(agent: Agent, query: str = "") -> dict[str, tuple[bool, bool]]:
    """Whether each mail is unread, and whether it is late."""
    items = agent.list(query).json["items"]
    return {item["number"].rpartition("-")[2].lstrip("0"): (item["unread"], item["late"]) for item in items}


@pytest.mark.parametrize("act", ["open", "collect"])
def test_a_mail_is_unread_until_somebody_of_the_organism_opens_or_collects_it(service: Service, act: str) -> None:
    (mail,) = mails(service, 1)
    nadia, omar = Agent(service), Agent(service, name="omar")
    assert marks(omar, "?unread=true") == {"1": (True, False)}
    getattr(nadia, act)(mail.submitted["number"])
    assert marks(omar) == marks(nadia) == {"1": (False, False)}
    assert marks(omar, "?unread=true") == {}
    assert marks(omar, "?unread=true&status=answered") == {}


def test_a_download_reads_a_mail_too_and_a_refused_one_does_not(service: Service) -> None:
    mail = service.start()
    service.write(mail)
    attachment = service.attach(mail)
    service.identify(mail)
    number = service.submit(mail).json["number"]
    nadia = Agent(service)
    assert nadia.download(number, attachment).status == 409
    assert marks(nadia) == {"1": (True, False)}
    scanned(mail, attachment, "clean")
    assert nadia.download(number, attachment).status == 200
    assert marks(nadia) == {"1": (False, False)}


def test_a_mail_that_an_agent_collects_while_another_opens_it_is_opened(service: Service) -> None:
    """The mark gives way: the mail is unread no more either way."""
    (mail,) = mails(service, 1)
    number = mail.submitted["number"]
    with refusing("UpdateItem", "TransactionConflictException"):
        assert Agent(service).open(number).status == 200
    assert marks(Agent(service)) == {"1": (True, False)}
    Agent(service, name="omar").collect(number)
    assert marks(Agent(service)) == {"1": (False, False)}


def test_a_mail_that_was_passed_on_is_unread_there(service: Service) -> None:
    (mail,) = mails(service, 1)
    Agent(service).open(mail.submitted["number"])
    Agent(service).redirect(mail.submitted["number"], "adm")
    assert marks(Agent(service, "adm")) == {"1": (True, False)}


def test_a_mail_is_late_after_the_working_days_after_which_the_organism_is_reminded(service: Service) -> None:
    """Three working days unless the organism chose otherwise; here with a week-end in between."""
    with time_machine.travel("2026-11-26T10:00:00Z", tick=False):  # a Thursday
        one, two = mails(service, 2)
        nadia = Agent(service)
    with time_machine.travel("2026-11-30T22:00:00Z", tick=False):
        assert marks(nadia) == {"1": (True, False), "2": (True, False)}
        assert marks(nadia, "?late=true") == {}
    with time_machine.travel("2026-12-01T06:00:00Z", tick=False):
        assert marks(nadia) == {"1": (True, True), "2": (True, True)}
        assert nadia.call("GET", "/counts").json == {
            "submitted": 2, "unread": 2, "late": 2, "collected": 0, "at_most": 1000,
        }  # fmt: skip
        nadia.open(two.submitted["number"])
        nadia.collect(one.submitted["number"])
        assert marks(nadia, "?late=true") == {"2": (False, True)}
        assert marks(nadia, "?late=true&q=amina") == {"2": (False, True)}
        assert marks(nadia, "?late=true&unread=true") == {}
        assert nadia.call("GET", "/counts").json == {
            "submitted": 1, "unread": 0, "late": 1, "collected": 1, "at_most": 1000,
        }  # fmt: skip
        assert Agent(service, "adm").call("GET", "/counts").json["submitted"] == 0


def test_who_polls_gets_304_until_something_changes(service: Service) -> None:
    (mail,) = mails(service, 1)
    nadia = Agent(service)
    for path in ("", "?q=amina", "/counts"):
        first = nadia.call("GET", path)
        assert first.headers["Cache-Control"] == "no-store"
        known = {"if-none-match": first.headers["ETag"]}
        again = nadia.call("GET", path, headers=known)
        assert (again.status, again.body) == (304, "")
        Agent(service, name="omar").open(mail.submitted["number"])
        changed = nadia.call("GET", path, headers=known)
        assert (changed.status, changed.headers["ETag"] != first.headers["ETag"]) == (200, True)
        (mail,) = mails(service, 1)
