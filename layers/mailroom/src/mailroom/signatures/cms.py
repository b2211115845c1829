"""Signatures (CMS, RFC 5652) whose unsigned parts follow from the signed ones.

A signature covers a document's digest and the signed attributes. It does not cover the parts around them, such as
versions, names of algorithms, the signer's name, and lengths, and validators pass over much of these. So that no change
of a seal goes unnoticed, these parts are encoded again from the signed ones, and compared.

A time stamp in a seal comes from an authority, which may put revocation lists and unsigned attributes into it. These
are left as they are, and `unsigned_in` lists them: nothing depends on them.
"""

from collections.abc import Callable
from typing import Any, ClassVar, Literal

from asn1crypto import cms, core
from asn1crypto.parser import emit

type Unsigned = Literal["revocation_lists", "unsigned_attributes"]
"""What a time stamp may hold that its signature does not cover."""

_TIME_STAMP = "signature_time_stamp_token"
_UNREADABLE = (ValueError, TypeError, KeyError)
"""What asn1crypto raises at what is no such CMS."""


class _Plain(core.Sequence):  # type: ignore[misc]  # asn1crypto carries no types
    """An algorithm without parameters: they may be left out, or null (RFC 5754, 2)."""

    _fields: ClassVar = [("algorithm", core.ObjectIdentifier), ("parameters", core.Null, {"optional": True})]


def is_exact(message: bytes) -> bool:
    """Whether a seal's CMS (DER) of one signer, and the time stamp in it, follow byte for byte from the signed parts.

    The parts that `unsigned_in` lists are excepted. Whether the signature and its certificates are valid is checked
    elsewhere.
    """
    try:
        return _rebuilt(cms.ContentInfo.load(message, strict=True), beside=_time_stamp) == message
    except _UNREADABLE:
        return False


def is_exact_time_stamp(token: bytes) -> bool:
    """The same of a time stamp's CMS by itself."""
    try:
        return _rebuilt_time_stamp(cms.ContentInfo.load(token, strict=True)) == token
    except _UNREADABLE:
        return False


def encoded(value: core.Sequence) -> bytes:
    """The bytes (DER) of a sequence that was read, without what stands behind it.

    Not by asn1crypto's `dump`: it takes a length that ends in 0x80 for an indefinite one, and encodes the content
    again, several times at each level, which can take minutes. One seal in 256 has such a length.
    """
    return _sequence(value.contents)


def unsigned_in(message: bytes) -> tuple[Unsigned, ...]:
    """What the time stamp in an exact seal's CMS holds beside what is signed."""
    (signer,) = cms.ContentInfo.load(message)["content"]["signer_infos"]
    held: list[Unsigned] = []
    for attribute in signer["unsigned_attrs"]:
        token = attribute["values"][0]["content"]
        if len(token["crls"]):
            held.append("revocation_lists")
        if len(token["signer_infos"][0]["unsigned_attrs"]):
            held.append("unsigned_attributes")
    return tuple(held)


def _rebuilt(
    message: cms.ContentInfo, *, beside: Callable[[cms.CMSAttributes], bytes], with_lists: bool = False
) -> bytes:
    """The CMS rebuilt from its signed parts: `beside` gives the unsigned attributes, `with_lists` keeps the lists.

    Put together from bytes, for what `encoded` says.
    """
    signed = message["content"]
    (digest_algorithm,) = signed["digest_algorithms"]
    (signer,) = signed["signer_infos"]
    ((kind,),) = (each["values"] for each in signer["signed_attrs"] if each["type"].native == "content_type")
    # The version by RFC 5652, 5.1, for certificates of X.509 alone.
    is_first = kind.native == "data" and signer["sid"].name == "issuer_and_serial_number"
    has_other_lists = any(each.name == "other" for each in signed["crls"])
    version = cms.CMSVersion("v5" if has_other_lists else "v1" if is_first else "v3")
    lists = signed["crls"].contents if with_lists and len(signed["crls"]) else b""
    parts = (
        version.dump(),
        _set(_plain(digest_algorithm, signer["digest_algorithm"]).dump()),
        _content(signed["encap_content_info"], kind),
        _tagged(0, signed["certificates"].contents),
        *([_tagged(1, lists)] if lists else []),
        _set(_signer(signer, signed["certificates"], beside)),
    )
    return _sequence(cms.ContentType("signed_data").dump(), _tagged(0, _sequence(*parts)))


_OF_ANY_KIND, _OF_THIS_PLACE = 0, 2
_SEQUENCE, _SET, _OCTETS = 16, 17, 4


def _sequence(*parts: bytes) -> bytes:
    return bytes(emit(_OF_ANY_KIND, 1, _SEQUENCE, b"".join(parts)))


def _set(*parts: bytes) -> bytes:
    return bytes(emit(_OF_ANY_KIND, 1, _SET, b"".join(parts)))


def _octets(content: bytes) -> bytes:
    return bytes(emit(_OF_ANY_KIND, 0, _OCTETS, content))


def _tagged(tag: int, content: bytes) -> bytes:
    return bytes(emit(_OF_THIS_PLACE, 1, tag, content))


def _content(content: Any, kind: cms.ContentType) -> bytes:  # noqa: ANN401 - EncapsulatedContentInfo or ContentInfo, by the CMS's version
    held = content["content"]
    within = [_tagged(0, _octets(held.contents))] if held.dump() else []
    return _sequence(cms.ContentType(kind.native).dump(), *within)


def _signer(
    signer: cms.SignerInfo, certificates: cms.CertificateSet, beside: Callable[[cms.CMSAttributes], bytes]
) -> bytes:
    version = "v1" if signer["sid"].name == "issuer_and_serial_number" else "v3"  # RFC 5652, 5.3
    return _sequence(
        cms.CMSVersion(version).dump(),
        _whose(signer["sid"], certificates).dump(),
        _plain(signer["digest_algorithm"]).dump(),
        _tagged(0, signer["signed_attrs"].contents),
        _signature_algorithm(signer).dump(),
        _octets(signer["signature"].native),
        *([_tagged(1, beside(signer["unsigned_attrs"]))] if len(signer["unsigned_attrs"]) else []),
    )


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


def _time_stamp(attributes: cms.CMSAttributes) -> bytes:
    ((token,),) = (each["values"] for each in attributes if each["type"].native == _TIME_STAMP)
    return _sequence(cms.CMSAttributeType(_TIME_STAMP).dump(), _set(_rebuilt_time_stamp(token)))


def _rebuilt_time_stamp(token: cms.ContentInfo) -> bytes:
    return _rebuilt(token, beside=lambda attributes: bytes(attributes.contents), with_lists=True)
