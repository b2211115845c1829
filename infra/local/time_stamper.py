"""A time stamp authority for tests and the local stage: its stamps are real, its certificate is a test authority's."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from infra.commands.seal_certificates import Authority


def _new_key() -> rsa.RSAPrivateKey:
    # pyHanko's stamper for tests takes RSA alone
    return rsa.generate_private_key(65537, 2048)


@dataclass(frozen=True, kw_only=True)
class TimeStamper:
    """A time stamp authority under a certificate of a test authority."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey = field(default_factory=_new_key, repr=False)

    @classmethod
    def under(cls, authority: Authority, name: str) -> "TimeStamper":
        """Make a stamper that the authority certifies."""
        key = _new_key()
        return cls(certificate=authority.certify_time_stamper(key.public_key(), name), key=key)

    def answer(self, question: bytes, *, at: datetime | None = None) -> bytes:
        """Answer a request (RFC 3161), both in DER, with a time stamp of now, or of `at`. Raises ValueError."""
        return bytes(self.response(tsp.TimeStampReq.load(question, strict=True), at=at).dump())

    def response(self, question: tsp.TimeStampReq, *, at: datetime | None = None) -> tsp.TimeStampResp:
        """The answer before it is encoded."""
        key = self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        stamper = DummyTimeStamper(
            asn1_x509.Certificate.load(self.certificate.public_bytes(Encoding.DER)),
            keys.PrivateKeyInfo.load(key),
            fixed_dt=at or datetime.now(UTC),
        )
        return stamper.request_tsa_response(question)
