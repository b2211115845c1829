"""Why the engine exists: what its README says of fpdf2 is true of the installed version.

Where a test here fails after an upgrade, fpdf2 has learnt it: look whether the engine can do with less.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

import fpdf
import pytest
import uharfbuzz as hb  # type: ignore[import-untyped]
from fpdf import FPDF

import typeset
from tests.support.inspection.drawn_text import copied, from_left
from tests.support.samples.arabic_lines import COPIES, FONTS, NUMBERS, by_fpdf2, by_typeset

_ROOT = Path(__file__).parents[2]
_README = (_ROOT / "layers/receipt/src/typeset/README.md").read_text(encoding="utf-8")
_SUBJECT = "طلب رخصة رقم 45/2025 بتاريخ 03-11-2025 في شأن الملف الصحي " * 4


@pytest.mark.parametrize(("text", "drawn"), NUMBERS.items())
def test_a_number_beside_arabic_stands_on_its_side_and_in_its_order(text: str, drawn: str) -> None:
    assert drawn in from_left(by_typeset(text))
    assert drawn not in from_left(by_fpdf2(text))
    assert f"| number drawn: {text} | **wrong** |" in _README


@pytest.mark.parametrize("text", COPIES)
def test_arabic_is_copied_as_it_was_typed(text: str) -> None:
    assert copied(by_typeset(text)) == text
    assert copied(by_fpdf2(text)) != text
    assert f"| copied: {text} | **wrong** |" in _README


def test_a_paragraph_is_shaped_in_few_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0
    shape = hb.shape

    def counted(*given: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        return shape(*given, **named)

    monkeypatch.setattr(hb, "shape", counted)
    document = FPDF(unit="pt", format="A4")
    document.add_page()
    document.add_font("plex", fname=FONTS / "IBMPlexSansArabic-Regular.ttf")
    document.set_font("plex", size=10)
    document.set_text_shaping(use_shaping_engine=True, direction="rtl")
    document.multi_cell(300, text=_SUBJECT)
    by_fpdf2_itself, calls = calls, 0
    typeset.paragraph(_SUBJECT, typeset.Style(typeset.load().regular, 10), 300)
    assert calls < len(_SUBJECT) / 10
    assert by_fpdf2_itself > 5 * len(_SUBJECT)


def test_the_readme_speaks_of_the_versions_in_use() -> None:
    rivals = (_ROOT / "requirements-bench.txt").read_text(encoding="utf-8")
    (typst,) = re.findall(r"^typst==(\S+)", rivals, re.MULTILINE)
    assert f"| fpdf2 {fpdf.FPDF_VERSION} | typst {typst} |" in _README


def test_the_readme_s_example_sets_a_line() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", _README, re.DOTALL)
    names = vars(typeset) | {"now": datetime(2026, 1, 1, tzinfo=UTC)}
    exec(example, names)  # noqa: S102 - our own
    assert copied(names["pdf"]) == "طلب رخصة رقم 45/2025"
