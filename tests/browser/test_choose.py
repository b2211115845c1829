"""Step 1: a visitor finds a desk by search, by category, among those used lately, or by its own address."""

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.support.browsing.visitors import Language, Visitors
from tests.support.house.house import House

LIST = "GET /v1/organisms"
FACEBOOK = (
    "Mozilla/5.0 (Linux; Android 12; SM-A127F; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/109.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/440.0.0.31;]"
)

USED = """desks => new Promise((resolve, reject) => {
    const opening = indexedDB.open("bureau-ordre");
    opening.onerror = reject;
    opening.onsuccess = () => {
        const writing = opening.result.transaction("kept", "readwrite");
        writing.objectStore("kept").put(desks, "desks");
        writing.oncomplete = () => { opening.result.close(); resolve(); };
    };
})"""
"""Writes the desks used lately as the pages do (`site/src/draft/device.ts`)."""


def desk(page: Page, organism_id: str) -> Locator:
    return page.locator(f"[data-organism={organism_id}]")


def first_page(visitors: Visitors, language: Language = "fr", **more: Any) -> Page:  # noqa: ANN401 - options of a context
    """The first page, once its script draws it."""
    page = visitors.tab(language, f"/{language}/", **more)
    expect(page.locator("#page [name=q]")).to_be_visible()
    return page


def held_script(page: Page) -> list[Route]:
    """The request for the page's script, which waits until the test lets it go."""
    held: list[Route] = []
    page.route(re.compile(r"/assets/send-.*\.js$"), lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks the function
    return held


@pytest.mark.complaint(29)
def test_29_the_search_filters_plain_links_that_the_keyboard_reaches(visitors: Visitors) -> None:
    page = first_page(visitors, "ar")
    page.locator("[name=q]").press_sequentially("التامين الصحي")
    expect(page.locator("[data-organism]")).to_have_count(1)
    expect(desk(page, "anam")).to_have_attribute("href", "/ar/anam")
    assert page.locator("[role=listbox], [role=combobox], [aria-activedescendant], [aria-owns]").count() == 0
    while page.evaluate("document.activeElement.dataset.organism") is None:
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/ar/anam$"))
    expect(page.get_by_role("main")).to_contain_text("الوكالة الوطنية للتأمين الصحي")
    expect(page.locator("h1")).to_be_focused()


@pytest.mark.complaint(29)
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ar", ["عُثر على هيئة واحدة", "لم يُعثر على أي هيئة."]),
        ("fr", ["1 organisme trouvé", "Aucun organisme trouvé."]),
        ("en", ["1 public body found", "No public body found."]),
    ],
)
def test_29_the_count_is_said_politely_once_the_letters_pause(
    visitors: Visitors, language: Language, said: list[str]
) -> None:
    page = first_page(visitors, language)
    live = page.locator("#live")
    page.locator("[name=q]").press_sequentially("assurance maladie")
    expect(live.locator("p")).to_have_text(said[:1])
    expect(live).to_have_attribute("aria-live", "polite")
    page.fill("[name=q]", "xyzzy")
    expect(live.locator("p").last).to_have_text(said[1])


def test_a_desk_is_found_by_any_of_its_names_its_code_or_its_city(visitors: Visitors) -> None:
    page = first_page(visitors, "en")
    for words, found in {
        "التامين الصحي": "anam",
        "ASSURANCE-maladie": "anam",
        "  l'assurance   MALADIE ": "anam",
        "cnss": "cnss",
        "ain beni mathar": "small",
        "البطاقه الوطنيه": "identity",
    }.items():
        page.fill("[name=q]", words)
        expect(page.locator("[data-organism]")).to_have_count(1)
        expect(desk(page, found)).to_be_visible()


def test_an_emptied_search_shows_all_desks_again(visitors: Visitors) -> None:
    page = first_page(visitors)
    every = page.locator("[data-organism]").count()
    page.fill("[name=q]", "cnss")
    expect(page.locator("[data-organism]")).to_have_count(1)
    page.fill("[name=q]", "\u200f ")
    expect(page.locator("[data-organism]")).to_have_count(every)


def test_a_category_is_shown_alone_and_joined_to_the_words(visitors: Visitors) -> None:
    page = first_page(visitors)
    page.get_by_role("button", name="Collectivités").click()
    expect(page.get_by_role("button", name="Collectivités")).to_have_attribute("aria-pressed", "true")
    expect(desk(page, "small")).to_be_visible()
    expect(desk(page, "anam")).to_have_count(0)
    page.fill("[name=q]", "cnss")
    expect(page.locator("[data-organism]")).to_have_count(0)
    page.get_by_role("button", name="Chercher dans toutes les catégories").click()
    expect(desk(page, "cnss")).to_be_visible()


def test_more_desks_come_when_asked_for_and_never_all_at_once(visitors: Visitors, house: House) -> None:
    page = first_page(visitors)
    page.fill("[name=q]", "de")
    expect(page.locator("[data-organism]")).to_have_count(25)
    page.get_by_role("button", name="Afficher la suite").click()
    expect(page.locator("[data-organism]")).not_to_have_count(25)
    shown = page.locator("[data-organism]").evaluate_all("links => links.map(link => link.dataset.organism)")
    assert len(shown) == len(set(shown)) > 25
    asked = [each.target for each in house.requests if each.place == LIST]
    assert asked
    assert all(int(re.search(r"limit=(\d+)", target)[1]) <= 100 for target in asked)  # type: ignore[index]


def test_nothing_found_says_what_to_do(visitors: Visitors) -> None:
    page = first_page(visitors)
    page.fill("[name=q]", "commune de nulle part")
    expect(page.get_by_text("Vérifiez l’orthographe")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Tous les organismes").click()
    expect(page).to_have_url(re.compile(r"/fr/desks$"))
    expect(desk(page, "anam")).to_be_visible()


def asked_for_all(house: House) -> None:
    """Wait until the page has compared its list with the service's."""
    while not any(each.place == LIST for each in house.requests):
        time.sleep(0.05)


def test_a_busy_service_is_asked_again_when_one_presses(visitors: Visitors, house: House) -> None:
    page = first_page(visitors)
    asked_for_all(house)
    house.fail_next(LIST, status=429, retry_after=60)
    page.fill("[name=q]", "cnss")
    expect(page.get_by_text("Trop de demandes")).to_be_visible()
    page.get_by_role("button", name="Réessayer").click()
    expect(page.locator("[data-organism]")).to_have_count(1)
    expect(page.locator("[name=q]")).to_have_value("cnss")


@pytest.mark.parametrize("fault", [{"status": 200, "foreign": True}, {"dropped": True}, {"status": 503}])
def test_a_fault_is_said_and_heals_by_itself(visitors: Visitors, house: House, fault: dict[str, Any]) -> None:
    page = first_page(visitors)
    asked_for_all(house)
    house.fail_next(LIST, **fault, times=2)
    page.fill("[name=q]", "cnss")
    expect(page.locator("#page .notice")).to_be_visible()
    expect(page.locator("[data-organism]")).to_have_count(1)
    expect(page.locator("#page .notice")).to_have_count(0)


def test_without_a_network_it_is_said_and_found_once_there_is_one(visitors: Visitors) -> None:
    # the browser's own line where the page registers its service worker just then
    visitors.expect_complaint("error occurred when fetching the script")
    page = first_page(visitors)
    page.context.set_offline(True)
    page.fill("[name=q]", "cnss")
    expect(page.get_by_text("Pas de connexion")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("[data-organism]")).to_have_count(1)


def test_what_is_typed_before_the_script_is_ready_stays_and_nothing_jumps(visitors: Visitors) -> None:
    page = visitors.tab("ar")
    held = held_script(page)
    page.goto("/ar/", wait_until="commit")
    page.locator("#static [name=q]").press_sequentially("التامين")
    page.locator("#static [name=q]").evaluate("field => field.setSelectionRange(2, 4)")
    before = page.locator("[name=q]").bounding_box()
    held[0].continue_()
    expect(desk(page, "anam")).to_be_visible()
    field = page.locator("#page [name=q]")
    expect(field).to_have_value("التامين")
    expect(field).to_be_focused()
    assert field.evaluate("field => [field.selectionStart, field.selectionEnd]") == [2, 4]
    assert field.bounding_box() == before
    expect(page.locator("#static")).to_have_count(0)


def test_the_list_stays_where_it_is_when_the_script_is_ready(visitors: Visitors) -> None:
    page = visitors.tab("ar")
    held = held_script(page)
    page.goto("/ar/", wait_until="commit")
    desk(page, "anam").focus()
    desk(page, "anam").evaluate("link => link.scrollIntoView({block: 'center'})")
    before = desk(page, "anam").bounding_box()
    held[0].continue_()
    expect(page.locator("#static")).to_have_count(0)
    expect(desk(page, "anam")).to_be_focused()
    after = desk(page, "anam").bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) <= 1


def test_without_script_the_desks_are_there_and_the_search_leads_to_all_of_them(visitors: Visitors) -> None:
    page = visitors.tab("fr", java_script_enabled=False)
    answer = page.goto("/fr/")
    assert answer
    assert '<noscript><p class="notice">Cette page a besoin de JavaScript' in answer.text()
    expect(desk(page, "anam")).to_be_visible()
    page.fill("[name=q]", "assurance")
    page.press("[name=q]", "Enter")
    expect(page.locator("h1")).to_have_text("Tous les organismes")
    expect(desk(page, "anam")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("ar", "الوكالة الوطنية للتأمين الصحي"),
        ("fr", "Agence nationale de l'assurance maladie"),
        ("en", "Agence nationale de l'assurance maladie"),
    ],
)
def test_a_desks_own_address_has_step_1_behind_it(visitors: Visitors, language: Language, name: str) -> None:
    page = visitors.tab(language, f"/{language}/anam")
    expect(page.locator("[name=subject]")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(name)


@pytest.mark.parametrize(
    ("language", "closed", "unknown"),
    [
        ("ar", "المكتب مغلق مؤقتا", "لم يُعثر على الهيئة"),
        ("fr", "Bureau fermé pour le moment", "Organisme introuvable"),
        ("en", "Closed for now", "Public body not found"),
    ],
)
def test_a_closed_and_an_unknown_desk_are_explained_and_lead_on(
    visitors: Visitors, language: Language, closed: str, unknown: str
) -> None:
    page = visitors.tab(language)
    for name, title in {"closed": closed, "nowhere": unknown, "a--b": unknown}.items():
        page.goto(f"/{language}/{name}")
        expect(page.locator("h1")).to_have_text(title)
        expect(page.locator("[data-action=next]")).to_have_count(0)
    page.get_by_role("main").get_by_role("link").click()
    expect(desk(page, "anam")).to_be_visible()


def test_a_desk_that_cannot_be_read_is_read_again(visitors: Visitors, house: House) -> None:
    house.fail_next("GET /v1/organisms/anam", status=503)
    page = visitors.tab("fr", "/fr/anam")
    expect(page.get_by_text("Le service ne répond pas")).to_be_visible()
    page.get_by_role("button", name="Réessayer").click()
    expect(page.locator("[data-action=next]")).to_be_visible()


def test_back_leads_from_a_desk_to_the_search_as_it_was(visitors: Visitors) -> None:
    page = first_page(visitors)
    page.fill("[name=q]", "cnss")
    desk(page, "cnss").click()
    expect(page.locator("[data-action=next]")).to_be_visible()
    page.go_back()
    expect(page.locator("[name=q]")).to_have_value("cnss")
    expect(page.locator("[data-organism]")).to_have_count(1)


def test_the_words_of_the_search_stay_when_the_language_changes(visitors: Visitors) -> None:
    page = first_page(visitors)
    page.fill("[name=q]", "cnss")
    expect(page.locator("[data-organism]")).to_have_count(1)
    page.locator("a[data-language=ar]").click()
    expect(page).to_have_url(re.compile(r"/ar/$"))
    expect(page.locator("#page [name=q]")).to_have_value("cnss")
    expect(page.locator("[data-organism]")).to_have_count(1)


def test_desks_used_lately_stand_on_top(visitors: Visitors) -> None:
    page = first_page(visitors)
    # the pages have made their database by then
    expect(page.locator("[data-action=erase]")).to_be_visible()
    page.evaluate(USED, ["cnss", "small"])
    page.reload()
    recent = page.locator("#page section", has_text="Utilisés récemment").locator("[data-organism]")
    expect(recent).to_have_count(2)
    expect(recent.first).to_have_attribute("href", "/fr/cnss")
    expect(recent.first).to_contain_text("Caisse nationale de sécurité sociale")
    expect(recent.last).to_contain_text("Aïn Beni Mathar")


@pytest.mark.complaint(31)
def test_31_no_field_is_smaller_than_16_pixels(visitors: Visitors) -> None:
    page = first_page(visitors)
    sizes = page.locator("input").evaluate_all("all => all.map(each => parseFloat(getComputedStyle(each).fontSize))")
    assert sizes
    assert min(sizes) >= 16


@pytest.mark.complaint(31)
@pytest.mark.parametrize("path", ["/ar/", "/ar/anam"])
def test_31_inside_another_app_the_page_leads_to_a_browser(visitors: Visitors, path: str) -> None:
    page = visitors.tab("ar", path, user_agent=FACEBOOK, permissions=["clipboard-read", "clipboard-write"])
    expect(page.locator("#in-app")).to_contain_text("افتحوا هذه الصفحة في متصفح الهاتف")
    page.locator("#in-app button").click()
    expect(page.locator("#live")).to_contain_text("تم النسخ")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    browser = visitors.tab("ar", path)
    expect(browser.locator("#page h1")).to_be_visible()
    expect(browser.locator("#in-app")).to_have_count(0)


@pytest.mark.complaint(19)
def test_19_codes_of_desks_stand_from_left_to_right_in_arabic(visitors: Visitors) -> None:
    page = first_page(visitors, "ar")
    directions = page.locator(".where bdi:first-child").evaluate_all(
        "all => all.map(one => getComputedStyle(one).direction)"
    )
    assert set(directions) == {"ltr"}
