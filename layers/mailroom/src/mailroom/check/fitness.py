"""The purpose of a certificate, which must allow sealing documents, and the digest of its key."""

import hashlib

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes, PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID

_FOR_DOCUMENTS = frozenset(
    {
        x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36"),  # documents (RFC 9336)
        x509.ObjectIdentifier("1.3.6.1.4.1.311.10.3.12"),  # documents, as authorities wrote before RFC 9336
        x509.ObjectIdentifier("1.2.840.113583.1.1.5"),  # PDF, likewise
        ExtendedKeyUsageOID.EMAIL_PROTECTION,  # what was signed with, by people too, before there was any of these
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
    }
)


def is_fit(certificate: x509.Certificate) -> bool:
    """Whether a certificate is for sealing documents: by its key usage, and by its extended one where it has any.

    ETSI EN 319 412-2, 4.3.2, types A, B and F: content commitment (non-repudiation). A server's, a time stamper's and
    an authority's are for other things.
    """
    extensions = certificate.extensions
    try:
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return False
    try:
        purposes = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        may_seal_documents = True
    else:
        may_seal_documents = not _FOR_DOCUMENTS.isdisjoint(purposes)
    return usage.content_commitment and may_seal_documents and not is_authority(extensions)


def key_digest(certificate: x509.Certificate) -> str:
    """The SHA-256 (hex) of a certificate's public key, as it stands there (SubjectPublicKeyInfo)."""
    return digest_of(certificate.public_key())


def digest_of(key: CertificatePublicKeyTypes | PublicKeyTypes) -> str:
    """The SHA-256 (hex) of a public key (SubjectPublicKeyInfo)."""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def is_authority(extensions: x509.Extensions) -> bool:
    """Whether certificates of others may be issued under this one."""
    try:
        return extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False
