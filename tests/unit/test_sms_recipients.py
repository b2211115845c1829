"""Which telephones get SMS: mobiles of the countries that a stage serves."""

import re

import pytest

from infra.stage import Stage, stage_names
from mailroom.notifying.sms_recipients import countries_in, why_no_sms

HERE = frozenset({"MA"})


@pytest.mark.parametrize(
    ("phone", "why"),
    [
        ("+212612345678", None),
        ("+212700112233", None),
        ("+212537712345", "not_mobile"),  # a landline of Rabat
        ("+212592412345", "not_mobile"),  # over the Internet
        ("+212801123456", "not_mobile"),  # shared cost
        ("+212898123456", "not_mobile"),  # premium rate
        ("+33612345678", "country"),
        ("+34612345678", "country"),
        ("+14155552671", "country"),
        ("+18765551234", "country"),  # Jamaica, under +1 too
        ("+5352345678", "country"),  # Cuba
        ("+252612345678", "country"),  # Somalia
        ("+68890123", "country"),  # Tuvalu
        ("+870773111632", "country"),  # Inmarsat
        ("+881612345678", "country"),  # Iridium, Globalstar
        ("+882161234567", "country"),  # Thuraya
        ("+883510012345678", "country"),  # iNum
        ("+878101234567890", "country"),  # universal personal numbers
        ("+979123456789", "country"),  # international premium rate
        ("+80012345678", "country"),  # international freephone
        ("+80812345678", "country"),  # international shared cost
    ],
)
def test_morocco_alone_is_served_and_of_it_mobiles_alone(phone: str, why: str | None) -> None:
    assert why_no_sms(phone, HERE) == why


def test_another_country_is_served_where_the_stage_says_so() -> None:
    both = countries_in("MA,FR")
    assert why_no_sms("+33612345678", both) is None
    assert why_no_sms("+33142345678", both) == "not_mobile"
    assert why_no_sms("+262692123456", both) == "country"  # la Réunion is a price of its own


def test_of_the_countries_of_one_calling_code_only_those_named_are_served() -> None:
    assert why_no_sms("+14155552671", {"US"}) is None
    assert why_no_sms("+18765551234", {"US"}) == "country"


def test_sms_are_switched_off_by_serving_no_country() -> None:
    assert countries_in("") == frozenset()
    assert why_no_sms("+212612345678", countries_in("")) == "sms_off"


def test_a_stage_serves_morocco_alone_and_no_network_without_a_country() -> None:
    for stage in map(Stage.load, stage_names()):
        assert stage.sms_countries == ("MA",)
        assert all(re.fullmatch("[A-Z]{2}", country) for country in stage.sms_countries)
