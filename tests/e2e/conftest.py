"""A local cloud for the tests alone, with ports and state of its own: `make run` may stay up."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from infra.local.local_stack import LocalStack
from infra.local.place import ANY_PORTS, LocalPlace
from infra.local.progress import Progress
from infra.local.running import running_stack, site_of
from infra.local.sender_client import SenderClient, Sent
from tests.support.browsing.visitors import Visitors, trusting
from tests.support.browsing.visitors import visitors as of_a_test
from tests.support.programs.chromium import find_chromium


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """The stack, deployed by the real `cdk deploy`, with the organisms enrolled."""
    folder = tmp_path_factory.mktemp("cloud")
    place = LocalPlace(folder=folder, logs=folder / "logs")
    with running_stack(place, ANY_PORTS, Progress()) as running:
        yield running


@pytest.fixture(scope="session")
def api(stack: LocalStack) -> Iterator[httpx.Client]:
    """A client of the API."""
    with stack.client() as client:
        yield client


@pytest.fixture(scope="session")
def storage(stack: LocalStack) -> Iterator[httpx.Client]:
    """A client of the presigned addresses."""
    with stack.storage() as client:
        yield client


@pytest.fixture(scope="session")
def sender(api: httpx.Client, storage: httpx.Client) -> SenderClient:
    """What sends mails."""
    return SenderClient(api, storage)


@pytest.fixture(scope="session")
def in_head(stack: LocalStack, sender: SenderClient) -> Sent:
    """The last of the mails whose register the day's head tells of: there is one head a day, whoever asks first."""
    drafts = [sender.start("commune-rabat") for _ in range(2)]
    for draft in drafts:
        sender.write(draft)
        sender.identify(draft)
    *_, sent = map(sender.submit, drafts)
    published = stack.session().client("lambda").invoke(FunctionName="bureau-ordre-local-publish-heads")
    assert published["Payload"].read() == b"null"
    return sent


@pytest.fixture(scope="module")
def browser(stack: LocalStack) -> Iterator[Browser]:
    """A real browser; it trusts the local cloud's certificate as it trusts any.

    No longer than a module: while Playwright is up, an event loop runs in this thread, and other tests need their own.
    """
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=find_chromium(),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", trusting(stack.ca_file.parent)],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def visitors(browser: Browser, stack: LocalStack) -> Iterator[Visitors]:
    """Visitors whose browsers are watched: a violated policy, a foreign request or a cookie fails the test."""
    # the first call of each function starts its container
    expect.set_options(timeout=30_000)
    with of_a_test(browser, site=stack.site_url, storage=site_of(stack).storage) as made:
        yield made
    expect.set_options(timeout=None)
