"""`python -m tests.support.signed.receipts_for_pages FOLDER`: receipts and forgeries for the tests in `site/tests`."""

import io
import json
import logging
import re
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import rfc8785
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from pyhanko.pdf_utils import embed
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from mailroom.check.findings import NotCheckableError
from mailroom.check.receipt import check
from mailroom.check.sealers import Sealers
from mailroom.domain.sealed_record import digest
from tests.support.signed import receipts_to_check as receipts

_SIMPLE_TAGS = {0x04, 0x0C, *range(0x80, 0x9F), *range(0xC0, 0xDF)}
"""Octets, text, and whatever stands for itself."""
_OTHERS_CODE = "AAAA-BBBB-CCCC-DDDD"


def main(folder: Path) -> None:
    """Write the files, and `facts.json` about them."""
    logging.disable()  # what pyHanko would log, the findings say
    for name, make in FILES.items():
        (folder / f"{name}.pdf").write_bytes(make())
    place = receipts.signature_place(receipts.sealed())
    facts: dict[str, Any] = {
        "checked": {name: _checked(folder / f"{name}.pdf") for name in FILES},
        "code": receipts.VALUES["verification_code"],
        "number": receipts.VALUES["number"],
        "record_sha256": digest(receipts.RECORD),
        "key_sha256": receipts.SEALER,
        "attachments": [{"sha256": digest(content), "size": len(content)} for content in receipts.SENT.values()],
        "signature_place": [place.start, place.stop],
    }
    (folder / "facts.json").write_text(json.dumps(facts), encoding="utf-8")


def _checked(file: Path) -> dict[str, str]:
    """What the off-line check finds, as far as a page finds it too."""
    try:
        found = check(file, [], [], Sealers())
    except NotCheckableError as error:
        return {"reason": error.reason}
    seal = found.seal
    return {
        "integrity": seal.integrity,
        "certificate": seal.certificate,
        "purpose": seal.purpose,
        "record": found.record.state,
        "key_sha256": seal.sealer.key_sha256,
        "sha256": seal.sealer.sha256,
        "stamp": re.sub("Common Name: ", "", seal.time.authority or ""),
    }


def _with_another_record() -> bytes:
    """A second `record.json` beside the first one, before the seal."""
    writer = IncrementalPdfFileWriter(io.BytesIO(receipts.page()))
    described = embed.FileSpec(
        file_spec_string="record.json",
        embedded_data=embed.EmbeddedFileObject.from_file_data(writer, data=b"{}"),
        af_relationship=None,
    )
    writer.root["/AF"].append(writer.add_object(described.as_pdf_object()))
    writer.update_root()  # type: ignore[no-untyped-call]  # pyHanko left its types out here
    return _written(writer)


def _added_to() -> bytes:
    """A receipt with a further revision behind its seal."""
    writer = IncrementalPdfFileWriter(io.BytesIO(receipts.sealed()))
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()  # type: ignore[no-untyped-call]  # pyHanko left its types out here
    return _written(writer)


def _under_awkward_digest() -> bytes:
    """A receipt under a certificate whose digest, named in the seal, happens to read as a value of ASN.1."""
    while True:
        chain = receipts.ours().certify(
            receipts.KEY.public_key(), "Sceau d'essai", begins=receipts.NOW - receipts.YEAR, lasts=2 * receipts.YEAR
        )
        first, length, *rest = x509.load_pem_x509_certificates(chain)[0].fingerprint(hashes.SHA256())
        if length == len(rest) and first in _SIMPLE_TAGS:
            return receipts.sealed_under(chain)


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    output = io.BytesIO()
    writer.write(output)  # type: ignore[no-untyped-call]  # here, too
    return output.getvalue()


def _record_with(**changed: object) -> bytes:
    return rfc8785.dumps(receipts.VALUES | changed)


FILES: dict[str, Callable[[], bytes]] = {
    "sealed": receipts.sealed,
    "stamped": lambda: receipts.stamped(receipts.ours()),
    "unsealed": receipts.page,
    "added_to": _added_to,
    "two_records": _with_another_record,
    "signed_by_others": lambda: receipts.stamped(receipts.ours(), field="Signature1"),
    "expired": lambda: receipts.sealed(begins=receipts.NOW - timedelta(days=3650)),
    "not_yet_valid": lambda: receipts.sealed(begins=receipts.NOW + timedelta(days=10)),
    "other_mail": lambda: receipts.sealed(record=_record_with(verification_code=_OTHERS_CODE)),
    "awkward_digest": _under_awkward_digest,
    "record_not_canonical": lambda: receipts.sealed(record=json.dumps(receipts.VALUES).encode()),
    "record_of_another_form": lambda: receipts.sealed(record=rfc8785.dumps({"verification_code": "AAAA"})),
}

if __name__ == "__main__":
    main(Path(sys.argv[1]))
