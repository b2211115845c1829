"""The API's own address, which older receipts bear: what means a page leads on to the site, and nothing else does."""

from urllib.parse import urlsplit

import pytest

from mailroom.settings import Settings
from tests.support.in_process.service import API_HOST, PUBLIC_URL, Service


def led(service: Service, path: str) -> str:
    """Where a browser goes that asks for `path`, at the site."""
    answer = service.call("GET", path)
    assert (answer.status, answer.body) == (303, "")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Location"].startswith(f"{PUBLIC_URL}/")
    return answer.headers["Location"].removeprefix(PUBLIC_URL)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("/suivi", "/suivi"),
        ("/s", "/s"),
        ("/verifier", "/verifier"),
        ("/suivi?lang=ar", "/suivi?lang=ar"),
        ("/suivi?utm=a%23ANAM-2026-000001/K4ZP-90WD", "/suivi?utm=a%23ANAM-2026-000001/K4ZP-90WD"),
        ("/suivi/", "/suivi"),
        ("/suivi%20", "/suivi"),
        ("/suivi%E2%80%8F", "/suivi"),
        ("/suivi%EF%BB%BF%20", "/suivi"),
        ("/suivi.", "/suivi"),
        ("/verifier),", "/verifier"),
        ("/s%3E", "/s"),
        ("/suivi%C2%A0%C2%BB", "/suivi"),
        ("/s/", "/s"),
        ("/verifier/", "/verifier"),
        ("/suivi%23", "/suivi"),
        ("/suivi%23ANAM-2026-000001/K4ZP-90WD", "/suivi#ANAM-2026-000001/K4ZP-90WD"),
        ("/suivi%2523ANAM-2026-000001/K4ZP-90WD", "/suivi#ANAM-2026-000001/K4ZP-90WD"),
        ("/suivi%23ANAM-2026-000001%2FK4ZP-90WD", "/suivi#ANAM-2026-000001/K4ZP-90WD"),
        ("/suivi/%23ANAM-2026-000001/K4ZP-90WD", "/suivi#ANAM-2026-000001/K4ZP-90WD"),
        ("/s%23ANAM-2026-000001/K4ZP-90WD", "/s#ANAM-2026-000001/K4ZP-90WD"),
        ("/verifier%237Q2M-4C9T-XV3E-8KHA", "/verifier#7Q2M-4C9T-XV3E-8KHA"),
        ("/verifier%237Q2M-4C9T-XV3E-8KHA?utm_source=mail", "/verifier?utm_source=mail#7Q2M-4C9T-XV3E-8KHA"),
        ("/Verifier%237Q2M-4C9T-XV3E-8KHA", "/verifier#7Q2M-4C9T-XV3E-8KHA"),
        ("/suivi%23" + "x" * 5000, "/suivi"),
        ("/suivi%23%D8%A3/%D8%A8", "/suivi#%D8%A3/%D8%A8"),
    ],
)
def test_a_link_changed_on_its_way_leads_to_its_page_with_what_stands_behind(
    service: Service, asked: str, meant: str
) -> None:
    assert led(service, asked) == meant


def test_a_gateway_that_decodes_paths_leads_there_too(service: Service) -> None:
    answer = service.call("GET", "/suivi#ANAM-2026-000001/K4ZP-90WD")
    assert answer.headers["Location"] == f"{PUBLIC_URL}/suivi#ANAM-2026-000001/K4ZP-90WD"


@pytest.mark.parametrize(
    "path",
    [
        "/suivix",
        "/suivi%2F..%2Fv1",
        "/suivi/ANAM-2026-000001/K4ZP-90WD",
        "/v1/suivi",
        "//suivi",
        "//evil.example/suivi%23a",
        "/%2Fsuivi",
        "/",
        "/sx%23a",
        "/v1/nowhere",
    ],
)
def test_an_address_that_means_no_page_is_still_none(service: Service, path: str) -> None:
    assert service.call("GET", path).status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_pages_are_read_and_nothing_else(service: Service, method: str) -> None:
    assert service.call(method, "/suivi%23a").status == 404
    assert service.call(method, "/s").status == 404


@pytest.mark.parametrize(
    "behind",
    ["%0d%0aSet-Cookie:x", '"><script>', "//evil.example", "javascript:alert(1)", "a b", "\u202e", "%00", "\\"],
)
def test_nobody_is_led_anywhere_else(service: Service, behind: str) -> None:
    answer = service.call("GET", f"/suivi%23{behind}")
    leads = answer.headers["Location"]
    assert leads.isascii()
    assert not set(leads) & set("\r\n\"'<>\\ \0")
    assert urlsplit(leads)._replace(fragment="").geturl() == f"{PUBLIC_URL}/suivi"


@pytest.mark.parametrize("path", ["/suivi", "/s/", "/verifier%23a"])
def test_a_stage_without_a_domain_has_no_site_to_lead_to(
    service: Service, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """Its public address is the API's own: a redirect would lead back to itself for ever."""
    monkeypatch.setenv("PUBLIC_URL", f"https://{API_HOST}")
    Settings.reset()
    assert service.call("GET", path).status == 404
    assert service.call("GET", path, headers={"Accept": "text/html"}).status == 404
