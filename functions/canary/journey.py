"""The way of one mail: the four steps, the receipt, and what anyone may check of it."""

import hashlib
import time
from http import HTTPStatus
from typing import Literal

from pydantic import BaseModel, ValidationError

from canary.public_client import Answer, NoAnswerError, PublicClient

type Step = Literal[
    "start", "letter", "attachment", "upload", "sender", "submission", "receipt", "download", "verification"
]
"""The dimension `step` of `CanaryFailed`; docs/operating.md says what each means."""

_CONTENT = "Courrier d'essai — بريد تجريبي\n".encode()
_DIGEST = hashlib.sha256(_CONTENT).hexdigest()

LETTER = {
    "kind": "other",
    "subject": "Courrier d'essai automatique — بريد تجريبي",
    "body": "Ce courrier vérifie le service. Personne n'a à y répondre.",
}
SENDER = {
    "kind": "citizen",
    "last_name": "Essai",
    # It belongs to no one: 555-0100 to 555-0199 are kept for fiction. Without e-mail and SMS, no message goes out.
    "phone": "+12025550123",
    "sms": False,
}

_LONGEST_PAUSE = 5.0
_SHORTEST_PAUSE = 0.5


class StepFailedError(Exception):
    """A step did not go as promised: `reason` is a status or a kind of error, and quotes nothing that came back."""

    def __init__(self, step: Step, reason: str, request_id: str | None = None) -> None:
        super().__init__(f"{step}: {reason}")
        self.step = step
        self.reason = reason
        self.request_id = request_id


class _Notice(BaseModel):
    version: str


class _Organism(BaseModel):
    privacy_notice: _Notice


class _Started(BaseModel):
    mail_id: str
    access_token: str


class _Upload(BaseModel):
    method: str
    url: str
    headers: dict[str, str]


class _Announced(BaseModel):
    upload: _Upload


class _Submitted(BaseModel):
    number: str
    verification_code: str


class _Issued(BaseModel):
    url: str
    sha256: str


class _File(BaseModel):
    sha256: str
    size: int


class _Statement(BaseModel):
    genuine: bool
    number: str
    receipt_sha256: str | None
    attachments: list[_File]


class Journey:
    """One mail to an organism."""

    def __init__(self, client: PublicClient, organism_id: str) -> None:
        self._client = client
        self._organism_id = organism_id
        self._mail = ""
        """The path of the mail."""
        self._token: str | None = None

    def go(self) -> float:
        """Send the mail and follow it; the seconds from its submission to its receipt. Raises StepFailedError."""
        version = self.start()
        self._ask("letter", "PUT", f"{self._mail}/letter", LETTER)
        self.attach()
        self._ask("sender", "PUT", f"{self._mail}/sender", SENDER | {"privacy_notice_version": version})
        began = time.monotonic()
        answer = self._ask("submission", "POST", f"{self._mail}/submission", expected=HTTPStatus.CREATED)
        submitted = _understood("submission", answer, _Submitted)
        issued = self.wait_for_receipt()
        seconds = time.monotonic() - began
        self.download(issued)
        self.verify(submitted, issued)
        return seconds

    def start(self) -> str:
        """Begin the mail at the organism's desk; the version of the privacy notice to agree with comes back."""
        organism = self._ask("start", "GET", f"/v1/organisms/{self._organism_id}")
        values = {"organism_id": self._organism_id, "language": "fr"}
        answer = self._ask("start", "POST", "/v1/mails", values, expected=HTTPStatus.CREATED)
        started = _understood("start", answer, _Started)
        self._mail, self._token = f"/v1/mails/{started.mail_id}", started.access_token
        return _understood("start", organism, _Organism).privacy_notice.version

    def attach(self) -> None:
        """Announce a small file, and put it where the answer says, with the headers that it says."""
        file = {"file_name": "essai.txt", "media_type": "text/plain", "size": len(_CONTENT), "sha256": _DIGEST}
        answer = self._ask("attachment", "POST", f"{self._mail}/attachments", file, expected=HTTPStatus.CREATED)
        upload = _understood("attachment", answer, _Announced).upload
        self._send("upload", upload.method, upload.url, headers=upload.headers, body=_CONTENT)

    def wait_for_receipt(self) -> _Issued:
        """Ask for the receipt as often as the service says, while there is time."""
        expected = {HTTPStatus.OK, HTTPStatus.ACCEPTED}
        while True:
            answer = self._ask("receipt", "GET", f"{self._mail}/receipt", expected=expected)
            if answer.status == HTTPStatus.OK:
                return _understood("receipt", answer, _Issued)
            pause = _seconds(answer.headers.get("retry-after", ""))
            if pause >= self._client.seconds_left:
                raise StepFailedError("receipt", "not in time", answer.headers.get("x-request-id"))
            time.sleep(pause)

    def download(self, issued: _Issued) -> None:
        """Download the receipt, and compare it with the digest that the service says."""
        pdf = self._send("download", "GET", issued.url, headers={}).body
        if not pdf.startswith(b"%PDF-"):
            raise StepFailedError("download", "not a PDF")
        if hashlib.sha256(pdf).hexdigest() != issued.sha256:
            raise StepFailedError("download", "another digest than the service says")

    def verify(self, submitted: _Submitted, issued: _Issued) -> None:
        """Look the receipt up by its code as anyone may, and compare number and digests."""
        answer = self._ask("verification", "GET", f"/v1/receipts/{submitted.verification_code}")
        said = _understood("verification", answer, _Statement)
        expected = _Statement(
            genuine=True,
            number=submitted.number,
            receipt_sha256=issued.sha256,
            attachments=[_File(sha256=_DIGEST, size=len(_CONTENT))],
        )
        if said != expected:
            raise StepFailedError("verification", "another statement", answer.headers.get("x-request-id"))

    def _ask(
        self,
        step: Step,
        method: str,
        path: str,
        values: object = None,
        *,
        expected: int | set[HTTPStatus] = HTTPStatus.OK,
    ) -> Answer:
        try:
            answer = self._client.call(method, path, values=values, token=self._token)
        except NoAnswerError as error:
            raise StepFailedError(step, error.reason) from None
        return _as_promised(step, answer, expected if isinstance(expected, set) else {expected})

    def _send(self, step: Step, method: str, url: str, *, headers: dict[str, str], body: bytes | None = None) -> Answer:
        try:
            answer = self._client.exchange(method, url, headers=headers, body=body)
        except NoAnswerError as error:
            raise StepFailedError(step, error.reason) from None
        return _as_promised(step, answer, {HTTPStatus.OK})


def _as_promised(step: Step, answer: Answer, expected: set[HTTPStatus] | set[int]) -> Answer:
    if answer.status not in expected:
        raise StepFailedError(step, f"status {answer.status}", answer.headers.get("x-request-id"))
    return answer


def _understood[Said: BaseModel](step: Step, answer: Answer, shape: type[Said]) -> Said:
    try:
        return shape.model_validate_json(answer.body)
    except ValidationError:
        raise StepFailedError(step, "answer not understood", answer.headers.get("x-request-id")) from None


def _seconds(retry_after: str) -> float:
    """The pause that an answer asks for, within bounds."""
    asked = float(retry_after) if retry_after.isascii() and retry_after.isdecimal() else 1.0
    return min(max(asked, _SHORTEST_PAUSE), _LONGEST_PAUSE)
