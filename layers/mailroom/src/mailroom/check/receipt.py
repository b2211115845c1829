"""One receipt checked from end to end, with nothing but the file: no network, no AWS, no trust in who shows it."""

import io
import zlib
from collections.abc import Sequence
from pathlib import Path

from asn1crypto import x509
from pyhanko.pdf_utils.decode_limits import DecodeLimits, DocumentDecodeBudget
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from mailroom.check.attachments import compared
from mailroom.check.contents import record_of
from mailroom.check.deadline import TookTooLongError, within
from mailroom.check.findings import NotCheckableError, ReceiptFindings
from mailroom.check.seal import seal_of
from mailroom.check.sealers import Sealers

LARGEST = 8 * 1024 * 1024
"""Bytes; a receipt of twenty attachments has some hundred thousand."""

LONGEST = 30.0
"""Seconds; a receipt takes a fraction of one."""

_LIMITS = DecodeLimits(document_budget=DocumentDecodeBudget(base_allowance=4 * LARGEST, max_ratio=1))
_HEADER = b"%PDF-"

_DAMAGED = (
    *(PdfError, zlib.error, ValueError, LookupError, TypeError),
    *(AttributeError, AssertionError, ArithmeticError, RecursionError),
)
"""What pyHanko and asn1crypto raise on files that are not what they claim, as found by damaging every byte of one."""


def check(
    receipt: Path, files: Sequence[Path], authorities: Sequence[x509.Certificate], expected: Sealers
) -> ReceiptFindings:
    """Judge a receipt by the authorities that are trusted, who is expected to seal, and the files that were sent.

    Raises NotCheckableError where the file is not a sealed receipt, or cannot be read as one.
    """
    content = _read(receipt)
    try:
        with within(LONGEST):
            reader = PdfFileReader(io.BytesIO(content), decode_limits=_LIMITS)
            if reader.encrypted:
                raise NotCheckableError("encrypted")
            seal = seal_of(reader, content, authorities, expected)
            record = record_of(reader)
    except TookTooLongError as error:
        raise NotCheckableError("too_slow") from error
    except _DAMAGED as error:
        raise NotCheckableError("damaged") from error
    sent = record.said.attachments if record.said else ()
    return ReceiptFindings(
        receipt=str(receipt), seal=seal, record=record, files=tuple(compared(file, sent) for file in files)
    )


def _read(receipt: Path) -> bytes:
    try:
        with receipt.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise NotCheckableError("not_found") from error
    if len(content) > LARGEST:
        raise NotCheckableError("too_large")
    if not content.startswith(_HEADER):
        raise NotCheckableError("not_pdf")
    return content
