"""How a line of text is set: its order, its width, and what a stranger may put in it."""

import unicodedata
from collections import Counter

import pytest
from bidi import get_display  # type: ignore[import-untyped]
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bidirectional.direction import is_right_to_left
from render_receipt.untrusted import EMPTY, MARKS_PER_LETTER, clean
from tests.support.inspection.fresh_process import brought_by
from tests.support.samples.receipt_cases import FAMILY, ZALGO
from typeset.fonts import Typeface, load
from typeset.lines import wrap
from typeset.shaping import holds_unprintable, shape

FACES = load()
CONTROLS = "\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
LETTERS = "aZé1٢9لابمـتﷺﷲכⵣЖ中🙂()[]«»/-.,:+% \u0301\u064f\u0651"
typed_texts = st.one_of(
    st.text(max_size=255),
    st.text(alphabet=CONTROLS + LETTERS, max_size=255),
    st.text(alphabet=st.characters(min_codepoint=0xD800, max_codepoint=0xDFFF), max_size=20),
)

MIXED = [
    "طلب رخصة رقم 45/2025",
    "Demande طلب رخصة رقم 45/2025 du 3 mars",
    "المادة 12 (الفقرة ب) من القانون",
    "رسالة من شركة SARL ATLAS بتاريخ 2025",
    "abc אבג 123 def",
    "« طلب » [نسخة] {1}",
    "100% مجانا",
    "الهاتف: 0612345678؛ البريد: a.b@c.ma",
    "١٢٣ و 456",
]


def visual(text: str) -> str:
    """Read a text off the page from left to right, brackets as they were typed."""
    right_to_left = is_right_to_left(text)
    (line,) = wrap(text, FACES.regular, 10**9, right_to_left=right_to_left, at_most=1)
    return "".join(cluster.text[::-1] if cluster.level % 2 else cluster.text for cluster in line.clusters)


@pytest.mark.parametrize("text", MIXED)
def test_a_line_stands_in_the_order_another_implementation_of_uax_9_gives(text: str) -> None:
    base = "R" if is_right_to_left(text) else "L"
    assert visual(text) == get_display(text, base_dir=base)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("القانون رقم 55-19", "55-19 مقر نوناقلا"),
        ("الهاتف 06 12 34 56 78 صباحا", "احابص 06 12 34 56 78 فتاهلا"),
        ("من الخارج +212612345678", "+212612345678 جراخلا نم"),
        ("بتاريخ 2026-11-03 صباحا", "احابص 2026-11-03 خيراتب"),
        ("شهادة السكنى رقم 12.pdf", "12.pdf مقر ىنكسلا ةداهش"),
        ("طلب، loi 55-19", "loi 55-19 ،بلط"),
    ],
)
def test_codes_dates_and_telephone_numbers_are_not_turned_round_in_arabic(text: str, expected: str) -> None:
    assert visual(clean(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\u202efdp.exe\u202c", "fdp.exe"),
        ("a\u2067\u2067b\u2069\u2066c", "abc"),
        (f"f {FAMILY}", "f 👨👩👧"),
        ("tab\tand  no\nline \u3000", "tab and no line"),
        ("e\u0301te\u0301", "été"),
        ("هـ\u200d", "هـ\u200d"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("half \ud83d of a pair", "half \ufffd of a pair"),
        (" \u200b\u202e\t\n ", EMPTY),
        ("", EMPTY),
    ],
)
def test_what_is_invisible_or_turns_the_text_round_is_left_out(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_no_letter_carries_more_marks_than_a_language_needs() -> None:
    marks = [char for char in clean(f"z{ZALGO}algo") if unicodedata.category(char) == "Mn"]
    assert len(marks) == MARKS_PER_LETTER


def test_vowel_signs_of_arabic_are_kept() -> None:
    assert clean("مُحَمَّدٌ") == unicodedata.normalize("NFC", "مُحَمَّدٌ")


@pytest.mark.parametrize(
    "name",
    [
        "王伟",
        "やまだ花子",
        "김민수",
        "Олександр",
        "Γιώργος",
        "יוסף",
        "राजेश कुमार",
        "রহিম",
        "நடராஜன்",
        "สมชาย",
        "አበበ",
        "Հայկ",
        "გიორგი",
        "ܝܘܣܦ",
        "ހަސަން",
        "ߡߊߡߊߘߎ",
        "𞤆𞤵𞤤𞤢𞤪",
        "ꕙꔤ",
        "ⵎⵓⵃⴰ",
        "پښتو ڭ ڤ ڕ ۆ ێ",
        "Nguyễn",
        "🙂👍🏽✔",
        "𝐀𝟏",
    ],
)
def test_names_in_other_scripts_are_printed_in_a_font_that_has_them(name: str) -> None:
    assert not holds_unprintable(clean(name), FACES.strong)
    clusters = shape(clean(name), FACES.strong, right_to_left=is_right_to_left(name))
    assert all(glyph.gid for cluster in clusters for glyph in cluster.glyphs if not cluster.text.isspace())
    assert "".join(cluster.text for cluster in clusters) == clean(name)


def test_what_no_font_has_is_shown_by_its_number() -> None:
    assert holds_unprintable("𓀀", FACES.regular)
    (line,) = wrap("نص 𓀀", FACES.regular, 10**6, right_to_left=True, at_most=1)
    assert "".join(cluster.text for cluster in line.clusters) == "[U+13000] صن", "from left to right, in Arabic too"


def test_the_number_of_a_sign_is_not_broken_over_lines() -> None:
    lines = wrap("𓀀" * 20, FACES.regular, 12_000, right_to_left=False, at_most=99)
    assert len({len(line.clusters) for line in lines}) == 1
    assert len(lines[0].clusters) % len("[U+13000]") == 0


def test_fonts_of_other_scripts_are_read_when_the_first_such_name_comes() -> None:
    program = """
import typeset.fonts as fonts
from typeset.shaping import shape
faces = fonts.load()
seen = []
for text in ("نص français 12", "王伟"):
    shape(text, faces.regular, right_to_left=False)
    seen.append(fonts._other_scripts.cache_info().currsize)
"""
    assert brought_by(*program.splitlines(), "seen") == [0, 1]


@pytest.mark.parametrize("typeface", [FACES.regular, FACES.strong, FACES.mono])
@pytest.mark.parametrize("text", ["لا", "ﷲ", "ffi", "نبر", "中", "مَّ", "e\u0336"])
def test_each_character_can_be_copied_exactly_once(text: str, typeface: Typeface) -> None:
    clusters = shape(text, typeface, right_to_left=is_right_to_left(text))
    copied = "".join(glyph.text for cluster in clusters for glyph in cluster.glyphs)
    assert Counter(copied) == Counter(text)


@settings(max_examples=150, deadline=None)
@given(text=typed_texts, width=st.integers(2_000, 40_000))
@example(text="W" * 255, width=10_000)
@example(text="م" * 255, width=10_000)
@example(text="﷽" * 40, width=10_000)
@example(text="ب" + ZALGO, width=2_000)
@example(text="/@00", width=2_000)
def test_whatever_is_typed_no_line_is_wider_than_its_box(text: str, width: int) -> None:
    line = clean(text)
    right_to_left = is_right_to_left(line)
    lines = wrap(line, FACES.strong, width, right_to_left=right_to_left, at_most=1000)
    assert all(row.width <= width or len(row.clusters) == 1 for row in lines)
    # However many marks: what is drawn stays near its line, which is given as much room.
    assert all(-2000 < row.bottom <= row.top < 3000 for row in lines)


@settings(max_examples=150, deadline=None)
@given(text=typed_texts, width=st.integers(2_000, 40_000))
def test_whatever_is_typed_nothing_is_lost_or_moved_to_another_line(text: str, width: int) -> None:
    line = clean(text)
    right_to_left = is_right_to_left(line)
    rows = wrap(line, FACES.regular, width, right_to_left=right_to_left, at_most=1000)
    shaped = shape(line, FACES.regular, right_to_left=right_to_left)
    kept = [cluster.text for cluster in shaped if cluster.text != " "]
    for row in rows:
        here = [cluster.text for cluster in row.clusters if cluster.text != " "]
        assert Counter(here) == Counter(kept[: len(here)])
        del kept[: len(here)]
    assert not kept


def test_a_text_too_long_for_its_lines_says_so() -> None:
    lines = wrap("ab " * 100, FACES.regular, 5000, right_to_left=False, at_most=3)
    assert len(lines) == 3
    assert lines[-1].clusters[-1].text == "…"
    assert lines[-1].width <= 5000


def test_codes_are_not_broken_where_a_hyphen_stands_beside_a_digit() -> None:
    lines = wrap("du SHA-256 au 45/2025", FACES.regular, 4500, right_to_left=False, at_most=9)
    rows = ["".join(cluster.text for cluster in line.clusters) for line in lines]
    assert rows == ["du", "SHA-256", "au", "45/2025"]
