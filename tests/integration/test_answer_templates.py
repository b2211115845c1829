"""Each organism keeps its own templates of answers, in both languages, up to a hundred."""

from typing import Any

import pytest

from mailroom.domain import answer_template
from tests.support.in_process.agents import Agent, program
from tests.support.in_process.mishaps import before_transaction
from tests.support.in_process.service import Answer, Service

FORM: dict[str, Any] = {
    "name": {"fr": "Attestation jointe", "ar": "الشهادة مرفقة"},
    "text": {"fr": "Bonjour,\n\nVotre attestation est jointe.", "ar": "تحية طيبة،\n\nشهادتكم مرفقة."},
}


def put(agent: Agent, template_id: str = "attestation", form: object = FORM) -> Answer:
    return agent.call("PUT", f"/templates/{template_id}", form)


def ids(agent: Agent) -> list[str]:
    return [each["template_id"] for each in agent.call("GET", "/templates").json["items"]]


def test_a_template_is_written_changed_listed_and_deleted(service: Service) -> None:
    nadia = Agent(service)
    assert nadia.call("GET", "/templates").json == {"items": []}
    first = put(nadia)
    assert (first.status, first.json) == (201, {"template_id": "attestation", **FORM})
    changed = FORM | {"text": {"fr": "Autre", "ar": "آخر"}}
    again = put(nadia, form=changed)
    assert (again.status, again.json) == (200, {"template_id": "attestation", **changed})
    put(nadia, "0199a0e2-6a0b-7c55-9e0f-0b6d7f3f8a11", FORM | {"name": {"fr": "Élève", "ar": "تلميذ"}})
    put(nadia, "z", FORM | {"name": {"fr": "eau", "ar": "ماء"}})
    assert ids(nadia) == ["attestation", "z", "0199a0e2-6a0b-7c55-9e0f-0b6d7f3f8a11"]
    assert nadia.call("GET", "/templates").json["items"][0] == {"template_id": "attestation", **changed}
    assert nadia.call("DELETE", "/templates/attestation").status == 204
    gone = nadia.call("DELETE", "/templates/attestation")
    assert (gone.status, gone.json["type"]) == (404, "/problems/template-not-found")
    assert len(ids(nadia)) == 2


def test_another_organism_sees_and_changes_nothing_of_it(service: Service) -> None:
    nadia, other = Agent(service), Agent(service, "adm")
    put(nadia)
    assert ids(other) == []
    assert other.call("DELETE", "/templates/attestation").status == 404
    assert put(other, form=FORM | {"text": {"fr": "Leur texte", "ar": "نصهم"}}).status == 201
    assert nadia.call("GET", "/templates").json["items"][0]["text"] == FORM["text"]


def test_who_acts_for_no_organism_is_refused(service: Service) -> None:
    stranger = Agent(service)
    stranger.claims["cognito:groups"] = "[operators]"
    answers = [stranger.call("GET", "/templates"), put(stranger), stranger.call("DELETE", "/templates/x")]
    assert {answer.status for answer in answers} == {403}
    reader = program(service, scope="mailroom/inbox.read")
    assert reader.call("GET", "/templates").status == 200
    assert (put(reader).status, put(reader).json["type"]) == (403, "/problems/scope-missing")


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"name": {"fr": "Seulement"}}, ["name.ar"]),
        ({"name": {"fr": " ", "ar": "\u200b"}}, ["name.fr", "name.ar"]),
        ({"name": {"fr": "a\nb", "ar": "ب"}}, ["name.fr"]),
        ({"name": {"fr": "a" * 101, "ar": "ب"}}, ["name.fr"]),
        ({"name": {"fr": "a", "ar": "ب", "en": "c"}}, ["name.en"]),
        ({"text": {"fr": "", "ar": "ب"}}, ["text.fr"]),
        ({"text": {"fr": "a" * 5001, "ar": "ب"}}, ["text.fr"]),
        ({"text": {"fr": "a\x00", "ar": "ب"}}, ["text.fr"]),
        ({"text": {"fr": 1, "ar": "ب"}}, ["text.fr"]),
        ({"text": None}, ["text"]),
        ({"more": 1}, ["more"]),
    ],
)
def test_a_template_that_is_wrong_is_refused_by_its_fields(
    service: Service, changes: dict[str, object], fields: list[str]
) -> None:
    refused = put(Agent(service), form=FORM | changes)
    assert refused.status == 422
    assert [error["field"] for error in refused.json["errors"]] == fields
    assert ids(Agent(service)) == []


@pytest.mark.parametrize("template_id", ["A", "a_b", "-a", "a" * 65, "a%23b", "%D8%B4"])
def test_an_id_of_other_signs_is_refused(service: Service, template_id: str) -> None:
    answer = put(Agent(service), template_id)
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "template_id")


def test_there_are_a_hundred_at_most_also_when_two_write_at_once(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailroom.mails.answer_templates.MOST_TEMPLATES", 3)
    assert answer_template.MOST_TEMPLATES == 100
    nadia, omar = Agent(service), Agent(service, name="omar")
    put(nadia, "a")
    put(nadia, "b")
    with before_transaction(lambda: put(omar, "c")):
        refused = put(nadia, "d")
    assert (refused.status, refused.json["type"]) == (409, "/problems/too-many-templates")
    assert "3" in refused.json["detail"]
    assert put(nadia, "a").status == 200
    nadia.call("DELETE", "/templates/a")
    assert put(nadia, "d").status == 201
    assert ids(nadia) == ["b", "c", "d"]


def test_two_who_write_the_same_new_template_at_once_leave_one(service: Service) -> None:
    nadia, omar = Agent(service), Agent(service, name="omar")
    with before_transaction(lambda: put(omar, form=FORM | {"text": {"fr": "Omar", "ar": "عمر"}})):
        assert put(nadia).status == 200
    assert nadia.call("GET", "/templates").json["items"] == [{"template_id": "attestation", **FORM}]
    nadia.call("DELETE", "/templates/attestation")
    assert ids(nadia) == []
