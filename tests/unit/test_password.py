"""New passwords: what each falls short of, by the policy that the user pool has too."""

import pytest

from mailroom.fields.password import weaknesses

WEAK = {
    "": ["short", "lowercase", "uppercase", "digit", "sign"],
    "Aa1!": ["short"],
    "Aaaaaaaaaaa1!": ["short"],
    "aaaaaaaaaaaaaa": ["uppercase", "digit", "sign"],
    "AAAAAAAAAAAAA1": ["lowercase", "sign"],
    "Aaaaaaaaaaaaaaa1": ["sign"],
    "Aaaaaaaaaaaaaa!!": ["digit"],
    "كلمة مرور طويلة جدا": ["lowercase", "uppercase", "digit"],
    "ÉÉÉÉÉÉéééééé1!": ["lowercase", "uppercase"],
    "Aaaaaaaaaaaaa٣!": ["digit"],
    " Aaaaaaaaaaaaa1 ": ["sign"],
    "\u200fAaaaaaaaaaaaa1": ["sign"],
}
STRONG = ["Aaaaaaaaaaaa1!", "Aaaaaaaa aaaa1", "كلمة-Aaaaaaaaa1", "A1-" + "a" * 253]


@pytest.mark.parametrize("password", WEAK)
def test_a_weak_password_is_told_each_rule_that_it_falls_short_of(password: str) -> None:
    assert weaknesses(password) == [f"password_{kind}" for kind in WEAK[password]]


@pytest.mark.parametrize("password", STRONG)
def test_a_strong_password_is_taken(password: str) -> None:
    assert weaknesses(password) == []
