"""Browsers' contexts that tests use one after the other: to make one takes more time than most tests need for the rest.

A context comes back as empty as a new one: nothing is stored, cached or allowed, and no page is open but one that keeps
its process alive. One in which a test changed what cannot be undone ends with that test.

Each test has a page of its own. The page that stays opens it, as a link to a new tab does, so that it runs in the same
process: a process of its own would be started for each page, and would compile every script anew, which are two fifths
of the processor time that a page takes.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Final

from playwright.sync_api import BrowserContext, Page

_KEEPER: Final = "/icon.svg"
"""A small file of the site without a script: a page that shows it keeps the site's process alive, and does nothing."""
_OPEN: Final = "() => { window.open('about:blank').opener = null; }"
_HAS_CLOCK: Final = "() => '__pwClock' in globalThis"
"""Whether a test took the context's clock over, which Playwright never gives back."""


@dataclass
class Lent:
    """A context, and the page that stays open in it."""

    context: BrowserContext
    keeper: Page

    def new_page(self) -> Page:
        """A new page, which knows nothing of the one that opened it."""
        with self.context.expect_page() as opening:
            self.keeper.evaluate(_OPEN)
        return opening.value


@dataclass
class Lending:
    """The contexts of one browser for one site."""

    site: str
    _free: dict[Hashable, list[Lent]] = field(default_factory=dict)

    def lend(self, key: Hashable, make: Callable[[], BrowserContext]) -> Lent:
        """A context of this kind: one that came back, else a new one."""
        if free := self._free.get(key):
            return free.pop()
        context = make()
        keeper = context.new_page()
        keeper.goto(self.site + _KEEPER)
        return Lent(context, keeper)

    def take_back(self, key: Hashable, lent: Lent) -> None:
        """Empty a context for the next test, or end it."""
        context, keeper = lent.context, lent.keeper
        for page in context.pages:
            if page is not keeper:
                page.close()
        if keeper.is_closed() or keeper.evaluate(_HAS_CLOCK):
            context.close()
            return
        context.set_offline(False)
        context.clear_cookies()
        context.clear_permissions()
        context.unroute_all()
        session = context.new_cdp_session(keeper)
        session.send("Network.clearBrowserCache")
        session.send("Storage.clearDataForOrigin", {"origin": self.site, "storageTypes": "all"})
        session.detach()
        self._free.setdefault(key, []).append(lent)
