"""What every refusal must look like, whatever was refused."""

from typing import Any

from tests.support.in_process.service import Answer, Service

SECURITY_HEADERS = {
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Content-Security-Policy",
}


def problem(answer: Answer, status: int, slug: str, *, language: str = "fr") -> dict[str, Any]:
    """The problem document of a refusal, after a look at all that RFC 9457 and the contract say of it."""
    assert (answer.status, answer.json.get("type")) == (status, f"/problems/{slug}"), answer.body
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Content-Language"] == language
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers.keys() >= SECURITY_HEADERS
    document: dict[str, Any] = answer.json
    assert document["status"] == status
    assert document["instance"] == f"/requests/{answer.headers['X-Request-Id']}"
    assert document["title"]
    assert document["detail"].endswith((".", "؟", ")"))
    assert ("errors" in document) == (status == 422)
    return document


def wrong_fields(answer: Answer) -> list[str]:
    """The fields that a 422 names."""
    errors = problem(answer, 422, "fields-wrong")["errors"]
    assert all(error.keys() == {"field", "message"} and error["message"] for error in errors)
    return [error["field"] for error in errors]


def everything_about(service: Service, mail_id: str) -> list[dict[str, Any]]:
    """All that the table holds about a mail, to see that a refusal changed nothing."""
    return service.items(f"MAIL#{mail_id}")
