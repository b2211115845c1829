"""The API's own address is closed: behind a domain, it answers the distribution alone, on every route."""

import json
import re

import pytest

from infra.door import ORIGIN_HEADER
from infra.paths import CONTRACT
from tests.support.in_process.refused import problem
from tests.support.in_process.service import Service

NOW, NEXT = "n" * 64, "x" * 64

ROUTES = [
    (method.upper(), re.sub(r"\{\w+\}", "anam", path))
    for path, methods in json.loads(CONTRACT.read_text())["paths"].items()
    for method in methods
]
ELSEWHERE = [("GET", "/"), ("GET", "/nowhere"), ("GET", "/suivi%23x"), ("POST", "/v1/nowhere")]

GUESSES = {
    "nothing": None,
    "an empty one": "",
    "another": "z" * 64,
    "the beginning": NOW[:-1],
    "more than it": f"{NOW}n",
    "both, as the API lists them": f"{NOW},{NEXT}",
    "no letters at all": "é\ud800",
}


@pytest.fixture
def closed(service: Service) -> Service:
    """The service behind a distribution, while one secret replaces another."""
    service.stage_variables = {"origin_secrets": f"{NOW},{NEXT}"}
    return service


@pytest.mark.parametrize(("method", "path"), ROUTES + ELSEWHERE)
def test_no_route_answers_past_the_distribution(closed: Service, method: str, path: str) -> None:
    """Routes for agents too: a good token opens them through the door, and not beside it."""
    claims = {"sub": "s", "cognito:groups": "[operators]", "token_use": "id", "email": "a@example.org"}
    problem(closed.call(method, path, claims=claims), 403, "address-closed")


@pytest.mark.parametrize(("method", "path"), ROUTES + ELSEWHERE)
@pytest.mark.parametrize("secret", [NOW, NEXT], ids=["now", "next"])
def test_every_route_answers_the_distribution(closed: Service, method: str, path: str, secret: str) -> None:
    """To have the door closed to everyone by a secret that changes: either of two opens it."""
    answer = closed.call(method, path, headers={ORIGIN_HEADER: secret})
    assert "address-closed" not in answer.body


@pytest.mark.parametrize("guess", GUESSES.values(), ids=GUESSES)
def test_no_guess_opens_it(closed: Service, guess: str | None) -> None:
    """To guess the secret."""
    headers = {} if guess is None else {ORIGIN_HEADER: guess}
    problem(closed.call("GET", "/v1/health", headers=headers), 403, "address-closed")


@pytest.mark.parametrize(("language", "words"), [("fr", "pas ouverte"), ("ar", "غير مفتوح"), ("en", "not open")])
def test_it_is_said_in_the_readers_language(closed: Service, language: str, words: str) -> None:
    """To puzzle somebody who kept an old address: the refusal is in their language."""
    answer = closed.call("GET", "/v1/organisms", headers={"Accept-Language": language})
    assert words in problem(answer, 403, "address-closed", language=language)["detail"]


def test_a_secret_that_is_missing_opens_nothing(service: Service) -> None:
    """To come in by an empty secret."""
    service.stage_variables = {"origin_secrets": ""}
    problem(service.call("GET", "/v1/health", headers={ORIGIN_HEADER: ""}), 403, "address-closed")


def test_a_stage_without_a_domain_has_no_distribution_to_tell(service: Service) -> None:
    """To shut a stage without a domain out of its own API."""
    assert service.call("GET", "/v1/health").status == 200
