"""An authority that tests trust, and what a checker says of a sealed file."""

from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO

from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from infra.commands.seal_certificates import Authority, Key

_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_LONG = timedelta(days=36_525)


@cache
def authority() -> Authority:
    """The authority of all tests."""
    return Authority.make("Autorité d'essai")


def long_lasting(key: Key) -> bytes:
    """Certificates of a seal that holds wherever tests travel in time."""
    return authority().certify(key, "Sceau d'essai", begins=_LONG_AGO, lasts=_LONG)


def checked(pdf: bytes, only: Authority | None = None) -> PdfSignatureStatus:
    """What pyHanko's validator says of a file's only signature, where one authority is trusted: ours, or `only`."""
    trusted = (only or authority()).certificate.public_bytes(Encoding.DER)
    roots = [asn1_x509.Certificate.load(trusted)]
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    assert signature.field_name == "Seal"
    return validate_pdf_signature(signature, ValidationContext(trust_roots=roots))
