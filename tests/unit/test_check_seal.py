"""The check of a seal: genuine is said of what is, and of nothing else."""

import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms
from pyhanko.pdf_utils.generic import TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from mailroom.check.findings import ReceiptVerdict
from tests.support.signed.receipts_to_check import (
    NOW,
    STAMPED_AT,
    YEAR,
    Desk,
    ours,
    page,
    sealed,
    signature_place,
    stamped,
    stranger,
)


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def found(desk: Desk, receipt: bytes, *, trust: bool = True) -> tuple[int, dict[str, Any]]:
    answer = desk.check(receipt, "--json", trust=trust)
    values: dict[str, Any] = json.loads(answer.text)
    assert values["verdict"] == ReceiptVerdict(answer.code).name.lower()
    return answer.code, values


def test_a_sealed_receipt_is_genuine_for_whoever_trusts_its_authority(desk: Desk) -> None:
    code, values = found(desk, sealed())
    assert code == 0
    seal = values["seal"]
    assert (seal["integrity"], seal["authority"], seal["certificate"]) == ("intact", "trusted", "valid")
    assert "Sceau d'essai" in seal["sealer"]["name"]
    assert seal["time"] == {"at": "2026-11-26T10:00:00.000Z", "proof": "claimed", "authority": None}


def test_without_an_authority_it_says_that_nobody_was_asked(desk: Desk) -> None:
    code, values = found(desk, sealed(), trust=False)
    assert code == 3
    assert (values["seal"]["integrity"], values["seal"]["authority"]) == ("intact", "not_checked")


def test_a_receipt_of_another_environment_is_not_taken_for_ours(desk: Desk) -> None:
    """Its authority bears the same name; only the key is another."""
    code, values = found(desk, sealed(by=stranger()))
    assert code == 4
    assert values["seal"]["integrity"] == "intact"


@pytest.mark.parametrize(("begins", "state"), [(NOW - 3 * YEAR, "expired"), (NOW + timedelta(days=1), "not_yet_valid")])
@pytest.mark.parametrize("trust", [True, False])
def test_a_certificate_out_of_its_time_is_told(desk: Desk, begins: datetime, state: str, *, trust: bool) -> None:
    code, values = found(desk, sealed(begins=begins), trust=trust)
    assert code == 5
    assert values["seal"]["certificate"] == state
    assert values["seal"]["authority"] == ("trusted" if trust else "not_checked")


def test_a_receipt_stays_genuine_when_its_certificate_has_expired_since(desk: Desk) -> None:
    code, values = found(desk, sealed(at=NOW - 9 * YEAR, begins=NOW - 10 * YEAR))
    assert code == 0
    assert values["seal"]["sealer"]["not_after"] < "2020"


def test_a_time_stamp_of_a_trusted_authority_proves_the_time(desk: Desk) -> None:
    code, values = found(desk, stamped(ours()))
    assert code == 0
    assert values["seal"]["time"]["proof"] == "proven"
    assert values["seal"]["time"]["at"] == STAMPED_AT.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert "Horodateur" in values["seal"]["time"]["authority"]


def test_a_time_stamp_of_nobody_we_trust_proves_nothing(desk: Desk) -> None:
    code, values = found(desk, stamped(stranger()))
    assert code == 0
    assert values["seal"]["time"]["proof"] == "unknown_authority"
    assert found(desk, stamped(ours()), trust=False)[1]["seal"]["time"]["proof"] == "not_checked"


def test_content_that_was_appended_is_told(desk: Desk) -> None:
    revision = IncrementalPdfFileWriter(io.BytesIO(sealed()))
    revision.root["/Lang"] = TextStringObject("en")
    revision.update_root()  # type: ignore[no-untyped-call]  # pyHanko left its types out here
    longer = io.BytesIO()
    revision.write(longer)  # type: ignore[no-untyped-call]  # and here
    code, values = found(desk, longer.getvalue())
    assert code == 1
    assert values["seal"]["integrity"] == "added_to"


@pytest.mark.parametrize("junk", [b"\n", b"%", b"\n%%EOF\n", b"\0" * 2000, sealed()[:100]])
def test_one_byte_more_is_one_too_many(desk: Desk, junk: bytes) -> None:
    code, _ = found(desk, sealed() + junk)
    assert code in {ReceiptVerdict.SEAL_INVALID, ReceiptVerdict.NOT_CHECKABLE}


@pytest.mark.parametrize("receipt", [sealed, lambda: stamped(ours())], ids=["sealed", "stamped"])
def test_one_flipped_bit_anywhere_is_noticed(desk: Desk, receipt: Callable[[], bytes]) -> None:
    """In what is signed, and in the signature and its padding, which no signature covers.

    A time stamp whose own certificate is spoilt proves nothing more, and that is told.
    """
    pdf = receipt()
    signature = signature_place(pdf)
    places = [
        *range(0, signature.start, 997),
        *signature[::97],
        *signature[:6],
        *range(signature.stop - 3, len(pdf), 53),
    ]
    whole = found(desk, pdf)[1]["seal"]["time"]
    unnoticed = []
    for place in places:
        changed = bytearray(pdf)
        changed[place] ^= 1 << place % 6
        code, values = found(desk, bytes(changed))
        if code == 0 and values["seal"]["time"] == whole:
            unnoticed.append(place)
    assert len(places) > 80
    assert unnoticed == []


def test_a_changed_page_is_called_changed(desk: Desk) -> None:
    """Whoever reads it knows that the seal is the service's, and the page is not."""
    pdf = sealed()
    for place in range(2000, signature_place(pdf).start, 9001):
        changed = bytearray(pdf)
        changed[place] ^= 1
        assert found(desk, bytes(changed))[1]["seal"]["integrity"] == "changed"


def test_a_changed_signature_is_called_broken(desk: Desk) -> None:
    pdf = sealed()
    place = signature_place(pdf)
    message = cms.ContentInfo.load(bytes.fromhex(pdf[place.start + 1 : place.stop - 1].decode()))
    value = message["content"]["signer_infos"][0]["signature"].native.hex().upper().encode()
    last = pdf.index(value) + len(value) - 1
    changed = pdf[:last] + (b"0" if pdf[last : last + 1] != b"0" else b"1") + pdf[last + 1 :]
    assert found(desk, changed)[1]["seal"]["integrity"] == "broken"


def test_the_signatures_own_place_holds_the_signature_and_nothing_besides(desk: Desk) -> None:
    """A forger could write things where no signature reaches; as a comment, say, in room that padding leaves."""
    pdf = sealed()
    place = signature_place(pdf)
    cut = pdf[: place.stop - 21] + b">" + b" " * 20 + pdf[place.stop :]
    assert len(cut) == len(pdf)
    assert found(desk, cut)[0] == ReceiptVerdict.SEAL_INVALID
    lower = pdf[: place.start] + pdf[place.start : place.stop].lower() + pdf[place.stop :]
    assert found(desk, lower)[0] == ReceiptVerdict.SEAL_INVALID


def test_a_seal_is_asked_for_by_its_name(desk: Desk) -> None:
    answer = desk.check(stamped(ours(), field="Signature1"), "--json")
    assert (answer.code, json.loads(answer.text)["reason"]) == (ReceiptVerdict.NOT_CHECKABLE, "foreign_signature")
    answer = desk.check(page(), "--json")
    assert (answer.code, json.loads(answer.text)["reason"]) == (ReceiptVerdict.NOT_CHECKABLE, "no_seal")
