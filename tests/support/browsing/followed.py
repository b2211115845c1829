"""Mails that are followed on the page, sent in the house, and what happens to them there."""

import json
import re
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import httpx
from playwright.sync_api import Page, Route, expect

from tests.support.house.house import House
from tests.support.in_process.agents import scanned
from tests.support.in_process.service import CITIZEN, Mail

READ: Final = re.compile(r"/v1/mails/[^/]+$")
"""The address at which a mail is read."""

type Json = dict[str, Any]


@dataclass(frozen=True)
class Followed:
    """A mail that was sent, and what its slip says."""

    mail: Mail
    number: str
    code: str
    attached: tuple[str, ...]
    """Its files' ids."""

    @property
    def behind(self) -> str:
        """What stands behind `#` in a link to it."""
        return f"{self.number}/{self.code}"

    @property
    def path(self) -> str:
        """The place where it is read."""
        return f"/v1/mails/{self.mail.mail_id}"


def sent(  # noqa: PLR0913 - what a mail holds, by keyword
    house: House,
    organism_id: str = "anam",
    *,
    file_name: str | None = None,
    content: bytes | None = None,
    check: str | None = "clean",
    sender: Json | None = None,
    **letter: object,
) -> Followed:
    """A mail that was sent, whose receipt is there; with `file_name`, it has one file, whose scan says `check`.

    `content` holds the file's bytes, where a few that make no PDF will not do.
    """
    service = house.service
    mail = service.start(organism_id)
    assert service.write(mail, **letter).status == 200
    attached = []
    if file_name is not None and content is not None:
        attached = [service.attach(mail, content, file_name=file_name, media_type="")]
    elif file_name is not None:
        attached = [service.attach(mail, file_name=file_name)]
    answer = service.identify(mail, sender or dict(CITIZEN))
    assert answer.status == 200, answer.body
    mail.submitted = service.submit(mail).json
    if check is not None:
        for attachment_id in attached:
            scanned(mail, attachment_id, check)
    house.chain.submitted(mail.mail_id)
    house.settle()
    return Followed(mail, mail.submitted["number"], mail.submitted["follow_up_code"], tuple(attached))


def kept(
    house: House,
    **as_sent: Any,  # noqa: ANN401 - arguments of `sent`
) -> Iterator[Followed]:
    """A mail that was sent, for a fixture of many tests: each finds it as new."""
    house.begin_again()
    made = sent(house, **as_sent)
    with house.keeping():
        yield made


def link_of_message(house: House, followed: Followed) -> str:
    """What stands behind `#` in the last e-mail about a mail: number and the link's own code."""
    texts = [message.text for message in house.messages if message.kind == "email" and followed.number in message.text]
    found: str = re.findall(rf"#({followed.number}/[\w-]+)", texts[-1])[0]
    return found


def opened(page: Page, language: str, behind: str) -> None:
    """The mail of a link, seen."""
    page.goto(f"/{language}/follow#{behind}")
    expect(page.locator("#mail-number")).to_be_visible()


def fill(page: Page, number: str, code: str) -> None:
    """Number and code typed, and sent."""
    page.locator('[name="number"]').fill(number)
    page.locator('[name="follow_up_code"]').fill(code)
    page.locator('[data-action="follow"]').click()


def trusting(house: House) -> ssl.SSLContext:
    """What a test's own requests to the house need."""
    return ssl.create_default_context(cafile=house.tls / "ca.pem")


def changed(page: Page, house: House, change: Callable[[Json], object]) -> None:
    """Let the page see the mail as `change` leaves it: for what the service itself shows after weeks or never."""
    trusted = trusting(house)

    def handle(route: Route) -> None:
        wanted = {name: route.request.headers[name] for name in ("authorization", "accept-language")}
        mail = httpx.get(route.request.url, headers=wanted, verify=trusted, trust_env=False).raise_for_status().json()
        change(mail)
        route.fulfill(status=200, content_type="application/json", body=json.dumps(mail))

    page.route(READ, handle)


def asked(house: House, place: str) -> int:
    """How often a place was asked for."""
    return sum(1 for request in house.requests if request.place == place)


def wait_until_asked(page: Page, house: House, place: str, times: int) -> None:
    """Until a place was asked for so often; fails where that takes ten seconds."""
    for _ in range(500):
        if asked(house, place) >= times:
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"{place}: asked {asked(house, place)} times, not {times}")
