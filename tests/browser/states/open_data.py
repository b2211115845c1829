"""States of the page `open-data`. A quarter is published long after its mails: the edition here is made by hand."""

from typing import Any, Final

from playwright.sync_api import expect

from tests.browser.states.state import State, Visit

NAMES: Final = (
    ("anam", "Agence nationale de l'assurance maladie", "الوكالة الوطنية للتأمين الصحي", 1240),
    ("rabat", "Commune de Rabat", "جماعة الرباط", 310),
    (
        "longest",
        "Ministère " + "de l’Équipement, du Transport et de la Logistique " * 3,
        "وزارة " + "التجهيز " * 20,
        None,
    ),
)


def _figures(organism_id: str, french: str, arabic: str, total: int | None) -> dict[str, Any]:
    return {
        "organism_id": organism_id,
        "name": {"fr": french, "ar": arabic},
        "received": {"total": total, "online": total and total - 20, "counter": total and 20},
        "answered": total and total // 2,
        "median_hours_to_collection": total and total // 50,
        "median_hours_to_outcome": total and total // 10,
    }


EDITION: Final = {
    "period": {"quarter": "2026-Q3", "from": "2026-07-01", "to": "2026-09-30"},
    "quarters": ["2026-Q3", "2026-Q2"],
    "organisms": [_figures(*name) for name in NAMES],
}


def _none(visit: Visit) -> None:
    visit.page.goto(f"/{visit.language}/open-data")
    expect(visit.page.locator("#none")).to_be_visible()


def _edition(visit: Visit) -> None:
    visit.page.route("**/v1/open-data*", lambda route: route.fulfill(json=EDITION))
    visit.page.goto(f"/{visit.language}/open-data")
    expect(visit.page.locator("#figures")).to_be_visible()


def _unreached(visit: Visit) -> None:
    visit.house.fail_next("GET /v1/open-data")
    visit.page.goto(f"/{visit.language}/open-data")
    expect(visit.page.locator("#problem")).to_be_visible()


STATES: Final = (
    State(page="open-data", name="none", reach=_none),
    State(page="open-data", name="edition", reach=_edition),
    State(page="open-data", name="unreached", reach=_unreached),
)
