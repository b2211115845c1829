"""A state of a page: what a visitor sees at one point, and how a test gets there."""

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Page

from tests.support.browsing.visitors import Language
from tests.support.house.house import House


@dataclass(frozen=True)
class Visit:
    """A visitor with an empty device, before anything is opened."""

    page: Page
    house: House
    language: Language


@dataclass(frozen=True, kw_only=True)
class State:
    """One entry of the catalogue.

    `tests/browser/test_everyone.py` holds that each is for everyone, in every language, theme and width: who adds a
    state to a page adds its entry, and has nothing else to write.
    """

    page: str
    """The page's name, as in `<body data-page>`."""
    name: str
    """Short, for the picture's file: `chosen`, `errors`, `offline`."""
    reach: Callable[[Visit], object]
    """Goes there from nothing and waits until it is seen: by hooks, not words, since it does so in every language."""
    compared: bool = False
    """Whether its picture is among the few that are compared: of states that rarely change and show much."""
    expects: tuple[str, ...] = field(default=())
    """Patterns of complaints by the browser that the state causes on purpose."""

    def __str__(self) -> str:
        return f"{self.page}-{self.name}"
