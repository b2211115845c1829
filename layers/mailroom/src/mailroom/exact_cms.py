"""Signatures (CMS, RFC 5652) that say nothing beside what they sign, but for what follows from it.

A signature covers a document's digest and the signed attributes. What stands around them, such as versions, names of
algorithms, who signed, and the lengths of it all, it does not cover, and validators pass over much of it. So that
nobody can change a seal unnoticed, that part is written anew from what is signed, and compared.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from asn1crypto import cms, core

_TIME_STAMP = "signature_time_stamp_token"


class _Plain(core.Sequence):  # type: ignore[misc]  # asn1crypto carries no types
    """An algorithm without parameters: they may be left out, or null (RFC 5754, 2)."""

    _fields: ClassVar = [("algorithm", core.ObjectIdentifier), ("parameters", core.Null, {"optional": True})]


def is_exact(message: bytes) -> bool:
    """Whether a CMS (DER) of one signer, and the time stamp in it, is to the byte what its signed parts make of it.

    Whether it is validly signed is another question, and so are its certificates, which others signed.
    """
    try:
        return _anew(cms.ContentInfo.load(message, strict=True), beside=_time_stamp) == message
    except (ValueError, TypeError, KeyError):  # what asn1crypto raises at what is no such CMS
        return False


def _anew(message: cms.ContentInfo, *, beside: Callable[[cms.CMSAttributes], cms.CMSAttributes]) -> bytes:
    """`beside` makes what may stand beside what is signed."""
    signed = message["content"]
    (digest_algorithm,) = signed["digest_algorithms"]
    (signer,) = signed["signer_infos"]
    ((kind,),) = (each["values"] for each in signer["signed_attrs"] if each["type"].native == "content_type")
    is_first = kind.native == "data" and signer["sid"].name == "issuer_and_serial_number"
    parts = {
        "version": "v1" if is_first else "v3",  # RFC 5652, 5.1
        "digest_algorithms": [_plain(digest_algorithm, signer["digest_algorithm"])],
        "encap_content_info": _content(signed["encap_content_info"], kind),
        "certificates": signed["certificates"],
        "signer_infos": [_signer(signer, signed["certificates"], beside)],
    }
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(parts)}).dump())


def _content(content: Any, kind: cms.ContentType) -> Any:  # noqa: ANN401 - EncapsulatedContentInfo or ContentInfo, by the CMS's version
    parts = {"content_type": kind.native}
    if content["content"].dump():
        parts["content"] = content["content"].__class__(content["content"].contents)
    return content.__class__(parts)


def _signer(
    signer: cms.SignerInfo,
    certificates: cms.CertificateSet,
    beside: Callable[[cms.CMSAttributes], cms.CMSAttributes],
) -> cms.SignerInfo:
    parts = {
        "version": "v1" if signer["sid"].name == "issuer_and_serial_number" else "v3",  # RFC 5652, 5.3
        "sid": _whose(signer["sid"], certificates),
        "digest_algorithm": _plain(signer["digest_algorithm"]),
        "signed_attrs": signer["signed_attrs"].untag(),
        "signature_algorithm": _signature_algorithm(signer),
        "signature": signer["signature"].native,
    }
    if len(signer["unsigned_attrs"]):
        parts["unsigned_attrs"] = beside(signer["unsigned_attrs"])
    return cms.SignerInfo(parts)


def _whose(named: cms.SignerIdentifier, certificates: cms.CertificateSet) -> cms.SignerIdentifier:
    by_number = named.name == "issuer_and_serial_number"
    for certificate in (each.chosen for each in certificates if each.name == "certificate"):
        name = (
            {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
            if by_number
            else certificate.key_identifier
        )
        written = cms.SignerIdentifier(named.name, name)
        if written.dump() == named.dump():
            return written
    raise ValueError("signed by none of its certificates")


def _plain(algorithm: Any, named: Any = None) -> Any:  # noqa: ANN401 - of one of asn1crypto's two classes
    parts = {"algorithm": (named or algorithm)["algorithm"].dotted}
    if algorithm["parameters"].dump():
        parts["parameters"] = core.Null()
    return algorithm.__class__.load(_Plain(parts).dump())


def _signature_algorithm(signer: cms.SignerInfo) -> Any:  # noqa: ANN401 - asn1crypto carries no types
    algorithm, digest = signer["signature_algorithm"], signer["digest_algorithm"]["algorithm"].native
    name = algorithm["algorithm"].native
    if name == "rsassa_pss":
        return algorithm  # it has parameters, and the signature is verified by them
    if name not in {"rsassa_pkcs1v15", f"{digest}_rsa", f"{digest}_ecdsa"}:
        raise ValueError(name)
    return _plain(algorithm)


def _time_stamp(attributes: cms.CMSAttributes) -> cms.CMSAttributes:
    ((token,),) = (each["values"] for each in attributes if each["type"].native == _TIME_STAMP)
    anew = cms.ContentInfo.load(_anew(token, beside=_nothing))
    return cms.CMSAttributes([cms.CMSAttribute({"type": _TIME_STAMP, "values": [anew]})])


def _nothing(_attributes: cms.CMSAttributes) -> cms.CMSAttributes:
    raise ValueError("something beside what is signed")
