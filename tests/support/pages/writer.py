"""A sender at the wizard: drives the pages by the hooks that the project promises to other programs."""

from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect

from tests.support.house.house import House

NO_CONSOLE_ERROR = ("Failed to load resource", "SSL certificate error")
"""A request that fails is no fault of a page; the browser tells its service worker apart from its certificate."""

CSV: FilePayload = {"name": "plan é (1).csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"}


def new_context(browser: Browser) -> BrowserContext:
    """A phone that has seen nothing yet."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, ignore_https_errors=True, locale="fr-FR")
    context.set_default_timeout(30_000)
    return context


@dataclass
class Writer:
    """One tab."""

    page: Page
    house: House
    errors: list[str]

    @classmethod
    def opened(cls, page: Page, house: House, path: str = "/fr/anam") -> "Writer":
        """A new tab goes to this address. What the console calls an error is kept."""
        writer = cls(page, house, [])
        page.on("pageerror", lambda error: writer.errors.append(str(error)))
        page.on(
            "console",
            lambda message: (
                writer.errors.append(message.text)
                if message.type == "error" and not any(each in message.text for each in NO_CONSOLE_ERROR)
                else None
            ),
        )
        writer.go(path)
        return writer

    def go(self, path: str) -> None:
        """Open an address, and wait until the step is there."""
        self.page.goto(self.house.url + path)
        self.page.wait_for_selector("#page h1")

    def letter(self, subject: str = "Demande d’attestation", body: str = "Bonjour,\nمرحبا") -> "Writer":
        """Fill in the letter."""
        self.page.check("[name=kind][value=request]")
        self.page.fill("[name=subject]", subject)
        self.page.fill("[name=body]", body)
        return self

    def contact(self, **fields: str) -> "Writer":
        """Fill in contact details, those of a citizen unless said."""
        given = {"sender_kind": "citizen", "last_name": "Alaoui", "email": "amina.alaoui@gmail.com"} | fields
        self.page.check(f"[name=sender_kind][value={given.pop('sender_kind')}]")
        for name, value in given.items():
            self.page.fill(f'[name="{name}"]', value)
        return self

    def press(self, action: str) -> "Writer":
        """Press the step's own action."""
        self.page.click(f'[data-action="{action}"]')
        return self

    def at(self, step: str) -> "Writer":
        """Wait until this step is shown."""
        self.page.wait_for_url(f"**#{step}")
        return self

    def ready(self) -> "Writer":
        """Written up to the press that sends."""
        self.letter().press("next").at("contact").contact().press("next").at("review")
        self.page.wait_for_selector('[data-action="submit"]')
        return self

    def saved(self) -> "Writer":
        """Wait until the server has all that was typed."""
        expect(self.page.locator('#saving[data-state="saved"]')).to_be_visible()
        return self

    def value(self, name: str) -> str:
        """What a field holds."""
        return self.page.input_value(f'[name="{name}"]')

    def asked(self, place: str) -> int:
        """How many requests of a place reached the service; `*` stands for an id."""
        method, _, path = place.partition(" ")
        parts = path.split("/")
        found = (each.place.split(" ")[1].split("/") for each in self.house.requests if each.method == method)
        return sum(
            len(each) == len(parts) and all(want in {"*", have} for want, have in zip(parts, each, strict=True))
            for each in found
        )

    def kept(self) -> str:
        """All that the browser keeps of this site, as text."""
        kept: str = self.page.evaluate(
            """async () => {
              const found = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
              for (const { name } of await indexedDB.databases()) {
                const opened = await new Promise((resolve) => {
                  const request = indexedDB.open(name);
                  request.onsuccess = () => resolve(request.result);
                });
                for (const store of opened.objectStoreNames) {
                  found.push(await new Promise((resolve) => {
                    const request = opened.transaction(store).objectStore(store).getAll();
                    request.onsuccess = () => resolve(JSON.stringify(request.result));
                  }));
                }
                opened.close();
              }
              return found.join("\\n");
            }"""
        )
        return kept
