"""Nothing that a stranger typed changes more of a notification than its own words."""

import email.message
import email.policy
import re

import pytest
from bidi import get_display  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from mailroom.domain.organism import Language
from mailroom.notifying import wording
from mailroom.notifying.wording import WordedEmail
from tests.support.inspection.composed import LANGUAGES, Page, an_email

FSI, PDI = "\u2068", "\u2069"


def unbalanced(text: str) -> bool:
    depth = 0
    for each in text:
        depth += {FSI: 1, PDI: -1}.get(each, 0)
        if depth < 0:
            return True
    return depth != 0


def reorders(text: str) -> bool:
    """Whether `text` holds a control that reaches beyond the isolate it stands in."""
    return unbalanced(text) or bool(set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067"))


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


def as_sent(message: WordedEmail) -> email.message.EmailMessage:
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
    assert not [each for each in (message.subject, message.text, page.words) if reorders(each)]
    assert len(message.text.splitlines()) == len(an_email("organism_alert", language).text.splitlines())
    assert "49" not in message.text.replace("45/2025", "")
    assert message.subject == an_email("organism_alert", language).subject


TROUBLE = st.sampled_from('a \r\n\x00\u2028\u202d\u202e\u202c\u2067\u2068\u2069<&"طق1') | st.characters()


@given(subject=st.text(TROUBLE, max_size=255), language=st.sampled_from(LANGUAGES))
def test_whatever_the_subject_its_surroundings_keep_their_lines_and_their_order(
    subject: str, language: Language
) -> None:
    message = an_email("organism_alert", language, subject=subject)
    assert message.subject == an_email("organism_alert", language).subject
    for text in (message.subject, message.text, Page(message.html).words):
        assert not reorders(text)
    message.text.encode()
    message.html.encode()


@pytest.mark.parametrize(
    ("subject", "language", "isolated"),
    [
        ("Demande simple", "fr", False),
        ("طلب رخصة", "fr", True),
        ("Demande simple", "ar", True),
    ],
)
def test_what_could_change_the_order_of_words_is_isolated(subject: str, language: Language, isolated: bool) -> None:
    message = an_email("organism_alert", language, subject=subject)
    assert (f"{FSI}{subject}{PDI}" if isolated else subject) in message.text
    assert (FSI in message.text) is isolated or language == "ar"
    assert f"<bdi>{subject}</bdi>" in message.html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("URGENT : https://evil.example/x", "URGENT : https : // evil. example/x"),
        ("HTTPS://EVIL.EXAMPLE", "HTTPS : // EVIL. EXAMPLE"),
        ("http://10.0.0.1/x", "http : // 10.0.0.1/x"),
        ("www.evil.example", "www. evil. example"),
        ("votre compte evil.ma/connexion", "votre compte evil. ma/connexion"),
        ("écrivez à amina@exemple.ma", "écrivez à amina @ exemple. ma"),
        ("mailto:amina@exemple.ma", "mailto: amina @ exemple. ma"),
        ("javascript:alert(1)", "javascript: alert(1)"),
        (r"\\evil.example\share", r"\ \evil. example\share"),
        ("文書。例え.テスト", "文書. 例え. テスト"),
        ("=?utf-8?B?4oCuZXZpbA==?=", "= ?utf-8?B?4oCuZXZpbA== ? ="),
        ("=?utf-8?Q?=0D=0ABcc:victim?=", "= ?utf-8?Q? =0D=0ABcc: victim? ="),
    ],
)
def test_a_strangers_subject_holds_nothing_to_click_and_nothing_to_decode(
    typed: str, shown: str, language: Language
) -> None:
    message = an_email("organism_alert", language, subject=typed)
    assert shown in message.text
    assert shown in Page(message.html).words
    assert not re.search(r"://|\w@\w|\w\.[^\W\d]|=\?|\?=", shown)


@pytest.mark.parametrize(
    "subject",
    [
        "Demande d'attestation",
        "Facture n° 12.500,00 DH",
        "Rendez-vous à 10:30",
        "طلب رخصة: 45/2025",
        "Pourquoi ? = non",
    ],
)
def test_an_honest_subject_is_shown_as_it_was_typed(subject: str) -> None:
    text = an_email("organism_alert", "fr", subject=subject).text
    assert subject in text.replace(FSI, "").replace(PDI, "")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "number", ["0537 77 12 34", "+212 6 12 34 56 78", "12 500", "45/2025", "011 780 0000123456789012 34", "2026-11-22"]
)
@pytest.mark.parametrize("words", ["هاتف {}", "المبلغ {} درهم", "طلب رقم ({})", "Facture {} الشركة"])
def test_a_number_in_a_subject_is_read_as_it_was_typed(words: str, number: str, language: Language) -> None:
    """An agent may dial it, or pay it."""
    message = an_email("organism_alert", language, subject=words.format(number))
    for text in (message.text, Page(message.html).words):
        (line,) = [line for line in text.splitlines() if number in line]
        for base in ("R", "L"):
            assert number in get_display(line, base_dir=base)


@pytest.mark.parametrize("language", LANGUAGES)
def test_agents_read_who_wrote_the_subject_before_they_read_it(language: Language) -> None:
    text = an_email("organism_alert", language, subject="Zanzibar").text
    warned = {"fr": "n’ouvrez aucun lien", "ar": "لا تفتحوا أي رابط", "en": "open no link"}[language]
    assert 0 < text.index(warned) < text.index("Zanzibar")


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
