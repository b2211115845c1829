"""Tokens and codes: always the same for a mail, never the same for two purposes, forgiving to whoever types."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroom.tokens import Tokens, as_printed

TOKENS = Tokens(b"k" * 64)
mail_ids = st.uuids().map(str)
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}")


@given(mail_ids)
def test_tokens_are_constant_and_each_purpose_has_its_own(mail_id: str) -> None:
    again = Tokens(b"k" * 64)
    made = [TOKENS.access_token(mail_id), TOKENS.follow_up_code(mail_id), TOKENS.verification_code(mail_id)]
    assert made == [again.access_token(mail_id), again.follow_up_code(mail_id), again.verification_code(mail_id)]
    assert len(set(made)) == 3


def test_tokens_do_not_change_between_versions_of_the_program() -> None:
    """What stands on paper must open the mail for years."""
    mail_id = "0199a0e2-6a0b-7c55-9e0f-0b6d7f3f8a11"
    assert TOKENS.access_token(mail_id) == "ghAylnoTjLbCoUSU-3EA4Q2TiVHQ_HRJY9-bF2Konk4"
    assert TOKENS.follow_up_code(mail_id) == "T96Z-RXSD-QDKY-QX8B"
    assert TOKENS.verification_code(mail_id) == "C0K2-C4MW-779F-V7VA"


@given(mail_ids, mail_ids)
def test_a_token_opens_its_own_mail_and_no_other(mail_id: str, other: str) -> None:
    assert TOKENS.opens(mail_id, TOKENS.access_token(mail_id))
    assert TOKENS.opens(other, TOKENS.access_token(mail_id)) == (other == mail_id)
    assert TOKENS.follows(other, TOKENS.follow_up_code(mail_id)) == (other == mail_id)
    assert not TOKENS.follows(mail_id, TOKENS.verification_code(mail_id))
    assert not Tokens(b"another key").opens(mail_id, TOKENS.access_token(mail_id))


@given(mail_ids, st.text(st.characters(), max_size=60))
def test_any_other_text_opens_nothing(mail_id: str, text: str) -> None:
    assert not TOKENS.opens(mail_id, text)
    assert not TOKENS.follows(mail_id, text)


@given(mail_ids)
def test_codes_are_printed_in_four_groups_without_letters_that_are_misread(mail_id: str) -> None:
    assert CODE.fullmatch(TOKENS.follow_up_code(mail_id))
    assert CODE.fullmatch(TOKENS.verification_code(mail_id))


@given(mail_ids, st.sampled_from("oO0"), st.sampled_from("iIlL1"), st.sampled_from(["-", "", " ", "\u2011", "\u2013"]))
def test_a_code_may_be_typed_in_any_case_with_any_hyphen_and_misread(
    mail_id: str, zero: str, one: str, hyphen: str
) -> None:
    code = TOKENS.follow_up_code(mail_id)
    typed = code.replace("0", zero).replace("1", one).replace("-", hyphen)
    for attempt in (typed, typed.lower(), f" {typed} "):
        assert TOKENS.follows(mail_id, attempt)


@given(st.text(st.characters(), max_size=60))
def test_reading_a_typed_code_twice_changes_nothing(text: str) -> None:
    assert as_printed(as_printed(text)) == as_printed(text)


@pytest.mark.parametrize("code", ["", "-", "    "])
def test_nothing_typed_is_no_code(code: str) -> None:
    assert as_printed(code) == ""
