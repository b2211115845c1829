"""The fields of the wizard: what they take, how errors are said, and what the API understood."""

import pytest
from playwright.sync_api import expect

from tests.support.pages.writer import Writer

ICE = "001531097000035"


def test_an_empty_letter_gets_a_summary_that_leads_to_each_field(writer: Writer) -> None:
    writer.press("next")
    expect(writer.page.locator("#errors")).to_be_focused()
    assert writer.page.title().startswith("Erreur\u00a0: ") or writer.page.title().startswith("Erreur : ")
    assert writer.page.locator("#errors a").count() == 2
    writer.page.click("#errors a >> nth=1")
    expect(writer.page.locator("[name=subject]")).to_be_focused()
    assert writer.page.get_attribute("[name=subject]", "aria-invalid") == "true"
    writer.letter().press("next").at("contact")
    assert not writer.page.title().startswith("Erreur")


@pytest.mark.complaint(22)
def test_the_counter_is_the_services(writer: Writer) -> None:
    writer.letter("😀" * 255)
    assert writer.page.inner_text("#subject-count").startswith("255 ")
    writer.saved()
    writer.page.fill("[name=subject]", "😀" * 256)
    writer.press("next")
    assert "256" in writer.page.inner_text("#subject-wrong")


@pytest.mark.complaint(20)
@pytest.mark.complaint(30)
def test_a_date_has_three_fields_and_takes_arabic_digits(writer: Writer) -> None:
    writer.letter()
    writer.page.fill('[name="dated.day"]', "٣١")
    writer.page.select_option('[name="dated.month"]', label="février")
    writer.page.fill('[name="dated.year"]', "۲۰۲۶")
    writer.press("next")
    expect(writer.page.locator("#dated-wrong")).to_be_visible()
    writer.page.fill('[name="dated.day"]', "٢")
    writer.press("next").at("contact")
    writer.saved()
    writer.go("/fr/anam#review")
    expect(writer.page.locator("main")).to_contain_text("2 février 2026")


@pytest.mark.complaint(20)
@pytest.mark.complaint(21)
@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("٠٦ ۱۲ 34-56.78", "+212 6 12 34 56 78"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("0044 20 7946 0018", "+442079460018"),
        ("12345", None),
    ],
)
def test_telephones_are_understood_by_the_api_and_shown_back(
    writer: Writer, typed: str, understood: str | None
) -> None:
    writer.letter().press("next").at("contact").contact(email="", phone=typed).press("next")
    if understood is None:
        expect(writer.page.locator("#phone-wrong")).to_be_visible()
        writer.page.fill("[name=phone]", "+44 20 7946 0018")
        writer.press("next")
    writer.at("review")
    assert (understood or "+442079460018") in writer.page.inner_text("main")


def test_a_mistyped_domain_is_asked_about_and_never_refused(writer: Writer) -> None:
    writer.letter().press("next").at("contact").contact(email="amina@gmial.com").press("next")
    expect(writer.page.locator("#suggestion")).to_contain_text("amina@gmail.com")
    writer.page.click("#suggestion-no")
    writer.press("next").at("review")
    assert "amina@gmial.com" in writer.page.inner_text("main")


@pytest.mark.parametrize(
    ("kind", "fields", "shown"),
    [
        ("enterprise", {"legal_name": "Atlas SARL", "ice": f"ICE {ICE}", "contact_name": "Driss"}, ICE),
        ("administration", {"name": "Commune", "service": "État civil", "contact_name": "Driss"}, "État civil"),
        ("association", {"name": "Amal", "contact_name": "Driss", "declaration_number": "12/2020"}, "12/2020"),
    ],
)
def test_each_kind_of_sender_gives_what_it_has(writer: Writer, kind: str, fields: dict[str, str], shown: str) -> None:
    writer.letter().press("next").at("contact")
    writer.page.check(f"[name=sender_kind][value={kind}]")
    for name, value in fields.items():
        writer.page.fill(f"[name={name}]", value)
    writer.page.fill("[name=phone]", "0612345678")
    writer.press("next").at("review")
    assert shown in writer.page.inner_text("main")
    writer.saved()


def test_an_enterprise_from_abroad_gives_its_registration_there(writer: Writer) -> None:
    writer.letter().press("next").at("contact")
    writer.page.check("[name=sender_kind][value=enterprise]")
    writer.page.fill("[name=ice]", "0015")
    assert "4" in writer.page.inner_text("#ice-note")
    writer.page.check("#abroad")
    writer.page.fill("[name=legal_name]", "Exemple SAS")
    writer.page.select_option('[name="foreign_registration.country"]', "FR")
    writer.page.fill('[name="foreign_registration.number"]', "552 100 554")
    writer.page.fill("[name=contact_name]", "Jeanne")
    writer.page.fill("[name=email]", "jeanne@exemple.fr")
    writer.press("next").at("review")
    assert "France" in writer.page.inner_text("main")
    writer.saved()
