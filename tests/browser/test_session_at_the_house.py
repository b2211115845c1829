"""Signing in through the site, as browsers do: the cookies, the door, and the API behind it."""

import ssl
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.house.house import House
from tests.support.in_process.user_pool import AGENT, FIRST_TIME, OPERATOR, WITH_FACTOR, Account, code_now

pytestmark = pytest.mark.desk

NAMES = {"__Host-session", "__Host-renewal"}


@pytest.fixture
def browser(house: House) -> Iterator[httpx.Client]:
    """Keeps cookies, and sends the `Origin` of the site's own pages."""
    trusted = ssl.create_default_context(cafile=str(house.tls / "ca.pem"))
    with httpx.Client(base_url=house.url, verify=trusted, trust_env=False, headers={"Origin": house.url}) as made:
        yield made


def sign_in(browser: httpx.Client, account: Account) -> httpx.Response:
    return browser.post("/v1/session", json={"username": account.username, "password": account.password})


def answer(browser: httpx.Client, asked: httpx.Response, **given: str) -> httpx.Response:
    return browser.post("/v1/session/challenge", json={"challenge": asked.json()["challenge"], **given})


def test_an_agent_signs_in_reads_the_inbox_and_signs_out(browser: httpx.Client) -> None:
    assert browser.get("/v1/inbox").status_code == 401
    signed_in = sign_in(browser, AGENT)
    assert signed_in.status_code == 200
    person = signed_in.json()
    assert (person["state"], person["role"], person["name"]) == ("signed_in", "agent", AGENT.username)
    assert person["organism"]["organism_id"] == "anam"
    assert set(browser.cookies) == NAMES
    assert browser.get("/v1/inbox").status_code == 200
    assert browser.get("/v1/operations/failures").status_code == 403
    assert browser.get("/v1/session").json()["name"] == AGENT.username
    assert browser.delete("/v1/session").status_code == 204
    assert not set(browser.cookies)
    assert browser.get("/v1/inbox").status_code == 401


def test_an_operator_signs_in_and_belongs_to_no_organism(browser: httpx.Client) -> None:
    person = sign_in(browser, OPERATOR).json()
    assert (person["role"], person["organism"]) == ("operator", None)
    assert browser.get("/v1/operations/failures").status_code == 200
    assert browser.get("/v1/inbox").status_code == 403


def test_no_token_is_in_an_answer_and_no_script_can_read_a_cookie(browser: httpx.Client) -> None:
    signed_in = sign_in(browser, AGENT)
    for line in signed_in.headers.get_list("set-cookie"):
        name, attributes = line.split("=", 1)
        assert name.startswith("__Host-")
        assert attributes.split("; ", 1)[1].split("; ")[-3:] == ["HttpOnly", "Secure", "SameSite=Strict"]
        assert "; Path=/; " in attributes
        assert "Domain" not in attributes
        assert len(line) < 4096
    for value in browser.cookies.values():
        assert value not in signed_in.text
        assert value not in browser.get("/v1/session").text


def test_a_code_is_asked_for_and_a_wrong_one_may_be_corrected(browser: httpx.Client) -> None:
    asked = sign_in(browser, WITH_FACTOR)
    assert asked.json()["state"] == "second_factor"
    assert set(browser.cookies) == {"__Host-challenge"}
    assert browser.get("/v1/inbox").status_code == 401
    wrong = answer(browser, asked, code="000000")
    assert (wrong.status_code, wrong.json()["type"]) == (401, "/problems/code-wrong")
    assert answer(browser, asked, code=code_now()).json()["state"] == "signed_in"


def test_a_first_password_is_replaced_and_an_authenticator_set_up(browser: httpx.Client) -> None:
    asked = sign_in(browser, FIRST_TIME)
    assert asked.json()["state"] == "new_password"
    setup = answer(browser, asked, new_password="Chosen-by-me-2026")
    assert setup.json()["state"] == "second_factor_setup"
    secret = setup.json()["setup"]["secret"]
    assert f"secret={secret}" in setup.json()["setup"]["uri"]
    assert answer(browser, setup, code=code_now(secret)).json()["state"] == "signed_in"


@pytest.mark.parametrize("origin", [None, "https://evil.example.ma", "null"])
def test_a_foreign_page_changes_nothing_with_the_cookie(
    browser: httpx.Client, house: House, origin: str | None
) -> None:
    sign_in(browser, OPERATOR)
    more: dict[str, Any] = {"headers": {"Origin": origin}} if origin else {}
    if origin is None:
        del browser.headers["Origin"]
    house.requests.clear()
    refused = browser.post("/v1/operations/failures/redrive", **more)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/foreign-origin")
    assert refused.headers["content-type"] == "application/problem+json"
    assert house.requests == []
    assert browser.get("/v1/session", **more).status_code == 200


def test_the_cookie_goes_no_further_than_the_door(browser: httpx.Client, house: House) -> None:
    sign_in(browser, AGENT)
    house.requests.clear()
    assert browser.get("/v1/inbox").status_code == 200
    (asked,) = house.requests
    assert "cookie" not in asked.headers
    assert asked.headers["authorization"] == f"Bearer {browser.cookies['__Host-session']}"
