"""Signing in on the pages, as the function answers it: each step, each refusal, and what it leaves with the caller."""

import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from mailroom.domain import clock
from open_session import pace
from open_session.cookies import CHALLENGE, ID_TOKEN, RENEWAL
from tests.support.in_process.service import REGION, Answer, Service
from tests.support.in_process.user_pool import (
    AGENT,
    EVERYONE,
    FIRST_TIME,
    OPERATOR,
    OTHER_AGENT,
    WITH_FACTOR,
    Account,
    admit_everyone,
    as_cognito_does,
    code_now,
    code_sent_to,
    create_user_pool,
    invite,
)

STRONG = "Chosen-by-me-2026"
NOW = datetime(2026, 11, 28, 10, 0, 1, tzinfo=UTC)


@dataclass
class Browser:
    """Keeps cookies from one request to the next."""

    service: Service
    jar: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str = "", body: object = None, **more: Any) -> Answer:  # noqa: ANN401 - as of `Service.call`
        cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.jar.items())} if self.jar else {}
        answer = self.service.call(method, f"/v1/session{path}", body, headers=cookie | more.pop("headers", {}), **more)
        for line in answer.cookies:
            name, _, value = line.split("; ")[0].partition("=")
            self.jar.pop(name, None)
            if value:
                self.jar[name] = value
        return answer

    def sign_in(self, account: Account, **more: Any) -> Answer:  # noqa: ANN401 - as of `Service.call`
        return self.call("POST", "", {"username": account.username, "password": account.password}, **more)

    def answer(self, asked: Answer, **given: str) -> Answer:
        return self.call("POST", "/challenge", {"challenge": asked.json["challenge"], **given})


class Clock:
    """Stands still until it is turned."""

    now = NOW

    def turn(self, by: timedelta) -> None:
        self.now += by


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Clock:
    turned = Clock()
    monkeypatch.setattr(clock, "now", lambda: turned.now)
    return turned


@pytest.fixture
def browser(service: Service, monkeypatch: pytest.MonkeyPatch) -> Browser:
    monkeypatch.setattr(pace, "LEAST_SECONDS", 0.0)
    as_cognito_does(monkeypatch)
    for name, value in create_user_pool().items():
        monkeypatch.setenv(name, value)
    admit_everyone(os.environ)
    return Browser(service)


def kind(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.json["type"].removeprefix("/problems/")


def refuse(monkeypatch: pytest.MonkeyPatch, operation: str, code: str) -> None:
    """Let Cognito refuse an operation as it does in AWS, where moto cannot."""
    otherwise = BaseClient._make_api_call  # type: ignore[attr-defined]

    def call(client: BaseClient, name: str, parameters: dict[str, Any]) -> object:
        if name == operation:
            raise ClientError({"Error": {"Code": code, "Message": "…"}}, name)
        return otherwise(client, name, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", call)


@pytest.mark.parametrize(
    ("account", "role", "organism_id"),
    [(AGENT, "agent", "anam"), (OTHER_AGENT, "agent", "cnss"), (OPERATOR, "operator", None)],
)
def test_who_is_signed_in(browser: Browser, account: Account, role: str, organism_id: str | None) -> None:
    person = browser.sign_in(account).json
    assert (person["state"], person["role"], person["name"]) == ("signed_in", role, account.username)
    assert (person["organism"] or {}).get("organism_id") == organism_id
    assert browser.call("GET").json.keys() == person.keys()


def test_whatever_is_wrong_the_answer_is_the_same(browser: Browser) -> None:
    answers = [
        browser.call("POST", "", {"username": username, "password": password})
        for username, password in (
            (AGENT.username, "Wrong-of-all-2026"),
            (AGENT.username, AGENT.password + " "),
            (AGENT.username, OPERATOR.password),
            ("nobody@anam.example.org", AGENT.password),
            ("nobody@anam.example.org", "Wrong-of-all-2026"),
            ("a" * 128, "x"),
            ("' or 1=1 --", "x"),
        )
    ]
    assert {kind(answer) for answer in answers} == {(401, "sign-in-refused")}
    assert {answer.body for answer in answers} == {answers[0].body}
    assert {answer.cookies for answer in answers} == {()}


@pytest.mark.parametrize("code", ["NotAuthorizedException", "UserNotFoundException", "PasswordResetRequiredException"])
def test_each_way_in_which_cognito_refuses_a_person_is_one_answer(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    refuse(monkeypatch, "AdminInitiateAuth", code)
    assert kind(browser.sign_in(AGENT)) == (401, "sign-in-refused")


def test_cognito_that_is_busy_is_no_wrong_password(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, "AdminInitiateAuth", "TooManyRequestsException")
    answer = browser.sign_in(AGENT)
    assert kind(answer) == (503, "try-again")
    assert answer.headers["Retry-After"]


def test_a_name_is_read_as_people_type_it(browser: Browser) -> None:
    spoken = {"username": f"\u200f {AGENT.username}\u00a0", "password": AGENT.password}
    assert browser.call("POST", "", spoken).json["state"] == "signed_in"


WRONG_FIELDS: list[tuple[str, dict[str, object], set[str]]] = [
    ("", {}, {"username", "password"}),
    ("", {"username": " ", "password": "x"}, {"username"}),
    ("", {"username": "a", "password": ""}, {"password"}),
    ("", {"username": "a", "password": "x" * 257}, {"password"}),
    ("", {"username": ["a"], "password": 1}, {"username", "password"}),
    ("", {"username": "a", "password": "x", "role": "operator"}, {"role"}),
    ("/forgotten", {}, {"username"}),
    ("/reset", {"username": "a", "code": "12a456", "new_password": STRONG}, {"code"}),
    ("/reset", {"username": "a", "code": "12345", "new_password": STRONG}, {"code"}),
    ("/reset", {"username": "a", "code": "123456", "new_password": "short"}, {"new_password"}),
    ("/challenge", {}, {"challenge"}),
]


def test_wrong_fields_are_named(browser: Browser) -> None:
    for path, body, fields in WRONG_FIELDS:
        answer = browser.call("POST", path, body)
        assert kind(answer) == (422, "fields-wrong"), body
        assert {each["field"] for each in answer.json["errors"]} == fields, body


def test_a_weak_password_is_explained_in_the_readers_language(browser: Browser) -> None:
    """What each rule asks for is tried in `tests/unit/test_password.py`."""
    said = set()
    for language in ("ar", "fr", "en"):
        body = {"username": AGENT.username, "code": "123456", "new_password": "weak"}
        answer = browser.call("POST", "/reset", body, headers={"Accept-Language": language})
        assert answer.headers["Content-Language"] == language
        said |= {each["message"] for each in answer.json["errors"]}
    assert len(said) == 3 * 4


def test_a_second_factor_opens_the_session_and_nothing_before_it_does(browser: Browser) -> None:
    asked = browser.sign_in(WITH_FACTOR)
    assert asked.json.keys() == {"state", "challenge"}
    assert asked.json["state"] == "second_factor"
    assert browser.jar.keys() == {CHALLENGE}
    assert kind(browser.call("GET")) == (401, "session-ended")
    assert kind(browser.answer(asked, code="000000")) == (401, "code-wrong")
    arabic = code_now().translate({48 + digit: 0x660 + digit for digit in range(10)})
    assert browser.answer(asked, code=f"{arabic[:3]} {arabic[3:]}").json["state"] == "signed_in"
    assert browser.jar.keys() == {ID_TOKEN, RENEWAL}


def test_a_first_password_leads_to_an_authenticator_and_then_the_desk(browser: Browser) -> None:
    asked = browser.sign_in(FIRST_TIME)
    assert asked.json["state"] == "new_password"
    missing = browser.answer(asked, code="123456")
    assert [each["field"] for each in missing.json["errors"]] == ["new_password"]
    assert browser.answer(asked, new_password="weak").status == 422
    setup = browser.answer(asked, new_password=STRONG)
    assert setup.json["state"] == "second_factor_setup"
    told = setup.json["setup"]
    assert told["uri"].startswith(
        "otpauth://totp/Bureau%20d%E2%80%99ordre%20digital%3Afirst%40anam.example.org?secret="
    )
    assert told["secret"] in told["uri"]
    assert kind(browser.answer(setup, code="000000")) == (401, "code-wrong")
    assert browser.answer(setup, code=code_now(told["secret"])).json["state"] == "signed_in"


def test_a_challenge_is_worth_nothing_without_its_cookie_nor_with_anothers(browser: Browser, service: Service) -> None:
    """A script on the page reads the challenge, and types a code that it saw."""
    asked, thief = browser.sign_in(WITH_FACTOR), Browser(service)
    assert kind(thief.answer(asked, code=code_now())) == (401, "sign-in-ended")
    thief.sign_in(WITH_FACTOR)
    assert kind(thief.answer(asked, code=code_now())) == (401, "sign-in-ended")
    assert asked.json["challenge"] not in json.dumps(browser.jar)


def test_no_cookie_stands_in_for_another(browser: Browser) -> None:
    """Both are enciphered with one key, each for its purpose."""
    browser.sign_in(WITH_FACTOR)
    browser.jar[RENEWAL] = browser.jar[CHALLENGE]
    assert kind(browser.call("GET")) == (401, "session-ended")


def test_a_made_up_cookie_opens_nothing(browser: Browser) -> None:
    for made_up in ("", "x", "AAAA", "%%%", "é", "A" * 5000, "e30", "null"):
        browser.jar |= {RENEWAL: made_up, CHALLENGE: made_up}
        assert kind(browser.call("GET")) == (401, "session-ended")
        assert kind(browser.call("POST", "/challenge", {"challenge": "x", "code": "123456"})) == (401, "sign-in-ended")
        assert browser.call("DELETE").status == 204


@pytest.mark.parametrize(("minutes", "renewed"), [(14, True), (15, False), (60, False)])
def test_a_session_ends_after_a_quarter_of_an_hour_without_use(
    browser: Browser, hands: Clock, minutes: int, renewed: bool
) -> None:
    """Also for a copy of the cookies: a browser forgets them by itself."""
    assert browser.sign_in(AGENT).json["expires_at"] == "2026-11-28T10:15:01.000Z"
    hands.turn(timedelta(minutes=minutes))
    answer = browser.call("GET")
    assert answer.status == (200 if renewed else 401)
    if renewed:
        assert answer.json["expires_at"] == "2026-11-28T10:29:01.000Z"
        assert {line.split("; ")[2] for line in answer.cookies if "Max-Age=0" not in line} == {"Max-Age=900"}


def test_steps_that_take_too_long_begin_again(browser: Browser, hands: Clock) -> None:
    asked = browser.sign_in(WITH_FACTOR)
    hands.turn(timedelta(minutes=15))
    assert kind(browser.answer(asked, code=code_now())) == (401, "sign-in-ended")


def test_what_was_signed_out_renews_nothing_and_other_sessions_go_on(browser: Browser, service: Service) -> None:
    elsewhere = Browser(service)
    elsewhere.sign_in(AGENT)
    browser.sign_in(AGENT)
    copy = dict(browser.jar)
    assert browser.call("DELETE").status == 204
    assert browser.jar == {}
    assert kind(Browser(service, copy).call("GET")) == (401, "session-ended")
    assert elsewhere.call("GET").status == 200
    assert browser.call("DELETE").status == 204


def test_an_account_that_was_shut_renews_nothing(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    browser.sign_in(AGENT)
    refuse(monkeypatch, "AdminInitiateAuth", "NotAuthorizedException")
    assert kind(browser.call("GET")) == (401, "session-ended")


@pytest.mark.parametrize("group", ["", "organism:"])
def test_an_account_of_no_organism_opens_nothing_and_keeps_no_session(browser: Browser, group: str) -> None:
    stray = Account(username="stray@x.example", password=STRONG, group=group)
    invite(os.environ, stray)
    boto3.client("cognito-idp", REGION).admin_set_user_password(
        UserPoolId=os.environ["USER_POOL_ID"], Username=stray.username, Password=STRONG, Permanent=True
    )
    answer = browser.sign_in(stray)
    assert kind(answer) == (403, "not-your-organism")
    assert browser.jar == {}


def test_a_forgotten_password_is_replaced_and_says_of_no_name_whether_it_exists(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for username in (AGENT.username, "nobody@x.example"):
        answer = browser.call("POST", "/forgotten", {"username": username})
        assert (answer.status, answer.body, answer.cookies) == (202, "", ())
    body = {"username": AGENT.username, "code": "000000", "new_password": STRONG}
    assert kind(browser.call("POST", "/reset", body)) == (401, "code-wrong")
    assert browser.call("POST", "/reset", body | {"code": code_sent_to(AGENT)}).status == 204
    assert kind(browser.sign_in(AGENT)) == (401, "sign-in-refused")
    assert browser.sign_in(Account(username=AGENT.username, password=STRONG, group="")).status == 200
    for code in ("LimitExceededException", "NotAuthorizedException", "InvalidParameterException"):
        refuse(monkeypatch, "ForgotPassword", code)
        assert browser.call("POST", "/forgotten", {"username": OPERATOR.username}).status == 202


REFUSED_BY_COGNITO = {
    "CodeMismatchException": (401, "code-wrong"),
    "ExpiredCodeException": (401, "code-wrong"),
    "UserNotFoundException": (401, "code-wrong"),
    "NotAuthorizedException": (401, "code-wrong"),
    "InvalidPasswordException": (422, "fields-wrong"),
    "PasswordHistoryPolicyViolationException": (422, "fields-wrong"),
    "LimitExceededException": (429, "too-many-tries"),
    "TooManyFailedAttemptsException": (429, "too-many-tries"),
}


def test_each_way_in_which_cognito_refuses_a_new_password(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    body = {"username": AGENT.username, "code": "123456", "new_password": STRONG}
    for code, refused in REFUSED_BY_COGNITO.items():
        refuse(monkeypatch, "ConfirmForgotPassword", code)
        answer = browser.call("POST", "/reset", body)
        assert kind(answer) == refused, code
        assert (refused[0] == 429) == ("Retry-After" in answer.headers)


@pytest.mark.parametrize("username", [AGENT.username, "nobody@x.example"])
def test_who_tries_too_often_waits_whether_the_name_exists_or_not(
    browser: Browser, hands: Clock, username: str
) -> None:
    wrong = {"username": username, "password": "Wrong-of-all-2026"}
    statuses = [browser.call("POST", "", wrong).status for _ in range(pace.MOST_FROM_ONE_ADDRESS + 1)]
    assert statuses == [401] * pace.MOST_FROM_ONE_ADDRESS + [429]
    answer = browser.call("POST", "", wrong | {"username": username.upper()})
    assert kind(answer) == (429, "too-many-tries")
    assert answer.headers["Retry-After"] == "899"
    hands.turn(timedelta(seconds=899))
    assert browser.call("POST", "", wrong).status == 401


def test_a_stranger_who_tries_a_name_does_not_shut_the_person_out(browser: Browser, hands: Clock) -> None:  # noqa: ARG001
    wrong = {"username": AGENT.username, "password": "Wrong-of-all-2026"}
    for _ in range(pace.MOST_FROM_ONE_ADDRESS + 1):
        browser.call("POST", "", wrong, address="198.51.100.9")
    assert browser.sign_in(AGENT, address="203.0.113.7").status == 200


def test_tries_are_forgotten_once_the_person_is_signed_in(browser: Browser, hands: Clock) -> None:  # noqa: ARG001
    wrong = {"username": AGENT.username, "password": "Wrong-of-all-2026"}
    for _ in range(3):
        for _ in range(pace.MOST_FROM_ONE_ADDRESS - 1):
            assert browser.call("POST", "", wrong).status == 401
        assert browser.sign_in(AGENT).status == 200


def test_codes_are_counted_too(browser: Browser, hands: Clock) -> None:  # noqa: ARG001
    asked = browser.sign_in(WITH_FACTOR)
    statuses = [browser.answer(asked, code="000000").status for _ in range(pace.MOST_FROM_ONE_ADDRESS)]
    assert statuses == [401] * (pace.MOST_FROM_ONE_ADDRESS - 1) + [429]


@pytest.mark.parametrize("known", [True, False])
def test_a_refusal_takes_its_time_whether_the_name_exists_or_not(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(pace, "LEAST_SECONDS", 5.0)
    monkeypatch.setattr("time.sleep", waited.append)
    username = AGENT.username if known else "nobody@x.example"
    browser.call("POST", "", {"username": username, "password": "Wrong-of-all-2026"})
    browser.call("POST", "/forgotten", {"username": username})
    assert len(waited) == 2
    assert all(4 < seconds <= 5 for seconds in waited)


def test_neither_log_nor_table_holds_a_name_a_password_or_a_token(
    browser: Browser, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    for account in EVERYONE:
        browser.sign_in(account)
    browser.call("GET")
    browser.call("POST", "", {"username": AGENT.username, "password": "Wrong-of-all-2026"})
    items = boto3.client("dynamodb", REGION).scan(TableName="bod")["Items"]
    kept = json.dumps(items) + capsys.readouterr().out
    for account in EVERYONE:
        assert account.password not in kept
        assert account.username not in kept
    for value in browser.jar.values():
        assert value not in kept
    assert service.items("TRIES#none") == []
