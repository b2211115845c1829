"""An authority that stamps the time, for tests and the local stage: real time stamps that nobody else is to trust."""

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
    """Who stamps the time, under a certificate of an authority for tests."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey = field(default_factory=_new_key, repr=False)

    @classmethod
    def under(cls, authority: Authority, name: str) -> "TimeStamper":
        """Make one that the authority vouches for."""
        key = _new_key()
        return cls(certificate=authority.certify_time_stamper(key.public_key(), name), key=key)

    def answer(self, question: bytes, *, at: datetime | None = None) -> bytes:
        """The answer (RFC 3161, DER) to a request in DER: a time stamp of now, or of `at`. Raises ValueError."""
        return bytes(self.response(tsp.TimeStampReq.load(question, strict=True), at=at).dump())

    def response(self, question: tsp.TimeStampReq, *, at: datetime | None = None) -> tsp.TimeStampResp:
        """The same before it is written."""
        key = self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        stamper = DummyTimeStamper(
            asn1_x509.Certificate.load(self.certificate.public_bytes(Encoding.DER)),
            keys.PrivateKeyInfo.load(key),
            fixed_dt=at or datetime.now(UTC),
        )
        return stamper.request_tsa_response(question)
