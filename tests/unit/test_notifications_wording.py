"""What notifications say, in every language and on every channel."""

import re
import shutil
from pathlib import Path

import jinja2
import pytest

from mailroom import clock, wording
from mailroom.notifications import Template
from mailroom.organism import Language
from mailroom.wording import compose
from tests.unit.composed import BY_SMS, EACH, EACH_SMS, EMAIL_ALONE, LANGUAGES, Page, an_email, an_sms, values

GSM_7_EXTENDED = set("^{}\\[~]|€")


def segments(text: str) -> int:
    """How many parts an SMS is paid as (3GPP 23.038 and 23.040)."""
    if all(each in wording._GSM_7 for each in text):
        length = len(text) + sum(each in GSM_7_EXTENDED for each in text)
        return 1 if length <= 160 else -(-length // 153)
    length = len(text.encode("utf-16-be")) // 2
    return 1 if length <= 70 else -(-length // 67)


@pytest.mark.parametrize(("template", "language"), EACH)
def test_both_forms_of_an_email_tell_the_same_facts(template: Template, language: Language) -> None:
    told = values(template)
    message = an_email(template, language)
    page = Page(message.html)
    shown = page.words + " ".join(each["href"] or "" for each in page.all("a"))
    facts = [str(each) for name, each in told.items() if name not in {"submitted_at", "sender_kind"}]
    for fact in [*facts, "11:15", "UTC+01:00", "2026"]:
        assert fact in message.text
        assert fact in shown
    assert str(told["number"]) in message.subject
    assert message.sender_name


@pytest.mark.parametrize(("template", "language"), EACH)
def test_an_email_is_laid_out_in_its_direction_and_fetches_nothing(template: Template, language: Language) -> None:
    html = an_email(template, language).html
    page = Page(html)
    assert page.all("html") == [{"lang": language, "dir": "rtl" if language == "ar" else "ltr"}]
    assert not {"img", "script", "link", "iframe", "form"} & {tag for tag, _ in page.elements}
    assert "url(" not in html
    assert "@import" not in html
    assert all(str(each["href"]).startswith("https://courrier.exemple.ma") for each in page.all("a"))


def test_a_time_is_told_on_moroccan_clocks_with_its_offset_in_ramadan_too() -> None:
    ramadan = clock.parse("2026-03-01T23:30:00.000Z")
    after = clock.parse("2026-08-31T23:30:00.000Z")
    assert (
        "01 mars 2026 à 23:30 (heure du Maroc, UTC+00:00)"
        in an_email("sender_receipt", "fr", submitted_at=ramadan).text
    )
    assert (
        "01 septembre 2026 à 00:30 (heure du Maroc, UTC+01:00)"
        in an_email("sender_receipt", "fr", submitted_at=after).text
    )
    assert (
        "01 شتنبر 2026 على الساعة 00:30 (توقيت المغرب، UTC+01:00)"
        in an_email("sender_receipt", "ar", submitted_at=after).text
    )


@pytest.mark.parametrize(
    ("language", "kind", "word"),
    [
        ("fr", "enterprise", "entreprise"),
        ("ar", "association", "جمعية"),
        ("en", "administration", "administration"),
    ],
)
def test_the_kind_of_sender_is_told_in_the_readers_language(language: Language, kind: str, word: str) -> None:
    assert word in an_email("organism_alert", language, sender_kind=kind).text
    assert word in an_sms("organism_alert", language, sender_kind=kind)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_subject_goes_into_the_email_and_never_into_the_sms(language: Language) -> None:
    message = an_email("organism_alert", language, subject="Zanzibar")
    assert all("Zanzibar" in each for each in (message.subject, message.text, message.html))
    assert "Zanzibar" not in an_sms("organism_alert", language, subject="Zanzibar")


def test_a_value_that_a_template_is_not_given_stops_the_message() -> None:
    told = {name: each for name, each in values().items() if name != "number"}
    with pytest.raises(jinja2.UndefinedError):
        compose("organism_alert", "sms", "fr", told)


@pytest.mark.parametrize(
    ("site", "number"),
    [
        ("https://courrier.exemple.ma", "MAECAMRE-2026-000001"),
        ("https://b0d00001.execute-api.localhost:4566", "ANAM-2026-000001"),
    ],
)
@pytest.mark.parametrize(("template", "language"), EACH_SMS)
def test_an_sms_is_two_segments_at_most(template: Template, language: Language, site: str, number: str) -> None:
    text = an_sms(
        template,
        language,
        number=number,
        collect_url=site,
        follow_up_url=f"{site}/suivi#{number}/7KQ2-9XWV-3MNP-4RTY",
        new_follow_up_url=f"{site}/suivi#{number}/8KQ2-9XWV-3MNP-4RTY",
        sender_kind="administration",
    )
    assert segments(text) <= 2, (len(text), text)
    assert number in text
    assert "22/07/2026" in text


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("template", BY_SMS)
def test_an_sms_outside_arabic_holds_only_letters_of_the_short_alphabet(template: Template, language: Language) -> None:
    text = an_sms(template, language, sender_kind="association", collect_url="https://x.ma/’œê–…")
    assert set(text) <= wording._GSM_7
    if template == "organism_alert":
        assert "https://x.ma/'oee-..." in text


def test_the_link_of_an_sms_ends_where_the_message_or_its_line_does() -> None:
    for template, language in EACH_SMS:
        lines = an_sms(template, language).splitlines()
        assert re.search(r"https://\S+$", lines[-1])


def test_a_translator_who_puts_the_subject_into_an_sms_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(wording.TEMPLATES, tmp_path / "templates")
    (folder / "organism_alert" / "fr" / "sms.txt").write_text("{{ number }} {{ subject }}")
    monkeypatch.setattr(wording, "TEMPLATES", folder)
    wording._environment.cache_clear()
    with pytest.raises(jinja2.UndefinedError):
        an_sms("organism_alert", "fr")
    wording._environment.cache_clear()


def test_every_template_has_every_file_in_every_language_and_nothing_else() -> None:
    for template, language in EACH:
        files = {"subject.txt", "email.txt", "email.html"} | (set() if template in EMAIL_ALONE else {"sms.txt"})
        folder = wording.TEMPLATES / template / language
        assert {each.name for each in folder.iterdir()} == files
    assert {each.name for each in (wording.TEMPLATES / "words").iterdir()} == {
        f"{language}.json" for language in LANGUAGES
    }
