"""Time stamps in the shapes that public authorities send, each signed here by a key of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import new
from typing import Literal

from asn1crypto import algos, cms, core, tsp
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from infra.commands.seal_certificates import Authority
from tests.support.signed.receipts_to_check import ours

type Signing = Literal["rsa", "rsa with its digest", "pss", "ecdsa"]
type Digest = Literal["sha256", "sha384", "sha512"]

_HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
_OCSP_RESPONSE = "1.3.6.1.5.5.7.16.2"
"""The kind of revocation information of RFC 5940."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How an authority writes its time stamps."""

    signing: Signing = "rsa"
    digest: Digest = "sha256"
    named_by: tuple[str, ...] = ("signing_certificate_v2",)
    """The signed attributes that name the certificate: ESSCertID (RFC 3161), ESSCertIDv2 (RFC 5816), or both."""
    by_key_identifier: bool = False
    stated: tuple[str, ...] = ()
    """Of `accuracy`, `ordering` and `tsa`, what is stated beside the time."""
    chain: bool = False
    """Whether there is an authority between, whose certificate comes along."""
    root: bool = False
    """Whether the root's certificate comes along, which nobody needs."""
    lists: int = 0
    """How many revocation lists (CRL) come along."""
    responses: int = 0
    """How many answers about revocation (OCSP) come along, as RFC 5940 has them."""
    attributes: tuple[str, ...] = ()
    """Identifiers of attributes that are not signed."""
    attribute_size: int = 40
    """Bytes in each of them."""

    def answer(self, question: bytes) -> bytes:
        """What an authority answers that writes its time stamps so (DER)."""
        asked = tsp.TimeStampReq.load(question, strict=True)
        token = _Issuer(self.signing, chain=self.chain).token(asked, self)
        return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())


SHAPES: dict[str, Shape] = {
    "RSA, PKCS 1": Shape(),
    "RSA, named with its digest": Shape(signing="rsa with its digest"),
    "RSA, SHA-384": Shape(digest="sha384"),
    "RSA, SHA-512": Shape(digest="sha512"),
    "RSA, PSS": Shape(signing="pss"),
    "RSA, PSS, SHA-512": Shape(signing="pss", digest="sha512"),
    "ECDSA": Shape(signing="ecdsa"),
    "ECDSA, SHA-384": Shape(signing="ecdsa", digest="sha384"),
    "certificate named by SHA-1 alone": Shape(named_by=("signing_certificate",)),
    "certificate named twice": Shape(named_by=("signing_certificate", "signing_certificate_v2")),
    "signer named by the key's identifier": Shape(by_key_identifier=True),
    "accuracy, ordering and name stated": Shape(stated=("accuracy", "ordering", "tsa")),
    "an authority between": Shape(chain=True),
    "an authority between, and the root": Shape(chain=True, root=True),
}
"""Nothing in these that is not signed, or does not follow from what is."""

UNSIGNED: dict[str, tuple[Shape, tuple[str, ...]]] = {
    "a revocation list": (Shape(lists=1), ("revocation_lists",)),
    "two revocation lists": (Shape(lists=2, chain=True), ("revocation_lists",)),
    "an OCSP answer": (Shape(responses=1), ("revocation_lists",)),
    "a list and an answer": (Shape(lists=1, responses=1, signing="ecdsa"), ("revocation_lists",)),
    "an unsigned attribute": (Shape(attributes=("1.2.3.4",)), ("unsigned_attributes",)),
    "certificates as an attribute": (Shape(attributes=("1.2.840.113549.1.9.16.2.23",)), ("unsigned_attributes",)),
    "several attributes": (Shape(attributes=("1.2.3.4", "1.2.3.5"), digest="sha512"), ("unsigned_attributes",)),
    "all of it": (
        Shape(lists=1, responses=1, attributes=("1.2.3.4",), chain=True, signing="pss", stated=("accuracy", "tsa")),
        ("revocation_lists", "unsigned_attributes"),
    ),
}
"""What these hold that nobody signed is told as a note."""


class _Issuer:
    """Who signs, with the certificates above."""

    def __init__(self, signing: Signing, *, chain: bool) -> None:
        self.key, self.certificate, self.above = _made(ec_key=signing == "ecdsa", chain=chain)

    def token(self, asked: tsp.TimeStampReq, shape: Shape) -> cms.ContentInfo:
        stated = _stated(asked, shape, self.certificate)
        certificates = [self.certificate, *([self.above.certificate] if shape.chain else [])]
        certificates += [ours().certificate] if shape.root else []
        signed = {
            "version": "v5" if shape.responses else "v3",
            "digest_algorithms": [{"algorithm": shape.digest}],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(stated)},
            "certificates": [cms.CertificateChoices("certificate", _asn1(each)) for each in certificates],
            "signer_infos": [self._signer(stated, shape)],
        }
        lists = [*_lists(self.above, shape.lists), *_responses(self.certificate, self.above, shape.responses)]
        signed |= {"crls": lists} if lists else {}
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})

    def _signer(self, stated: bytes, shape: Shape) -> cms.SignerInfo:
        own = _asn1(self.certificate)
        attributes = cms.CMSAttributes(
            [
                cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
                cms.CMSAttribute({"type": "signing_time", "values": [core.UTCTime(datetime.now(UTC))]}),
                cms.CMSAttribute({"type": "message_digest", "values": [new(shape.digest, stated).digest()]}),
                *(_naming(attribute, own) for attribute in shape.named_by),
            ]
        )
        by_number = {"issuer": own.issuer, "serial_number": own.serial_number}
        parts = {
            "version": "v3" if shape.by_key_identifier else "v1",
            "sid": cms.SignerIdentifier("subject_key_identifier", own.key_identifier)
            if shape.by_key_identifier
            else cms.SignerIdentifier("issuer_and_serial_number", by_number),
            "digest_algorithm": {"algorithm": shape.digest},
            "signed_attrs": attributes,
            **self._signature(attributes.dump(), shape),
        }
        if shape.attributes:
            parts["unsigned_attrs"] = [
                cms.CMSAttribute({"type": each, "values": [core.OctetString(b"\0" * shape.attribute_size)]})
                for each in shape.attributes
            ]
        return cms.SignerInfo(parts)

    def _signature(self, message: bytes, shape: Shape) -> dict[str, object]:
        digest = _HASHES[shape.digest]
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            return {
                "signature_algorithm": {"algorithm": f"{shape.digest}_ecdsa"},
                "signature": self.key.sign(message, ec.ECDSA(digest)),
            }
        if shape.signing == "pss":
            salt = digest.digest_size
            parameters = algos.RSASSAPSSParams(
                {
                    "hash_algorithm": {"algorithm": shape.digest},
                    "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": shape.digest}},
                    "salt_length": salt,
                }
            )
            return {
                "signature_algorithm": {"algorithm": "rsassa_pss", "parameters": parameters},
                "signature": self.key.sign(message, padding.PSS(padding.MGF1(digest), salt), digest),
            }
        name = f"{shape.digest}_rsa" if shape.signing == "rsa with its digest" else "rsassa_pkcs1v15"
        return {
            "signature_algorithm": {"algorithm": name},
            "signature": self.key.sign(message, padding.PKCS1v15(), digest),
        }


type _Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@cache
def _made(*, ec_key: bool, chain: bool) -> tuple[_Key, x509.Certificate, Authority]:
    key: _Key = ec.generate_private_key(ec.SECP384R1()) if ec_key else rsa.generate_private_key(65537, 2048)
    above = Authority.make("Autorité entre deux", under=ours()) if chain else ours()
    return key, above.certify_time_stamper(key.public_key(), "Horodateur public d'essai"), above


def _stated(asked: tsp.TimeStampReq, shape: Shape, certificate: x509.Certificate) -> bytes:
    stated = {
        "version": "v1",
        "policy": "1.2.3.4.5",
        "message_imprint": asked["message_imprint"],
        "serial_number": 1234567890,
        "gen_time": datetime.now(UTC),
        "nonce": asked["nonce"],
    }
    beside = {
        "accuracy": {"seconds": 1, "millis": 500, "micros": 1},
        "ordering": True,
        "tsa": asn1_x509.GeneralName("directory_name", _asn1(certificate).subject),
    }
    return bytes(tsp.TSTInfo(stated | {name: beside[name] for name in shape.stated}).dump())


def _naming(attribute: str, certificate: asn1_x509.Certificate) -> cms.CMSAttribute:
    issuer = [asn1_x509.GeneralName("directory_name", certificate.issuer)]
    whose = {"issuer": issuer, "serial_number": certificate.serial_number}
    if attribute == "signing_certificate_v2":
        named = tsp.ESSCertIDv2({"cert_hash": new("sha256", certificate.dump()).digest(), "issuer_serial": whose})
        return cms.CMSAttribute({"type": attribute, "values": [tsp.SigningCertificateV2({"certs": [named]})]})
    old = tsp.ESSCertID({"cert_hash": certificate.sha1, "issuer_serial": whose})
    return cms.CMSAttribute({"type": attribute, "values": [tsp.SigningCertificate({"certs": [old]})]})


def _lists(authority: Authority, count: int) -> Iterable[cms.RevocationInfoChoice]:
    now = datetime.now(UTC)
    for number in range(count):
        written = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(authority.certificate.subject)
            .last_update(now - timedelta(days=number + 1))
            .next_update(now + timedelta(days=30))
            .add_extension(x509.CRLNumber(number + 1), critical=False)
            .sign(authority.key, hashes.SHA256())
        )
        yield cms.RevocationInfoChoice.load(written.public_bytes(Encoding.DER))


def _responses(certificate: x509.Certificate, authority: Authority, count: int) -> Iterable[cms.RevocationInfoChoice]:
    now = datetime.now(UTC)
    for _ in range(count):
        written = (
            ocsp.OCSPResponseBuilder()
            .add_response(
                certificate,
                authority.certificate,
                hashes.SHA256(),
                ocsp.OCSPCertStatus.GOOD,
                now,
                now + timedelta(days=1),
                None,
                None,
            )
            .responder_id(ocsp.OCSPResponderEncoding.NAME, authority.certificate)
            .sign(authority.key, hashes.SHA256())
        )
        answer = asn1_ocsp.OCSPResponse.load(written.public_bytes(Encoding.DER))
        other = {"other_rev_info_format": _OCSP_RESPONSE, "other_rev_info": core.Any(answer)}
        yield cms.RevocationInfoChoice("other", cms.OtherRevocationInfoFormat(other))


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
