"""A client of the API for an organism's agent, or its program."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import httpx

from infra.local.samples import SampleFile
from infra.local.sender_client import JobError, SenderClient, Sent, until

_PENDING = "/problems/answer-files-pending"

ANSWER = (
    "السلام عليكم،\n\nتم فتح ملفكم، وتجدون الجواب مرفقا.\n\n"
    "Votre dossier est ouvert ; vous trouverez la réponse en pièce jointe.\n"
)


class AgentClient:
    """What an agent does with the mail of an inbox, over HTTP alone."""

    def __init__(self, sender: SenderClient, storage: httpx.Client, token: str) -> None:
        """Take a client of the API, one that reaches the presigned addresses, and the token of an agent."""
        self._sender = sender
        self._storage = storage
        self._token = token

    def ask(self, method: str, path: str, *, expect: int = 200, json: object = None) -> Any:
        """Return the answer's JSON. Raises JobError unless its status is `expect`."""
        return self._sender.ask(method, f"/inbox{path}", expect=expect, token=self._token, json=json)

    def find(self, sent: Sent) -> dict[str, Any]:
        """Wait until a mail is among the newest of the inbox."""

        def listed() -> dict[str, Any] | None:
            items: list[dict[str, Any]] = self.ask("GET", "?status=submitted&limit=100")["items"]
            return next((item for item in items if item["number"] == sent.number), None)

        return until(listed, f"{sent.number} in the inbox")

    def open(self, sent: Sent) -> dict[str, Any]:
        """Open a mail once each of its files was scanned."""

        def known() -> dict[str, Any] | None:
            mail: dict[str, Any] = self.ask("GET", f"/{sent.number}")
            return mail if all(file["check"] != "pending" for file in mail["attachments"]) else None

        return until(known, "the scan of each file")

    def download(self, number: str, file: Mapping[str, Any]) -> bytes:
        """Download a file. Raises JobError when its digest is wrong, or a browser would show it inline."""
        answer = self.ask("GET", f"/{number}/attachments/{file['attachment_id']}")
        fetched = self._storage.get(answer["url"]).raise_for_status()
        if sha256(fetched.content).hexdigest() != answer["sha256"]:
            raise JobError(f"{file['file_name']} is not what its digest says.")
        if not fetched.headers["Content-Disposition"].startswith("attachment"):
            raise JobError(f"{file['file_name']} would be shown, not saved.")
        return fetched.content

    def collect(self, number: str, *, expect: int = 201) -> dict[str, Any]:
        """Collect a mail."""
        collected: dict[str, Any] = self.ask("POST", f"/{number}/collection", expect=expect)
        return collected

    def enclose(self, number: str, file: SampleFile) -> str:
        """Announce a file of the answer and send its bytes to storage; return its id."""
        return self._sender.announce(f"/inbox/{number}/attachments", self._token, file)

    def close(self, number: str, outcome: str, message: str = ANSWER, *, expect: int = 201, **more: str) -> Any:
        """Give a mail its outcome, once the files of the answer are checked."""
        said = {"outcome": outcome, "message": message, **more}

        def checked() -> Any | None:
            try:
                answer = self.ask("POST", f"/{number}/outcome", expect=expect, json=said)
            except JobError as error:
                if _PENDING in str(error):
                    return None
                raise
            return None if answer.get("type") == _PENDING else answer

        return until(checked, "the check of the answer's files")
