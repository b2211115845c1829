"""Certificates of the seal: a test authority, the request to a real one, and the checks of what it issued."""

import hashlib
from collections.abc import Buffer, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_AUTHORITY_LASTS = timedelta(days=3653)
_CERTIFICATE_LASTS = timedelta(days=365)
RENEWED_BEFORE_END = timedelta(days=30)
_BACKDATED = timedelta(hours=1)
"""Clocks differ: a certificate issued now must be valid at once everywhere."""

type Key = ec.EllipticCurvePublicKey
type StamperKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


class ChainError(Exception):
    """These certificates cannot be the seal's; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Authority:
    """A test authority: the project's tests and its stages without real mail trust it."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def make(cls, name: str, *, under: "Authority | None" = None) -> "Authority":
        """Make an authority of that name, with a new key: a root, or one `under` another authority."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _name(name)
        certificate = (
            _certificate(
                subject,
                issuer=under.certificate.subject if under else subject,
                key=key.public_key(),
                lasts=_AUTHORITY_LASTS,
            )
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(_may(sign_certificates=True), critical=True)
            .sign(under.key if under else key, hashes.SHA256())
        )
        return cls(key=key, certificate=certificate)

    @classmethod
    def kept_in(cls, folder: Path, name: str) -> "Authority":
        """The authority stored in `folder`, made if there is none; its certificate is `ca.pem` there."""
        private, public = folder / "ca.key", folder / "ca.pem"
        if not private.exists():
            made = cls.make(name)
            folder.mkdir(parents=True, exist_ok=True)
            private.touch(mode=0o600)
            public.write_bytes(made.certificate.public_bytes(Encoding.PEM))
            private.write_bytes(made.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        key = load_pem_private_key(private.read_bytes(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ChainError(f"{private} holds no key on an elliptic curve.")
        return cls(key=key, certificate=x509.load_pem_x509_certificate(public.read_bytes()))

    def certify(
        self, key: Key, name: str, *, begins: datetime | None = None, lasts: timedelta = _CERTIFICATE_LASTS
    ) -> bytes:
        """Make a chain for a seal's key: its certificate and the authority's own, in PEM."""
        wanted = _certificate(_name(name), issuer=self.certificate.subject, key=key, lasts=lasts, begins=begins)
        certificate = self._issued(wanted.add_extension(x509.ExtendedKeyUsage([_DOCUMENT_SIGNING]), critical=False))
        return certificate.public_bytes(Encoding.PEM) + self.certificate.public_bytes(Encoding.PEM)

    def certify_time_stamper(self, key: StamperKey, name: str) -> x509.Certificate:
        """Make a certificate for a key that only stamps the time (RFC 3161, 2.3)."""
        wanted = _certificate(_name(name), issuer=self.certificate.subject, key=key, lasts=_AUTHORITY_LASTS)
        only = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        return self._issued(wanted.add_extension(only, critical=True))

    def _issued(self, wanted: x509.CertificateBuilder) -> x509.Certificate:
        authority = x509.SubjectKeyIdentifier.from_public_key(self.key.public_key())
        return (
            wanted.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_may(sign_certificates=False), critical=True)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(authority), critical=False)
            .sign(self.key, hashes.SHA256())
        )


_DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""The extended key usage of RFC 9336."""

_FOR_DOCUMENTS = frozenset(
    {
        _DOCUMENT_SIGNING,
        x509.ObjectIdentifier("1.3.6.1.4.1.311.10.3.12"),
        x509.ObjectIdentifier("1.2.840.113583.1.1.5"),
        ExtendedKeyUsageOID.EMAIL_PROTECTION,
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
    }
)
"""The usages that `mailroom.check.fitness` accepts: a chain refused there must not be installed here."""


def _certificate(
    subject: x509.Name, *, issuer: x509.Name, key: StamperKey, lasts: timedelta, begins: datetime | None = None
) -> x509.CertificateBuilder:
    first = begins or datetime.now(UTC) - _BACKDATED
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .serial_number(x509.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(first + lasts)
        .public_key(key)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "MA"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Bureau d'Ordre Digital"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _may(*, sign_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign_certificates,
        content_commitment=not sign_certificates,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def require_fit(chain: bytes, key: Key, now: datetime) -> None:
    """Check that a chain is this key's, in order, and valid now. Raises ChainError, which says what is wrong."""
    certificates = read_chain(chain)
    own = certificates[0]
    if own.public_key() != key:
        raise ChainError("The first certificate is not of this stage's key.")
    for certificate in certificates:
        if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc:
            raise ChainError(
                f"{certificate.subject.rfc4514_string()} is valid from {certificate.not_valid_before_utc} "
                f"to {certificate.not_valid_after_utc}, and not now."
            )
    for certificate, above in pairwise(certificates):
        try:
            certificate.verify_directly_issued_by(above)
        except (InvalidSignature, ValueError, TypeError):
            raise ChainError(
                f"{certificate.subject.rfc4514_string()} was not issued by {above.subject.rfc4514_string()}, "
                "which comes after it."
            ) from None
    _require_usage(own)


def _require_usage(own: x509.Certificate) -> None:
    try:
        usage = own.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        raise ChainError("The first certificate does not say what its key may be used for.") from None
    if not usage.content_commitment or usage.key_cert_sign:
        raise ChainError("The first certificate is not for seals: its key usage is another than non-repudiation.")
    try:
        wider = own.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return
    if _FOR_DOCUMENTS.isdisjoint(wider):
        raise ChainError("The first certificate is not for seals: its extended key usage names other things alone.")


def key_digest(certificate: x509.Certificate) -> str:
    """The SHA-256 (hex) of a certificate's public key: a check of a receipt names the expected sealer by it."""
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(key).hexdigest()


def read_chain(chain: bytes) -> list[x509.Certificate]:
    """Read the certificates of a chain in PEM. Raises ChainError where there is none."""
    try:
        return x509.load_pem_x509_certificates(chain)
    except ValueError:
        raise ChainError("It holds no certificate in PEM.") from None


def request(key: Key, sign: Callable[[bytes], bytes], name: str) -> bytes:
    """Make a certificate signing request (PKCS #10, in PEM); `sign` signs a message with the key."""
    wanted = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(_name(name))
        .add_extension(_may(sign_certificates=False), critical=True)
        .sign(_Elsewhere(key, sign), hashes.SHA256())
    )
    return wanted.public_bytes(Encoding.PEM)


class _Elsewhere(ec.EllipticCurvePrivateKey):
    """A private key held elsewhere, in KMS for example: signing calls `sign`."""

    def __init__(self, key: Key, sign: Callable[[bytes], bytes]) -> None:
        self._key = key
        self._sign = sign

    def sign(self, data: Buffer, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        algorithm = signature_algorithm.algorithm
        if not isinstance(signature_algorithm, ec.ECDSA) or not isinstance(algorithm, hashes.SHA256):
            raise TypeError("The key signs ECDSA with SHA-256 and nothing else.")
        return self._sign(bytes(data))

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._key

    @property
    def curve(self) -> ec.EllipticCurve:
        return self._key.curve

    @property
    def key_size(self) -> int:
        return self._key.key_size

    def exchange(self, *_: object) -> NoReturn:
        raise TypeError("This key only signs.")

    def private_numbers(self) -> NoReturn:
        raise TypeError("This key is held elsewhere.")

    def private_bytes(self, *_: object) -> NoReturn:
        raise TypeError("This key is held elsewhere.")

    def __copy__(self) -> NoReturn:
        raise TypeError("This key is held elsewhere.")

    def __deepcopy__(self, memo: dict[int, object]) -> NoReturn:
        raise TypeError("This key is held elsewhere.")
