"""Every state of every page is for everyone: in each language, in light and dark, on an old phone and on a desktop.

A state is reached once for each language and width; the themes change in place, as they do on a device in the evening.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.states.catalogue import STATES
from tests.browser.states.state import State, Visit
from tests.support.browsing import layout
from tests.support.browsing.axe import axe
from tests.support.browsing.pictures import PictureName, picture
from tests.support.browsing.visitors import DESKTOP, LANGUAGES, PHONE, THEMES, ZOOMED, Device, Language, Visitors
from tests.support.browsing.watch import settled
from tests.support.house.house import House

type Reach = Callable[[State, Language, Device], Page]

EACH_STATE = pytest.mark.parametrize("state", STATES, ids=str)
DEVICES = pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=lambda device: str(device.width))


@pytest.fixture
def reach(visitors: Visitors, house: House) -> Reach:
    """Brings a new visitor to a state."""

    def reached(state: State, language: Language, device: Device) -> Page:
        visitors.watch.expected += state.expects
        page = visitors.tab(language, device=device)
        state.reach(Visit(page, house, language))
        settled(page)
        return page

    return reached


@EACH_STATE
@DEVICES
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_and_nothing_is_cut_off(
    reach: Reach, combinations: list[str], state: State, language: Language, device: Device
) -> None:
    page = reach(state, language, device)
    found = layout.drawn_badly(page) + layout.small_targets(page)
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        settled(page)
        name = PictureName(page=state.page, state=state.name, language=language, theme=theme, width=device.width)
        found += [f"{theme}: {finding}" for finding in axe(page)]
        found += picture(page, name, compared=state.compared and theme == "light")
        combinations.append(str(name))
    assert found == []


@EACH_STATE
@pytest.mark.parametrize("language", LANGUAGES)
def test_at_400_percent_and_with_spaced_text_nothing_is_lost(reach: Reach, state: State, language: Language) -> None:
    """WCAG 1.4.10 and 1.4.12."""
    page = reach(state, language, ZOOMED)
    found = layout.drawn_badly(page) + layout.focus_faults(page)
    layout.space_text(page, letters=language != "ar")
    assert found + [f"spaced: {each}" for each in layout.drawn_badly(page)] == []


@EACH_STATE
@pytest.mark.parametrize("language", ["ar", "fr"])
def test_with_forced_colours_and_less_motion_by_keyboard(reach: Reach, state: State, language: Language) -> None:
    """WCAG 1.4.11, 2.3.3, 2.4.7 and 2.4.11, on a desktop, in both directions of writing."""
    page = reach(state, language, DESKTOP)
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    settled(page)
    found = layout.focus_faults(page) + layout.moving(page) + layout.without_edge(page)
    name = PictureName(page=state.page, state=state.name, language=language, theme="forced", width=DESKTOP.width)
    assert found + picture(page, name) == []
