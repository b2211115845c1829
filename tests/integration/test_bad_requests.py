"""Requests that are wrong before their fields are looked at: body, media type, token, path, method, language."""

import json
from collections.abc import Iterator

import pytest

from mailroom.fields.text import is_arabic
from tests.support.in_process.refused import everything_about, problem, wrong_fields
from tests.support.in_process.service import CITIZEN, LETTER, Mail, Service


@pytest.fixture
def mail(shared_service: Service) -> Iterator[Mail]:
    """A draft that no refusal may change."""
    draft = shared_service.start()
    shared_service.write(draft)
    before = everything_about(shared_service, draft.mail_id)
    yield draft
    assert everything_about(shared_service, draft.mail_id) == before


def escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=True)


NOT_JSON: dict[str, str | bytes | None] = {
    "nothing": None,
    "empty": "",
    "words": "bonjour",
    "cut off": '{"kind": "request"',
    "two": "{}{}",
    "apostrophes": "{'kind': 'request'}",
    "NaN": '{"kind": NaN}',
    "infinite": '{"kind": -Infinity}',
    "100,000 brackets": "[" * 100_000,
    "deep object": '{"a":' * 20_000 + "1" + "}" * 20_000,
    "5,000 digits": '{"kind": ' + "1" * 5_000 + "}",
    "invalid UTF-8": b'{"kind": "\xff\xfe"}',
    "UTF-16": '{"kind": "request"}'.encode("utf-16"),
}


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON)
@pytest.mark.parametrize("step", ["letter", "sender"])
def test_what_is_not_json_is_400(shared_service: Service, mail: Mail, step: str, body: str | bytes | None) -> None:
    answer = shared_service.call("PUT", f"/v1/mails/{mail.mail_id}/{step}", raw=body, token=mail.token)
    problem(answer, 400, "not-json")


@pytest.mark.parametrize("body", ["null", "[]", '[{"kind": "request"}]', '"text"', "5", "true", "1e999"])
def test_json_that_is_no_object_is_422(shared_service: Service, mail: Mail, body: str) -> None:
    answer = shared_service.call("PUT", f"/v1/mails/{mail.mail_id}/letter", raw=body, token=mail.token)
    assert wrong_fields(answer) == ["body"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"kind": "request", "subject": "a", "body": "", "subject": "b"}', "subject"),
        ('{"kind": "request", "subject": "a", "body": "", "\\u0073ubject": "a"}', "subject"),
        ('{"kind": "request", "subject": "a", "body": {"a": 1, "a": 2}}', "a"),
    ],
)
def test_a_name_that_stands_twice_in_an_object_is_422(
    shared_service: Service, mail: Mail, body: str, field: str
) -> None:
    """Which of two subjects was meant? Programs between us and the sender may have read the other (RFC 7493)."""
    answer = shared_service.call("PUT", f"/v1/mails/{mail.mail_id}/letter", raw=body, token=mail.token)
    assert wrong_fields(answer) == [field]


def test_json_that_api_gateway_hands_over_in_base64_is_read(shared_service: Service) -> None:
    mail = shared_service.start()
    content = json.dumps(LETTER, ensure_ascii=False).encode()
    answer = shared_service.call("PUT", f"/v1/mails/{mail.mail_id}/letter", raw=content, token=mail.token)
    assert answer.status == 200
    assert answer.json["letter"] == LETTER


@pytest.mark.parametrize("depth", [100, 1_000, 5_000])
def test_deep_json_is_refused_as_any_wrong_type(shared_service: Service, mail: Mail, depth: int) -> None:
    body = json.dumps(LETTER)[:-1] + ', "subject": ' + "[" * depth + "]" * depth + "}"
    answer = shared_service.call("PUT", f"/v1/mails/{mail.mail_id}/letter", raw=body, token=mail.token)
    assert wrong_fields(answer) == ["subject"]


def test_thousands_of_unknown_fields_get_a_short_answer(shared_service: Service, mail: Mail) -> None:
    body = dict.fromkeys(map(str, range(20_000)), 1)
    answer = shared_service.call("PUT", f"/v1/mails/{mail.mail_id}/letter", body, token=mail.token)
    assert len(wrong_fields(answer)) == 100


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "json"])
def test_a_body_that_is_declared_as_something_else_is_415(shared_service: Service, mail: Mail, media_type: str) -> None:
    for method, path in (("PUT", f"/v1/mails/{mail.mail_id}/letter"), ("POST", "/v1/mails")):
        headers = {"Content-Type": media_type}
        answer = shared_service.call(method, path, LETTER, token=mail.token, headers=headers)
        problem(answer, 415, "unsupported-media-type")


@pytest.mark.parametrize("media_type", ["application/json; charset=utf-8", "Application/JSON", ""])
def test_json_may_be_declared_in_any_case_or_not_at_all(shared_service: Service, media_type: str) -> None:
    mail = shared_service.start()
    headers = {"Content-Type": media_type}
    path = f"/v1/mails/{mail.mail_id}/letter"
    assert shared_service.call("PUT", path, LETTER, token=mail.token, headers=headers).status == 200


def test_a_body_over_the_limit_is_413(shared_service: Service, mail: Mail) -> None:
    for body in ("x" * 262_200, "é" * 131_100, "[" * 300_000):
        answer = shared_service.call("PUT", f"/v1/mails/{mail.mail_id}/letter", raw=escaped(body), token=mail.token)
        assert "256" in problem(answer, 413, "body-too-large")["detail"]


STEPS = [
    ("GET", ""),
    ("PUT", "/letter"),
    ("POST", "/attachments"),
    ("DELETE", "/attachments/0199a0e2"),
    ("PUT", "/sender"),
    ("POST", "/submission"),
    ("GET", "/receipt"),
]


@pytest.mark.parametrize(("method", "path"), STEPS)
@pytest.mark.parametrize("scheme", [None, "", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "Token x"])
def test_a_missing_token_is_401_before_anything_else(
    shared_service: Service, mail: Mail, method: str, path: str, scheme: str | None
) -> None:
    headers = {} if scheme is None else {"Authorization": scheme}
    body = None if method in {"GET", "DELETE"} else "not json"
    answer = shared_service.call(method, f"/v1/mails/{mail.mail_id}{path}?x=1", raw=body, headers=headers)
    problem(answer, 401, "token-missing")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path"), STEPS)
def test_a_wrong_or_foreign_token_is_401_whether_or_not_the_mail_exists(
    shared_service: Service, mail: Mail, method: str, path: str
) -> None:
    other = shared_service.start()
    body = None if method in {"GET", "DELETE"} else "not json"
    answers = [
        shared_service.call(method, f"/v1/mails/{mail_id}{path}?x=1", raw=body, token=token)
        for mail_id in (mail.mail_id, "0199a0e2-6a0b-7c55-9e0f-0b6d7f3f8a11", "x")
        for token in (other.token, "x", "é" * 43, mail.mail_id)
    ]
    assert {answer.body for answer in answers} == {answers[0].body}
    problem(answers[0], 401, "token-wrong")


def test_the_scheme_of_a_token_has_no_case(shared_service: Service, mail: Mail) -> None:
    headers = {"Authorization": f"bearer  {mail.token} "}
    assert shared_service.call("GET", f"/v1/mails/{mail.mail_id}", headers=headers).status == 200


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PATCH", "/v1/mails/x/letter", "PUT"),
        ("GET", "/v1/mails", "POST"),
        ("POST", "/v1/health", "GET"),
        ("DELETE", "/v1/organisms/anam", "GET, PUT"),
        ("PUT", "/v1/mails/x/submission", "POST"),
    ],
)
def test_another_method_is_405_and_says_which_it_takes(
    shared_service: Service, method: str, path: str, allowed: str
) -> None:
    answer = shared_service.call(method, path)
    assert allowed in problem(answer, 405, "method-not-allowed")["detail"]
    assert answer.headers["Allow"] == allowed


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/nothing", "/v1/mails/x/y", "/v2/mails", "/v1/organisms/anam/"])
def test_an_address_that_does_not_exist_is_404_whatever_is_sent(shared_service: Service, path: str) -> None:
    problem(shared_service.call("GET", path), 404, "route-not-found")
    answer = shared_service.call("POST", path, raw="x", headers={"Content-Type": "text/plain"})
    problem(answer, 404, "route-not-found")


@pytest.mark.parametrize(
    ("method", "path", "slug"),
    [
        ("GET", "/v1/organisms/none", "organism-not-found"),
        ("GET", "/v1/organisms/%F0%9F%98%80", "organism-not-found"),
        ("GET", "/v1/receipts/AAAA-AAAA-AAAA-AAAA", "receipt-not-found"),
        ("GET", "/v1/receipts/" + "A" * 500, "receipt-not-found"),
    ],
)
def test_no_such_thing_is_404(shared_service: Service, method: str, path: str, slug: str) -> None:
    document = problem(shared_service.call(method, path), 404, slug)
    assert document.get("genuine") is (False if slug == "receipt-not-found" else None)


@pytest.mark.parametrize(
    "changes", [{"organism_id": "none"}, {"organism_id": "ANAM"}, {"organism_id": "anam/x"}, {"organism_id": "x" * 64}]
)
def test_no_mail_starts_at_an_unknown_organism(shared_service: Service, changes: dict[str, object]) -> None:
    start = {"organism_id": "anam", "language": "fr"}
    problem(shared_service.call("POST", "/v1/mails", start | changes), 404, "organism-not-found")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"organism_id": ""}, "organism_id"),
        ({"organism_id": None}, "organism_id"),
        ({"organism_id": ["anam"]}, "organism_id"),
        ({"organism_id": "x" * 65}, "organism_id"),
        ({"language": "de"}, "language"),
        ({"language": "FR"}, "language"),
        ({"language": None}, "language"),
        ({"mail_id": "mine"}, "mail_id"),
        ({"status": "submitted"}, "status"),
    ],
)
def test_a_start_with_wrong_fields_is_422(shared_service: Service, changes: dict[str, object], field: str) -> None:
    start = {"organism_id": "anam", "language": "fr"}
    assert wrong_fields(shared_service.call("POST", "/v1/mails", start | changes)) == [field]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/mails?x=1", {"organism_id": "anam", "language": "fr"}),
        ("PUT", "/v1/mails/{id}/letter?x=1", LETTER),
        ("PUT", "/v1/mails/{id}/sender?x=1", CITIZEN),
        ("POST", "/v1/mails/{id}/submission?x=1", None),
        ("DELETE", "/v1/mails/{id}/attachments/a?x=1", None),
        ("GET", "/v1/mails/{id}?x=1", None),
        ("GET", "/v1/mails/{id}/receipt?x=", None),
        ("GET", "/v1/organisms?x=1", None),
        ("GET", "/v1/organisms/anam?x=1", None),
        ("GET", "/v1/receipts/AAAA?x=1", None),
        ("GET", "/v1/health?x=1", None),
        ("GET", "/v1/openapi.json?x=1", None),
        ("POST", "/v1/follow-up?x=1", {"number": "ANAM-2026-000001", "follow_up_code": "A"}),
    ],
)
def test_unknown_query_parameters_are_422(
    shared_service: Service, mail: Mail, method: str, path: str, body: object
) -> None:
    answer = shared_service.call(method, path.replace("{id}", mail.mail_id), body, token=mail.token)
    assert wrong_fields(answer) == ["x"]


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_problems_are_said_in_the_language_that_was_asked_for(
    shared_service: Service, mail: Mail, language: str
) -> None:
    headers = {"Accept-Language": f"{language}-MA, de;q=0.5"}
    path = f"/v1/mails/{mail.mail_id}/letter"
    for answer, status, slug in (
        (shared_service.call("GET", "/v1/nothing", headers=headers), 404, "route-not-found"),
        (shared_service.call("GET", "/v1/organisms/none", headers=headers), 404, "organism-not-found"),
        (shared_service.call("PUT", path, LETTER, headers=headers), 401, "token-missing"),
        (shared_service.call("PUT", path, {}, token=mail.token, headers=headers), 422, "fields-wrong"),
    ):
        document = problem(answer, status, slug, language=language)
        assert is_arabic(document["detail"]) == (language == "ar")
