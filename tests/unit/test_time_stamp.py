"""A time stamp in a seal: it changes no other byte, holds off line, and is put in only if it is what was asked for."""

import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.sign.validation.status import SignatureCoverageLevel

from infra.commands.seal_certificates import Authority
from mailroom.timestamps import exchange
from mailroom.timestamps.authority import TimeStampAuthority
from mailroom.timestamps.exchange import LARGEST_ANSWER, answer_to
from mailroom.timestamps.refusal import CannotBeStampedError, NoStampError
from mailroom.timestamps.sealed import ROOM, SealedFile
from mailroom.timestamps.signature import Signature
from mailroom.timestamps.time_stamp_token import LARGEST_TOKEN, Question
from render_receipt.pades import Seal
from tests.support.samples.receipt_cases import FRENCH, made
from tests.support.signed.authorities import authority, checked, long_lasting
from tests.support.signed.time_stamps import (
    Behaviour,
    at_another_time,
    by_a_seal,
    drips_a_body,
    drips_headers,
    floods,
    forged,
    is_silent,
    of_another_digest,
    of_size,
    refused,
    says,
    says_more_than_it_signs,
    stamper,
    stamps,
    time_stamp_authority,
    with_nonce,
    without_certificate,
)

KEY = ec.generate_private_key(ec.SECP256R1())
DAY = timedelta(days=1)


@cache
def page() -> bytes:
    return made(FRENCH)


def seal(*, room: int = ROOM, chain: bytes | None = None) -> Seal:
    return Seal(
        lambda message: KEY.sign(message, ec.ECDSA(hashes.SHA256())),
        chain or long_lasting(KEY.public_key()),
        room=room,
    )


def sealed(*, room: int = ROOM, chain: bytes | None = None, at: datetime | None = None) -> bytes:
    return seal(room=room, chain=chain).seal(page(), at or datetime.now(UTC))


def stamped(pdf: bytes, make: Callable[[bytes], bytes] = lambda question: stamper().answer(question)) -> bytes:
    file = SealedFile(pdf)
    question = Question(file.signature.value)
    return file.with_token(question.token_in(make(question.written())).content)


def reason_for(make: Callable[[bytes], bytes]) -> str:
    question = Question(b"signature")
    with pytest.raises(NoStampError) as refusal:
        question.token_in(make(question.written()))
    return refusal.value.reason


def test_a_time_stamp_changes_nothing_but_the_seals_own_place() -> None:
    before = sealed()
    after = stamped(before)
    start = before.rindex(b"/Contents <") + len(b"/Contents <")
    end = before.index(b">", start)
    assert len(after) == len(before)
    assert (after[:start], after[end:]) == (before[:start], before[end:])
    assert after[start:end] != before[start:end]
    assert SealedFile(after).signature.is_stamped
    assert not SealedFile(before).signature.is_stamped


def test_a_stamped_seal_is_valid_over_the_entire_file_and_its_time_is_proven(tmp_path: Path) -> None:
    pdf = stamped(sealed())
    status = checked(pdf)
    assert status.bottom_line
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    stamp = status.timestamp_validity
    assert stamp is not None
    assert (stamp.intact, stamp.valid, stamp.trusted) == (True, True, True)
    assert abs(stamp.timestamp - datetime.now(UTC)) < timedelta(minutes=1)
    file = tmp_path / "receipt.pdf"
    file.write_bytes(pdf)
    told = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in told
    assert "Total document signed" in told


def test_a_time_stamp_of_another_seal_is_noticed() -> None:
    """Each seal has a signature of its own: a token can't be carried over from one receipt to the next."""
    file = SealedFile(sealed())
    question = Question(SealedFile(sealed()).signature.value)
    status = checked(file.with_token(question.token_in(stamper().answer(question.written())).content))
    assert status.timestamp_validity is not None
    assert not status.timestamp_validity.intact


def test_the_room_is_enough_for_the_largest_token_that_is_taken() -> None:
    pdf = sealed()
    made_of = [len(SealedFile(pdf).with_token(_token(size))) for size in (3000, 6000, LARGEST_TOKEN)]
    assert made_of == [len(pdf)] * 3
    assert len(_token(LARGEST_TOKEN)) > LARGEST_TOKEN - 600
    assert checked(stamped(pdf, of_size(LARGEST_TOKEN))).bottom_line


def _token(size: int) -> bytes:
    question = Question(b"signature")
    return question.token_in(of_size(size)(question.written())).content


def test_stamped_while_it_is_sealed_or_later_it_is_the_same_file() -> None:
    token = _token(3000)
    bare: list[bytes] = []

    def stamp(signature: bytes) -> bytes:
        bare.append(signature)
        return Signature(signature).with_token(token)

    begun = seal().begin(page(), datetime.now(UTC))
    at_once = begun.finish(stamp(begun.signature))
    written, was = (content.hex().upper().encode() for content in (Signature(bare[0]).with_token(token), bare[0]))
    assert at_once.count(written) == 1
    without = at_once.replace(written, was.ljust(len(written), b"0"))
    assert SealedFile(without).with_token(token) == at_once


def test_every_byte_of_room_that_is_asked_for_is_there() -> None:
    """The attribute around a token and the lengths before it take fewer bytes than are kept free for them."""
    file = SealedFile(sealed())
    filler = tsp.ContentInfo({"content_type": "data", "content": b"x" * (LARGEST_TOKEN - 23)}).dump()
    assert len(filler) == LARGEST_TOKEN
    assert file.with_token(filler)


def test_a_seal_without_room_takes_no_time_stamp() -> None:
    with pytest.raises(CannotBeStampedError, match="no_room"):
        stamped(sealed(room=0))


def test_what_bears_no_seal_takes_no_time_stamp() -> None:
    with pytest.raises(CannotBeStampedError, match="no_seal"):
        SealedFile(page())


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (refused, "refused"),
        (with_nonce(7), "wrong_nonce"),
        (with_nonce(None), "wrong_nonce"),
        (of_another_digest, "wrong_digest"),
        (at_another_time, "wrong_time"),
        (without_certificate, "not_certified"),
        (by_a_seal, "not_certified"),
        (forged, "not_certified"),
        (says_more_than_it_signs, "not_exact"),
        (of_size(LARGEST_TOKEN + 1000), "too_large"),
        (lambda _: b"<html>Bienvenue</html>", "unreadable"),
        (lambda _: b"", "unreadable"),
        (lambda question: question, "unreadable"),
        (lambda question: stamper().answer(question) + b"\0", "unreadable"),
    ],
)
def test_an_answer_that_is_not_a_good_time_stamp_of_the_question_is_refused(
    make: Callable[[bytes], bytes], reason: str
) -> None:
    assert reason_for(make) == reason


def test_an_answer_in_which_bits_were_flipped_says_the_same_or_is_refused() -> None:
    question = Question(b"signature")
    answer = stamper().answer(question.written())
    whole = question.token_in(answer)

    @settings(max_examples=150, deadline=None)
    @given(st.integers(0, len(answer) * 8 - 1))
    def check(bit: int) -> None:
        changed = bytearray(answer)
        changed[bit // 8] ^= 1 << bit % 8
        try:
            token = question.token_in(bytes(changed))
        except NoStampError:
            return
        assert token.at == whole.at

    check()


def test_who_is_behind_a_time_stamp_is_for_whoever_checks_to_judge() -> None:
    stranger = stamper(Authority.make("Autorité inconnue"))
    status = checked(stamped(sealed(), stranger.answer))
    assert status.valid
    assert status.timestamp_validity is not None
    assert status.timestamp_validity.valid
    assert not status.timestamp_validity.trusted


def test_the_authority_is_told_a_digest_and_nothing_else() -> None:
    message = SealedFile(sealed()).signature.value
    asked = tsp.TimeStampReq.load(Question(message).written())
    assert set(asked.native) == {"version", "message_imprint", "req_policy", "nonce", "cert_req", "extensions"}
    assert (asked["req_policy"].native, asked["extensions"].native) == (None, None)
    assert len(asked["message_imprint"]["hashed_message"].native) == 32
    assert message not in Question(message).written()
    assert Question(message).nonce != Question(message).nonce


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> float:
    """Fewer seconds than usual for an exchange."""
    monkeypatch.setattr(exchange, "WHOLE_SECONDS", 0.7)
    return 0.7


@pytest.mark.parametrize(
    ("behaves", "reason"),
    [
        (is_silent, "too_slow"),
        (drips_headers, "too_slow"),
        (drips_a_body, "too_slow"),
        (floods, "too_large"),
        (says(b"x" * (LARGEST_ANSWER + 1)), "too_large"),
        (says(b"busy", 503), "not_ok"),
        (says(b"", 302, Location="http://127.0.0.1:1/"), "not_ok"),
    ],
)
def test_an_authority_that_does_not_answer_as_it_should_is_given_up_in_time(
    impatient: float, behaves: Behaviour, reason: str
) -> None:
    with time_stamp_authority(behaves) as there:
        begun = time.monotonic()
        with pytest.raises(NoStampError, match=reason):
            answer_to(b"question", there.url)
        assert time.monotonic() - begun < impatient + 0.3


def test_a_receipt_waits_at_most_a_second_and_a_half() -> None:
    assert exchange.WHOLE_SECONDS <= 1.5


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/tsr", "https://127.0.0.1:1/tsr", "http://no.such.host.invalid/"])
def test_an_authority_that_is_not_there_is_told_as_such(url: str) -> None:
    with pytest.raises(NoStampError, match=r"unreachable|too_slow"):
        answer_to(b"question", url)


def test_a_name_that_is_looked_up_for_ever_holds_nothing_up(impatient: float, monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(*_arguments: object) -> list[object]:
        time.sleep(2)
        return []

    monkeypatch.setattr("socket.getaddrinfo", look_up)
    begun = time.monotonic()
    with pytest.raises(NoStampError, match="too_slow"):
        answer_to(b"question", "https://tsa.example/tsr")
    assert time.monotonic() - begun < impatient + 0.3


def test_an_authority_that_failed_is_not_asked_again_for_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "WHOLE_SECONDS", 10.0)
    clock = [1000.0]
    monkeypatch.setattr("mailroom.timestamps.authority.time.monotonic", lambda: clock[0])
    signature = SealedFile(sealed()).signature
    with time_stamp_authority(says(b"busy", 503)) as there:
        asked = TimeStampAuthority(there.url)
        for reason in ("not_ok", "resting", "resting"):
            with pytest.raises(NoStampError, match=reason):
                asked.token_for(signature)
        assert len(there.asked) == 1
        clock[0] += 61
        there.behaves = stamps()
        assert asked.token_for(signature).content
        assert asked.token_for(signature).content
        assert len(there.asked) == 3


def test_no_time_stamp_is_asked_for_after_the_certificate_ended() -> None:
    """A certificate is judged at the time of the time stamp, where there is one."""
    begun = datetime.now(UTC) - 10 * DAY
    chain = authority().certify(KEY.public_key(), "Sceau d'essai", begins=begun, lasts=9 * DAY)
    signature = SealedFile(sealed(chain=chain, at=begun + DAY)).signature
    with time_stamp_authority() as there:
        with pytest.raises(CannotBeStampedError, match="outside_certificate"):
            TimeStampAuthority(there.url).token_for(signature)
        assert there.asked == []
