"""The edge of a network and a cheap phone, by Chrome's own protocol."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import Page

KILOBITS_A_SECOND: Final = 400
MILLISECONDS: Final = 300
TIMES_SLOWER: Final = 4


@contextmanager
def throttled(
    page: Page,
    *,
    kilobits: int = KILOBITS_A_SECOND,
    milliseconds: int = MILLISECONDS,
    times_slower: float = TIMES_SLOWER,
) -> Iterator[None]:
    """Let the page's network and processor be so slow."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    conditions = {
        "offline": False,
        "latency": milliseconds,
        "downloadThroughput": kilobits * 1000 / 8,
        "uploadThroughput": kilobits * 1000 / 8,
    }
    session.send("Network.emulateNetworkConditions", conditions)
    session.send("Emulation.setCPUThrottlingRate", {"rate": times_slower})
    try:
        yield
    finally:
        free = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        session.send("Network.emulateNetworkConditions", free)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        session.detach()
