"""A file that somebody is about to send: its name, its type, its length and its digest."""

from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from mailroom.domain.letter import MEDIA_TYPES
from mailroom.fields.forms import Form
from mailroom.fields.text import BIDI_OVERRIDES, Line, Words
from mailroom.fields.typed import plain, trimmed

_LONGEST_NAME = 150

_ZIP = {"application/zip", "application/x-zip", "application/x-zip-compressed"}
_ALSO_CALLED = {
    "pdf": {"application/x-pdf", "application/acrobat", "applications/vnd.pdf", "text/pdf", "text/x-pdf"},
    "docx": {"application/msword", "application/vnd.ms-word", "application/x-msword", *_ZIP},
    "xlsx": {
        "application/vnd.ms-excel",
        "application/msexcel",
        "application/x-msexcel",
        "application/excel",
        "application/x-excel",
        *_ZIP,
    },
    "odt": {"application/x-vnd.oasis.opendocument.text", *_ZIP},
    "ods": {"application/x-vnd.oasis.opendocument.spreadsheet", *_ZIP},
    "jpg": {"image/jpg", "image/pjpeg", "image/jpe", "image/jfif", "image/pjp", "image/x-jpeg", "image/x-citrix-jpeg"},
    "png": {"image/x-png", "image/x-citrix-png"},
    "tiff": {"image/tif", "image/x-tif", "image/x-tiff", "application/tiff", "application/x-tiff"},
    "txt": {"application/txt", "text/txt", "application/x-txt"},
    "csv": {
        "application/csv",
        "application/x-csv",
        "text/x-csv",
        "text/comma-separated-values",
        "text/x-comma-separated-values",
        "application/vnd.ms-excel",  # what Windows says where Excel is installed
        "text/plain",
    },
    "xml": {"text/xml", "application/x-xml", "text/plain"},  # RFC 7303 keeps text/xml as another name
}
_ALIASES = {MEDIA_TYPES[ending]: names for ending, names in _ALSO_CALLED.items()}
"""By media type, the other names under which browsers, systems and older programs announce it."""

_UNKNOWN = {
    "",
    "application/octet-stream",
    "binary/octet-stream",
    "application/force-download",
    "application/x-download",
    "application/x-unknown",
    "application/unknown",
}
"""What a program says of a file whose type it does not know: the name's ending decides."""


def _file_name(value: str) -> str:
    """The name without what messengers and systems add at its ends; its letters stay, composed (NFC)."""
    name = value
    while (shorter := trimmed(name).rstrip(".")) != name:  # Windows drops dots and blanks at the end
        name = shorter
    if "/" in name or "\\" in name:
        raise PydanticCustomError("file_name_path", "path")
    if any(character in BIDI_OVERRIDES for character in name):
        raise PydanticCustomError("bidi_override", "bidirectional override")
    stem, dot, ending = name.rpartition(".")
    if dot and not trimmed(stem):
        raise PydanticCustomError("file_name_missing", "no name")
    if plain(ending).lower() not in MEDIA_TYPES or not dot:
        raise PydanticCustomError("file_name_ending", "ending", {"endings": ", ".join(MEDIA_TYPES)})
    return f"{stem}.{plain(ending)}"


def _without_parameters(value: object) -> object:
    """A media type without its parameters (RFC 9110, section 8.3.1); tabs may stand around a semicolon."""
    return value.partition(";")[0].strip(" \t") if isinstance(value, str) else value


MediaType = Annotated[
    Line,
    BeforeValidator(_without_parameters),
    AfterValidator(plain),
    AfterValidator(str.lower),
    StringConstraints(max_length=100),
]
"""A media type as RFC 9110 compares it: case and parameters make no difference."""


class Announcement(Form):
    """A file that the sender is about to upload. Storage accepts exactly these bytes."""

    model_config = ConfigDict(
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

    file_name: Annotated[Words, AfterValidator(_file_name), StringConstraints(min_length=1, max_length=_LONGEST_NAME)]
    media_type: Annotated[
        MediaType,
        Field(
            description=(
                "Must agree with the extension of the file name. An empty value or `application/octet-stream` agrees "
                "with any extension."
            )
        ),
    ]
    size: Annotated[int, Field(ge=1, description="Size in bytes.")]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$", to_lower=True)]

    @field_validator("media_type")
    @classmethod
    def _agrees_with_the_ending(cls, media_type: str, info: ValidationInfo) -> str:
        ending = info.data.get("file_name", "").rpartition(".")[2].lower()
        expected = MEDIA_TYPES.get(ending)
        if expected and media_type != expected and media_type not in _ALIASES[expected] | _UNKNOWN:
            raise PydanticCustomError("media_type_disagrees", "media type", {"media_type": expected})
        return expected or media_type
