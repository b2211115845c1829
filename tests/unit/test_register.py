"""Register numbers are read back as they were printed; as they are typed: `test_typed_forms`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroom.domain.register_number import Number, parse_number

codes = st.from_regex(r"[A-Z0-9]([A-Z0-9-]{0,30}[A-Z0-9])?", fullmatch=True)
numbers = st.builds(
    Number, codes, st.integers(min_value=1000, max_value=9999), st.integers(min_value=1, max_value=999_999_999)
)


@given(numbers)
def test_a_printed_number_is_read_back(number: Number) -> None:
    assert parse_number(str(number)) == number


@given(st.text(max_size=40))
def test_whatever_is_read_prints_as_it_was(text: str) -> None:
    number = parse_number(text)
    assert number is None or str(number) == text


def test_the_rank_has_six_digits_and_more_when_it_needs_them() -> None:
    assert str(Number("ANAM", 2026, 1)) == "ANAM-2026-000001"
    assert str(Number("ANAM", 2026, 1_234_567)) == "ANAM-2026-1234567"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ANAM",
        "ANAM-2026",
        "ANAM-2026-1",
        "ANAM-2026-000000",
        "ANAM-2026-0000001",
        "ANAM-26-000001",
        "-2026-000001",
        "-A-2026-000001",
        "ANAM-2026-٠٠٠٠٠١",
        "ANAM 2026 000001",
        "anam-2026-000001",
        " ANAM-2026-000001",
        "ANAM-2026-000001-5",
    ],
)
def test_anything_else_is_no_number(text: str) -> None:
    assert parse_number(text) is None
