"""Seal and time stamp bring little of pyHanko, and leave the rest of it whole for whoever wants it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).parents[2]
_PATH = f"{_ROOT / 'functions'}:{_ROOT / 'layers/mailroom/src'}"


def brought_by(*lines: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """The last line's value, in a process that knows nothing yet."""
    *before, last = lines
    code = "\n".join(["import json, sys", *before, f"print(json.dumps({last}))"])
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env={"PYTHONPATH": _PATH},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_a_seal_comes_without_what_it_never_uses() -> None:
    brought = brought_by("import render_receipt.seal", "list(sys.modules)")
    assert "pyhanko.sign.signers.cms_embedder" in brought
    assert not {"aiohttp", "pyhanko.sign", "pyhanko.sign.validation", "pyhanko.sign.signers.pdf_signer"} & set(brought)


def test_a_time_stamp_comes_without_it_too() -> None:
    brought = brought_by("import render_receipt.seal", "import mailroom.stamp.token", "list(sys.modules)")
    assert "pyhanko.sign.validation.generic_cms" in brought
    assert not {"aiohttp", "pyhanko.sign.validation", "pyhanko.sign.validation.pdf_embedded"} & set(brought)


def test_whoever_comes_later_has_all_of_it() -> None:
    lines = ("import render_receipt.seal", "from pyhanko.sign import PdfSigner, timestamps", "PdfSigner.__name__")
    assert brought_by(*lines) == "PdfSigner"
    assert brought_by(*lines[:2], "timestamps.HTTPTimeStamper.__name__") == "HTTPTimeStamper"


def test_what_is_there_already_is_taken() -> None:
    lines = ("import pyhanko.sign as before", "import render_receipt.seal", "import pyhanko.sign as after")
    assert brought_by(*lines, "before is after")


def test_without_pyhanko_it_says_so() -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        brought_by(
            "sys.path = [one for one in sys.path if 'site-packages' not in one]",
            "import mailroom.side_door as d",
            "d.side_door().__enter__()",
        )
    assert "No module named 'pyhanko'" in failed.value.stderr
