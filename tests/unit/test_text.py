"""Texts are kept as they were typed, or refused; names are trimmed; searches see through spelling."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from mailroom.fields.text import Line, Name, Paragraphs, Words, folded, is_arabic, is_blank

LINE, WORDS, PARAGRAPHS, NAME = (TypeAdapter(kind) for kind in (Line, Words, Paragraphs, Name))

ordinary = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])
ordinary_text = st.text(ordinary, max_size=50)


def code_of(adapter: TypeAdapter[str], value: object) -> str | None:
    try:
        adapter.validate_python(value, strict=True)
    except ValidationError as refusal:
        return refusal.errors()[0]["type"]
    return None


@given(ordinary_text)
def test_a_line_is_kept_letter_by_letter(text: str) -> None:
    assert LINE.validate_python(text) == text
    assert PARAGRAPHS.validate_python(f"{text}\r\n\t{text}\n") == f"{text}\r\n\t{text}\n"


@given(ordinary_text, st.sampled_from("\n\r\v\f\x85\u2028\u2029"), ordinary_text)
def test_one_line_fields_refuse_every_line_break(before: str, line_break: str, after: str) -> None:
    for adapter in (LINE, WORDS, NAME):
        assert code_of(adapter, before + line_break + after) == "line_break"


@given(ordinary_text, st.characters(categories=["Cc"], exclude_characters="\n\r\t\v\f\x85"), ordinary_text)
def test_control_characters_are_refused_everywhere(before: str, control: str, after: str) -> None:
    for adapter in (LINE, WORDS, PARAGRAPHS):
        assert code_of(adapter, before + control + after) == "control_character"


def test_a_tab_belongs_in_a_body_and_not_in_a_line() -> None:
    assert code_of(PARAGRAPHS, "a\tb") is None
    assert code_of(LINE, "a\tb") == "control_character"


@given(ordinary_text, st.characters(categories=["Cs"]), ordinary_text)
def test_half_a_character_is_refused_everywhere(before: str, surrogate: str, after: str) -> None:
    for adapter in (LINE, WORDS, PARAGRAPHS, NAME):
        assert code_of(adapter, before + surrogate + after) == "surrogate"


@given(st.text(st.characters(categories=["Zs", "Cf"]), max_size=20))
def test_a_text_of_nothing_but_spaces_and_format_characters_is_blank(text: str) -> None:
    assert is_blank(text)
    assert code_of(WORDS, text) == "blank"


@pytest.mark.parametrize("text", ["\u3164", "\u115f\u1160", "\uffa0 ", "\u2800", "\u200b", "\u00ad", "\ufeff"])
def test_letters_that_nobody_sees_say_nothing(text: str) -> None:
    assert code_of(WORDS, text) == "blank"


@given(
    ordinary_text, st.characters(categories=["L", "N", "P", "S"], exclude_characters="\u115f\u1160\u3164\uffa0\u2800")
)
def test_one_visible_character_is_enough(padding: str, visible: str) -> None:
    assert not is_blank(padding + visible)
    assert code_of(WORDS, padding + visible) is None


@pytest.mark.parametrize("value", [5, 1.5, True, None, [], {}, b"text"])
def test_a_value_of_another_type_is_no_text(value: object) -> None:
    for adapter in (LINE, WORDS, PARAGRAPHS):
        assert code_of(adapter, value) == "string_type"


def test_a_name_has_at_most_two_hundred_characters() -> None:
    assert code_of(NAME, "ب" * 200) is None
    assert code_of(NAME, "ب" * 201) == "too_long"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Évêché", "eveche"),
        ("CŒUR", "coeur"),
        ("Straße", "STRASSE"),
        ("l’assurance", "l'assurance"),
        ("مُحَمَّد", "محمد"),
        ("مـــحمد", "محمد"),
        ("أحمد", "احمد"),
        ("إدارة", "اداره"),
        ("آسفي", "اسفي"),
        ("ٱلرباط", "الرباط"),
        ("مستشفى", "مستشفي"),
        ("مؤسسة", "موسسه"),
        ("هيئة", "هييه"),
        ("سماء", "سما"),
        ("\u200fالرباط\u200e", "الرباط"),
        ("ﻻ", "لا"),
    ],
)
def test_searches_see_through_case_accents_diacritics_and_hamza(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@given(st.text(max_size=30))
def test_folding_does_not_depend_on_the_case_or_on_how_accents_are_stored(text: str) -> None:
    assert folded(unicodedata.normalize("NFC", text)) == folded(unicodedata.normalize("NFD", text))


@given(st.text(st.characters(codec="ascii"), max_size=30))
def test_folding_plain_text_only_lowers_it(text: str) -> None:
    assert folded(text) == text.lower().strip()


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x6FF), max_size=30))
def test_what_was_folded_stays_as_it_is(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_arabic_is_told_by_its_letters() -> None:
    assert is_arabic("Ville de الرباط")
    assert not is_arabic("Rabat — 45/2026 «é»")
