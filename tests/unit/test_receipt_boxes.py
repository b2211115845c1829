"""Nothing on the receipt overlaps or spills, whatever strangers typed."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pypdfium2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from render_receipt import page, sheet
from render_receipt.printed import PrintedReceipt
from render_receipt.sheet import MARGIN
from tests.support.samples.receipt_cases import ARABIC, CASES, COPIED_AT, FRENCH, SEALED, ZALGO, attachment, made
from typeset import PAGE_HEIGHT, PAGE_WIDTH, Colour, Document
from typeset.lines import Line

ROOT = Path(__file__).parents[2]


class Box(NamedTuple):
    """The ink of a line, in points from the top left of its page."""

    page: int
    left: float
    right: float
    top: float
    bottom: float
    text: str


class Traced(Document):
    """A document that remembers where each line was drawn."""

    boxes: list[Box]

    def draw_line(self, line: Line, *, x: float, y: float, size: float, colour: Colour = (0, 0, 0)) -> None:
        scale = size / 1000
        text = "".join(cluster.text for cluster in line.clusters)
        right = x + line.width * scale
        top, bottom = y - line.top * scale, y - line.bottom * scale
        self.boxes.append(Box(self.page, x, right, top, bottom, text))
        super().draw_line(line, x=x, y=y, size=size, colour=colour)


def boxes(record: PrintedReceipt, monkeypatch: pytest.MonkeyPatch) -> list[Box]:
    """Draw a copy of a receipt, which says more than the original, and see where."""
    found: list[Box] = []
    monkeypatch.setattr(Traced, "boxes", found, raising=False)
    monkeypatch.setattr(sheet, "Document", Traced)
    page.render(record, sealed_record=SEALED, copied_at=COPIED_AT)
    return found


def overlapping(found: list[Box]) -> Iterator[tuple[Box, Box]]:
    for one, other in combinations(found, 2):
        apart = (
            one.page != other.page
            or one.right <= other.left + 0.1
            or other.right <= one.left + 0.1
            or one.bottom <= other.top + 0.1
            or other.bottom <= one.top + 0.1
        )
        if not apart:
            yield one, other


def outside(found: list[Box]) -> list[Box]:
    return [
        box
        for box in found
        if box.text != "✂"
        and not (
            box.left >= MARGIN - 0.1
            and box.right <= PAGE_WIDTH - MARGIN + 0.1
            and box.top >= MARGIN / 2
            and box.bottom <= PAGE_HEIGHT - MARGIN / 4
        )
    ]


@pytest.mark.parametrize("record", CASES.values(), ids=CASES)
def test_nothing_overlaps_or_spills(record: PrintedReceipt, monkeypatch: pytest.MonkeyPatch) -> None:
    found = boxes(record, monkeypatch)
    assert not list(overlapping(found))
    assert not outside(found)


hostile = st.one_of(
    st.text(max_size=255),
    st.text(alphabet="\u202e\u2066\u2069\u200dZ\u0301\u0336م\u0651بﷺ﷽W中🙂[( -/7", max_size=255),
)


@settings(max_examples=40, deadline=None)
@given(subject=hostile, name=hostile, file_name=hostile)
@example(subject="﷽" * 255, name="﷽" * 150, file_name="﷽" * 150)
@example(subject="🙂" * 255, name="中" * 150, file_name="W" * 150)
@example(subject=f"Z{ZALGO}" * 20, name=ZALGO, file_name="ب" + "\u0651" * 149)
@example(subject="\u202e" * 255, name=" \t\n", file_name="\u2066" * 150)
@example(subject="\ud83d", name="\udc00", file_name="\udfff.pdf")
def test_whatever_strangers_type_the_page_stays_whole(subject: str, name: str, file_name: str) -> None:
    record = replace(ARABIC, subject=subject, sender_name=name, attachments=(attachment(file_name),))
    with pytest.MonkeyPatch.context() as monkeypatch:
        found = boxes(record, monkeypatch)
    assert not list(overlapping(found))
    assert not outside(found)


def test_glyphs_as_a_viewer_places_them_stay_inside_the_margins() -> None:
    for paper in pypdfium2.PdfDocument(made(CASES["hostile"])):
        text = paper.get_textpage()
        for index in range(text.count_chars()):
            left, _, right, _ = text.get_charbox(index)
            is_drawn = right > left and text.get_text_range(index, 1) not in {"✂", "\r", "\n"}
            assert not is_drawn or (left >= MARGIN - 2 and right <= PAGE_WIDTH - MARGIN + 2)


def test_the_longest_names_of_the_directory_stay_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    with (ROOT / "functions" / "enrol_organisms" / "organisms.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    fr = max((row["name_fr"] for row in rows), key=len)
    ar = max((row["name_ar"] for row in rows), key=len)
    found = boxes(replace(FRENCH, organism_fr=fr, organism_ar=ar), monkeypatch)
    assert not list(overlapping(found))
    assert not any("…" in box.text for box in found)
