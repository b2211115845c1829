"""What a visitor's browser complains of, or should not do: each is a fault of the page that a test shows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, WebError

REPORTS_VIOLATIONS = """
addEventListener("securitypolicyviolation", event => console.error(
    "policy violated:", event.effectiveDirective, event.blockedURI, event.sample, event.sourceFile, event.lineNumber
), true);
"""
"""Refusals of the Content Security Policy and of Trusted Types: the browser's words name neither place nor sample."""
_OF_NETWORK = ("Failed to load resource", "An unknown error occurred when fetching the script")
"""The browser's lines for an answer that a test lets be a refusal, and for a service worker that was on its way when a
test took the network away; a missing file of the site is looked for below."""


@dataclass
class Watch:
    """Watches the pages of one context."""

    site: str
    storage: str
    expected: list[str] = field(default_factory=list)
    """Patterns of complaints that a test causes on purpose."""
    _complaints: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of a context in which `REPORTS_VIOLATIONS` runs, those too that pages open."""
        context.on("console", self._console)
        context.on("weberror", self._uncaught)
        context.on("request", self._request)
        context.on("response", self._response)

    def leave(self, context: BrowserContext) -> None:
        """Watch its pages no longer."""
        context.remove_listener("console", self._console)
        context.remove_listener("weberror", self._uncaught)
        context.remove_listener("request", self._request)
        context.remove_listener("response", self._response)

    def complaints(self, contexts: Iterable[BrowserContext]) -> list[str]:
        """What was complained of, and the cookies that the contexts hold, without what was expected."""
        cookies = [f"cookie: {cookie.get('name')}" for context in contexts for cookie in context.cookies()]
        return [
            each
            for each in [*self._complaints, *cookies]
            if not any(re.search(pattern, each) for pattern in self.expected)
        ]

    def forget(self) -> None:
        """Begin again."""
        self._complaints.clear()
        self.expected.clear()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(_OF_NETWORK):
            self._complaints.append(f"console: {message.text}")

    def _uncaught(self, error: WebError) -> None:
        self._complaints.append(f"uncaught: {error.error}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"data", "blob"} or f"{address.scheme}://{address.netloc}" in {self.site, self.storage}:
            return
        self._complaints.append(f"foreign request: {request.url}")

    def _response(self, response: Response) -> None:
        address = urlsplit(response.url)
        own_file = response.url.startswith(self.site) and not address.path.startswith(("/v1/", "/.well-known/"))
        if own_file and response.status >= 400:
            self._complaints.append(f"{response.status} {address.path}")


def settled(page: Page) -> None:
    """Wait until the page's fonts are there, which it asks for late, and nothing moves any more."""
    page.evaluate(
        """async () => {
            document.documentElement.classList.add("fonts");
            const drawn = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
            await drawn();
            await document.fonts.ready;
            await drawn();
        }"""
    )
