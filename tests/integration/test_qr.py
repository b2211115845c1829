"""The QR on a receipt: programs that follow it get JSON, and people a page."""

from urllib.parse import urljoin

import pytest

from tests.support.in_process.service import Service

ADDRESS = "https://a.ma/stage/v1/receipts/"
TELEPHONE = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def asked(service: Service, code: str, accept: str) -> str | None:
    """Where the answer leads, if it does."""
    answer = service.call("GET", f"/v1/receipts/{code}", headers={"Accept": accept})
    assert answer.headers["Vary"] == "Accept"
    assert answer.headers["Cache-Control"] == "no-store"
    if answer.status != 303:
        assert (answer.status, answer.json["genuine"]) == (200, True)
        return None
    assert not answer.body
    return urljoin(ADDRESS + code, answer.headers["Location"])


@pytest.mark.parametrize("accept", [TELEPHONE, "text/html", "Text/HTML, */*"])
def test_a_browser_is_led_to_the_page_whether_the_code_is_known_or_not(service: Service, accept: str) -> None:
    code = service.sent().submitted["verification_code"]
    assert asked(service, code, accept) == f"https://a.ma/stage/verifier#{code}"
    assert asked(service, "AAAA-AAAA-AAAA-AAAA", accept) == "https://a.ma/stage/verifier#AAAA-AAAA-AAAA-AAAA"


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/json, text/html;q=0.5", ""])
def test_a_program_gets_json(service: Service, accept: str) -> None:
    assert asked(service, service.sent().submitted["verification_code"], accept) is None


def test_a_program_that_says_nothing_of_what_it_takes_gets_json(service: Service) -> None:
    code = service.sent().submitted["verification_code"]
    assert service.call("GET", f"/v1/receipts/{code}").json["genuine"] is True


@pytest.mark.parametrize("code", ["%0d%0aSet-Cookie:x", '"><script>', "//evil.example", "a#b?c", "é"])
def test_nobody_is_led_anywhere_else(service: Service, code: str) -> None:
    answer = service.call("GET", f"/v1/receipts/{code}", headers={"Accept": TELEPHONE})
    if answer.status == 303:
        leads = answer.headers["Location"]
        assert leads.startswith("../../verifier#")
        assert leads.isascii()
        assert not set(leads) & set("\r\n\"'<> ")
        assert urljoin(ADDRESS, leads).partition("#")[0] == "https://a.ma/stage/verifier"
