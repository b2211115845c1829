"""A real browser, and the pages served to it."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.support.browsing.lending import Lending, Lent
from tests.support.browsing.visitors import Visitors, trusting
from tests.support.browsing.visitors import visitors as of_a_test
from tests.support.house.house import House, open_house
from tests.support.pages.writer import Writer, new_context
from tests.support.programs.chromium import find_chromium

expect.set_options(timeout=30_000)
"""Milliseconds. What is there at once costs nothing of it; a machine that does much else is slow to show it."""
# without the last, the shell fits letters to whole pixels, and lines break elsewhere than in a browser with windows
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--font-render-hinting=none"]


@pytest.fixture(scope="session")
def browser(house: House) -> Iterator[Browser]:
    """The system's Chromium, else the one that Playwright installed. It trusts the house, and ends before it."""
    path = find_chromium()
    if path is None:
        pytest.exit("These tests need Chromium, which is missing: run `make chromium`.", returncode=1)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, trusting(house.tls)])
        yield started
        started.close()


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """The whole service in this process, behind its site. Each process of the tests has one."""
    # moto's tables are many small objects without a cycle: to look for one as often as usual takes a tenth of the time.
    gc.set_threshold(100_000)
    with open_house() as opened:
        yield opened


@pytest.fixture(autouse=True)
def in_order(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that uses the house finds it without the faults of an earlier one, and nothing fails behind its back."""
    if "house" not in request.fixturenames and "visitors" not in request.fixturenames:
        yield
        return
    house: House = request.getfixturevalue("house")
    house.begin_again()
    yield
    house.settle()
    assert house.chain.failures == []


@pytest.fixture(scope="session")
def lending(house: House) -> Lending:
    """Contexts that tests use one after the other."""
    return Lending(house.url)


@pytest.fixture
def visitors(browser: Browser, house: House, lending: Lending) -> Iterator[Visitors]:
    """Visitors of the house's site. A complaint by one of their browsers fails the test."""
    with of_a_test(browser, site=house.url, storage=house.storage_url, lending=lending) as made:
        yield made


@pytest.fixture
def phone(browser: Browser, lending: Lending) -> Iterator[Lent]:
    """A writer's phone."""
    made = lending.lend("phone", lambda: new_context(browser))
    yield made
    lending.take_back("phone", made)


@pytest.fixture
def writer(phone: Lent, house: House) -> Iterator[Writer]:
    """A sender at the letter of the desk of ANAM. An error in the page's script fails the test."""
    made = Writer.opened(phone.new_page(), house)
    yield made
    assert made.errors == []


_COMBINATIONS = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def combinations(request: pytest.FixtureRequest) -> list[str]:
    """What axe has looked at: page, state, language, theme and width."""
    return request.config.stash.setdefault(_COMBINATIONS, [])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the combinations of one process over to the one that sums up."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["combinations"] = session.config.stash.get(_COMBINATIONS, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # noqa: ANN401 - xdist's worker
    """Take them over."""
    node.config.stash.setdefault(_COMBINATIONS, []).extend(getattr(node, "workeroutput", {}).get("combinations", ()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many combinations of page, state, language, theme and width axe looked at."""
    if seen := config.stash.get(_COMBINATIONS, []):
        terminalreporter.write_line(f"axe looked at {len(set(seen))} combinations; their pictures: .local/pictures")
