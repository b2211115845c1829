"""A sender's client of the API: the four steps of a mail, its receipt, its follow-up.

It uses the API's contract, and the addresses that the API hands out, as any client would.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import httpx

from infra.local.samples import LETTER, ORGANISM, SENDER, SampleFile

SECONDS_TO_WAIT = 60


class JobError(Exception):
    """An answer was not what the contract says, or did not come in time."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A mail that was sent, and the codes its sender holds."""

    mail_id: str
    access_token: str
    number: str
    submitted_at: str
    verification_code: str
    follow_up_code: str

    def as_sample(self) -> dict[str, str]:
        """The codes, as the description of a run holds them for other programs."""
        names = ("number", "mail_id", "access_token", "follow_up_code", "verification_code")
        return {name: getattr(self, name) for name in names}


class SenderClient:
    """What a sender does, over HTTP alone."""

    def __init__(self, client: httpx.Client, storage: httpx.Client) -> None:
        """Take a client of the API, and one that reaches the presigned addresses."""
        self._client = client
        self._storage = storage

    def ask(self, method: str, path: str, *, expect: int = 200, token: str = "", json: object = None) -> Any:
        """Return the answer's JSON. Raises JobError unless its status is `expect`."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = self._client.request(method, f"/v1{path}", headers=headers, json=json)
        if answer.status_code != expect:
            raise JobError(f"{method} {path}: {answer.status_code}, not {expect}: {answer.text}")
        return answer.json() if answer.content else None

    def start(self, organism_id: str = ORGANISM, language: str = "fr") -> dict[str, Any]:
        """Step 1: start a mail to an organism."""
        started: dict[str, Any] = self.ask(
            "POST", "/mails", json={"organism_id": organism_id, "language": language}, expect=201
        )
        return started

    def write(self, started: Mapping[str, Any], letter: Mapping[str, str] = LETTER) -> None:
        """Step 2: write the letter."""
        self.ask("PUT", f"{_path(started)}/letter", token=_token(started), json=dict(letter))

    def attach(self, started: Mapping[str, Any], file: SampleFile) -> str:
        """Step 2: announce a file and send its bytes to storage; return the attachment's id."""
        return self.announce(f"{_path(started)}/attachments", _token(started), file)

    def announce(self, path: str, token: str, file: SampleFile) -> str:
        """Announce a file and send its bytes to storage; return its id."""
        announced = self.ask(
            "POST",
            path,
            token=token,
            expect=201,
            json={
                "file_name": file.name,
                "media_type": file.media_type,
                "size": len(file.content),
                "sha256": sha256(file.content).hexdigest(),
            },
        )
        upload = announced["upload"]
        answer = self._storage.request(upload["method"], upload["url"], headers=upload["headers"], content=file.content)
        if not answer.is_success:
            raise JobError(f"Storage refused {file.name}: {answer.status_code} {answer.text}")
        attachment_id: str = announced["attachment_id"]
        return attachment_id

    def identify(self, started: Mapping[str, Any], sender: Mapping[str, Any] = SENDER) -> None:
        """Step 3: give contact details, having read the organism's privacy notice."""
        organism = self.ask("GET", f"/organisms/{started['organism']['organism_id']}")
        version = organism["privacy_notice"]["version"]
        self.ask(
            "PUT",
            f"{_path(started)}/sender",
            token=_token(started),
            json={**sender, "privacy_notice_version": version},
        )

    def submit(self, started: Mapping[str, Any]) -> Sent:
        """Step 4: send it, and get its number."""
        answer = self.ask("POST", f"{_path(started)}/submission", token=_token(started), expect=201)
        return Sent(
            mail_id=started["mail_id"],
            access_token=started["access_token"],
            number=answer["number"],
            submitted_at=answer["submitted_at"],
            verification_code=answer["verification_code"],
            follow_up_code=answer["follow_up_code"],
        )

    def receipt(self, sent: Sent) -> bytes:
        """Wait for the receipt and download it. Raises JobError when its digest is wrong."""
        answer = self._wait_for_receipt(sent)
        content = self._storage.get(answer["url"]).raise_for_status().content
        if sha256(content).hexdigest() != answer["sha256"]:
            raise JobError("The receipt's SHA-256 is not the one that the API names.")
        if not content.startswith(b"%PDF-"):
            raise JobError("The receipt is not a PDF.")
        return content

    def slip(self, sent: Sent) -> bytes:
        """Wait for the receipt, and download the slip that belongs to it. Raises JobError when it is not a PDF."""
        content = self._storage.get(self._wait_for_receipt(sent)["slip"]["url"]).raise_for_status().content
        if not content.startswith(b"%PDF-"):
            raise JobError("The slip is not a PDF.")
        return content

    def _wait_for_receipt(self, sent: Sent) -> dict[str, Any]:
        def issued() -> dict[str, Any] | None:
            answer = self._client.get(
                f"/v1/mails/{sent.mail_id}/receipt",
                headers={"Authorization": f"Bearer {sent.access_token}"},
            )
            if answer.status_code not in {200, 202}:
                raise JobError(f"GET receipt: {answer.status_code} {answer.text}")
            return answer.json() if answer.status_code == httpx.codes.OK else None

        return until(issued, "the receipt")

    def follow(self, sent: Sent) -> dict[str, Any]:
        """Come back with number and code alone, and wait until organism and sender have their messages."""
        key = {"number": sent.number, "follow_up_code": sent.follow_up_code}
        back = self.ask("POST", "/follow-up", json=key)
        if back["mail_id"] != sent.mail_id:
            raise JobError("The follow-up leads to another mail.")

        def informed() -> dict[str, Any] | None:
            mail: dict[str, Any] = self.ask("GET", f"/mails/{sent.mail_id}", token=back["access_token"])
            events = {entry["event"] for entry in mail["history"]}
            return mail if {"organism_alerted", "sender_informed"} <= events else None

        return until(informed, "the messages to the organism and the sender")

    def verify(self, sent: Sent) -> dict[str, Any]:
        """Ask, as anyone may, whether the receipt is genuine."""
        answer: dict[str, Any] = self.ask("GET", f"/receipts/{sent.verification_code}")
        if not answer["genuine"] or answer["number"] != sent.number:
            raise JobError(f"The API does not call the receipt genuine: {answer}")
        return answer


def until[T](found: Callable[[], T | None], what: str, seconds: float = SECONDS_TO_WAIT) -> T:
    """Call `found` until it returns something. Raises JobError after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if (answer := found()) is not None:
            return answer
        time.sleep(0.2)
    raise JobError(f"Waited {seconds:.0f} s for {what}, in vain.")


def _path(started: Mapping[str, Any]) -> str:
    return f"/mails/{started['mail_id']}"


def _token(started: Mapping[str, Any]) -> str:
    return str(started["access_token"])
