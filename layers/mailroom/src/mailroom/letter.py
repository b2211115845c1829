"""What is sent: the letter and its attachments, as the sender gives them in step 2."""

import hashlib
import unicodedata
from datetime import date
from pathlib import PurePosixPath
from typing import Annotated, Literal

import rfc8785
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from mailroom.text import BIDI_OVERRIDES, Line, Paragraphs, Words

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

_ALSO_CALLED = {"text/xml": "application/xml"}
"""RFC 7303 keeps ``text/xml`` as another name for ``application/xml``."""


def _calendar_day(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError as error:
        raise PydanticCustomError("date", "date") from error
    return value


Day = Annotated[
    Line,
    StringConstraints(max_length=10, pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    AfterValidator(_calendar_day),
    Field(json_schema_extra={"format": "date"}),
]


class Letter(BaseModel):
    """Step 2: subject and text of the mail, kept as they were typed."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
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


_LONGEST_NAME = 150


def _ending(file_name: str) -> str:
    return PurePosixPath(file_name.lower()).suffix.removeprefix(".")


def _plain_file_name(value: str) -> str:
    if "/" in value or "\\" in value or value in {".", ".."}:
        raise PydanticCustomError("file_name_path", "path")
    if any(character in BIDI_OVERRIDES for character in value):
        raise PydanticCustomError("bidi_override", "bidirectional override")
    if _ending(value) not in MEDIA_TYPES:
        raise PydanticCustomError("file_name_ending", "ending", {"endings": ", ".join(MEDIA_TYPES)})
    name = unicodedata.normalize("NFC", value)
    if len(name) > _LONGEST_NAME:
        # A few characters become three when they are composed.
        raise PydanticCustomError("string_too_long", "long", {"max_length": _LONGEST_NAME})
    return name


class Announcement(BaseModel):
    """A file that the sender is about to send; storage will take these bytes and no others."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {
                    "file_name": "شهادة السكنى.pdf",
                    "media_type": "application/pdf",
                    "size": 48213,
                    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                }
            ]
        },
    )

    file_name: Annotated[
        Words, StringConstraints(min_length=1, max_length=_LONGEST_NAME), AfterValidator(_plain_file_name)
    ]
    media_type: Annotated[Line, StringConstraints(max_length=100)]
    size: Annotated[int, Field(ge=1, description="In bytes.")]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$", to_lower=True)]

    @field_validator("media_type")
    @classmethod
    def _agrees_with_the_ending(cls, media_type: str, info: ValidationInfo) -> str:
        expected = MEDIA_TYPES.get(_ending(info.data.get("file_name", "")))
        if expected and expected != _ALSO_CALLED.get(media_type, media_type):
            raise PydanticCustomError("media_type_disagrees", "media type", {"media_type": expected})
        return expected or media_type


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
