"""What people type is understood, kind by kind: the tables of `tests.support.samples.typed_forms`."""

import unicodedata
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from mailroom.domain.announcement import Announcement
from mailroom.domain.letter import MEDIA_TYPES, Day
from mailroom.domain.register_number import Number, parse_number, same_code, typed_numbers
from mailroom.fields.email_address import Email
from mailroom.fields.identifiers import Ice, NationalId
from mailroom.fields.telephone import Phone
from mailroom.fields.text import Name, Typed
from mailroom.fields.typed import plain, trimmed
from mailroom.mails.tokens import as_printed
from tests.support.samples import typed_forms as forms

KINDS: dict[str, tuple[Any, dict[str, str], list[str]]] = {
    "e-mail": (Email, forms.EMAILS, forms.NO_EMAILS),
    "telephone": (Phone, forms.PHONES, forms.NO_PHONES),
    "ICE": (Ice, forms.ICES, forms.NO_ICES),
    "CNIE": (NationalId, forms.NATIONAL_IDS, forms.NO_NATIONAL_IDS),
    "day": (Day, forms.DAYS, forms.NO_DAYS),
    "number of another register": (Typed, forms.FREE_NUMBERS, ["", " ", forms.RLM]),
    "name": (Name, forms.NAMES, ["", " ", forms.RLM]),
}
UNDERSTOOD = [(kind, typed, meant) for kind, (_, table, _) in KINDS.items() for typed, meant in table.items()]
REFUSED = [(kind, typed) for kind, (_, _, refused) in KINDS.items() for typed in refused]


@pytest.mark.parametrize(("kind", "typed", "meant"), UNDERSTOOD)
def test_each_kind_of_field_understands_what_people_type(kind: str, typed: str, meant: str) -> None:
    adapter: TypeAdapter[str] = TypeAdapter(KINDS[kind][0])
    assert adapter.validate_python(typed, strict=True) == meant
    assert adapter.validate_python(meant, strict=True) == meant


@pytest.mark.parametrize(("kind", "typed"), REFUSED)
def test_each_kind_of_field_refuses_what_it_is_not(kind: str, typed: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(KINDS[kind][0]).validate_python(typed, strict=True)


MARKS = [
    *"\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad\u061c"
]


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: f"U+{ord(mark):04X}")
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in {"name", "number of another register"}])
def test_no_field_is_stricter_than_another_about_marks_that_nobody_sees(kind: str, mark: str) -> None:
    """At the ends and between any two characters, in every field with one right form."""
    field, table, _ = KINDS[kind]
    meant = next(iter(table.values()))
    typed = mark + mark.join(meant) + mark
    assert TypeAdapter(field).validate_python(typed, strict=True) == meant


def test_no_field_is_stricter_than_another_about_blanks_at_the_ends() -> None:
    blanks = [chr(point) for point in range(0x10000) if unicodedata.category(chr(point)) == "Zs"]
    for field, table, _ in KINDS.values():
        meant = next(iter(table.values()))
        adapter = TypeAdapter(field)
        assert {adapter.validate_python(f"{blank}{meant}{blank}", strict=True) for blank in blanks} == {meant}


@pytest.mark.parametrize(("typed", "meant"), forms.CODES.items())
def test_codes_are_read_as_people_type_them(typed: str, meant: str) -> None:
    assert as_printed(typed) == meant


@pytest.mark.parametrize(("typed", "meant"), forms.NUMBERS.items())
def test_register_numbers_are_read_as_people_type_them(typed: str, meant: str) -> None:
    assert str(typed_numbers(typed)[0]) == meant


@pytest.mark.parametrize("typed", [*forms.NO_NUMBERS, "A" * 100_000, "-" * 100_000, "2" * 100_000])
def test_anything_else_is_no_register_number(typed: str) -> None:
    assert typed_numbers(typed) == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("A--B-2026-000001", "A--B-2026-000001"),
        ("oil-2026-1", "OIL-2026-000001"),
        ("OIL2026000001", "OIL-2026-000001"),
        ("CR7 2026 1", "CR7-2026-000001"),
        ("CR72026000001", "CR7-2026-000001"),
        ("A-2026-2026-1", "A-2026-2026-000001"),
        ("mae ccme 2026 12", "MAE-CCME-2026-000012"),
    ],
)
def test_a_code_may_hold_hyphens_digits_and_letters_that_are_misread(typed: str, meant: str) -> None:
    assert meant in {str(number) for number in typed_numbers(typed)}


@pytest.mark.parametrize(
    ("typed", "code", "same"),
    [
        ("ANAM", "ANAM", True),
        ("MAECCME", "MAE-CCME", True),
        ("MAE-CCME", "MAECCME", True),
        ("OIL", "0IL", True),
        ("CR-I", "CR1", True),
        ("ANAM", "ANAN", False),
        ("ANAM", "ANAM2", False),
    ],
)
def test_codes_are_the_same_whatever_is_misread_or_left_out(typed: str, code: str, *, same: bool) -> None:
    assert same_code(typed, code) is same


codes = st.from_regex(r"[A-Z0-9]([A-Z0-9-]{0,30}[A-Z0-9])?", fullmatch=True)
numbers = st.builds(
    Number, codes, st.integers(min_value=1000, max_value=9999), st.integers(min_value=1, max_value=999_999_999)
)


@given(numbers, st.sampled_from(["-", " ", "–", "\u00a0"]), st.booleans())
def test_a_printed_number_is_found_however_it_is_written(number: Number, separator: str, short: bool) -> None:
    assert typed_numbers(str(number))[0] == number
    rank = str(number.rank) if short else f"{number.rank:06d}"
    typed = separator.join([number.code.lower(), str(number.year), rank])
    assert any(reading.may_be(number) for reading in typed_numbers(f" {typed} "))


@given(st.text(max_size=60))
@example("/\x1f0")
@example("\u06db\u0611\u0601\ufe2c")
def test_whatever_is_typed_is_read_or_not_and_never_fails(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert trimmed(trimmed(text)) == trimmed(text)
    assert as_printed(as_printed(text)) == as_printed(text)
    for number in typed_numbers(text):
        assert parse_number(str(number)) == number


FILE: dict[str, Any] = {"file_name": "plan.pdf", "media_type": "application/pdf", "size": 1, "sha256": "a" * 64}


def errors_of(values: dict[str, Any]) -> dict[str, str]:
    try:
        Announcement.model_validate(values)
    except ValidationError as refusal:
        return {str(error["loc"][0]): error["type"] for error in refusal.errors()}
    return {}


@pytest.mark.parametrize(("typed", "meant"), forms.FILE_NAMES.items())
def test_file_names_lose_what_was_added_and_keep_their_letters(typed: str, meant: str) -> None:
    assert Announcement.model_validate(FILE | {"file_name": typed}).file_name == meant


@pytest.mark.parametrize(("typed", "cause"), forms.NO_FILE_NAMES.items())
def test_a_file_name_that_is_refused_is_told_the_cause(typed: str, cause: str) -> None:
    assert errors_of(FILE | {"file_name": typed}) == {"file_name": cause}


@pytest.mark.parametrize(("typed", "ending"), forms.MEDIA_TYPES.items())
def test_media_types_are_compared_as_rfc_9110_has_them(typed: str, ending: str) -> None:
    announced = Announcement.model_validate(FILE | {"file_name": f"a.{ending}", "media_type": typed})
    assert announced.media_type == MEDIA_TYPES[ending]


@pytest.mark.parametrize("typed", forms.UNKNOWN_TYPES)
@pytest.mark.parametrize("ending", MEDIA_TYPES)
def test_an_unknown_media_type_agrees_with_every_ending(ending: str, typed: str) -> None:
    announced = Announcement.model_validate(FILE | {"file_name": f"a.{ending}", "media_type": typed})
    assert announced.media_type == MEDIA_TYPES[ending]


@pytest.mark.parametrize(("media_type", "ending"), forms.NO_MEDIA_TYPES)
def test_a_media_type_that_disagrees_is_told_the_right_one(media_type: str, ending: str) -> None:
    assert errors_of(FILE | {"file_name": f"a.{ending}", "media_type": media_type}) == {
        "media_type": "media_type_disagrees"
    }
