"""The seal: valid over the entire file, noticed at any change, and never made by a certificate that does not fit."""

from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

import outloud  # type: ignore[import-untyped]
import pytest
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.generic import TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.validation.status import SignatureCoverageLevel

from infra.commands.seal_certificates import Authority
from render_receipt.pades import Seal, SealError
from tests.support.samples.receipt_cases import FRENCH, drawn, made
from tests.support.signed.authorities import authority, checked, long_lasting
from tests.unit.test_receipt_aloud import NOT_HELD

NOW = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
KEY = ec.generate_private_key(ec.SECP256R1())
OTHER = ec.generate_private_key(ec.SECP256R1())

FIVE_MINUTES = timedelta(minutes=5)


def sign(message: bytes) -> bytes:
    """What KMS does."""
    return KEY.sign(message, ec.ECDSA(hashes.SHA256()))


def certified(key: ec.EllipticCurvePrivateKey = KEY, *, begins: datetime, lasts: timedelta) -> bytes:
    return authority().certify(key.public_key(), "Sceau d'essai", begins=begins, lasts=lasts)


@cache
def unsealed() -> bytes:
    return made(FRENCH)


@cache
def sealed() -> bytes:
    return Seal(sign, long_lasting(KEY.public_key())).seal(unsealed(), NOW)


def contents(pdf: bytes) -> range:
    """Where the signature itself stands: the one place that it cannot cover."""
    start = pdf.rindex(b"/Contents <") + len(b"/Contents ")
    return range(start, pdf.index(b">", start) + 1)


def refused(chain: bytes, at: datetime = NOW) -> str:
    with pytest.raises(SealError) as refusal:
        Seal(sign, chain).seal(unsealed(), at)
    return refusal.value.reason


def test_the_seal_is_valid_trusted_and_covers_the_entire_file() -> None:
    status = checked(sealed())
    assert status.bottom_line
    assert status.intact
    assert status.trusted
    assert status.docmdp_ok
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert status.signer_reported_dt == NOW


def test_what_was_drawn_stays_as_it_was_and_the_seal_stands_behind_it() -> None:
    assert sealed().startswith(unsealed())


def test_whoever_holds_the_key_is_sent_a_digest_and_not_the_document() -> None:
    messages: list[bytes] = []

    def overheard(message: bytes) -> bytes:
        messages.append(message)
        return sign(message)

    Seal(overheard, long_lasting(KEY.public_key())).seal(unsealed(), NOW)
    (message,) = messages
    assert len(message) < 300


def test_the_seal_says_in_french_what_it_is_and_whose() -> None:
    said = checked(sealed())
    assert isinstance(said.signing_cert, asn1_x509.Certificate)
    assert said.signing_cert.subject.native["common_name"] == "Sceau d'essai"
    assert b"/Reason (Accus\\351 de r\\351ception scell\\351 par le Bureau d\\220ordre digital)" in sealed()
    assert b"/Location (Maroc)" in sealed()
    assert b"/ContactInfo" not in sealed()


def test_a_root_is_not_in_the_file_for_nobody_may_trust_it_from_there() -> None:
    assert authority().certificate.public_bytes(Encoding.DER).hex().upper().encode() not in sealed()
    stranger = Authority.make("Autorité d'essai")
    assert not checked(sealed(), only=stranger).trusted


def noticed(pdf: bytes) -> bool:
    try:
        return not checked(pdf).bottom_line
    except (PdfError, ValueError, TypeError, KeyError, AttributeError, AssertionError, ArithmeticError):
        return True


def flipped(pdf: bytes, place: int, bit: int) -> bytes:
    changed = bytearray(pdf)
    changed[place] ^= 1 << bit
    return bytes(changed)


def test_one_flipped_bit_anywhere_in_what_is_signed_is_noticed() -> None:
    pdf, unsigned = sealed(), contents(sealed())
    places = [place for place in range(0, len(pdf), 101) if place not in unsigned]
    assert len(places) > 300
    assert [place for place in places if not noticed(flipped(pdf, place, place % 8))] == []


def test_a_flipped_bit_in_the_signature_itself_is_noticed_or_changes_nothing_that_it_says() -> None:
    """No signature covers its own bytes: in its padding, say, one may change, and the file's digest tells."""
    pdf = sealed()
    whole = checked(pdf)
    for place in contents(pdf)[::7]:
        changed = flipped(pdf, place, place % 8)
        if not noticed(changed):
            status = checked(changed)
            assert status.signing_cert.dump() == whole.signing_cert.dump()
            assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE


def test_content_that_is_appended_is_told_as_such() -> None:
    revision = IncrementalPdfFileWriter(BytesIO(sealed()))
    revision.root["/Lang"] = TextStringObject("en")
    revision.update_root()  # type: ignore[no-untyped-call]  # pyHanko left its types out here
    longer = BytesIO()
    revision.write(longer)  # type: ignore[no-untyped-call]  # and here
    status = checked(longer.getvalue())
    assert status.intact
    assert status.coverage != SignatureCoverageLevel.ENTIRE_FILE
    assert not status.docmdp_ok
    assert not status.bottom_line


def test_a_certificate_of_another_key_seals_nothing() -> None:
    assert refused(long_lasting(OTHER.public_key())) == "certificate_not_of_this_key"


def test_a_certificate_seals_within_its_validity_and_at_no_other_time() -> None:
    chain = certified(begins=NOW - timedelta(days=1), lasts=timedelta(days=2))
    assert Seal(sign, chain).seal(unsealed(), NOW)
    assert refused(chain, NOW - timedelta(days=2)) == "certificate_not_yet_valid"
    assert refused(chain, NOW + timedelta(days=2)) == "certificate_expired"


@pytest.mark.parametrize("wrong_by", [-FIVE_MINUTES, FIVE_MINUTES])
def test_a_clock_five_minutes_off_makes_no_seal_outside_the_validity(wrong_by: timedelta) -> None:
    """Whatever the true time is when a seal is made at the edges, the certificate is valid then."""
    begins, ends = NOW, NOW + timedelta(hours=1)
    seal = Seal(sign, certified(begins=begins, lasts=ends - begins))
    minutes = [begins + timedelta(minutes=minute) for minute in range(-15, 76)]
    made = [true for true in minutes if _seals(seal, true + wrong_by)]
    assert made
    assert all(begins <= true <= ends for true in made)


def _seals(seal: Seal, at: datetime) -> bool:
    try:
        seal.seal(unsealed(), at)
    except SealError:
        return False
    return True


@pytest.mark.parametrize(
    ("chain", "reason"),
    [
        (b"", "certificate_unreadable"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "certificate_unreadable"),
    ],
)
def test_what_is_no_certificate_is_told_as_such(chain: bytes, reason: str) -> None:
    assert refused(chain) == reason


def test_an_intermediate_authority_is_in_the_file_so_that_the_root_is_all_one_needs() -> None:
    root = Authority.make("Racine d'essai")
    below = Authority.make("Intermédiaire d'essai", under=root)
    chain = below.certify(KEY.public_key(), "Sceau d'essai") + root.certificate.public_bytes(Encoding.PEM)
    pdf = Seal(sign, chain).seal(unsealed(), datetime.now(UTC))
    assert checked(pdf, only=root).bottom_line


def test_room_is_left_for_a_time_stamp_where_one_is_wanted() -> None:
    chain = long_lasting(KEY.public_key())  # one for both: certificates are not all of one length
    narrow, roomy = (Seal(sign, chain, room=room).seal(unsealed(), NOW) for room in (0, 10_000))
    assert len(roomy) - len(narrow) == 20_000
    assert checked(roomy).bottom_line


@pytest.mark.parametrize("name", ["french", "arabic", "twenty"])
def test_a_sealed_receipt_is_read_aloud_as_before_and_the_seal_has_its_name(name: str, tmp_path: Path) -> None:
    """PDF/UA-1 asks a field for a name and a place in what is read, on whichever page it lies, seen or not."""
    file = tmp_path / "receipt.pdf"
    file.write_bytes(Seal(sign, long_lasting(KEY.public_key())).seal(drawn(name), NOW))
    result = outloud.check(str(file), skip=NOT_HELD)
    assert result.error is None
    assert [finding.message for finding in result.findings if finding.severity == "error"] == []
    status = checked(file.read_bytes())
    assert (status.valid, status.intact) == (True, True)
