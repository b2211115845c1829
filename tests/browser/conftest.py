"""A real browser, and the pages served to it."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support.fakes.fake_api import FakeApi, serving
from tests.support.house.house import House, open_house

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, else the one that Playwright installed."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeApi]:
    monkeypatch.setenv("POWERTOOLS_LOG_LEVEL", "CRITICAL")
    with serving() as fake:
        yield fake


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """An old phone: 320 pixels wide, in French."""
    made = browser.new_context(viewport={"width": 320, "height": 568}, locale="fr-FR", timezone_id="America/New_York")
    made.set_default_timeout(5000)
    yield made
    made.close()


@pytest.fixture
def tab(context: BrowserContext) -> Iterator[Page]:
    """A tab in which anything that the console calls an error fails the test."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda message: (
            errors.append(message.text)
            if message.type == "error" and "Failed to load resource" not in message.text
            else None
        ),
    )
    yield page
    assert errors == []


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """The whole service in this process, behind its site."""
    with open_house() as opened:
        yield opened


@pytest.fixture(autouse=True)
def as_found(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that uses the house finds it without the faults of an earlier one, and nothing fails behind its back."""
    if "house" not in request.fixturenames:
        yield
        return
    house: House = request.getfixturevalue("house")
    house.begin_again()
    yield
    house.settle()
    assert house.chain.failures == []
