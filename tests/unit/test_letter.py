"""Letters are kept as typed; the ending and the type of an announced file agree (names: `test_typed_forms`)."""

import hashlib
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mailroom.domain.announcement import Announcement
from mailroom.domain.letter import MEDIA_TYPES, Letter
from mailroom.storage.object_keys import disposition
from tests.support.samples.typed_forms import NOTHING

LETTER: dict[str, Any] = {
    "kind": "request",
    "subject": "Objet",
    "body": "Texte",
    "reference": "R",
    "dated": "2026-11-20",
}
FILE: dict[str, Any] = {"file_name": "plan.pdf", "media_type": "application/pdf", "size": 1, "sha256": "a" * 64}


def errors_of(model: type[Letter | Announcement], values: dict[str, Any]) -> dict[str, str]:
    try:
        model.model_validate(values)
    except ValidationError as refusal:
        return {str(error["loc"][0]): error["type"] for error in refusal.errors()}
    return {}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", "x" * 255),
        ("subject", "a \u202e b"),
        ("body", ""),
        ("body", "😀" * 20_000),
        ("reference", None),
        ("reference", "r" * 64),
        ("dated", None),
        ("dated", "2024-02-29"),
    ],
)
def test_letters_are_taken_up_to_their_limits(field: str, value: str | None) -> None:
    assert getattr(Letter.model_validate(LETTER | {field: value}), field) == value


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "love"),
        ("kind", "Request"),
        ("subject", ""),
        ("subject", "x" * 256),
        ("subject", 5),
        ("body", "x" * 20_001),
        ("body", None),
        ("reference", "r" * 65),
        ("dated", "2026-02-30"),
        ("dated", "20261120"),
        ("dated", "2026-W01-1"),
        ("dated", "20/11/2026"),
        ("extra", 1),
    ],
)
def test_letters_past_their_limits_are_refused(field: str, value: object) -> None:
    assert list(errors_of(Letter, LETTER | {field: value})) == [field]


@pytest.mark.parametrize("nothing", NOTHING)
@pytest.mark.parametrize("field", ["reference", "dated"])
def test_optional_fields_left_empty_are_absent(field: str, nothing: object) -> None:
    empty = Letter.model_validate(LETTER | {field: nothing})
    left_out = Letter.model_validate({name: value for name, value in LETTER.items() if name != field})
    assert empty == left_out
    assert getattr(empty, field) is None


@pytest.mark.parametrize("old", ["\v", "\f", "\x85"])
def test_old_line_breaks_in_a_body_are_line_breaks_and_all_else_stays(old: str) -> None:
    typed = f" e\u0301\u200f{old}٤٥ –\t\r\n"
    assert Letter.model_validate(LETTER | {"body": typed}).body == typed.replace(old, "\n")


def test_the_letters_digest_is_taken_over_its_canonical_json() -> None:
    letter = Letter.model_validate(LETTER)
    assert letter.sha256 == hashlib.sha256(rfc8785.dumps(dict(reversed(list(LETTER.items()))))).hexdigest()


@pytest.mark.parametrize(
    "change",
    [{"kind": "other"}, {"subject": "objet"}, {"body": "Texte "}, {"reference": None}, {"dated": "2026-11-21"}],
)
def test_the_letters_digest_changes_with_every_field(change: dict[str, Any]) -> None:
    assert Letter.model_validate(LETTER | change).sha256 != Letter.model_validate(LETTER).sha256


@pytest.mark.parametrize(("ending", "media_type"), MEDIA_TYPES.items())
def test_each_ending_is_taken_with_its_own_type_and_no_other(ending: str, media_type: str) -> None:
    assert errors_of(Announcement, FILE | {"file_name": f"ملف.{ending.upper()}", "media_type": media_type}) == {}
    other = "application/pdf" if media_type != "application/pdf" else "image/png"
    wrong = errors_of(Announcement, FILE | {"file_name": f"a.{ending}", "media_type": other})
    assert wrong == {"media_type": "media_type_disagrees"}


@pytest.mark.parametrize("size", [0, -1, 1.0, True, "5", None])
def test_a_size_is_a_whole_number_of_at_least_one_byte(size: object) -> None:
    assert list(errors_of(Announcement, FILE | {"size": size})) == ["size"]


@pytest.mark.parametrize("sha256", ["", "a" * 63, "a" * 65, "g" * 64, "a" * 64 + "\n", "é" * 64, 5])
def test_a_digest_is_sixty_four_hexadecimal_digits(sha256: object) -> None:
    assert list(errors_of(Announcement, FILE | {"sha256": sha256})) == ["sha256"]


def test_a_digest_is_stored_in_small_letters() -> None:
    assert Announcement.model_validate(FILE | {"sha256": "AB" * 32}).sha256 == "ab" * 32


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=145))
def test_the_header_that_names_a_file_fits_storage_and_breaks_nothing(stem: str) -> None:
    """S3 takes 2 KB of system metadata, of which the longest media type takes 83 bytes."""
    header = disposition(f"{stem}.docx")
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert len("Content-Disposition") + len(header) + 83 <= 2048
