"""Identifiers hold against the cases that every program of the service shares."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from mailroom.fields.email_address import Email
from mailroom.fields.identifiers import Ice, NationalId
from mailroom.fields.telephone import Phone

CASES: dict[str, Any] = json.loads((Path(__file__).parent / "registry-cases.json").read_text(encoding="utf-8"))
ADAPTERS: dict[str, TypeAdapter[str]] = {
    "ice": TypeAdapter(Ice),
    "national_id": TypeAdapter(NationalId),
    "phone": TypeAdapter(Phone),
    "email": TypeAdapter(Email),
}

VALID = [(kind, case) for kind, cases in CASES.items() for case in cases["valid"]]
INVALID = [(kind, case) for kind, cases in CASES.items() for case in cases["invalid"]]


@pytest.mark.parametrize(("kind", "case"), VALID)
def test_valid_cases_are_taken(kind: str, case: str) -> None:
    assert ADAPTERS[kind].validate_python(case)


@pytest.mark.parametrize(("kind", "case"), INVALID)
def test_invalid_cases_are_refused(kind: str, case: str) -> None:
    with pytest.raises(ValidationError):
        ADAPTERS[kind].validate_python(case)


@pytest.mark.parametrize(("typed", "stored"), CASES["phone"]["valid"].items())
def test_telephones_are_stored_in_e164(typed: str, stored: str) -> None:
    assert ADAPTERS["phone"].validate_python(typed) == stored
    assert ADAPTERS["phone"].validate_python(stored) == stored


@pytest.mark.parametrize("case", ["أمينة@exemple.ma", "amína@exemple.ma", "a@xn--.ma"])
def test_an_address_that_our_mailer_can_not_write_to_is_refused(case: str) -> None:
    """SES takes nothing but ASCII before the @ (no SMTPUTF8): whoever gave such an address would never be told."""
    with pytest.raises(ValidationError):
        ADAPTERS["email"].validate_python(case)


@pytest.mark.parametrize("typed", ["amina@بريد.المغرب", "amina@xn--ngbof4h.xn--mgbc0a9azcg"])
def test_a_domain_of_another_script_is_kept_as_our_mailer_writes_it(typed: str) -> None:
    assert ADAPTERS["email"].validate_python(typed) == "amina@xn--ngbof4h.xn--mgbc0a9azcg"


@pytest.mark.parametrize("case", CASES["national_id"]["valid"])
def test_national_ids_are_stored_in_capitals(case: str) -> None:
    assert ADAPTERS["national_id"].validate_python(f" {case.lower()} ") == case.upper()


@pytest.mark.parametrize("case", ["ß123456", "ıa12", "AB12\n", "A" * 30])
def test_letters_and_digits_of_other_scripts_are_no_national_id(case: str) -> None:
    with pytest.raises(ValidationError):
        ADAPTERS["national_id"].validate_python(case)


@given(st.integers(min_value=97, max_value=10**15 - 1))
def test_an_ice_is_fifteen_digits_divisible_by_97(number: int) -> None:
    right = number - number % 97
    assert ADAPTERS["ice"].validate_python(f"{right:015d}") == f"{right:015d}"
    if number % 97:
        with pytest.raises(ValidationError):
            ADAPTERS["ice"].validate_python(f"{number:015d}")


@given(st.sampled_from("67"), st.integers(min_value=10**7, max_value=10**8 - 1))
def test_what_phones_become_is_e164_or_nothing(first: str, rest: int) -> None:
    typed = f"0{first}{rest:08d}"
    try:
        assert ADAPTERS["phone"].validate_python(typed) == f"+212{first}{rest:08d}"
    except ValidationError as refusal:
        assert refusal.errors()[0]["type"] == "phone"  # noqa: PT017 - most of the numbering plan is valid, not all


@pytest.mark.parametrize("case", ["0612345678 ext 5", "0612345678\r\nBcc: x@y.ma", "٠٦", "+", "0" * 41])
def test_telephones_with_anything_else_are_refused(case: str) -> None:
    with pytest.raises(ValidationError):
        ADAPTERS["phone"].validate_python(case)


@pytest.mark.parametrize(
    "case",
    [
        "a@b.ma\r\nBcc: c@d.ma",
        "Amina <a@b.ma>",
        "a@b",
        "a@[127.0.0.1]",
        '"a b"@c.ma',
        "a" * 300 + "@b.ma",
        "a@b.ma,c@d.ma",
    ],
)
def test_what_could_change_an_e_mails_headers_is_no_address(case: str) -> None:
    with pytest.raises(ValidationError):
        ADAPTERS["email"].validate_python(case)
