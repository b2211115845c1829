"""Numbers, codes and addresses stand on the receipt as they were typed, whatever script is around them.

On evidence `500 12` is another amount than `12 500`. What is printed is read back from the PDF, character by
character by its place, and compared with what python-bidi, another implementation of UAX #9, makes of it.
"""

import sys
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

import pypdfium2
import pytest
from bidi import get_display  # type: ignore[import-untyped]
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bidirectional.direction import ISOLATES, is_right_to_left
from bidirectional.number_runs import number_runs
from render_receipt.page import render
from render_receipt.untrusted import clean
from tests.support.samples.receipt_cases import ARABIC, SEALED, attachment
from typeset.fonts import load
from typeset.lines import wrap

FACES = load()

KEPT_WHOLE = [
    # the subject, and each run that reads from left to right in one piece
    ("المبلغ 12 500 درهم", ["12 500"]),
    ("12 500 درهم", ["12 500"]),
    ("المبلغ ١٢ ٥٠٠ درهم", ["١٢ ٥٠٠"]),
    ("مبلغ ۱۲ ۵۰۰ ریال", ["۱۲ ۵۰۰"]),
    ("الهاتف +212 6 12 34 56 78", ["+212 6 12 34 56 78"]),
    ("+212 6 12 34 56 78 هاتفي", ["+212 6 12 34 56 78"]),
    ("هاتف:+212 (0) 6-12-34-56-78", ["+212 (0) 6-12-34-56-78"]),
    ("هاتف (0537) 77 12 34 أو 06.12.34.56.78", ["(0537) 77 12 34", "06.12.34.56.78"]),
    ("حساب 007 780 0001234567890123 45", ["007 780 0001234567890123 45"]),
    ("الحساب MA64 011 519 0000012050005340 23", ["MA64 011 519 0000012050005340 23"]),
    ("في 22/11/2026 و ٢٢/١١/٢٠٢٦ و 2026-11-22", ["22/11/2026", "٢٢/١١/٢٠٢٦", "2026-11-22"]),
    ("من 10-20 يوما، أو 10 – 20", ["10-20", "10 – 20"]),
    ("مبلغ 12.500,50 أو 12,5 أو .5", ["12.500,50", "12,5", ".5"]),
    ("المواد 1, 2, 3 و 4", ["1, 2, 3", "4"]),
    ("مساحة 12\u00a0500\u202f000 متر", ["12\u00a0500 000"]),
    ("الرصيد -12 و −3", ["-12", "−3"]),
    ("خصم 50 % أو 50% أو €12 أو 12 €", ["50 %", "50%", "€12", "12 €"]),
    ("خصم (50 %) أو (12 500 €) من", ["(50 %)", "(12 500 €)"]),
    ("خصم ٥٠٪ لكم", ["٥٠"]),
    ("عمر 18+ ورمز *123# ورقم #12", ["18+", "*123#", "#12"]),
    ("الساعة 10:30 بنسبة 1:2", ["10:30", "1:2"]),
    ("صفحة (12) من (12 درهم)", ["(12)", "12"]),
    ("1) طلب 2) جواب", ["1", "2"]),
    ("المادة 12: 3 فقرات", ["12", "3"]),
    ("رقم 45/2026-REF و B12-34 و A4", ["45/2026-REF", "B12-34", "A4"]),
    ("نسخة 1.2.3-beta4 للبرنامج", ["1.2.3-beta4"]),
    ("القسم ب-12 والمرجع م.ص/117/2026", ["12", "117/2026"]),
    ("البريد a.b2@c.ma أو https://x.ma/a?b=1/ هنا", ["a.b2@c.ma", "https://x.ma/a?b=1/"]),
    ("لغة C++ وملف .env1", ["C++", ".env1"]),
    ("شهادة السكنى رقم 12.pdf", ["12.pdf"]),
    ("رقم 12\u2066 \u2069500 أو \u202e12 500\u202c", ["12 500", "12 500"]),
    ("٥٠٠\u200f ١٢", ["٥٠٠ ١٢"]),
    ("0612345678", ["0612345678"]),
]


@pytest.mark.parametrize(("text", "expected"), KEPT_WHOLE)
def test_a_number_is_found_whole_with_its_signs_and_nothing_of_the_sentence(text: str, expected: list[str]) -> None:
    line = clean(text)
    assert [line[run.start : run.end] for run in number_runs(line)] == expected


ONE_LINE = 31_000
"""A width that a subject's line has, in thousandths of the type size."""
SAME_LINE = 4
"""Points by which the feet of two fonts may differ on one line."""


def lines_seen(pdf: bytes) -> Iterator[str]:
    """Read the first page by the places of its characters, and not in the order a reader of PDF makes of them."""
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    placed = []
    for index in range(text.count_chars()):
        left, low, right, _ = text.get_charbox(index, loose=True)
        char = text.get_text_range(index, 1)
        if right > left and not char.isspace():
            placed.append((low, (left + right) / 2, char))
    while placed:
        highest = max(low for low, _, _ in placed)
        row = sorted((x, char) for low, x, char in placed if highest - low < SAME_LINE)
        placed = [item for item in placed if highest - item[0] >= SAME_LINE]
        yield "".join(char for _, char in row)


@cache
def seen(subject: str, file_name: str = "x.pdf") -> str:
    """Print a receipt with that subject and file, and give what is seen, line by line."""
    record = replace(ARABIC, subject=subject, attachments=(attachment(file_name),))
    pdf = render(record, sealed_record=SEALED)
    return "\n".join(lines_seen(pdf)).translate(SIDELESS)


SIDELESS = str.maketrans("()[]«»", "||||||")
"""pdfium mirrors brackets as it sees fit: where they stand is compared, and not which way they face."""


def without_blanks(text: str) -> str:
    return "".join(text.split()).translate(SIDELESS)


@pytest.mark.parametrize(
    "run",
    [
        "12 500",
        "+212 6 12 34 56 78",
        "007 780 0001234567890123 45",
        "١٢ ٥٠٠",
        "۱۲ ۵۰۰",
        "22/11/2026",
        "2026-11-22",
        "10-20",
        "12,5",
        "50 %",
        "-12",
        "45/2026-REF",
        "MA64 011 519 0000012050005340 23",
        "a.b2@c.ma",
    ],
)
@pytest.mark.parametrize(
    "sentence", ["المبلغ {} درهم", "{}", "حساب {}", "{} درهم", "Somme {} درهم", "درهم النور {} DH"]
)
def test_it_is_printed_in_its_order_before_between_and_behind_arabic_words(run: str, sentence: str) -> None:
    assert without_blanks(run) in seen(sentence.format(run))


@pytest.mark.parametrize("run", ["+212 6 12 34 56 78", "007 780 0001234567890123 45", "١٢ ٥٠٠ ٠٠٠ ٠٠٠", "12 500 %"])
@pytest.mark.parametrize("words", range(1, 9))
@pytest.mark.parametrize("word", ["الهاتف", "téléphone"])
def test_it_is_never_broken_over_two_lines(run: str, words: int, word: str) -> None:
    text = f"{f'{word} ' * words}{run} {word}"
    lines = wrap(text, FACES.strong, 18_000, right_to_left=is_right_to_left(text), at_most=99)
    held = ["".join(cluster.text for cluster in line.clusters) for line in lines]
    assert sum(run in line for line in held) == 1
    assert len(held) > 1 or words < 4


def test_one_that_is_longer_than_a_line_is_broken_between_its_groups_and_keeps_its_order() -> None:
    run = " ".join(f"{number:04}" for number in range(20))
    lines = wrap(f"حساب {run}", FACES.regular, 9_000, right_to_left=True, at_most=99)
    held = ["".join(cluster.text for cluster in line.clusters) for line in lines]
    assert " ".join(held[1:]) == run
    assert all(len(group) == 4 for line in held[1:] for group in line.split())
    assert len(held) > 4


def test_where_a_text_is_cut_short_no_part_of_a_number_is_left() -> None:
    lines = wrap(f"{'كلمة ' * 5}+212 6 12 34 56 78 {'كلمة ' * 9}", FACES.regular, 12_000, right_to_left=True, at_most=2)
    kept = "".join(cluster.text for line in lines for cluster in line.clusters)
    assert "…" in kept
    assert "+212 6 12 34 56 78" in kept or not any(char.isdigit() for char in kept)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Facture 2025 de la société النور SARL", "Facture 2025 de la société رونلا SARL"),
        ("« Facture » النور 12", "« Facture » 12 رونلا"),
        ("12/2026 demande طلب urgente", "12/2026 demande بلط urgente"),
        ("طلب SARL ATLAS 2025", "SARL ATLAS 2025 بلط"),
        ("(نسخة) plan", "plan (ةخسن)"),
    ],
)
def test_the_first_strong_letter_says_which_way_a_subject_runs(subject: str, expected: str) -> None:
    assert without_blanks(expected) in seen(subject)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("plan (نسخة 2).pdf", "plan (2 ةخسن).pdf"),
        ("plan نسخة 2.pdf", "plan ةخسن 2.pdf"),
        ("plan نسخة.pdf", "plan ةخسن.pdf"),
        ("plan النور 2025 (1).jpg", "plan رونلا 2025 (1).jpg"),
        ("شهادة (2).pdf", "(2).pdf ةداهش"),
        ("شهادة [ب].pdf", "pdf.[ب] ةداهش"),
        ("شهادة 12.pdf", "12.pdf ةداهش"),
        ("شهادة.pdf", "pdf.ةداهش"),
        ("تقرير plan.pdf", "plan.pdf ريرقت"),
    ],
)
def test_the_ending_of_a_file_stands_at_the_end_of_its_name(name: str, expected: str) -> None:
    """At the right end where the name begins with Latin letters, at the left end where it begins with Arabic ones."""
    assert without_blanks(expected) in seen("x", name)


@pytest.mark.parametrize(
    ("text", "is_arabic"),
    [
        ("النور SARL", True),
        ("SARL النور", False),
        ("12 500 درهم", True),
        ("« ١٢ » طلب", True),
        ("12 500", False),
        ("\u2066SARL\u2069 النور", True),
        ("(« 12 – النور", True),
        ("", False),
    ],
)
def test_direction_is_that_of_the_first_strong_letter_outside_isolates(text: str, is_arabic: bool) -> None:
    assert is_right_to_left(text) == is_arabic


WORDS = ["النور", "طلب", "في", "SARL", "société", "Ж", "de"]
NUMBERS = [
    "12 500",
    "+212 6 12 34",
    "22/11/2026",
    "10-20",
    "12,5",
    "(05) 37-12",
    "007 780 45",
    "7",
    "1, 2",
    "-3",
    "50 %",
    "2.0\u00a0000",
]
ARABIC_NUMBERS = ["١٢ ٥٠٠", "١٢/٠٥", "٧", "٠٦ ١٢ ٣٤", "٢٫٥"]
CODES = ["REF-45/2026", "45/2026-REF", "a.b1@c.ma", "plan-2.pdf", "B12-34", "MA64 011 519", "#tag", "C++"]
MARKS = ["«", "»", ":", "؛", "(", ")", "،", "!", "—", "[", "]", "«قسم»"]
tokens = st.lists(
    st.one_of(*(st.sampled_from(pool) for pool in (WORDS, NUMBERS, ARABIC_NUMBERS, CODES, MARKS))),
    min_size=1,
    max_size=9,
)


def parted(found: list[str]) -> list[str]:
    """Put a word between two numbers: side by side they would be one."""
    kept: list[str] = []
    for token in found:
        if kept and kept[-1] not in WORDS and token not in WORDS:
            kept.append("و")
        kept.append(token)
    return kept


def expected_of(found: list[str]) -> str:
    """Order a text with python-bidi, where one character stands for each number and each code."""
    stand_ins: Mapping[str, Iterator[str]] = {
        kind: iter(chars)
        for kind, chars in (
            ("EN", "0123456789"),
            ("AN", "٠١٢٣٤٥٦٧٨٩"),
            ("L", "ÀÁÂÃÄÅÆÇÈÉ"),
        )
    }
    whole: dict[str, str] = {}
    short: list[str] = []
    for token in found:
        kind = next(
            (name for name, pool in (("EN", NUMBERS), ("AN", ARABIC_NUMBERS), ("L", CODES)) if token in pool), ""
        )
        char = next(stand_ins[kind]) if kind else token
        if kind:
            whole[char] = token
        short.append(char)
    base = next(
        (direction for char in " ".join(found) if (direction := unicodedata.bidirectional(char)) in {"L", "R", "AL"}),
        "L",
    )
    shown = get_display(" ".join(short), base_dir="L" if base == "L" else "R")
    return "".join(whole.get(char, char) for char in shown)


def drawn(text: str) -> str:
    """Read a line off the page from left to right, brackets as they were typed."""
    (line,) = wrap(text, FACES.regular, 10**9, right_to_left=is_right_to_left(text), at_most=1)
    return "".join(cluster.text[::-1] if cluster.level % 2 else cluster.text for cluster in line.clusters)


@settings(max_examples=400, deadline=None)
@given(found=tokens.map(parted))
@example(found=["النور", "12 500", "SARL"])
@example(found=["SARL", "النور", "٠٦ ١٢ ٣٤", ")", "de"])
@example(found=["طلب", "(", "SARL", "12,5", ")", "في"])
def test_any_mixture_stands_as_another_implementation_of_uax_9_orders_it(found: list[str]) -> None:
    text = clean(" ".join(found))
    assert drawn(text) == clean(expected_of(found))


@settings(max_examples=15, deadline=None)
@given(found=tokens.map(parted))
def test_and_is_printed_so_in_the_file(found: list[str]) -> None:
    """Held to the places of the glyphs on the page, where the text takes one line."""
    text = " ".join(found)
    (line,) = wrap(clean(text), FACES.strong, 10**9, right_to_left=is_right_to_left(text), at_most=1)
    if line.width < ONE_LINE:
        assert without_blanks(expected_of(found)) in seen(text)


@settings(max_examples=1000, deadline=None)
@example(text="(1:)")
@example(text="(:1)")
@example(text="12 (3:)")
@example(text="ب (50 %) ب")
@example(text="ب (٥٠%)")
@example(text="(12 500 €)")
@example(text="(\u03011)")
@example(text="(1)\u0301")
@given(text=st.text(alphabet="12٣۴ab+-.,/()%€*#:@_&=~°ب \u00a0\u2009«\u2066\u2069\u0301", max_size=60))
def test_runs_are_apart_ordered_and_never_begin_or_end_with_a_blank(text: str) -> None:
    line = clean(text)
    end = 0
    for run in number_runs(line):
        piece = line[run.start : run.end]
        assert run.start >= end
        assert piece.strip() == piece
        assert piece.count("(") == piece.count(")")
        assert not any(char in ISOLATES or unicodedata.bidirectional(char) in {"R", "AL"} for char in piece)
        end = run.end


@pytest.mark.parametrize("pump", ["(", "1 ", "1-", "(1", "1) ", "+", "a@", "1 % ", "--1", "(1 ", "1  "])
def test_the_search_takes_time_in_proportion_to_the_text(pump: str) -> None:
    """A sender writes the text: counted in calls, four times the text is about four times the work."""

    def calls(times: int) -> int:
        count = 0

        def note(_frame: object, _event: str, _argument: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(note)
        try:
            number_runs(pump * times + "ب" + str(times))
        finally:
            sys.setprofile(None)
        return count

    assert calls(4000) < 6 * calls(1000)
