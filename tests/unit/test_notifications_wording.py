"""What notifications say, in every language and on every channel."""

import csv
import re
import shutil
from pathlib import Path

import jinja2
import pytest

from mailroom.domain import clock
from mailroom.domain.organism import Language
from mailroom.notifying import wording
from mailroom.notifying.notifications import Template
from mailroom.notifying.wording import compose
from tests.support.inspection.composed import (
    BY_SMS,
    EACH,
    EACH_SMS,
    EMAIL_ALONE,
    LANGUAGES,
    Page,
    an_email,
    an_sms,
    values,
)

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
    facts = [str(each) for name, each in told.items() if name not in {"submitted_at", "sender_kind", "letter_kind"}]
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
    arabic = an_email("sender_receipt", "ar", submitted_at=after).text.replace("\u2068", "").replace("\u2069", "")
    assert "01 شتنبر 2026 على الساعة 00:30 (توقيت المغرب، UTC+01:00)" in arabic


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
def test_the_subject_goes_into_the_emails_body_and_never_into_its_header_or_the_sms(language: Language) -> None:
    message = an_email("organism_alert", language, subject="Zanzibar")
    assert "Zanzibar" in message.text
    assert "Zanzibar" in message.html
    assert "Zanzibar" not in message.subject + message.sender_name
    assert "Zanzibar" not in an_sms("organism_alert", language, subject="Zanzibar")


def test_a_value_that_a_template_is_not_given_stops_the_message() -> None:
    told = {name: each for name, each in values().items() if name != "number"}
    with pytest.raises(jinja2.UndefinedError):
        compose("organism_alert", "sms", "fr", told)


LONGEST_NUMBER = "MATNUHPV-2026-000001"
"""That of the directory's organism with the longest code."""


@pytest.mark.parametrize("path", ["s", "suivi"])
@pytest.mark.parametrize(
    "site", ["https://bureau-ordre.gov.ma", "https://courrier-administration.gov.ma".ljust(40, "x")]
)
@pytest.mark.parametrize(("template", "language"), EACH_SMS)
def test_an_sms_is_one_segment_and_in_arabic_two_at_most(
    template: Template, language: Language, site: str, path: str
) -> None:
    text = an_sms(
        template,
        language,
        number=LONGEST_NUMBER,
        follow_up_url=f"{site}/{path}#{LONGEST_NUMBER}/7KQ2-9XWV-3MNP-4RTY",
        new_follow_up_url=f"{site}/{path}#{LONGEST_NUMBER}/8KQ2-9XWV-3MNP-4RTY",
        sender_kind="administration",
    )
    assert segments(text) <= (2 if language == "ar" else 1), (len(text), text)
    assert LONGEST_NUMBER in text
    assert "22/07/2026" in text


def test_no_code_of_the_directory_is_longer_than_the_one_that_sms_are_measured_with() -> None:
    path = Path(__file__).parents[2] / "functions" / "enrol_organisms" / "organisms.csv"
    with path.open(encoding="utf-8", newline="") as rows:
        longest = max((row["code"] for row in csv.DictReader(rows)), key=len)
    assert len(longest) <= len(LONGEST_NUMBER.partition("-")[0])


@pytest.mark.parametrize(("template", "language"), EACH_SMS)
def test_an_sms_says_first_who_writes(template: Template, language: Language) -> None:
    """A stranger's SMS with a link is what phishing looks like; networks may replace the sender's name."""
    service = {"ar": "مكتب الضبط الرقمي", "fr": "Bureau d'ordre digital", "en": "Bureau d'ordre digital"}[language]
    assert an_sms(template, language).startswith(service)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("template", BY_SMS)
def test_an_sms_outside_arabic_holds_only_letters_of_the_short_alphabet(template: Template, language: Language) -> None:
    text = an_sms(template, language, sender_kind="association", number="X-’œê–…-1")
    assert set(text) <= wording._GSM_7
    if template == "organism_alert":
        assert "X-'oee-...-1" in text


def test_the_link_of_an_sms_ends_where_the_message_does() -> None:
    for template, language in EACH_SMS:
        links = re.findall(r"https://\S+", an_sms(template, language))
        assert len(links) == (0 if template == "organism_alert" else 1)
        assert all(an_sms(template, language).endswith(link) for link in links)


@pytest.mark.parametrize("file", ["sms.txt", "subject.txt"])
def test_a_translator_who_puts_the_subject_into_an_sms_or_a_header_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    folder = shutil.copytree(wording.TEMPLATES, tmp_path / "templates")
    (folder / "organism_alert" / "fr" / file).write_text("{{ number }} {{ subject }}")
    monkeypatch.setattr(wording, "TEMPLATES", folder)
    wording._environment.cache_clear()
    with pytest.raises(jinja2.UndefinedError):
        (an_sms if file == "sms.txt" else an_email)("organism_alert", "fr")
    wording._environment.cache_clear()


SENDERS = [(template, language) for template, language in EACH if template.startswith("sender_")]
DESKS = [(template, language) for template, language in EACH if template.startswith("organism_")]


@pytest.mark.parametrize(("template", "language"), SENDERS)
def test_whoever_sent_nothing_is_told_not_to_open_the_link(template: Template, language: Language) -> None:
    """The link opens a stranger's letter, wherever a mistyped address led it."""
    sentence = {
        "fr": "Vous n’avez envoyé aucun courrier",
        "ar": "لم ترسلوا أي مراسلة",
        "en": "Did you not send anything",
    }[language]
    message = an_email(template, language)
    assert sentence in message.text
    assert sentence in Page(message.html).words


@pytest.mark.parametrize(("template", "language"), SENDERS)
def test_an_email_never_asks_for_a_password_and_says_so(template: Template, language: Language) -> None:
    assert {"fr": "mot de passe", "ar": "كلمة سر", "en": "password"}[language] in an_email(template, language).text


@pytest.mark.parametrize(("template", "language"), DESKS)
def test_the_desk_gets_words_instead_of_a_link_that_leads_nowhere(template: Template, language: Language) -> None:
    message = an_email(template, language)
    for text in (message.text, message.html):
        assert "://" not in text
    assert "href" not in message.html
    assert {"fr": "espace agent", "ar": "فضاء الموظف", "en": "agent space"}[language] in message.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_complains_is_told_of_the_national_portal_and_nobody_else_is(language: Language) -> None:
    assert "chikaya.ma" in an_email("sender_receipt", language, letter_kind="complaint").text
    assert "chikaya.ma" not in an_email("sender_receipt", language, letter_kind="request").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_says_what_to_do_next(language: Language) -> None:
    text = an_email("sender_rejected", language).text
    steps = [line for line in text.splitlines() if line.startswith("- ")]
    assert len(steps) == 3
    assert not re.search(r"rejet|رفض|لم تستجب|reject", text)


def test_every_template_has_every_file_in_every_language_and_nothing_else() -> None:
    for template, language in EACH:
        files = {"subject.txt", "email.txt", "email.html"} | (set() if template in EMAIL_ALONE else {"sms.txt"})
        folder = wording.TEMPLATES / template / language
        assert {each.name for each in folder.iterdir()} == files
    assert {each.name for each in (wording.TEMPLATES / "words").iterdir()} == {
        f"{language}.json" for language in LANGUAGES
    }
