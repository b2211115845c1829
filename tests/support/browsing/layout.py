"""Facts about what is drawn, which hold in every language, theme and width: nothing cut off, hidden or too small.

They say more than a comparison of pictures, and are steady: another version of the browser or of a font moves letters
by a pixel, but cuts none off.
"""

from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Frame, Page

_FACTS: Final = Path(__file__).with_suffix(".js").read_text(encoding="utf-8").partition("\n")[2]


def no_overflow(page: Page) -> list[str]:
    """What is wider than the viewport, or makes the page scroll sideways."""
    found: list[str] = _facts(page, "overflow")
    return found


def drawn_badly(page: Page) -> list[str]:
    """What is wider than the viewport, cut off, or lies over another text."""
    return [*no_overflow(page), *_facts(page, "cut"), *_facts(page, "overlaps")]


def small_targets(page: Page, least: int = 24) -> list[str]:
    """Controls under so many CSS pixels (WCAG 2.5.8), but for links in a sentence and those far from others."""
    found: list[str] = _facts(page, "small", least)
    return found


def focus_faults(page: Page, most: int = 80) -> list[str]:
    """Controls that the Tab key reaches without a visible mark, or hidden by another part (WCAG 2.4.7, 2.4.11)."""
    _facts(page, "atTheBeginning")
    facts = page.evaluate_handle(_FACTS.strip())
    found: list[str] = []
    known: set[int] = set()
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate("facts => facts.focused()", facts)
        if focused is None or focused["id"] in known:
            break
        known.add(focused["id"])
        if not focused["isMarked"] and not _is_marked_within(page):
            found.append(f"focus without a mark: {focused['name']}")
        if not focused["isSeen"]:
            found.append(f"focus hidden: {focused['name']}")
    if not known and _facts(page, "count"):
        found.append("the Tab key reaches nothing")
    return found


def focus_faults_by_script(page: Page) -> list[str]:
    """The same of every control when a script gives it the focus, in a fraction of the time.

    Whether the Tab key reaches them it does not say.
    """
    found: list[str] = _facts(page, "focusEach")
    return found


def _is_marked_within(page: Page) -> bool:
    """Whether the focus is in a frame that marks it: the page around the frame cannot know."""
    inside = (_facts(frame, "focused") for frame in page.frames if frame != page.main_frame and _has_focus(frame))
    return any(focused is not None and focused["isMarked"] for focused in inside)


def _has_focus(frame: Frame) -> bool:
    return bool(frame.evaluate("document.hasFocus()"))


def space_text(page: Page, *, letters: bool) -> None:
    """Space the text as WCAG 1.4.12 says; letters of Arabic are never spaced, since that tears them apart.

    A style sheet that a script makes is none that the page's policy forbids.
    """
    page.evaluate(
        """letters => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(`* {
                line-height: 1.5 !important; word-spacing: .16em !important;
                ${letters ? "letter-spacing: .12em !important;" : ""}
            } p { margin-block-end: 2em !important; }`);
            document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
        }""",
        letters,
    )


def moving(page: Page) -> list[str]:
    """What still moves although the reader asked for less motion (WCAG 2.3.3)."""
    found: list[str] = _facts(page, "moving")
    return found


def without_edge(page: Page) -> list[str]:
    """Controls that a colour alone sets apart, which forced colours take away (WCAG 1.4.11)."""
    found: list[str] = _facts(page, "withoutEdge")
    return found


def _facts(page: Page | Frame, name: str, argument: object = None) -> Any:  # noqa: ANN401 - what the function of that name says
    return page.evaluate(f"argument => ({_FACTS.strip()}).{name}(argument)", argument)
