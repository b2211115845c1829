"""An address where no page is: a browser shows a page in the reader's language, and programs get a problem."""

import json
from pathlib import Path

import pytest

from describe_service import page_not_found
from tests.support.in_process.refused import SECURITY_HEADERS, problem
from tests.support.in_process.service import PUBLIC_URL, Service

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
WORDS = Path(page_not_found.__file__).parent / "words"


@pytest.mark.parametrize(
    ("path", "accept_language", "language"),
    [
        ("/no-such-page", "ar-MA,fr;q=0.8", "ar"),
        ("/no-such-page", "", "fr"),
        ("/no-such-page", "de,en;q=0.2", "en"),
        ("/ar/anam/letter", "en", "ar"),
        ("/en/no-such-page.html", "ar", "en"),
        ("/arabic", "en", "en"),
        ("/v1/nowhere", "fr", "fr"),
        ("/<script>alert(1)</script>", "fr", "fr"),
    ],
)
def test_a_browser_shows_a_page_that_leads_on(
    shared_service: Service, path: str, accept_language: str, language: str
) -> None:
    answer = shared_service.call("GET", path, headers={"Accept": BROWSER, "Accept-Language": accept_language})
    words = json.loads((WORDS / f"{language}.json").read_text(encoding="utf-8"))
    assert answer.status == 404
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert (answer.headers["Content-Language"], answer.headers["Cache-Control"]) == (language, "no-store")
    assert answer.headers["Vary"] == "Accept, Accept-Language"
    assert answer.headers.keys() >= SECURITY_HEADERS
    direction = "rtl" if language == "ar" else "ltr"
    assert answer.body.startswith(f'<!doctype html>\n<html lang="{language}" dir="{direction}">')
    assert f"<h1>{words['title']}</h1>" in answer.body
    for name, page in (("send", ""), ("follow", "follow"), ("verify", "verify")):
        assert f'<a href="{PUBLIC_URL}/{language}/{page}">{words[name]}</a>' in answer.body
    assert "alert(1)" not in answer.body, "nothing of the address is repeated"


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/json, text/html;q=0.5", ""])
def test_a_program_gets_a_problem(shared_service: Service, accept: str) -> None:
    problem(shared_service.call("GET", "/no-such-page", headers={"Accept": accept}), 404, "route-not-found")


def test_a_browser_that_writes_gets_a_problem(shared_service: Service) -> None:
    problem(shared_service.call("POST", "/no-such-page", headers={"Accept": BROWSER}), 404, "route-not-found")
