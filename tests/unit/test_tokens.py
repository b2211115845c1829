"""Tokens and codes: always the same for a mail, never the same for two purposes, forgiving to whoever types."""

import hmac
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroom.domain.codes import Codes, Holder, Kind
from mailroom.mails.tokens import Tokens, as_printed

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
    assert TOKENS.holder(mail_id, TOKENS.access_token(mail_id)) == Holder("access")
    assert (TOKENS.holder(other, TOKENS.access_token(mail_id)) is not None) == (other == mail_id)
    assert (TOKENS.came_by(other, TOKENS.follow_up_code(mail_id), Codes()) is not None) == (other == mail_id)
    assert TOKENS.came_by(mail_id, TOKENS.verification_code(mail_id), Codes()) is None
    assert Tokens(b"another key").holder(mail_id, TOKENS.access_token(mail_id)) is None


KINDS: tuple[Kind, ...] = ("access", "slip", "email", "sms")
holders = st.builds(Holder, st.sampled_from(KINDS), st.integers(0, 10**9 - 1))


@given(mail_ids, holders, holders)
def test_each_kind_and_version_has_a_token_of_its_own(mail_id: str, holder: Holder, other: Holder) -> None:
    token = TOKENS.access_token(mail_id, holder)
    assert TOKENS.holder(mail_id, token) == holder
    assert (token == TOKENS.access_token(mail_id, other)) == (holder == other)


@given(mail_ids, holders, holders)
def test_a_token_can_not_be_made_another_ones_by_its_name(mail_id: str, holder: Holder, other: Holder) -> None:
    digest = TOKENS.access_token(mail_id, holder).rpartition(".")[2]
    for name in (f"{other.kind}.{other.version}.", f"{other.kind}.0{other.version}.", f"{other.kind}.", ""):
        renamed = name + digest
        assert TOKENS.holder(mail_id, renamed) in {None, holder}
        assert TOKENS.holder(mail_id, renamed) is None or renamed == TOKENS.access_token(mail_id, holder)


@given(mail_ids, st.builds(Codes, *[st.integers(0, 3)] * 4), st.builds(Codes, *[st.integers(0, 3)] * 4))
def test_a_code_tells_by_which_way_somebody_comes_while_its_version_is_in_force(
    mail_id: str, codes: Codes, later: Codes
) -> None:
    made: dict[Kind, str] = {
        "slip": TOKENS.follow_up_code(mail_id, codes.slip),
        "email": TOKENS.link_code(mail_id, "email", codes.email),
        "sms": TOKENS.link_code(mail_id, "sms", codes.sms),
    }
    for kind in KINDS[1:]:
        expected = Holder(kind, codes.version(kind))
        assert TOKENS.came_by(mail_id, made[kind], codes) == expected
        assert codes.admit(expected)
        came = TOKENS.came_by(mail_id, made[kind], later)
        assert came == (expected if later.version(kind) == codes.version(kind) else None)
        assert later.admit(expected) == (came is not None)


@given(mail_ids, st.text(st.characters(), max_size=60))
def test_any_other_text_opens_nothing(mail_id: str, text: str) -> None:
    assert TOKENS.holder(mail_id, text) is None
    assert TOKENS.came_by(mail_id, text, Codes()) is None


def test_tokens_and_codes_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is typed, all of it is compared with each code: how long an answer takes tells none of them."""
    compared: list[object] = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append(other)
        return hmac.digest(b"", one, "sha256") == hmac.digest(b"", other, "sha256")

    monkeypatch.setattr(hmac, "compare_digest", compare)
    assert TOKENS.holder("mail", TOKENS.access_token("mail")) == Holder("access")
    assert len(compared) == 1
    assert TOKENS.came_by("mail", TOKENS.follow_up_code("mail"), Codes()) == Holder("slip")
    assert len(compared) == 4


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
        assert TOKENS.came_by(mail_id, attempt, Codes()) == Holder("slip")


@given(st.text(st.characters(), max_size=60))
def test_reading_a_typed_code_twice_changes_nothing(text: str) -> None:
    assert as_printed(as_printed(text)) == as_printed(text)


@pytest.mark.parametrize("code", ["", "-", "    "])
def test_nothing_typed_is_no_code(code: str) -> None:
    assert as_printed(code) == ""
