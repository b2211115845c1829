"""Step 1: the directory is searched, paged and cached."""

import base64
import json
import urllib.parse
from typing import Any

import pytest

from mailroom.fields.text import folded
from tests.support.in_process.refused import wrong_fields
from tests.support.in_process.service import Answer, Service


def organisms(service: Service, **query: object) -> Answer:
    return service.call("GET", "/v1/organisms?" + urllib.parse.urlencode(query))


def walked(service: Service, **query: object) -> list[dict[str, Any]]:
    """All pages, one after the other."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    for _ in range(60):
        page = organisms(service, **query, **cursor).json
        assert page.keys() == {"items", "next_cursor"}
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        assert page["items"]
        cursor = {"cursor": page["next_cursor"]}
    pytest.fail("the pages have no end")


@pytest.mark.parametrize("limit", [1, 7, 25, 49, 50, 51, 100])
def test_walking_the_pages_shows_each_organism_once_in_order(shared_service: Service, limit: int) -> None:
    found = [organism["organism_id"] for organism in walked(shared_service, limit=limit)]
    assert len(found) == len(set(found)) == 50
    assert found == [organism["organism_id"] for organism in walked(shared_service, limit=100)]


def test_a_page_has_25_organisms_when_nothing_is_said(shared_service: Service) -> None:
    assert len(organisms(shared_service).json["items"]) == 25


def test_organisms_are_sorted_by_their_french_name_whatever_its_accents(shared_service: Service) -> None:
    names = [folded(organism["name"]["fr"]) for organism in walked(shared_service)]
    assert names == sorted(names)


def test_an_organism_has_the_contracts_fields_and_no_alert_address(shared_service: Service) -> None:
    for organism in walked(shared_service):
        assert organism.keys() == {"organism_id", "code", "category", "name", "city"}
        assert organism["name"].keys() == {"fr", "ar"}
    details = shared_service.call("GET", "/v1/organisms/anam")
    assert details.json["accepts"] == {
        "national_id": False,
        "max_attachments": 20,
        "max_attachment_bytes": 104_857_600,
    }
    notice = details.json["privacy_notice"]
    assert notice["version"] == "1"
    assert details.json["name"]["fr"] in notice["fr"]
    assert details.json["name"]["ar"] in notice["ar"]
    assert notice["en"]
    assert "@" not in details.body.replace(notice["fr"], "")


@pytest.mark.parametrize(
    ("words", "organism_id"),
    [
        ("anam", "anam"),
        ("ANAM", "anam"),
        ("AGENCE nationale DE L'ASSURANCE", "anam"),
        ("l’assurance maladie", "anam"),
        ("interieur", "mi"),
        ("MINISTÈRE DE L'INTÉRIEUR", "mi"),
        ("وزارة الداخلية", "mi"),
        ("وِزَارَة الدَّاخِلِيَّة", "mi"),
        ("وزاره الداخليه", "mi"),
        ("  justice ", "mj"),
        ("الافريقي", "maecamre"),
        ("الإفريقي", "maecamre"),
    ],
)
def test_a_search_finds_an_organism_however_it_is_spelt(shared_service: Service, words: str, organism_id: str) -> None:
    found = [organism["organism_id"] for organism in walked(shared_service, q=words)]
    assert organism_id in found
    assert len(found) < 10


def test_a_search_looks_at_the_city_too(shared_service: Service) -> None:
    with_city = next(organism for organism in walked(shared_service) if organism["city"])
    found = walked(shared_service, q=with_city["city"].upper())
    assert with_city in found


@pytest.mark.parametrize("words", ["", " ", "\u200b"])
def test_a_search_for_nothing_shows_all(shared_service: Service, words: str) -> None:
    assert len(walked(shared_service, q=words)) == 50


@pytest.mark.parametrize("words", ["zzzz", "a,b", "anam\u200b\u200bx", "%", "*", "😀"])
def test_a_search_that_finds_nothing_is_an_empty_page(shared_service: Service, words: str) -> None:
    assert organisms(shared_service, q=words).json == {"items": [], "next_cursor": None}


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("commune temara", "commune-temara"),
        ("الرباط جماعة", "commune-rabat"),
        ("tanger assilah", "prefecture-tanger-assilah"),
        ("assurance  maladie", "anam"),
        ("الوکالة", "add"),
        ("التأمين", "anam"),
        ("mi", "mi"),
        ("comune temarra", "commune-temara"),
    ],
)
def test_what_a_search_finds_comes_with_the_likeliest_first(shared_service: Service, words: str, first: str) -> None:
    """The whole table is in tests/unit/test_search.py."""
    assert walked(shared_service, q=words)[0]["organism_id"] == first


@pytest.mark.parametrize("limit", [1, 2, 5, 19])
@pytest.mark.parametrize("words", ["mi", "nation", "وزارة", "communez"])
def test_walking_the_pages_of_a_search_shows_each_organism_once_in_order(
    shared_service: Service, words: str, limit: int
) -> None:
    whole = organisms(shared_service, q=words, limit=100).json["items"]
    assert len(whole) >= 5
    assert walked(shared_service, q=words, limit=limit) == whole


def test_categories_part_the_directory_and_combine_with_a_search(shared_service: Service) -> None:
    parts = [
        walked(shared_service, category=category)
        for category in ("ministry", "public_establishment", "territorial_collectivity")
    ]
    assert sum(map(len, parts)) == 50
    assert all(len({organism["category"] for organism in part}) == 1 for part in parts)
    assert walked(shared_service, category="ministry", q="anam") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=-1", "limit"),
        ("limit=abc", "limit"),
        ("limit=1.5", "limit"),
        ("limit=1.0", "limit"),
        ("limit=1_0", "limit"),
        ("limit=%2B5", "limit"),
        ("limit=1,2", "limit"),
        ("limit=" + "9" * 5000, "limit"),
        ("limit=true", "limit"),
        ("category=city", "category"),
        ("q=" + "x" * 101, "q"),
        ("q=a%0Ab", "q"),
        ("q=%00", "q"),
        ("cursor=abc", "cursor"),
        ("cursor=%F0%9F%98%80", "cursor"),
        ("cursor=" + "x" * 1001, "cursor"),
        ("cursor=" + base64.urlsafe_b64encode(b"[" * 700).decode(), "cursor"),
        ("Limit=5", "Limit"),
        ("page=2", "page"),
    ],
)
def test_wrong_query_parameters_are_422(shared_service: Service, query: str, field: str) -> None:
    assert wrong_fields(shared_service.call("GET", f"/v1/organisms?{query}")) == [field]


@pytest.mark.parametrize(
    "value",
    [
        5,
        None,
        "text",
        [],
        ["a"],
        ["a", 1],
        ["a", "b", "c"],
        {"a": 1},
        [["a"], "b"],
        ["0", "0", "a", "b"],
        [0, 0, 1, "b"],
        [0, 0, "a", "b", "c"],
        [0.5, 0, "a", "b"],
        [None, 0, "a", "b"],
    ],
)
def test_a_cursor_that_we_did_not_make_is_422(shared_service: Service, value: object) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(value).encode()).decode()
    assert wrong_fields(organisms(shared_service, cursor=cursor)) == ["cursor"]


@pytest.mark.parametrize("path", ["/v1/organisms?limit=5", "/v1/organisms/anam"])
def test_who_holds_the_current_answer_gets_304_without_a_body(shared_service: Service, path: str) -> None:
    first = shared_service.call("GET", path)
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "public, max-age=60"
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = shared_service.call("GET", path, headers={"If-None-Match": known})
        assert (again.status, again.body) == (304, "")
        assert again.headers["ETag"] == tag
        assert again.headers["Cache-Control"] == "public, max-age=60"
    for unknown in ("", '"other"', tag.strip('"')):
        assert shared_service.call("GET", path, headers={"If-None-Match": unknown}).status == 200


def test_answers_that_differ_have_tags_that_differ(shared_service: Service) -> None:
    paths = ["/v1/organisms", "/v1/organisms?limit=5", "/v1/organisms/anam", "/v1/organisms/mi"]
    assert len({shared_service.call("GET", path).headers["ETag"] for path in paths}) == len(paths)
