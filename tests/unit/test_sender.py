"""Each kind of sender has its own fields and no others."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from mailroom.domain.sender import Sender
from mailroom.domain.sender_view import display_name, masked, shown

SENDER: TypeAdapter[Any] = TypeAdapter(Sender)
CONTACT = {"email": "a@exemple.ma", "phone": "0612345678"}
COMMON = {"privacy_notice_version": "1"}
SENDERS: dict[str, dict[str, Any]] = {
    "citizen": {"last_name": "العلوي"},
    "enterprise": {"legal_name": "Atlas SARL", "ice": "001531097000035", "contact_name": "Omar"},
    "administration": {"name": "Commune de Fès", "service": "Urbanisme", "contact_name": "Omar"},
    "association": {"name": "Amal", "contact_name": "Omar"},
}
OPTIONAL: dict[str, dict[str, Any]] = {
    "citizen": {"first_name": "أمينة", "national_id": "AB123456"},
    "enterprise": {
        "trade_register": {"number": "12345", "court": "Casablanca"},
        "foreign_registration": {"country": "FR", "number": "552 100 554"},
    },
    "administration": {"address": "Fès\nMaroc"},
    "association": {"declaration_number": "45/2026"},
}
KINDS = list(SENDERS)


def given(kind: str, **changes: object) -> dict[str, Any]:
    return {"kind": kind, **COMMON, **CONTACT, **SENDERS[kind], **changes}


def wrong(values: dict[str, Any]) -> set[str]:
    try:
        SENDER.validate_python(values)
    except ValidationError as refusal:
        return {".".join(map(str, error["loc"][1:])) for error in refusal.errors()}
    return set()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_taken_with_and_without_what_is_optional(kind: str) -> None:
    assert wrong(given(kind)) == set()
    assert wrong(given(kind, **OPTIONAL[kind])) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_is_required_may_lack(kind: str) -> None:
    for field in SENDERS[kind] | COMMON:
        values = given(kind)
        del values[field]
        assert wrong(values) == {field}
        assert wrong(given(kind, **{field: None})) == {field}


@pytest.mark.parametrize("kind", KINDS)
def test_one_way_to_be_reached_is_enough(kind: str) -> None:
    """Many people have no e-mail. That one of the two is needed is said where mail comes in on line."""
    for way in CONTACT:
        assert wrong(given(kind, **{way: None})) == set()
        assert wrong({name: value for name, value in given(kind).items() if name != way}) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_fields_of_other_kinds_are_refused(kind: str) -> None:
    for other in set(KINDS) - {kind}:
        foreign = set(SENDERS[other]) - set(SENDERS[kind])
        assert wrong(given(kind, **{name: SENDERS[other][name] for name in foreign})) == foreign


def test_a_trade_register_number_needs_its_court() -> None:
    assert wrong(given("enterprise", trade_register={"number": "5"})) == {"trade_register.court"}
    assert wrong(given("enterprise", trade_register={"number": "5", "court": " "})) == {"trade_register.court"}


def test_the_trace_of_a_line_break_in_a_name_is_refused() -> None:
    assert wrong(given("citizen", first_name="Amina\r\nBcc: x@y.ma")) == {"first_name"}
    assert wrong(given("association", contact_name="Omar\nX")) == {"contact_name"}


@pytest.mark.parametrize(
    ("identifier", "seen"),
    [("AB123456", "AB••••56"), ("K12345", "K1••45"), ("A1234", "A1•34"), ("A123", "••••"), ("A1", "••")],
)
def test_identity_numbers_are_masked(identifier: str, seen: str) -> None:
    assert masked(identifier) == seen


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_shown_again_is_what_was_given_with_the_identity_number_masked(kind: str) -> None:
    stored = SENDER.validate_python(given(kind, **OPTIONAL[kind], sms=True)).model_dump(exclude_none=True)
    view = shown(stored).model_dump(exclude_none=True)
    hidden = {"national_id": "AB••••56"} if kind == "citizen" else {}
    assert view == stored | hidden | {"reachable_by_email": False, "reachable_by_sms": False}


def test_senders_go_by_their_own_name() -> None:
    names = {kind: display_name(given(kind)) for kind in KINDS}
    assert display_name(given("citizen", first_name="أمينة")) == "أمينة العلوي"
    assert names == {
        "citizen": "العلوي",
        "enterprise": "Atlas SARL",
        "administration": "Commune de Fès",
        "association": "Amal",
    }


ABROAD = {"country": "FR", "number": "552 100 554"}


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"ice": None, "foreign_registration": ABROAD}, set()),
        ({"ice": "", "foreign_registration": ABROAD | {"country": " fr\u200f"}}, set()),
        ({"foreign_registration": ABROAD}, set()),
        ({"ice": None}, {"ice"}),
        ({"ice": None, "foreign_registration": {"country": "", "number": " "}}, {"ice"}),
        ({"ice": None, "foreign_registration": ABROAD | {"country": "XX"}}, {"foreign_registration.country"}),
        ({"ice": None, "foreign_registration": ABROAD | {"country": "AC"}}, {"foreign_registration.country"}),
        ({"ice": None, "foreign_registration": ABROAD | {"country": "France"}}, {"foreign_registration.country"}),
        ({"ice": None, "foreign_registration": ABROAD | {"country": "MA"}}, {"foreign_registration.country"}),
        ({"ice": None, "foreign_registration": {"country": "FR"}}, {"foreign_registration.number"}),
        ({"ice": None, "foreign_registration": {"number": "5"}}, {"foreign_registration.country"}),
        ({"ice": "1", "foreign_registration": ABROAD}, {"ice"}),
    ],
)
def test_an_enterprise_is_known_by_its_ice_or_by_its_registration_abroad(
    changes: dict[str, object], fields: set[str]
) -> None:
    assert wrong(given("enterprise", **changes)) == fields
