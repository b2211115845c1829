"""Receipts for the check: our own page and seal, by authorities of the tests; by pyHanko where ours refuses."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from infra.commands.seal_certificates import Authority
from mailroom.check import command
from mailroom.domain.sealed_record import digest
from render_receipt.pades import Seal
from render_receipt.page import render
from tests.support.samples.receipt_cases import FRENCH

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
KEY = ec.generate_private_key(ec.SECP256R1())
SEALER = digest(KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
"""The digest of the key that seals, as whoever checks gets it from the service."""
SENDER, SUBJECT = "Fatima Zahra El Amrani", "Demande confidentielle"
SENT = {"شهادة السكنى.pdf": b"%PDF- residence", "plan.jpg": b"a map"}
"""The attachments: name and content."""

VALUES: dict[str, Any] = {
    "version": 1,
    "mail_id": "0199a0e2-6a0b-7c55-9e0f-0b6d7f3f8a11",
    "number": FRENCH.number,
    "submitted_at": "2026-05-22T13:05:09.000Z",
    "organism": {"organism_id": "anam", "name": {"fr": FRENCH.organism_fr, "ar": FRENCH.organism_ar}},
    "letter": {"subject": SUBJECT, "reference": "DRH/2026/117", "sha256": digest(b"letter")},
    "sender": {"kind": "citizen", "name": SENDER, "national_id": "AB123456"},
    "attachments": [
        {"file_name": name, "media_type": "application/pdf", "size": len(content), "sha256": digest(content)}
        for name, content in SENT.items()
    ],
    "verification_code": FRENCH.verification_code,
}
RECORD = rfc8785.dumps(VALUES)


@cache
def ours() -> Authority:
    """The authority that those who check trust."""
    return Authority.make("Autorité d'essai")


@cache
def stranger() -> Authority:
    """The authority of another environment."""
    return Authority.make("Autorité d'essai")


@cache
def page(sealed_record: bytes = RECORD) -> bytes:
    """The receipt before its seal."""
    return render(FRENCH, sealed_record=sealed_record)


class _Careless(Seal):
    def require_valid(self, at: datetime) -> None:
        """Seal with any certificate, as a forger's program would."""


@cache
def sealed(
    *, at: datetime = NOW, begins: datetime = NOW - YEAR, by: Authority | None = None, record: bytes = RECORD
) -> bytes:
    """A receipt with its seal; the certificate lasts for two years from `begins`."""
    chain = (by or ours()).certify(KEY.public_key(), "Sceau d'essai", begins=begins, lasts=2 * YEAR)
    return sealed_under(chain, at=at, record=record)


def sealed_under(chain: bytes, *, at: datetime = NOW, record: bytes = RECORD) -> bytes:
    """A receipt sealed under these certificates (PEM)."""
    return _Careless(lambda message: KEY.sign(message, ec.ECDSA(hashes.SHA256())), chain).seal(page(record), at)


@cache
def stamped(by: Authority, *, field: str = "Seal") -> bytes:
    """A receipt sealed by pyHanko, with a time stamp that is an hour later than the claimed time."""
    chain = ours().certify(KEY.public_key(), "Sceau d'essai", begins=NOW - YEAR, lasts=20 * YEAR)
    own, *_ = x509.load_pem_x509_certificates(chain)
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko left its types out here
    signer = SimpleSigner(signing_cert=_asn1(own), signing_key=_key(KEY), cert_registry=store)
    meta = PdfSignatureMetadata(field_name=field, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    signing = PdfSigner(meta, signer, timestamper=_stamper(by))
    output = signing.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(page())))
    return bytes(output.getvalue())


STAMPED_AT = NOW + timedelta(hours=1)


def _stamper(by: Authority) -> DummyTimeStamper:
    key = rsa.generate_private_key(65537, 2048)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Horodateur d'essai")]))
        .issuer_name(by.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - YEAR)
        .not_valid_after(NOW + YEAR)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(by.key, hashes.SHA256())
    )
    return DummyTimeStamper(_asn1(certificate), _key(key), fixed_dt=STAMPED_AT)


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _key(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> keys.PrivateKeyInfo:
    return keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))


def signature_place(pdf: bytes) -> range:
    """Where the signature itself stands, with its brackets: the one place that it cannot cover."""
    start = pdf.rindex(b"/Contents <") + len(b"/Contents ")
    return range(start, pdf.index(b">", start) + 1)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the command said."""

    code: int
    text: str


class Desk:
    """Somebody who checks receipts in a folder of their own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        self.authority = self.keep("ca.pem", ours().certificate.public_bytes(Encoding.PEM))

    def keep(self, name: str, content: bytes) -> str:
        """Put a file into the folder."""
        (self.folder / name).write_bytes(content)
        return str(self.folder / name)

    def check(self, receipt: bytes, *arguments: str, trust: bool = True) -> Answer:
        """Check a receipt, by the tests' authority and sealer unless `trust` is off."""
        known = ("--trust", self.authority, "--sealer", SEALER) if trust else ()
        return self.run(self.keep("receipt.pdf", receipt), *arguments, *known)

    def run(self, *arguments: str) -> Answer:
        """Give the command its arguments."""
        code = command.main(arguments)
        return Answer(code=code, text=self._capsys.readouterr().out)
