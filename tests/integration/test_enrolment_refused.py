"""What an operator may not enrol: each wrong field is named, and nothing is written."""

from typing import Any

import pytest

from tests.support.in_process.refused import problem, wrong_fields
from tests.support.in_process.service import NEW_ORGANISM as NEW
from tests.support.in_process.service import Service


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"alerts": {"emails": []}}, ["alerts.emails"]),
        ({"alerts": {"phones": ["0612345678"]}}, ["alerts.emails"]),
        ({"alerts": {"emails": ["a@b.example"] * 11}}, ["alerts.emails"]),
        ({"alerts": {"emails": ["nobody"]}}, ["alerts.emails.0"]),
        ({"alerts": {"emails": ["a@b.example"], "phones": ["12"]}}, ["alerts.phones.0"]),
        ({"name": {"fr": "اللجنة", "ar": "اللجنة"}}, ["name.fr"]),
        ({"name": {"fr": "Commission", "ar": "Commission"}}, ["name.ar"]),
        ({"name": {"fr": "Commission"}}, ["name.ar"]),
        ({"code": "cndp"}, ["code"]),
        ({"code": "رمز"}, ["code"]),
        ({"category": "city"}, ["category"]),
        ({"city": 5}, ["city"]),
        ({"status": "closed"}, ["status"]),
        ({"language": "en"}, ["language"]),
        ({"accepts": {"national_id": "yes"}}, ["accepts.national_id"]),
        ({"accepts": {"max_attachments": 51}}, ["accepts.max_attachments"]),
        ({"accepts": {"max_attachment_bytes": "1000"}}, ["accepts.max_attachment_bytes"]),
        ({"reminders": {"after_working_days": 0}}, ["reminders.after_working_days"]),
        ({"sms_to_senders": "no"}, ["sms_to_senders"]),
        ({"is_test": "yes"}, ["is_test"]),
        ({"colour": "red"}, ["colour"]),
        ({"organism_id": "other"}, ["organism_id"]),
        ({"failing": {}}, ["failing"]),
    ],
)
def test_wrong_fields_are_named_and_nothing_is_written(
    shared_service: Service, change: dict[str, Any], fields: list[str]
) -> None:
    answer = shared_service.put_organism("cndp", NEW | change)
    assert wrong_fields(answer) == fields
    assert "cndp" not in {item["sk"] for item in shared_service.items("ORGANISM")}


@pytest.mark.parametrize("missing", ["code", "category", "name", "alerts"])
def test_what_an_organism_must_bring_is_named(shared_service: Service, missing: str) -> None:
    body = {name: value for name, value in NEW.items() if name != missing}
    assert wrong_fields(shared_service.put_organism("cndp", body)) == [missing]


@pytest.mark.parametrize("organism_id", ["CNDP", "-cndp", "c_ndp", "c" * 65, "c#d"])
def test_an_id_of_another_form_is_422(shared_service: Service, organism_id: str) -> None:
    assert wrong_fields(shared_service.put_organism(organism_id.replace("#", "%23"), NEW)) == ["organism_id"]


@pytest.mark.parametrize("organism_id", ["follow", "desk", "privacy", "suivi", "ar"])
def test_an_id_that_is_the_name_of_a_page_is_422(shared_service: Service, organism_id: str) -> None:
    """`/fr/<organism_id>` is an organism's own page, and would hide that page."""
    answer = shared_service.put_organism(organism_id, NEW)
    assert wrong_fields(answer) == ["organism_id"]
    assert (
        answer.json["errors"][0]["message"]
        == "Cet identifiant est réservé à une page du site : choisissez-en un autre."
    )


@pytest.mark.parametrize(
    ("claims", "status", "slug"),
    [
        (None, 401, "not-signed-in"),
        ({"cognito:username": "nadia", "cognito:groups": "[organism:anam]"}, 403, "not-your-organism"),
        ({"client_id": "c", "scope": "mailroom/inbox"}, 403, "not-your-organism"),
    ],
)
def test_only_operators_enrol(shared_service: Service, claims: dict[str, Any] | None, status: int, slug: str) -> None:
    problem(shared_service.call("PUT", "/v1/organisms/cndp", NEW, claims=claims), status, slug)
