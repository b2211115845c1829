"""The fonts that the pages load have every letter that they are there for."""

from fontTools.ttLib import TTFont

from infra.site import page_fonts, words
from infra.site.places import GENERATED, SITE

NAME = "NotoSansTifinagh-Regular.woff2"


def test_the_amazigh_font_has_the_letters_of_the_reviewed_terms_and_no_others() -> None:
    page_fonts.write_amazigh()
    with TTFont(GENERATED / NAME) as font:
        has = set(font.getBestCmap())
    assert has == {ord(letter) for term in words.amazigh().values() for letter in term}


def test_it_is_a_fraction_of_the_whole_one() -> None:
    page_fonts.write_amazigh()
    assert (GENERATED / NAME).stat().st_size < (SITE / "fonts" / NAME).stat().st_size / 3
