"""Visitors: a browser's context with a language, a device and a theme, and its pages, all watched."""

from base64 import b64encode
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Literal

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, BrowserContext, Page

from tests.support.browsing.lending import Lending, Lent
from tests.support.browsing.watch import REPORTS_VIOLATIONS, Watch

type Language = Literal["ar", "fr", "en"]
type Theme = Literal["light", "dark"]
LANGUAGES: Final[tuple[Language, ...]] = ("ar", "fr", "en")
THEMES: Final[tuple[Theme, ...]] = ("light", "dark")
_LOCALES: Final = {"ar": "ar-MA", "fr": "fr-MA", "en": "en-GB"}
_MILLISECONDS: Final = 30_000
_LENT_WITH: Final = {"service_workers", "ignore_https_errors"}
"""Options of contexts that tests use one after the other."""


@dataclass(frozen=True, kw_only=True)
class Device:
    """A screen, in CSS pixels, and whether fingers touch it."""

    width: int
    height: int
    is_touched: bool = False


PHONE: Final = Device(width=320, height=640, is_touched=True)
DESKTOP: Final = Device(width=1280, height=800)
NARROW: Final = Device(width=320, height=640)
"""A window as narrow as a small phone, which may become a wider one."""
ZOOMED: Final = Device(width=320, height=200)
"""A window of 1,280 by 800 pixels at 400 % (WCAG 1.4.10)."""


def trusting(tls: Path) -> str:
    """Chromium's argument by which it trusts the key in this folder; no service worker comes over ignored errors."""
    certificate = x509.load_pem_x509_certificate((tls / "server.pem").read_bytes())
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"--ignore-certificate-errors-spki-list={b64encode(sha256(key).digest()).decode()}"


@dataclass
class Visitors:
    """Makes visitors of a site, and knows what their browsers complained of."""

    browser: Browser
    url: str
    watch: Watch
    lending: Lending | None = None
    """Contexts of earlier tests; without it, each tab has a new one."""
    contexts: list[BrowserContext] = field(default_factory=list)
    _lent: list[tuple[Hashable, Lent]] = field(default_factory=list)

    def context(
        self,
        language: Language = "fr",
        *,
        device: Device = PHONE,
        theme: Theme = "light",
        **more: Any,  # noqa: ANN401 - options of `new_context`
    ) -> BrowserContext:
        """A visitor's browser, as empty as on its first day."""
        made = self._made(language, device, theme, **more)
        self.watch.over(made)
        self.contexts.append(made)
        return made

    def _made(
        self,
        language: Language,
        device: Device,
        theme: Theme,
        **more: Any,  # noqa: ANN401 - options of `new_context`
    ) -> BrowserContext:
        options: dict[str, Any] = {
            "base_url": self.url,
            "locale": _LOCALES[language],
            # dates are shown on Moroccan clocks, wherever the reader is
            "timezone_id": "America/New_York",
            "viewport": {"width": device.width, "height": device.height},
            "has_touch": device.is_touched,
            "is_mobile": device.is_touched,
            "color_scheme": theme,
            "accept_downloads": True,
        }
        made = self.browser.new_context(**options | more)
        made.set_default_timeout(_MILLISECONDS)
        made.add_init_script(REPORTS_VIOLATIONS)
        return made

    def tab(
        self,
        language: Language = "fr",
        path: str | None = None,
        *,
        device: Device = PHONE,
        theme: Theme = "light",
        **more: Any,  # noqa: ANN401 - options of `new_context`
    ) -> Page:
        """A page of a new visitor; with a path, such as `/fr/follow`, it is opened."""
        page = self._page(language, device, theme, **more)
        if path is not None:
            page.goto(path)
        return page

    def _page(
        self,
        language: Language,
        device: Device,
        theme: Theme,
        **more: Any,  # noqa: ANN401 - options of `new_context`
    ) -> Page:
        if self.lending is None or not more.keys() <= _LENT_WITH:
            return self.context(language, device=device, theme=theme, **more).new_page()
        key = (language, device, theme, *sorted(more.items()))
        lent = self.lending.lend(key, lambda: self._made(language, device, theme, **more))
        self._lent.append((key, lent))
        self.contexts.append(lent.context)
        self.watch.over(lent.context)
        return lent.new_page()

    def leave(self, *, in_order: bool) -> None:
        """Give the lent contexts back, and end the others; all of them where something went wrong."""
        for key, lent in self._lent:
            if self.lending is not None and in_order and lent.context in self.contexts:
                self.contexts.remove(lent.context)
                self.lending.take_back(key, lent)
                self.watch.leave(lent.context)
        for context in self.contexts:
            context.close()

    def expect_complaint(self, pattern: str) -> None:
        """Let pass what a test causes on purpose."""
        self.watch.expected.append(pattern)


@contextmanager
def visitors(browser: Browser, *, site: str, storage: str, lending: Lending | None = None) -> Iterator[Visitors]:
    """Visitors for one test, which fails where a browser had to complain."""
    made = Visitors(browser, site, Watch(site, storage), lending)
    in_order = False
    try:
        yield made
        if found := made.watch.complaints(made.contexts):
            raise AssertionError("\n".join(found))
        in_order = True
    finally:
        made.leave(in_order=in_order)
