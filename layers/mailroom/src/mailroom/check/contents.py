"""The sealed record inside a receipt: what the seal stands for, in a form that programs read."""

import json
import zlib
from datetime import datetime
from typing import Annotated

import rfc8785
from pydantic import BaseModel, BeforeValidator, ConfigDict
from pyhanko.pdf_utils.generic import ArrayObject
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from mailroom.check.findings import Record, Said, SentFile
from mailroom.domain import clock
from mailroom.domain.channel import ONLINE
from mailroom.domain.sealed_record import digest

NAME = "record.json"
"""The name that `render_receipt` gives the record in the PDF."""


class _Words(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class _Name(_Words):
    fr: str
    ar: str


class _Organism(_Words):
    name: _Name


class _Letter(_Words):
    subject: str
    reference: str | None
    sha256: str


class _Sender(_Words):
    model_config = ConfigDict(extra="allow")

    kind: str


class _Sealed(_Words):
    """The part of a sealed record (`mailroom.domain.sealed_record`) that a check reports; later fields are allowed."""

    number: str
    submitted_at: Annotated[datetime, BeforeValidator(clock.parse)]
    organism: _Organism
    letter: _Letter
    sender: _Sender
    attachments: tuple[SentFile, ...]
    verification_code: str
    channel: str = ONLINE


def record_of(reader: PdfFileReader) -> Record:
    """Read the record: intact when it is there once, in its canonical form (RFC 8785), and says what a record says.

    The seal covers the file with the record in it, so that an intact seal proves the record too. The record's digest
    stands on the receipt, in the register and in the answer of the on-line verification.
    """
    try:
        # The files associated with the document as a whole (ISO 32000-2, 14.13).
        files = [entry.get_object() for entry in reader.root.get("/AF", ArrayObject())]
        found = [file["/EF"]["/F"].data for file in files if str(file["/F"]) == NAME]
    except (PdfError, zlib.error, KeyError, TypeError, AttributeError):
        return Record(state="damaged")
    if len(found) != 1:
        return Record(state="damaged" if found else "missing")
    (content,) = found
    try:
        canonical = rfc8785.dumps(json.loads(content))
        sealed = _Sealed.model_validate_json(content)
    except (ValueError, RecursionError):  # the first is JSON's, RFC 8785's, pydantic's and that of bad UTF-8
        return Record(state="damaged")
    if canonical != content:
        return Record(state="damaged")
    return Record(
        state="intact",
        sha256=digest(content),
        said=Said(
            number=sealed.number,
            submitted_at=sealed.submitted_at,
            organism_fr=sealed.organism.name.fr,
            organism_ar=sealed.organism.name.ar,
            channel=sealed.channel,
            sender_kind=sealed.sender.kind,
            letter_sha256=sealed.letter.sha256,
            attachments=sealed.attachments,
            verification_code=sealed.verification_code,
            sender=sealed.sender.model_dump(),
            subject=sealed.letter.subject,
            reference=sealed.letter.reference,
        ),
    )
