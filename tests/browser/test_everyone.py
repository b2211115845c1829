"""Every state of every page is for everyone: in each language, in light and dark, on an old phone and on a desktop.

A state is reached once for each language. Then the window, the theme and the settings change in place, as they do when
a phone is turned, in the evening, or in a reader's preferences: to reach it again for each would take five times as
long, and the page's content would be the same.
"""

from typing import Final

import pytest
from playwright.sync_api import Page

from tests.browser.states.catalogue import AT_THE_DESK, OF_THE_SITE
from tests.browser.states.state import State, Visit
from tests.support.browsing import layout
from tests.support.browsing.axe import axe
from tests.support.browsing.pictures import PictureName, picture
from tests.support.browsing.visitors import DESKTOP, LANGUAGES, NARROW, THEMES, ZOOMED, Device, Language, Visitors
from tests.support.browsing.watch import settled
from tests.support.house.house import House

HARDEST: Final = ("ar", "fr")
"""One language for each direction, French with the longest words: keyboard, forced colours and magnification find in
English nothing that they would not find there."""


STATES: Final = (*OF_THE_SITE, *(pytest.param(state, marks=pytest.mark.desk) for state in AT_THE_DESK))
FIRST: Final = {state.page: state for state in reversed((*OF_THE_SITE, *AT_THE_DESK))}
"""The first state of each page: of the others pictures are kept in light alone, since a theme changes colours alone and
axe looks at these in each state."""


@pytest.mark.parametrize("state", STATES, ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_for_everyone(
    visitors: Visitors, house: House, combinations: list[str], state: State, language: Language
) -> None:
    visitors.watch.expected += state.expects
    page = visitors.tab(language, device=NARROW)
    state.reach(Visit(page, house, language))
    found: list[str] = []
    for device in (NARROW, DESKTOP):
        _resize(page, device)
        found += [f"{device.width} px: {fault}" for fault in layout.drawn_badly(page) + layout.small_targets(page)]
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            name = PictureName(page=state.page, state=state.name, language=language, theme=theme, width=device.width)
            # A theme changes colours alone, so that the rules on all else have been held in light already.
            faults = axe(page, only_colours=theme == "dark")
            found += [f"{device.width} px, {theme}: {fault}" for fault in faults]
            if theme == "light" or state is FIRST[state.page]:
                found += picture(page, name, compared=state.compared and theme == "light")
            combinations.append(str(name))
    page.emulate_media(color_scheme="light")
    if language not in HARDEST:
        assert found == []
        return
    found += [f"focused: {fault}" for fault in layout.focus_faults_by_script(page)]
    found += [f"forced colours: {fault}" for fault in _with_forced_colours(page, state, language)]
    found += [f"at 400 %: {fault}" for fault in _magnified(page, language)]
    assert found == []


def _with_forced_colours(page: Page, state: State, language: Language) -> list[str]:
    """Faults with the reader's own colours and less motion (WCAG 1.4.11, 2.3.3)."""
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    settled(page)
    name = PictureName(page=state.page, state=state.name, language=language, theme="forced", width=DESKTOP.width)
    found = layout.moving(page) + layout.without_edge(page)
    if state is FIRST[state.page]:
        found += picture(page, name)
    page.emulate_media(forced_colors="none", reduced_motion="no-preference")
    return found


def _magnified(page: Page, language: Language) -> list[str]:
    """Faults in a window magnified four times, by keyboard, then with spaced text (WCAG 1.4.10, 1.4.12, 2.4.7, 2.4.11).

    Least of a page is seen there, so that the focus is most easily hidden.
    """
    _resize(page, ZOOMED)
    found = layout.drawn_badly(page) + [f"by keyboard: {fault}" for fault in layout.focus_faults(page)]
    layout.space_text(page, letters=language != "ar")
    return found + [f"spaced: {fault}" for fault in layout.drawn_badly(page)]


def _resize(page: Page, device: Device) -> None:
    page.set_viewport_size({"width": device.width, "height": device.height})
    settled(page)
