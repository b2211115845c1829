"""A mail that was just sent, and the tab that sent it: it stands before the last step."""

import json
from typing import Any, Final

from playwright.sync_api import Page

from tests.support.browsing.visitors import Language
from tests.support.house.house import House

_DRAFT: Final = "0123456789abcdef01234567"
EMAIL: Final = "a…@e….ma"


def sent_mail(house: House, organism_id: str = "anam", *, email: str | None = EMAIL) -> dict[str, Any]:
    """Send a mail, and return what its tab knows of it (`Sent` in `site/src/draft/device.ts`)."""
    mail = house.service.sent(organism_id)
    house.chain.submitted(mail.mail_id)
    organism = house.service.call("GET", f"/v1/organisms/{organism_id}").json
    codes = {name: mail.submitted[name] for name in ("number", "submitted_at", "verification_code", "follow_up_code")}
    return {
        "draft_id": _DRAFT,
        "mail_id": mail.mail_id,
        "access_token": mail.token,
        "organism": {name: organism[name] for name in ("organism_id", "code", "category", "name", "city")},
        "email": email,
        **codes,
    }


def open_receipt(page: Page, sent: dict[str, Any], language: Language = "fr", *, shared: bool | None = None) -> None:
    """Open the last step in the tab that sent the mail."""
    kept = {"current": _DRAFT, f"sent:{_DRAFT}": sent} | ({} if shared is None else {"shared": shared})
    values = {f"bureau-ordre:{name}": json.dumps(value) for name, value in kept.items()}
    page.add_init_script(
        "if (!sessionStorage.getItem('seen')) {"
        f"sessionStorage.setItem('seen', '1'); Object.assign(sessionStorage, {json.dumps(values)}); }}"
    )
    page.goto(f"/{language}/{sent['organism']['organism_id']}#receipt")
