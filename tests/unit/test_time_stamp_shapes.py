"""Time stamps as public authorities write them are taken, and never make a receipt of ours look damaged."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms, tsp
from asn1crypto.parser import parse, peek
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from mailroom.signatures.cms import is_exact, is_exact_time_stamp, unsigned_in
from mailroom.timestamps.refusal import NoStampError
from mailroom.timestamps.sealed import ROOM, SealedFile
from mailroom.timestamps.time_stamp_token import Question
from render_receipt.pades import Seal
from tests.support.signed.receipts_to_check import KEY, YEAR, Desk, ours, page, signature_place
from tests.support.signed.time_stamp_shapes import SHAPES, UNSIGNED, Shape

EVERY = {name: (shape, ()) for name, shape in SHAPES.items()} | UNSIGNED
by_shape = pytest.mark.parametrize("name", EVERY)


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


@cache
def sealed() -> SealedFile:
    now = datetime.now(UTC)
    chain = ours().certify(KEY.public_key(), "Sceau d'essai", begins=now - YEAR, lasts=2 * YEAR)
    return SealedFile(
        Seal(lambda message: KEY.sign(message, ec.ECDSA(hashes.SHA256())), chain, room=ROOM).seal(page(), now)
    )


@cache
def stamped(name: str) -> bytes:
    """The receipt with a time stamp of that shape, as `render_receipt` takes it from an authority."""
    question = Question(sealed().signature.value)
    return sealed().with_token(question.token_in(EVERY[name][0].answer(question.written())).content)


def found(desk: Desk, receipt: bytes, *arguments: str) -> tuple[int, dict[str, Any]]:
    answer = desk.check(receipt, "--json", *arguments)
    return answer.code, json.loads(answer.text)


@by_shape
def test_a_time_stamp_of_every_shape_is_taken_proves_the_time_and_leaves_the_receipt_genuine(
    desk: Desk, name: str
) -> None:
    code, values = found(desk, stamped(name))
    assert (code, values["verdict"]) == (0, "genuine")
    assert values["seal"]["time"]["proof"] == "proven"
    assert values["seal"]["notes"] == list(EVERY[name][1])


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "que sa signature ne couvre pas"), ("ar", "لا يشملها توقيعه"), ("en", "does not cover")],
)
def test_what_nobody_signed_is_told_as_a_note(desk: Desk, language: str, words: str) -> None:
    lines = desk.check(stamped("all of it"), "--language", language).text.splitlines()
    assert len([line for line in lines if line.startswith("ℹ ") and words in line]) == 2
    assert "ℹ" not in desk.check(stamped("ECDSA"), "--language", language).text


def cms_of(pdf: bytes) -> bytes:
    place = signature_place(pdf)
    padded = bytes.fromhex(pdf[place.start + 1 : place.stop - 1].decode())
    return padded[: peek(padded)]


def signer_of(message: cms.ContentInfo) -> cms.SignerInfo:
    (signer,) = message["content"]["signer_infos"]
    return signer


def token_of(message: cms.ContentInfo) -> cms.ContentInfo:
    ((token,),) = (each["values"] for each in signer_of(message)["unsigned_attrs"])
    return token


def looked_after_elsewhere(message: cms.ContentInfo) -> list[bytes]:
    """What somebody signed, which validators look after, and what nobody signed, which a note tells."""
    signer, content = signer_of(message), message["content"]
    parts = [each.dump() for each in content["certificates"]]
    parts += [signer["signed_attrs"].contents, signer["signature"].native]
    parts += [content["encap_content_info"]["content"].contents or b""]
    parts += [signer["unsigned_attrs"].contents or b"", content["crls"].contents or b""]
    if signer["signature_algorithm"]["algorithm"].native == "rsassa_pss":
        parts.append(signer["signature_algorithm"]["parameters"].dump())  # the signature is verified by them
    return [part for part in parts if part]


@pytest.mark.parametrize("name", ["a list and an answer", "several attributes", "all of it"])
def test_no_bit_can_be_another_but_in_what_is_signed_and_in_what_the_note_tells(name: str) -> None:
    """Every bit of one of our own seals is tried in test_exact_cms.py; here, one of each byte."""
    message = cms_of(stamped(name))
    read = cms.ContentInfo.load(message)
    seal_parts = [part for part in looked_after_elsewhere(read) if part != signer_of(read)["unsigned_attrs"].contents]
    others = set(range(len(message)))
    for part in seal_parts + looked_after_elsewhere(token_of(read)):
        start = message.index(part)
        others -= set(range(start, start + len(part)))
    unnoticed = []
    for place in others:
        changed = bytearray(message)
        changed[place] ^= 1 << place % 8
        # A bit that hides a list or an attribute from the check is noticed by the note.
        if is_exact(bytes(changed)) and unsigned_in(bytes(changed)) == unsigned_in(message):
            unnoticed.append(place)
    assert len(others) > 200
    assert unnoticed == []


def with_bit_changed(pdf: bytes, part: bytes, place: int) -> bytes:
    """The file with the lowest bit of one byte in a part of its seal changed."""
    at = signature_place(pdf).start + 1 + 2 * (cms_of(pdf).index(part) + place)
    return pdf[:at] + bytes([int(pdf[at : at + 2], 16) ^ 1]).hex().upper().encode() + pdf[at + 2 :]


@pytest.mark.parametrize("name", UNSIGNED)
def test_a_changed_bit_of_what_is_signed_is_noticed(desk: Desk, name: str) -> None:
    pdf = stamped(name)
    token = token_of(cms.ContentInfo.load(cms_of(pdf)))
    for part in (
        token["content"]["encap_content_info"]["content"].contents,
        signer_of(token)["signed_attrs"].contents,
        signer_of(token)["signature"].native,
    ):
        code, values = found(desk, with_bit_changed(pdf, part, len(part) // 2))
        assert code != 0
        assert values.get("seal", {}).get("time", {}).get("proof") != "proven"


@pytest.mark.parametrize("name", UNSIGNED)
def test_a_changed_bit_of_what_nobody_signed_changes_no_verdict(desk: Desk, name: str) -> None:
    pdf = stamped(name)
    token = token_of(cms.ContentInfo.load(cms_of(pdf)))
    part = token["content"]["crls"].contents or signer_of(token)["unsigned_attrs"].contents
    code, values = found(desk, with_bit_changed(pdf, part, len(part) - 1))
    assert (code, values["seal"]["time"]["proof"]) == (0, "proven")
    assert values["seal"]["notes"] == list(UNSIGNED[name][1])


def wrong_version(token: cms.ContentInfo) -> None:
    token["content"]["version"] = "v4"


def another_digest(token: cms.ContentInfo) -> None:
    token["content"]["digest_algorithms"].append({"algorithm": "sha384"})


def no_lists_in_their_place(token: cms.ContentInfo) -> None:
    token["content"]["crls"] = []


def no_attributes_in_their_place(token: cms.ContentInfo) -> None:
    signer_of(token)["unsigned_attrs"] = []


@pytest.mark.parametrize(
    "change", [wrong_version, another_digest, no_lists_in_their_place, no_attributes_in_their_place]
)
def test_what_a_time_stamp_holds_besides_is_refused(change: Callable[[cms.ContentInfo], None]) -> None:
    question = Question(b"signature")
    answer = tsp.TimeStampResp.load(UNSIGNED["all of it"][0].answer(question.written()))
    change(answer["time_stamp_token"])
    with pytest.raises(NoStampError) as refusal:
        question.token_in(answer.dump(force=True))
    assert refusal.value.reason == "not_exact"


def test_a_length_that_ends_like_an_indefinite_one_holds_nothing_up(desk: Desk) -> None:
    """asn1crypto takes the length 0x0780 for an indefinite one: writing such a token anew took it minutes."""
    for more in range(2, 258):
        question = Question(sealed().signature.value)
        shape = Shape(attributes=("1.2.3.4",), attribute_size=more)
        token = tsp.TimeStampResp.load(shape.answer(question.written()))["time_stamp_token"]
        signed = bytes(token["content"].contents)
        if len(signed) & 0xFF in {0x80, 0x81, 0x82, 0x7F, 0x7E}:
            began = time.process_time()
            receipt = sealed().with_token(question.token_in(shape.answer(question.written())).content)
            assert found(desk, receipt)[0] == 0
            assert time.process_time() - began < 3


@pytest.mark.parametrize("whole", ["the seal", "the time stamp"])
def test_a_whole_length_that_ends_like_an_indefinite_one_holds_nothing_up(desk: Desk, whole: str) -> None:
    """One receipt in 256 has such a length, and was said to take too long: with lists in its stamp for minutes."""
    shape, size = EVERY["all of it"][0], 2
    for _ in range(20):
        question = Question(sealed().signature.value)
        began = time.process_time()
        token = question.token_in(replace(shape, attribute_size=size).answer(question.written())).content
        receipt = sealed().with_token(token)
        message = token if whole == "the time stamp" else cms_of(receipt)
        _, _, _, header, contents, _ = parse(message)
        # the question's number has a byte more or less
        if header.endswith(b"\x80"):
            assert found(desk, receipt)[0] == 0
            assert time.process_time() - began < 3
            return
        size += (0x80 - len(contents)) % 256
    raise AssertionError("no such length was found")


def test_a_time_stamp_without_certificates_is_refused_whatever_else_it_holds() -> None:
    question = Question(b"signature")
    answer = tsp.TimeStampResp.load(Shape(lists=1).answer(question.written()))
    answer["time_stamp_token"]["content"]["certificates"] = None
    with pytest.raises(NoStampError) as refusal:
        question.token_in(answer.dump(force=True))
    assert refusal.value.reason == "not_certified"


def test_a_shape_is_exact_by_itself() -> None:
    question = Question(b"signature")
    for shape, _ in EVERY.values():
        token = tsp.TimeStampResp.load(shape.answer(question.written()))["time_stamp_token"].dump()
        assert is_exact_time_stamp(token)
        assert not is_exact_time_stamp(token + b"\0")
