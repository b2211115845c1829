"""The mail catcher: it keeps the e-mails that SES sends over SMTP, and shows them and the SMS that SNS sent.

`/emails` and `/sms` answer JSON, and a page to a browser; `/emails/<id>` is one e-mail as HTML,
`/emails/<id>/raw` its source. A time stamp authority for tests answers at the same port: POST to `/timestamp`
(RFC 3161, 3.4).
"""

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.utils import getaddresses
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Thread
from typing import cast

import httpx
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from infra.local import mail_catcher_pages
from infra.local.cloud import Cloud
from infra.local.place import HOST
from infra.local.time_stamper import TimeStamper
from infra.paths import private

_NUMBERS = count(1)
_LONGEST_QUESTION = 4096
"""The most bytes of a request for a time stamp that are read."""


@dataclass(frozen=True, kw_only=True)
class Email:
    """One e-mail that was sent."""

    id: str
    sender: str
    to: tuple[str, ...]
    subject: str
    date: str
    text: str
    html: str | None
    raw: str
    """The address of its source."""

    def as_json(self) -> dict[str, object]:
        """The e-mail as JSON, with `from` for `sender`."""
        fields = asdict(self)
        return {"id": fields.pop("id"), "from": fields.pop("sender"), **fields}


@dataclass(frozen=True, kw_only=True)
class Sms:
    """One SMS that was sent."""

    to: str
    text: str


@dataclass(frozen=True, kw_only=True)
class MailCatcher:
    """The messages that one local cloud sent."""

    cloud: Cloud

    @property
    def url(self) -> str:
        """The address of the pages."""
        return f"http://{HOST}:{self.cloud.ports.mail_catcher}"

    @property
    def emails_url(self) -> str:
        """The address of all e-mails, newest first."""
        return f"{self.url}/emails"

    @property
    def sms_url(self) -> str:
        """The address of all SMS."""
        return f"{self.url}/sms"

    def emails(self) -> list[Email]:
        """Every e-mail, newest first."""
        paths = sorted(self.cloud.place.emails.glob("*.eml"), reverse=True)
        return [self._email(path) for path in paths]

    def source(self, email_id: str) -> bytes | None:
        """Return an e-mail as it was received; None for an unknown one."""
        known = {path.stem: path for path in self.cloud.place.emails.glob("*.eml")}
        return known[email_id].read_bytes() if email_id in known else None

    def sms(self) -> list[Sms]:
        """Every SMS, by telephone, oldest first; the emulator keeps no times."""
        context = ssl.create_default_context(cafile=str(self.cloud.place.ca_file))
        answer = httpx.get(
            f"{self.cloud.endpoint_url}/_ministack/sns/sms-messages",
            params={"region": self.cloud.region},
            verify=context,
            trust_env=False,
        )
        return [
            Sms(to=to, text=one["Message"])
            for to, several in answer.raise_for_status().json()["sms_messages"].items()
            for one in several
        ]

    def _email(self, path: Path) -> Email:
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        text, html = message.get_body(("plain",)), message.get_body(("html",))
        return Email(
            id=path.stem,
            sender=str(message["From"]),
            to=tuple(address for _, address in getaddresses([str(message["To"])])),
            subject=str(message["Subject"]),
            date=path.stem.partition("_")[0],
            text=text.get_content() if text else "",
            html=html.get_content() if html else None,
            raw=f"{self.emails_url}/{path.stem}/raw",
        )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _Receiver:
    """The SMTP handler: it stores each e-mail as a file whose name begins with the time of arrival."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(  # noqa: N802 - the name is aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        name = f"{_now()}_{next(_NUMBERS):05}"
        part = self._folder / f"{name}.part"
        part.touch(mode=0o600)
        part.write_bytes(cast("bytes", envelope.content))
        part.rename(self._folder / f"{name}.eml")
        return "250 Message accepted"


class _Pages(BaseHTTPRequestHandler):
    """Answers the addresses named in this module's docstring."""

    mail_catcher: MailCatcher
    stamper: TimeStamper

    def do_POST(self) -> None:
        question = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), _LONGEST_QUESTION))
        if self.path != "/timestamp":
            self._answer(b"", "text/plain", HTTPStatus.NOT_FOUND)
            return
        try:
            answer = self.stamper.answer(question)
        except (ValueError, TypeError):
            self._answer(b"", "text/plain", HTTPStatus.BAD_REQUEST)
        else:
            self._answer(answer, "application/timestamp-reply")

    def do_GET(self) -> None:
        match self.path.partition("?")[0].strip("/").split("/"):
            case ["emails"]:
                self._list([email.as_json() for email in self.mail_catcher.emails()], "emails")
            case ["sms"]:
                self._list([asdict(sms) for sms in self.mail_catcher.sms()], "sms")
            case ["emails", email_id]:
                self._email(email_id)
            case ["emails", email_id, "raw"] if source := self.mail_catcher.source(email_id):
                self._answer(source, "text/plain; charset=utf-8")
            case _:
                self._answer(b"", "text/plain", HTTPStatus.NOT_FOUND)

    def _list(self, items: list[dict[str, object]], kind: str) -> None:
        if "text/html" in self.headers.get("Accept", ""):
            page = mail_catcher_pages.emails(items) if kind == "emails" else mail_catcher_pages.sms(items)
            self._answer(page.encode(), "text/html; charset=utf-8")
        else:
            body = json.dumps(items, ensure_ascii=False, indent=2).encode()
            self._answer(body, "application/json; charset=utf-8")

    def _email(self, email_id: str) -> None:
        found = next((one for one in self.mail_catcher.emails() if one.id == email_id), None)
        if found is None:
            self._answer(b"", "text/plain", HTTPStatus.NOT_FOUND)
        else:
            page = found.html or mail_catcher_pages.plain(found.text)
            self._answer(page.encode(), "text/html; charset=utf-8")

    def _answer(self, body: bytes, media_type: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        # E-mails hold what strangers wrote: nothing in them may run or call home.
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing: the terminal shows the steps of the run."""


@contextmanager
def receiving(folder: Path, port: int) -> Iterator[None]:
    """Receive e-mails over SMTP on 127.0.0.1, and store them in the folder."""
    private(folder)
    controller = Controller(_Receiver(folder), hostname=HOST, port=port, enable_SMTPUTF8=True)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


@contextmanager
def showing(cloud: Cloud, stamper: TimeStamper) -> Iterator[MailCatcher]:
    """Serve the pages, and the time stamp authority, on 127.0.0.1."""
    mail_catcher = MailCatcher(cloud=cloud)
    pages = type("Pages", (_Pages,), {"mail_catcher": mail_catcher, "stamper": stamper})
    server = ThreadingHTTPServer((HOST, cloud.ports.mail_catcher), pages)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield mail_catcher
    finally:
        server.shutdown()
        server.server_close()
