"""Seal and time stamp bring little of pyHanko, and leave the rest of it whole for whoever wants it."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from render_receipt.pades import Seal
from tests.support.inspection.fresh_process import brought_by
from tests.support.samples.receipt_cases import FRENCH, made
from tests.support.signed.authorities import long_lasting

KEY = ec.generate_private_key(ec.SECP256R1())


def sealed() -> bytes:
    seal = Seal(lambda message: KEY.sign(message, ec.ECDSA(hashes.SHA256())), long_lasting(KEY.public_key()))
    return seal.seal(made(FRENCH), datetime.now(UTC))


def test_a_seal_comes_without_what_it_never_uses() -> None:
    brought = brought_by("import render_receipt.pades", "list(sys.modules)")
    assert "pyhanko.sign.signers.cms_embedder" in brought
    assert not {"aiohttp", "pyhanko.sign", "pyhanko.sign.validation", "pyhanko.sign.signers.pdf_signer"} & set(brought)
    assert not {"pyhanko_certvalidator", "pyhanko_certvalidator.validate", "pyhanko_certvalidator.context"} & set(
        brought
    )


def test_a_time_stamp_comes_without_it_too() -> None:
    brought = brought_by("import render_receipt.pades", "import mailroom.timestamps.token", "list(sys.modules)")
    assert "pyhanko.sign.validation.generic_cms" in brought
    assert not {"aiohttp", "pyhanko.sign.validation", "pyhanko.sign.validation.pdf_embedded"} & set(brought)


def test_a_sealed_file_is_read_without_it(tmp_path: Path) -> None:
    receipt = tmp_path / "receipt.pdf"
    receipt.write_bytes(sealed())
    brought = brought_by(
        "from mailroom.timestamps.sealed import SealedFile",
        f"file = SealedFile(open({str(receipt)!r}, 'rb').read())",
        "from mailroom.domain import clock",
        "file.signature.require_certified(clock.now())",
        "assert file.signature.value and not file.signature.is_stamped",
        "list(sys.modules)",
    )
    assert not {"aiohttp", "pyhanko.sign", "pyhanko.sign.validation"} & set(brought)


def test_whoever_comes_later_has_all_of_it() -> None:
    lines = ("import render_receipt.pades", "from pyhanko.sign import PdfSigner, timestamps", "PdfSigner.__name__")
    assert brought_by(*lines) == "PdfSigner"
    assert brought_by(*lines[:2], "timestamps.HTTPTimeStamper.__name__") == "HTTPTimeStamper"


def test_what_a_module_was_given_of_the_validator_is_the_real_one_when_it_is_used() -> None:
    lines = ("import render_receipt.pades", "api = sys.modules['pyhanko.sign.timestamps.api']")
    given = "api.CertificateValidator"
    assert brought_by(*lines, f"isinstance(7, {given})") is False
    assert brought_by(*lines, f"{given}.async_validate_path.__qualname__") == "CertificateValidator.async_validate_path"


def test_what_is_there_already_is_taken() -> None:
    lines = ("import pyhanko.sign as before", "import render_receipt.pades", "import pyhanko.sign as after")
    assert brought_by(*lines, "before is after")


def test_without_pyhanko_it_says_so() -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        brought_by(
            "sys.path = [one for one in sys.path if 'site-packages' not in one]",
            "import mailroom.signatures.side_door as d",
            "d.side_door().__enter__()",
        )
    assert "No module named 'pyhanko'" in failed.value.stderr
