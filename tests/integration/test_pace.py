"""Codes that open something cannot be tried without end, and who tries holds up nobody."""

from typing import Any

import pytest

from tests.support.in_process.refused import problem
from tests.support.in_process.service import Answer, Service

OTHER = "198.51.100.9"
GUESS = {"number": "ANAM-2026-000001", "follow_up_code": "0000-0000-0000-0000"}


@pytest.fixture
def hurried(service: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    """The service where three requests at once are a caller's share."""
    monkeypatch.setenv("CALLER_RATE", "0.001")
    monkeypatch.setenv("CALLER_BURST", "3")
    return service


def tried(service: Service, route: str, code: str, **more: Any) -> Answer:  # noqa: ANN401 - what `Service.call` takes by name
    if route == "follow-up":
        return service.call("POST", "/v1/follow-up", GUESS, **more)
    return service.call("GET", f"/v1/receipts/{code}{route}", **more)


@pytest.mark.parametrize("route", ["", "/statement", "follow-up"])
@pytest.mark.parametrize(("language", "words"), [("fr", "Attendez"), ("ar", "انتظروا"), ("en", "Wait")])
def test_whoever_asks_too_fast_is_told_so_and_others_are_served(
    hurried: Service, route: str, language: str, words: str
) -> None:
    said = {"headers": {"Accept-Language": language}}
    answers = [tried(hurried, route, "0000-0000-0000-0000", **said) for _ in range(5)]
    assert [answer.status for answer in answers] == [404, 404, 404, 429, 429]
    assert words in problem(answers[-1], 429, "too-fast", language=language)["detail"]
    assert answers[-1].headers["Retry-After"] == "5"
    assert tried(hurried, route, "0000-0000-0000-0000", address=OTHER).status == 404


def test_a_sender_who_holds_the_token_is_never_held_up(hurried: Service) -> None:
    mail = hurried.sent()
    for _ in range(5):
        tried(hurried, "follow-up", "")
    assert hurried.call("GET", f"/v1/mails/{mail.mail_id}", token=mail.token).status == 200
