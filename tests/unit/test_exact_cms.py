"""Signatures that say nothing beside what they sign: each bit around the signed parts follows from these."""

from collections.abc import Callable
from typing import Any

import pytest
from asn1crypto import algos, cms, core

from mailroom.signatures.cms import is_exact
from tests.support.signed.receipts_to_check import ours, sealed, signature_place, stamped


def of(pdf: bytes) -> bytes:
    place = signature_place(pdf)
    return bytes(cms.ContentInfo.load(bytes.fromhex(pdf[place.start + 1 : place.stop - 1].decode())).dump())


SEAL, STAMPED = of(sealed()), of(stamped(ours()))


def signer_of(message: cms.ContentInfo) -> cms.SignerInfo:
    (signer,) = message["content"]["signer_infos"]
    return signer


def token_of(message: cms.ContentInfo) -> cms.ContentInfo:
    ((token,),) = (each["values"] for each in signer_of(message)["unsigned_attrs"])
    return token


def signed_parts(message: cms.ContentInfo) -> list[bytes]:
    """What somebody signed, or is a signature: validators look after these."""
    signer = signer_of(message)
    parts = [each.dump() for each in message["content"]["certificates"]]
    parts += [signer["signed_attrs"].contents, signer["signature"].native]
    return parts + (
        [signed_content] if (signed_content := message["content"]["encap_content_info"]["content"].contents) else []
    )


@pytest.mark.parametrize("message", [SEAL, STAMPED], ids=["sealed", "stamped"])
def test_our_seals_are_exact(message: bytes) -> None:
    assert is_exact(message)


@pytest.mark.parametrize("message", [SEAL, STAMPED], ids=["sealed", "stamped"])
def test_no_bit_around_the_signed_parts_can_be_another(message: bytes) -> None:
    read = cms.ContentInfo.load(message)
    parts = signed_parts(read) + (signed_parts(token_of(read)) if message is STAMPED else [])
    others = set(range(len(message)))
    for part in parts:
        assert message.count(part) == 1
        start = message.index(part)
        others -= set(range(start, start + len(part)))
    unnoticed = []
    for place in others:
        for bit in range(8):
            changed = bytearray(message)
            changed[place] ^= 1 << bit
            if is_exact(bytes(changed)):
                unnoticed.append((place, bit))
    assert len(others) > (250 if message is STAMPED else 120)
    assert unnoticed == []


def no_null(message: cms.ContentInfo) -> None:
    signer_of(token_of(message))["digest_algorithm"] = bare("sha256")


def bare(name: str) -> algos.DigestAlgorithm:
    identifier = algos.DigestAlgorithmId(name).dump()
    return algos.DigestAlgorithm.load(bytes([0x30, len(identifier), *identifier]))


def changed(change: Callable[[cms.ContentInfo], Any]) -> bytes:
    message = cms.ContentInfo.load(STAMPED)
    change(message)
    return bytes(message.dump(force=True))


def test_parameters_may_be_null_or_left_out() -> None:
    assert changed(no_null) != STAMPED
    assert is_exact(changed(no_null))


def another_version(message: cms.ContentInfo) -> None:
    signer_of(token_of(message))["version"] = "v3"


def more_digests(message: cms.ContentInfo) -> None:
    token_of(message)["content"]["digest_algorithms"].append(algos.DigestAlgorithm({"algorithm": "sha512"}))


def revocation_information_under_an_old_version(message: cms.ContentInfo) -> None:
    other = cms.OtherRevocationInfoFormat({"other_rev_info_format": "1.2.3", "other_rev_info": core.Null()})
    token_of(message)["content"]["crls"] = [cms.RevocationInfoChoice("other", other)]


def a_revocation_list_in_the_seal(message: cms.ContentInfo) -> None:
    other = cms.OtherRevocationInfoFormat({"other_rev_info_format": "1.2.3", "other_rev_info": core.Null()})
    message["content"]["crls"] = [cms.RevocationInfoChoice("other", other)]
    message["content"]["version"] = "v5"


def a_further_attribute(message: cms.ContentInfo) -> None:
    more = cms.CMSAttribute({"type": "1.2.3.4", "values": [core.Null()]})
    signer_of(message)["unsigned_attrs"].append(more)


def two_tokens(message: cms.ContentInfo) -> None:
    signer_of(message)["unsigned_attrs"][0]["values"].append(token_of(message))


def of_nobody(message: cms.ContentInfo) -> None:
    signer_of(message)["sid"].chosen["serial_number"] = 7


@pytest.mark.parametrize(
    "change",
    [
        another_version,
        more_digests,
        revocation_information_under_an_old_version,
        a_revocation_list_in_the_seal,
        a_further_attribute,
        two_tokens,
        of_nobody,
    ],
)
def test_what_nobody_signed_is_not_exact(change: Callable[[cms.ContentInfo], Any]) -> None:
    message = changed(change)
    assert message != STAMPED
    assert not is_exact(message)


@pytest.mark.parametrize("tag", [0xA0, 0xA1, 0xA2, 0xA3])
def test_what_is_no_certificate_in_the_place_of_one_is_not_exact(tag: int) -> None:
    (certificate,) = token_of(cms.ContentInfo.load(STAMPED))["content"]["certificates"]
    other = bytearray(STAMPED)
    other[STAMPED.index(certificate.dump())] = tag
    assert not is_exact(bytes(other))


@pytest.mark.parametrize("message", [b"", b"\x30\x00", SEAL[:-1], SEAL + b"\0", SEAL[20:], b"x" * 4000])
def test_what_is_no_signature_is_not_exact(message: bytes) -> None:
    assert not is_exact(message)
