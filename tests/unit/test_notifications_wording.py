"""What notifications say, and that nothing a stranger typed changes more than its own words."""

import email.message
import email.policy
import itertools
import re
from datetime import datetime
from html.parser import HTMLParser

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroom import clock, wording
from mailroom.notifications import Template
from mailroom.organism import Language
from mailroom.wording import Email, Sms, Values, compose

LANGUAGES: tuple[Language, ...] = ("ar", "fr", "en")
TEMPLATES: tuple[Template, ...] = ("organism_alert", "sender_receipt")
EACH = list(itertools.product(TEMPLATES, LANGUAGES))

FSI, PDI = "\u2068", "\u2069"
GSM_7_EXTENDED = set("^{}\\[~]|€")


def values(template: Template = "organism_alert", **changed: str | datetime) -> Values:
    number = str(changed.get("number", "ANAM-2026-000001"))
    site = "https://courrier.exemple.ma"
    told: dict[str, str | datetime] = {
        "number": number,
        "organism": "Agence nationale de l'assurance maladie",
        "submitted_at": clock.parse("2026-07-22T10:15:03.123Z"),
    }
    if template == "organism_alert":
        told |= {"sender_kind": "citizen", "subject": "Ma demande", "collect_url": site}
    else:
        told |= {
            "follow_up_url": f"{site}/suivi#{number}/7KQ2-9XWV-3MNP-4RTY",
            "verification_code": "ABCD-EFGH-JKMN-PQRS",
            "verification_page": f"{site}/verifier#ABCD-EFGH-JKMN-PQRS",
            "verification_url": f"{site}/v1/receipts/ABCD-EFGH-JKMN-PQRS",
        }
    return told | changed


def an_email(template: Template, language: Language, **changed: str | datetime) -> Email:
    composed = compose(template, "email", language, values(template, **changed))
    assert isinstance(composed, Email)
    return composed


def an_sms(template: Template, language: Language, **changed: str | datetime) -> str:
    composed = compose(template, "sms", language, values(template, **changed))
    assert isinstance(composed, Sms)
    return composed.text


class Page(HTMLParser):
    """An HTML text as a reader gets it: its elements, their attributes, its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


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
@pytest.mark.parametrize(("template", "language"), EACH)
def test_an_sms_is_two_segments_at_most(template: Template, language: Language, site: str, number: str) -> None:
    text = an_sms(
        template,
        language,
        number=number,
        collect_url=site,
        follow_up_url=f"{site}/suivi#{number}/7KQ2-9XWV-3MNP-4RTY",
        sender_kind="administration",
    )
    assert segments(text) <= 2, (len(text), text)
    assert number in text
    assert "22/07/2026" in text


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_an_sms_outside_arabic_holds_only_letters_of_the_short_alphabet(template: Template, language: Language) -> None:
    text = an_sms(template, language, sender_kind="association", collect_url="https://x.ma/’œê–…")
    assert set(text) <= wording._GSM_7
    if template == "organism_alert":
        assert "https://x.ma/'oee-..." in text


def test_the_link_of_an_sms_ends_where_the_message_or_its_line_does() -> None:
    for template, language in EACH:
        lines = an_sms(template, language).splitlines()
        assert re.search(r"https://\S+$", lines[-1])


HOSTILE = [
    "a\r\nBcc: victim@example.com",
    "a\nContent-Type: text/html\n\n<script>alert(1)</script>",
    "a\u2028b\u2029c\x85d\x0be\x00f\x1b[31m",
    "<script>alert(1)</script><a href='https://evil.example'>x</a>",
    '"><img src=x onerror=alert(1)>',
    "</bdi></td></table><h1>Faux</h1>",
    "{{ 7 * 7 }}{% include 'frame.html' %}",
    "abc\u202efdp.exe",
    "\u2067abc\u2066def\u2069\u2069\u2069",
    "طلب رخصة رقم 45/2025",
    "👨‍👩‍👧‍👦" * 60,
    "e" + "\u0301" * 254,
    "x" * 255,
    "🇲🇦" * 120,
    "half \ud83d",
]


def as_sent(message: Email) -> email.message.EmailMessage:
    """Put the e-mail together as SES does; a subject that breaks out of its line raises."""
    whole = email.message.EmailMessage(policy=email.policy.SMTP)
    whole["From"] = "bureau@exemple.ma"
    whole["Subject"] = message.subject
    whole.set_content(message.text)
    whole.add_alternative(message.html, subtype="html")
    parsed = email.message_from_bytes(whole.as_bytes(), policy=email.policy.default)
    assert isinstance(parsed, email.message.EmailMessage)
    return parsed


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("field", ["subject", "organism"])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_text_stays_a_text(hostile: str, field: str, language: Language) -> None:
    plain = Page(an_email("organism_alert", language).html)
    message = an_email("organism_alert", language, **{field: hostile})
    page = Page(message.html)
    assert [tag for tag, _ in page.elements] == [tag for tag, _ in plain.elements]
    assert page.all("a") == plain.all("a")
    assert set(as_sent(message).keys()) == {"From", "Subject", "Content-Type", "MIME-Version"}
    assert len(message.subject) <= wording.SUBJECT_LINE
    assert len(message.text.splitlines()) == len(an_email("organism_alert", language).text.splitlines())
    assert "49" not in message.text.replace("45/2025", "")


def unbalanced(text: str) -> bool:
    depth = 0
    for each in text:
        depth += {FSI: 1, PDI: -1}.get(each, 0)
        if depth < 0:
            return True
    return depth != 0


@given(subject=st.text(max_size=255), language=st.sampled_from(LANGUAGES))
def test_whatever_the_subject_its_surroundings_keep_their_lines_and_their_order(
    subject: str, language: Language
) -> None:
    message = an_email("organism_alert", language, subject=subject)
    assert len(message.subject.splitlines()) == 1
    assert len(message.subject) <= wording.SUBJECT_LINE
    assert "\n" not in message.subject
    for text in (message.subject, message.text, Page(message.html).words):
        assert not unbalanced(text)
        assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067")
    message.text.encode()
    message.html.encode()


@pytest.mark.parametrize(
    ("subject", "language", "isolated"),
    [
        ("Demande simple", "fr", False),
        ("طلب رخصة 45/2025", "fr", True),
        ("Demande simple", "ar", True),
    ],
)
def test_what_could_change_the_order_of_words_is_isolated(subject: str, language: Language, isolated: bool) -> None:
    message = an_email("organism_alert", language, subject=subject)
    expected = f"{FSI}{subject}{PDI}" if isolated else subject
    for text in (message.subject, message.text):
        assert expected in text
        assert (FSI in text.replace("الوكالة", "")) is isolated or language == "ar"
    assert f"<bdi>{subject}</bdi>" in message.html


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("short", 10, "short"),
        ("0123456789", 5, "0123…"),
        ("abcé" + "\u0301" + "xyz", 5, "abc…"),
        ("ab👨‍👩‍👧 tail", 6, "ab…"),
        ("ab👍🏽 tail", 4, "ab…"),
        ("a" * 3 + " " + "b" * 9, 5, "aaa…"),
    ],
)
def test_a_cut_parts_no_letter_from_its_marks(text: str, limit: int, expected: str) -> None:
    assert wording._cut(text, limit) == expected


def test_every_template_has_every_file_in_every_language_and_nothing_else() -> None:
    files = {"subject.txt", "email.txt", "email.html", "sms.txt"}
    for template, language in EACH:
        folder = wording.TEMPLATES / template / language
        assert {each.name for each in folder.iterdir()} == files
    assert {each.name for each in (wording.TEMPLATES / "words").iterdir()} == {
        f"{language}.json" for language in LANGUAGES
    }
