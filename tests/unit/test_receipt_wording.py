"""The receipt's fixed words keep to the rules of their languages and to the service's terms."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from render_receipt import printed_words
from render_receipt.printed_words import Words
from tests.support.inspection.fresh_process import brought_by

AT = datetime(2026, 5, 1, 13, 5, 9, tzinfo=UTC)
SPOKEN = [
    printed_words.copied(AT),
    *printed_words.moment(AT),
    printed_words.numbered("ANAM-2026-000001"),
    printed_words.dated(date(2026, 5, 1)),
    printed_words.page(1, 2),
]


def pairs(value: Any) -> Iterator[Words]:  # noqa: ANN401 - whatever the module holds
    if isinstance(value, Words):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from pairs(item)


ALL = [*SPOKEN, *(words for value in vars(printed_words).values() for words in pairs(value))]
NEVER_FR = r"dossier scellé|dossier joint|\baccusé(?! de réception)|au-dessous|rejeté|tête|qualifié"
NEVER_AR = r"الملف المختوم|الرمز المربع|رمز مربع|إشعار التوصل|المرتفق|السلطة|القائمة|تم رفض|يفصل قبل"


@pytest.mark.parametrize("words", ALL, ids=lambda words: words.fr[:30])
def test_french_has_its_apostrophe_and_no_blank_that_breaks_before_a_sign(words: Words) -> None:
    assert not re.search(r"\w'\w", words.fr)
    assert not re.search(r" [:;?!»]|« ", words.fr)


@pytest.mark.parametrize("words", ALL, ids=lambda words: words.fr[:30])
def test_latin_letters_and_digits_in_arabic_are_isolated(words: Words) -> None:
    outside = re.sub("\u2066[^\u2069]*\u2069", "", words.ar)
    assert not re.search(r"[A-Za-z0-9]", outside)


@pytest.mark.parametrize("words", ALL, ids=lambda words: words.fr[:30])
def test_no_word_is_used_that_the_list_of_terms_forbids(words: Words) -> None:
    assert not re.search(NEVER_FR, words.fr, re.IGNORECASE)
    assert not re.search(NEVER_AR, words.ar)


def test_the_terms_are_those_of_pages_and_messages() -> None:
    assert Words("Déposé le", "تاريخ الإيداع") == printed_words.SUBMITTED_AT
    assert "relevé de dépôt scellé" in printed_words.RECORD.fr
    assert "بيان الإيداع المختوم" in printed_words.RECORD.ar
    assert Words("Bureau d’ordre digital", "مكتب الضبط الرقمي") == printed_words.OFFICE
    assert all("chikaya.ma" in text for text in printed_words.COMPLAINT)


def test_the_words_come_without_the_engine_so_that_the_bench_compares_fairly() -> None:
    """Rivals in the bench say the same words: they are not to pay for fpdf2 and HarfBuzz."""
    modules = brought_by(
        "import render_receipt.printed_words, render_receipt.untrusted, bidirectional.direction",
        "[name for name in sys.modules if name.split('.')[0] in ('fpdf', 'uharfbuzz')]",
    )
    assert modules == []
