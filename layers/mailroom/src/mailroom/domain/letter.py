"""What is sent: the letter and its attachments, as the sender gives them in step 2."""

import hashlib
import re
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

import rfc8785
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from mailroom.domain.file_states import MEANINGS, Check, FileReason, FileState
from mailroom.fields.forms import Form
from mailroom.fields.text import Line, Paragraphs, Typed, Words

LetterKind = Literal["request", "complaint", "information", "invoice", "reply", "other"]

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "jfif": "image/jpeg",
    "jpe": "image/jpeg",
    "png": "image/png",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "txt": "text/plain",
    "csv": "text/csv",
    "xml": "application/xml",
}
"""Endings of file names that are taken, and the media type each must agree with."""

_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def _calendar_day(value: str) -> str:
    try:
        if re.fullmatch(_DAY, value):
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    raise PydanticCustomError("date", "date")


Day = Annotated[Typed, AfterValidator(_calendar_day), Field(json_schema_extra={"format": "date", "pattern": _DAY})]


class Letter(Form):
    """Step 2: the subject and text of the mail, kept as typed."""

    model_config = ConfigDict(
        strict=True,
        json_schema_extra={
            "examples": [
                {
                    "kind": "request",
                    "subject": "Demande d'attestation — طلب شهادة",
                    "body": "Bonjour,\n\nJe vous prie de bien vouloir …",
                    "reference": "REF-45/2026",
                    "dated": "2026-11-20",
                }
            ]
        },
    )

    kind: LetterKind
    subject: Annotated[Words, StringConstraints(min_length=1, max_length=255)]
    body: Annotated[Paragraphs, StringConstraints(max_length=20_000)]
    reference: Annotated[Line, StringConstraints(max_length=64)] | None = None
    """The sender's own reference."""
    dated: Day | None = None

    @property
    def sha256(self) -> str:
        """Digest (hex) of the letter's canonical JSON (RFC 8785): it changes when any field does."""
        return hashlib.sha256(rfc8785.dumps(self.model_dump())).hexdigest()


ANNOUNCED = {"attachment_id", "file_name", "media_type", "size", "sha256"}
"""What is known of a file from its announcement on."""

FOUND = ("scan", "scanned_at", "detected_media_type", "warnings")
"""What becomes known of a file once it is stored."""


class Attachment(BaseModel):
    """An announced file in the table; `version_id` pins the stored version once the mail is submitted."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    attachment_id: str
    file_name: str
    media_type: str
    size: int
    sha256: str
    version_id: str | None = None
    key: str | None = None
    """Where the file lies, if that is not among the files that came with its own mail."""
    scan: FileState | None = None
    """None while nothing is known."""
    scanned_at: str | None = None
    detected_media_type: str | None = None
    """What its content really is, a value of `MEDIA_TYPES`; None where that is not known."""
    warnings: tuple[str, ...] = ()
    "Kinds of active content found in the file, such as macros."

    @property
    def check(self) -> Check:
        """The state that people see."""
        return MEANINGS[self.scan].check

    @property
    def reason(self) -> FileReason | None:
        """Why it is not clean, where that is known."""
        return MEANINGS[self.scan].reason

    @property
    def delivered_name(self) -> str:
        """The name under which it is handed over: as announced, with the ending of what its content really is."""
        detected = self.detected_media_type
        stem, _, ending = self.file_name.rpartition(".")
        if detected is None or MEDIA_TYPES.get(ending.lower()) == detected:
            return self.file_name
        return f"{stem}.{next(each for each, media_type in MEDIA_TYPES.items() if media_type == detected)}"


def name_of(attachment: Attachment) -> str:
    """How a refusal names a file: people's words are in no refusal."""
    return f"attachments/{attachment.attachment_id}"


def names_of(attachments: Iterable[Attachment], check: Check) -> list[str]:
    """The names of the files in state `check`, as a refusal gives them."""
    return [name_of(attachment) for attachment in attachments if attachment.check == check]
