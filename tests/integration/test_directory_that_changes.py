"""Step 1: organisms join and are suspended while somebody walks the pages of a search."""

import pytest

from mailroom.settings import Settings
from tests.integration.test_directory import organisms, walked
from tests.support.in_process.service import NEW_ORGANISM, Service

COMMUNES = {"Agadir": "أكادير", "Fès": "فاس", "Oujda": "وجدة", "Salé": "سلا", "Tétouan": "تطوان"}


def enrol(service: Service, city: str, **changed: object) -> str:
    """The id of the commune of that city, enrolled a while ago."""
    organism_id = f"commune-{city[:3].lower()}".replace("é", "e").replace("è", "e")
    name = {"fr": f"Commune de {city}", "ar": f"جماعة {COMMUNES[city]}"}
    code = organism_id.upper()
    answer = service.put_organism(organism_id, NEW_ORGANISM | {"code": code, "name": name, "city": city} | changed)
    assert answer.status in {200, 201}
    Settings.reset()
    return organism_id


def found(service: Service, **query: object) -> list[str]:
    return [item["organism_id"] for item in organisms(service, **query).json["items"]]


@pytest.mark.parametrize("words", ["commune", "جماعة", "comune"])
def test_an_organism_that_joins_between_two_pages_moves_no_other(service: Service, words: str) -> None:
    enrolled = [enrol(service, city) for city in ("Fès", "Oujda", "Salé", "Tétouan")]
    first = organisms(service, q=words, limit=2).json
    enrol(service, "Agadir")
    second = organisms(service, q=words, cursor=first["next_cursor"]).json
    assert second["next_cursor"] is None
    assert [item["organism_id"] for item in first["items"] + second["items"]] == enrolled


def test_the_organism_at_which_a_page_ended_may_be_gone_by_the_next(service: Service) -> None:
    enrolled = [enrol(service, city) for city in ("Fès", "Oujda", "Salé", "Tétouan")]
    cursor = organisms(service, q="commune", limit=2).json["next_cursor"]
    enrol(service, "Oujda", status="suspended")
    assert found(service, q="commune", cursor=cursor) == enrolled[2:]


def test_a_name_spelt_right_that_joins_between_two_pages_ends_the_pages_of_the_misspelt(service: Service) -> None:
    """Never twice the same organism, and never a page without an end."""
    for city in ("Fès", "Oujda", "Salé"):
        enrol(service, city)
    cursor = organisms(service, q="comune", limit=2).json["next_cursor"]
    enrol(service, "Agadir", name={"fr": "Comune d'Agadir", "ar": "جماعة"})
    assert organisms(service, q="comune", cursor=cursor).json == {"items": [], "next_cursor": None}


@pytest.mark.parametrize("written", ["أكادير", "أڭادير", "اگادير", "أݣادیر"])
def test_an_organism_is_found_however_it_and_what_is_typed_are_written(
    service: Service, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    monkeypatch.setitem(COMMUNES, "Agadir", written)
    organism_id = enrol(service, "Agadir")
    for typed in ("أڭادير", "اكادير", "agadir commune", "agdir", "جماعة أگادیر"):
        assert [item["organism_id"] for item in walked(service, q=typed)] == [organism_id]
