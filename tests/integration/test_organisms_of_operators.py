"""Operators see organisms as they were entered, change one without undoing another change, and load a directory."""

import json
from typing import Any

import boto3
import pytest

import enrol_organism.handler
from mailroom.domain import clock
from tests.support.in_process.mishaps import before_transaction, counting
from tests.support.in_process.refused import problem, wrong_fields
from tests.support.in_process.service import NEW_ORGANISM as NEW
from tests.support.in_process.service import OPERATOR, REGION, TABLE, Answer, Service

ORGANISMS = "/v1/operations/organisms"
AGENT = {"cognito:username": "nadia", "cognito:groups": "[organism:anam]"}
HEADING = "organism_id,code,category,name_fr,name_ar,alert_emails"


def listed(service: Service, query: str = "") -> Answer:
    return service.call("GET", f"{ORGANISMS}{query}", claims=OPERATOR)


def read(service: Service, organism_id: str) -> Answer:
    return service.call("GET", f"{ORGANISMS}/{organism_id}", claims=OPERATOR)


def sent(service: Service, path: str, *rows: str, heading: str = HEADING, language: str = "fr") -> Answer:
    csv = "\n".join([heading, *rows])
    return service.call(
        "POST", f"{ORGANISMS}/{path}", {"csv": csv}, claims=OPERATOR, headers={"Accept-Language": language}
    )


def row(organism_id: str, code: str, email: str = "bo@exemple.ma") -> str:
    return f"{organism_id},{code},ministry,Organisme {code},الهيئة,{email}"


def ids(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.body
    return [each["organism_id"] for each in answer.json["items"]]


ROUTES = [("GET", ""), ("GET", "/anam"), ("POST", "/check"), ("POST", "/load")]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_operators_alone(service: Service, method: str, path: str) -> None:
    body = {"csv": HEADING} if method == "POST" else None
    problem(service.call(method, ORGANISMS + path, body), 401, "not-signed-in")
    problem(service.call(method, ORGANISMS + path, body, claims=AGENT), 403, "not-your-organism")


def test_an_organism_is_listed_as_it_was_entered(service: Service) -> None:
    service.put_organism("cndp", NEW | {"status": "suspended", "is_test": True})
    (found,) = listed(service, "?q=CNDP").json["items"]
    alerts = {"emails": ["desk@cndp.example"], "phones": ["+212612345678"]}
    expected = {"organism_id": "cndp"} | NEW | {"alerts": alerts, "status": "suspended", "is_test": True}
    assert {name: found[name] for name in expected} == expected
    assert (found["failing"], found["unreachable"]) == ([], False)


@pytest.mark.parametrize("query", ["?status=suspended", "?status=suspended&q=cndp", "?q=cndp", "?q=الوطنية"])
def test_suspended_organisms_are_found(service: Service, query: str) -> None:
    service.put_organism("cndp", NEW | {"status": "suspended"})
    assert "cndp" in ids(listed(service, query))


def test_only_organisms_of_a_status(service: Service) -> None:
    service.put_organism("cndp", NEW | {"status": "suspended"})
    assert ids(listed(service, "?status=suspended")) == ["cndp"]
    assert "cndp" not in ids(listed(service, "?status=active"))
    assert listed(service, "?status=active").json["total"] == 6


def test_the_list_comes_in_pages_and_search_folds_as_step_1(service: Service) -> None:
    every = ids(listed(service))
    paged: list[str] = []
    more: str | None = ""
    while more is not None:
        answer = listed(service, f"?limit=4{more}")
        paged += ids(answer)
        more = f"&cursor={answer.json['next_cursor']}" if answer.json["next_cursor"] else None
    assert paged == every
    assert ids(listed(service, "?q=التأمين")) == ids(service.call("GET", "/v1/organisms?q=التأمين")) == ["anam"]
    assert ids(listed(service, "?q=ministere+interieur")) == ["mi"]


@pytest.mark.parametrize("query", ["?status=gone", "?limit=0", "?cursor=zz", f"?q={'a' * 101}", "?category=ministry"])
def test_wrong_parameters_are_422(service: Service, query: str) -> None:
    assert len(wrong_fields(listed(service, query))) == 1


def test_addresses_that_bounce_are_shown_with_their_organism(service: Service) -> None:
    mark = {"reason": "bounce", "since": "2026-11-22T10:00:00.000Z"}
    over = {"reason": "mailbox_full", "since": "2026-11-20T10:00:00.000Z", "until": "2026-11-21T10:00:00.000Z"}
    service.put_organism("cndp", NEW | {"alerts": {"emails": ["a@cndp.example", "b@cndp.example"], "phones": []}})
    boto3.resource("dynamodb", REGION).Table(TABLE).update_item(
        Key={"pk": "ORGANISM", "sk": "cndp"},
        UpdateExpression="SET failing = :failing",
        ExpressionAttributeValues={":failing": {"a@cndp.example": mark, "b@cndp.example": over}},
    )
    (found,) = listed(service, "?q=cndp").json["items"]
    assert (found["failing"], found["unreachable"]) == ([{"address": "a@cndp.example", "until": None} | mark], False)
    assert read(service, "cndp").json["failing"] == found["failing"]


def test_one_organism_says_whether_its_code_can_change(service: Service) -> None:
    service.put_organism("cndp", NEW)
    before = read(service, "cndp")
    assert before.json["code_fixed"] is False
    assert before.headers["ETag"] == f'"{before.json["version"]}"'
    service.sent("cndp")
    assert read(service, "cndp").json["code_fixed"] is True


@pytest.mark.parametrize("organism_id", ["nowhere", "a" * 300, "check"])
def test_an_unknown_organism_is_404(service: Service, organism_id: str) -> None:
    problem(read(service, organism_id), 404, "organism-not-found")


def changed(service: Service, version: str, **changes: object) -> Answer:
    return service.put_organism("cndp", NEW | changes, headers={"If-Match": f'"{version}"'})


def test_of_two_operators_who_change_an_organism_the_second_sees_it(service: Service) -> None:
    service.put_organism("cndp", NEW)
    version = read(service, "cndp").json["version"]
    first = changed(service, version, city="Fès")
    assert first.status == 200
    problem(changed(service, version, city="Agadir"), 412, "organism-changed")
    now = read(service, "cndp").json
    assert (now["city"], f'"{now["version"]}"') == ("Fès", first.headers["ETag"])
    assert changed(service, now["version"], city="Agadir").status == 200


def test_a_change_that_is_sent_again_after_a_lost_answer_is_done(service: Service) -> None:
    service.put_organism("cndp", NEW)
    version = read(service, "cndp").json["version"]
    assert changed(service, version, city="Fès").status == 200
    assert changed(service, version, city="Fès").status == 200


@pytest.mark.parametrize(
    "other", [{"city": "Agadir"}, {"status": "suspended"}, {"alerts": {"emails": ["other@cndp.example"]}}]
)
def test_a_change_between_look_and_write_is_not_undone(service: Service, other: dict[str, object]) -> None:
    service.put_organism("cndp", NEW)
    version = read(service, "cndp").json["version"]
    with before_transaction(lambda: service.put_organism("cndp", NEW | other)):
        problem(changed(service, version, language="fr", reminders={"after_working_days": 9}), 412, "organism-changed")
    assert read(service, "cndp").json["reminders"]["after_working_days"] == 3


def test_a_new_organism_takes_nobodys_id(service: Service) -> None:
    new = {"If-None-Match": "*"}
    problem(service.put_organism("anam", NEW, headers=new), 412, "organism-exists")
    assert service.put_organism("cndp", NEW, headers=new).status == 201
    assert service.put_organism("cndp", NEW, headers=new).status == 200  # its answer was lost
    problem(service.put_organism("cndp", NEW | {"city": "Fès"}, headers=new), 412, "organism-exists")


def test_a_new_organism_that_another_operator_enrols_at_the_same_moment(service: Service) -> None:
    with before_transaction(lambda: service.put_organism("cndp", NEW | {"city": "Fès"})):
        problem(service.put_organism("cndp", NEW, headers={"If-None-Match": "*"}), 412, "organism-exists")
    assert read(service, "cndp").json["city"] == "Fès"


def test_a_change_of_an_organism_that_is_not_there(service: Service) -> None:
    problem(changed(service, "0" * 32), 412, "organism-changed")


def test_what_a_directory_would_do_is_said_and_not_done(service: Service) -> None:
    service.put_organism("cndp", NEW)
    before = listed(service).body
    same = {each["organism_id"]: each for each in json.loads(before)["items"]}["mi"]
    names = f'"{same["name"]["fr"]}",{same["name"]["ar"]}'
    unchanged = f"mi,{same['code']},{same['category']},{names},{' '.join(same['alerts']['emails'])}"
    with counting() as calls:
        answer = sent(service, "check", row("one", "ONE"), row("two", "TWO"), row("cndp", "CNDP"), unchanged)
    assert answer.status == 200, answer.body
    assert answer.json == {"rows": 4, "new": 2, "changed": 1, "unchanged": 1, "wrong": 0, "errors": []}
    assert {"TransactWriteItems", "UpdateItem", "PutItem"}.isdisjoint(calls)
    assert listed(service).body == before


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "Un autre organisme"), ("ar", "لهيئة أخرى"), ("en", "Another public body")]
)
def test_all_that_is_wrong_is_named_in_the_readers_language(service: Service, language: str, said: str) -> None:
    answer = sent(service, "check", row("one", "ANAM"), row("two", "TWO", "nobody"), row("é", "X"), language=language)
    assert (answer.json["rows"], answer.json["wrong"]) == (0, 3)
    assert [(error["row"], error["field"]) for error in answer.json["errors"]] == [
        (2, "code"),
        (3, "alert_emails"),
        (4, "organism_id"),
    ]
    assert said in answer.json["errors"][0]["message"]


@pytest.mark.parametrize(
    ("csv", "field"),
    [("", "organism_id"), ("\n\n", "organism_id"), (HEADING, ""), (HEADING + "\n,,,,,\n", ""), (HEADING + '\n"', "")],
    ids=["nothing", "blank lines", "no row", "empty row", "open quotation mark"],
)
def test_a_file_without_organisms_is_said_so(service: Service, csv: str, field: str) -> None:
    answer = service.call("POST", f"{ORGANISMS}/check", {"csv": csv}, claims=OPERATOR)
    assert answer.status == 200, answer.body
    assert answer.json["errors"][0]["field"] == field


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(service: Service) -> None:
    """Blank rows, and rows of nothing but separators, count."""
    answer = sent(service, "check", "", ",,,,,", row("one", "ONE", "nobody"))
    assert [error["row"] for error in answer.json["errors"]] == [4]


def test_a_file_that_was_read_in_another_encoding_is_noticed(service: Service) -> None:
    damaged = row("one", "ONE").replace("Organisme", "Minist\ufffdre")
    (error,) = sent(service, "check", damaged).json["errors"]
    assert (error["row"], error["field"]) == (2, "name_fr")
    assert "UTF-8" in error["message"]


def test_a_hostile_file_is_answered_shortly(service: Service) -> None:
    too_many = sent(service, "check", *["x"] * 200_000)
    assert [error["row"] for error in too_many.json["errors"]] == [5002]
    wrong = sent(service, "check", *[",,,,,x"] * 3_000)
    assert (len(wrong.json["errors"]), wrong.json["wrong"]) == (1000, 18_000)


def test_two_thousand_organisms_fit_into_one_request(service: Service) -> None:
    """A directory of real names, in both scripts, with two addresses each."""
    name = "Direction régionale de l'agriculture et du développement rural,المديرية الجهوية للفلاحة والتنمية القروية"
    rows = [
        f"organism-{number},ORG-{number},public_establishment,{name},bureau.{number}@exemple.ma bo.{number}@exemple.ma"
        for number in range(2_000)
    ]
    started = clock.now()
    answer = sent(service, "check", *rows)
    assert answer.json["new"] == 2_000, answer.body[:500]
    assert (clock.now() - started).total_seconds() < 25
    problem(
        service.call("POST", f"{ORGANISMS}/check", {"csv": "x" * 975 * 1024}, claims=OPERATOR), 413, "body-too-large"
    )


def test_a_directory_is_loaded_and_the_same_file_again_writes_nothing(service: Service) -> None:
    rows = [row("one", "ONE"), row("two", "TWO")]
    assert sent(service, "load", *rows).json == {"rows": 2, "written": 2, "unchanged": 0, "left": 0}
    with counting() as calls:
        assert sent(service, "load", *rows).json == {"rows": 2, "written": 0, "unchanged": 2, "left": 0}
    assert "TransactWriteItems" not in calls


def test_one_wrong_cell_keeps_the_whole_directory_out(service: Service) -> None:
    before = listed(service).body
    problem(sent(service, "load", row("one", "ONE"), row("two", "TWO", "nobody")), 409, "directory-refused")
    assert listed(service).body == before


def test_what_no_time_was_left_for_is_written_by_the_next_request(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row(name, name.upper()) for name in ("one", "two", "three")]
    ticks = iter([0.0, 1.0, 16.0, 100.0, 101.0, 102.0])
    monkeypatch.setattr(enrol_organism.handler, "ticks", lambda: next(ticks))
    assert sent(service, "load", *rows).json == {"rows": 3, "written": 1, "unchanged": 0, "left": 2}
    assert sent(service, "load", *rows).json == {"rows": 3, "written": 2, "unchanged": 1, "left": 0}


@pytest.mark.parametrize("body", [{}, {"csv": 1}, {"csv": "x", "more": 1}, {"csv": "\ud800"}])
def test_a_wrong_body_is_422(service: Service, body: dict[str, Any]) -> None:
    assert len(wrong_fields(service.call("POST", f"{ORGANISMS}/check", body, claims=OPERATOR))) == 1
