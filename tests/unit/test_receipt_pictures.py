"""The receipt's pages look as they did when somebody last looked at them."""

from dataclasses import replace

import pytest
from PIL import Image, ImageChops

from tests.support.samples.receipt_cases import CASES, HERE, PICTURE, drawn, golden, made, pages, picture

TOLERATED = 0.00005
"""The part of a page's points that may differ: 25 of them, less than one letter."""
VISIBLE = 48
"""How much lighter or darker, of 255, a point must be to count as changed."""


@pytest.mark.parametrize("name", [*CASES, "slip"])
def test_pages_look_as_their_pictures(name: str) -> None:
    sheets = list(pages(drawn(name)))
    assert len(sheets) == len(list(HERE.glob(f"receipt-{name}-*.png")))
    for number, sheet in enumerate(sheets, start=1):
        with Image.open(golden(name, number)) as kept:
            assert changed(sheet, kept) < TOLERATED


def test_the_readme_shows_the_receipt_as_it_is() -> None:
    with Image.open(PICTURE) as kept:
        assert changed(picture(), kept) < TOLERATED
    assert PICTURE.stat().st_size < 200_000


def changed(one: Image.Image, other: Image.Image) -> float:
    """Say which part of a page's points has visibly changed."""
    assert one.size == other.size
    histogram = ImageChops.difference(one.convert("L"), other.convert("L")).histogram()
    return sum(histogram[VISIBLE:]) / (one.width * one.height)


def test_an_altered_word_is_seen() -> None:
    altered = replace(CASES["french"], number="ANAM-2027-000001")
    one, other = (next(pages(made(record))) for record in (CASES["french"], altered))
    assert changed(one, other) > TOLERATED
