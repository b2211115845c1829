"""What is sent: the letter and its attachments, as the sender gives them in step 2."""

import hashlib
import re
from datetime import date
from typing import Annotated, Literal

import rfc8785
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from mailroom.forms import Form
from mailroom.text import Line, Paragraphs, Typed, Words

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
    """Step 2: subject and text of the mail, kept as they were typed."""

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

Scan = Literal["clean", "infected", "unreadable", "mismatch"]
"""What became known of a stored file: that it is free of malware, that it is not, that it could not be looked into,
or that its content is not what its name says. Agents and senders get clean files alone."""


FLAGGED: frozenset[Scan] = frozenset({"infected", "mismatch"})
"""What the organism is warned of: such a file stays for evidence, and nobody gets it."""


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
    scan: Scan | None = None
    """None while it is not known."""
    scanned_at: str | None = None
