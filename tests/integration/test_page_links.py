"""Addresses that no function serves but that mean a page lead on to it, and to nowhere else."""

from urllib.parse import urljoin

import pytest

from tests.support.in_process.service import Service

SITE = "https://a.ma/stage"


def led(service: Service, path: str) -> str:
    """Where a browser goes that asks for `path`."""
    answer = service.call("GET", path)
    assert (answer.status, answer.body) == (303, "")
    assert answer.headers["Cache-Control"] == "no-store"
    return urljoin(SITE + path, answer.headers["Location"]).removeprefix(SITE)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
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
        ("/verifier%237Q2M-4C9T-XV3E-8KHA?utm_source=mail", "/verifier#7Q2M-4C9T-XV3E-8KHA"),
        ("/Verifier%237Q2M-4C9T-XV3E-8KHA", "/verifier#7Q2M-4C9T-XV3E-8KHA"),
        ("/suivi%23" + "x" * 5000, "/suivi"),
        ("/suivi%23%D8%A3/%D8%A8", "/suivi#%D8%A3/%D8%A8"),
    ],
)
def test_a_link_changed_on_its_way_leads_to_its_page_with_what_stands_behind(
    service: Service, asked: str, meant: str
) -> None:
    assert led(service, asked.partition("?")[0]) == meant


def test_a_gateway_that_decodes_paths_leads_there_too(service: Service) -> None:
    answer = service.call("GET", "/suivi#ANAM-2026-000001/K4ZP-90WD")
    assert answer.headers["Location"] == "../suivi#ANAM-2026-000001/K4ZP-90WD"


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
    assert service.call(method, "/s").status == 405


@pytest.mark.parametrize(
    "behind",
    ["%0d%0aSet-Cookie:x", '"><script>', "//evil.example", "javascript:alert(1)", "a b", "\u202e", "%00", "\\"],
)
def test_nobody_is_led_anywhere_else(service: Service, behind: str) -> None:
    answer = service.call("GET", f"/suivi%23{behind}")
    leads = answer.headers["Location"]
    assert leads.isascii()
    assert not set(leads) & set("\r\n\"'<>\\ \0")
    assert urljoin(f"{SITE}/suivi%23{behind}", leads).partition("#")[0] in {f"{SITE}/suivi", "https://a.ma/suivi"}
