"""The words of the pages: every language says everything, says no more, and says it plainly."""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest

from infra.site.places import SITE, SOURCES, TEMPLATES
from infra.site.words import LANGUAGES, PLURALS, Language, Word, amazigh, flat, placeholders, words

MOST_WORDS = 25
FRENCH = {language: flat(words(language)) for language in LANGUAGES}["fr"]
EVERY = [(language, key, word) for language in LANGUAGES for key, word in flat(words(language)).items()]

NO_BREAK = "\u00a0\u202f"
NEVER: dict[Language, tuple[str, ...]] = {
    "fr": ("Bureau d’Ordre", "rejeté", " chez ", "QR code", "redirection", "authenticité", "Répondu", " têtes"),
    "ar": ("الرمز المربع", "القائمون", "إشعار التوصل", "محظور", "شكوى", "القائمة", "محالة", "وصل الإيداع"),
    "en": ("organism ", "organisms", "mails ", " a mail ", "acknowledgement", "anew", "Organism"),
}
"""What `words.md`, the project's list of terms, says otherwise."""


def texts(word: Word) -> Iterator[str]:
    yield from [word] if isinstance(word, str) else word.values()


def sentences(text: str) -> Iterator[str]:
    yield from re.split(r"(?<=[.!?؟…])\s+|\n", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything(language: Language) -> None:
    assert set(flat(words(language))) == set(FRENCH)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_values_stand_in_every_language(language: Language) -> None:
    said = flat(words(language))
    # a plural form may leave its number out: « un fichier », « ملفان »
    differing = {
        key: (placeholders(word), placeholders(FRENCH[key]))
        for key, word in said.items()
        if placeholders(word) - {"count"} != placeholders(FRENCH[key]) - {"count"}
        or isinstance(word, str) != isinstance(FRENCH[key], str)
    }
    assert differing == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_have_all_plural_forms_of_the_language(language: Language) -> None:
    forms = {key: set(word) for key, word in flat(words(language)).items() if not isinstance(word, str)}
    assert {key: found for key, found in forms.items() if found != PLURALS[language]} == {}


def test_no_word_is_unused() -> None:
    used = "\n".join(file.read_text(encoding="utf-8") for file in (*SOURCES.rglob("*.ts"), *TEMPLATES.glob("*.j2")))
    named = set(re.findall(r"\b(?=(\w+\.\w+)\b)", used))
    fields = set(re.findall(r"\b(\w+): ", used))
    of_languages = set(re.findall(r"languages(?:\.\w+|\[\w+\])\.(\w+)", used))
    # `frame.month_${month}`, "send.category_" ~ category, and page ~ ".title"
    beginnings = tuple(re.findall(r"""[`"']([a-z]+\.[a-z_]*_)(?:\$\{|["'] ~)""", used))
    # `verify.${verdict}`: its names stand in the type of what is chosen from
    chosen = set(re.findall(r"`([a-z]+)\.\$\{", used))
    unused = [
        key
        for key in FRENCH
        if key not in named
        and not (key.split(".")[0] in chosen and key.split(".")[1] in fields)
        and not key.startswith(beginnings)
        and not key.endswith(".title")
        and key.removeprefix("frame.") not in of_languages
    ]
    assert unused == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short(language: Language) -> None:
    long = [
        (key, sentence)
        for spoken, key, word in EVERY
        for text in texts(word)
        for sentence in sentences(text)
        if spoken == language and len(sentence.split()) > MOST_WORDS
    ]
    assert long == []


def test_french_has_its_apostrophe_and_no_break_spaces() -> None:
    wrong = [
        (key, text)
        for language, key, word in EVERY
        for text in texts(word)
        if language == "fr" and re.search(rf"\w'\w|[^{NO_BREAK}\d][:;?!»](?=\s|$)|«[^{NO_BREAK}]| [:;?!»]", text)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_thing_has_the_one_name_of_the_term_list(language: Language) -> None:
    wrong = [
        (key, term)
        for spoken, key, word in EVERY
        for text in texts(word)
        for term in NEVER[language]
        if spoken == language and term in text
    ]
    assert wrong == []


TERMS: dict[str, dict[Language, str]] = {
    "frame.service": {"fr": "Bureau d’ordre digital", "ar": "مكتب الضبط الرقمي", "en": "Bureau d’ordre digital"},
    "follow.number": {"fr": "Numéro d’ordre", "ar": "رقم التسجيل", "en": "Register number"},
    "follow.organism": {"fr": "Organisme", "ar": "الهيئة", "en": "Public body"},
    "follow.submitted_at": {"fr": "Déposé le", "ar": "تاريخ الإيداع", "en": "Sent on"},
    "follow.code": {"fr": "Code de suivi", "ar": "رمز التتبع", "en": "Follow-up code"},
    "follow.verification_code": {"fr": "Code de vérification", "ar": "رمز التحقق", "en": "Verification code"},
    "follow.status_collected": {"fr": "En cours de traitement", "ar": "قيد المعالجة", "en": "Being dealt with"},
    "follow.status_answered": {"fr": "Réponse donnée", "ar": "تم الجواب عنها", "en": "Answered"},
    "follow.status_rejected": {"fr": "Non accepté", "ar": "غير مقبولة", "en": "Not accepted"},
    "follow.status_redirected": {
        "fr": "Transmis à un autre organisme",
        "ar": "أحيلت على هيئة أخرى",
        "en": "Passed on to another public body",
    },
}


@pytest.mark.parametrize("key", TERMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_label_is_the_term_of_the_list(key: str, language: Language) -> None:
    assert flat(words(language))[key] == TERMS[key][language]


SENT = {"fr": "Message envoyé à", "en": "Message sent to", "ar": "إرسال إخبار إلى"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["follow.event_organism_alerted", "follow.event_sender_informed"])
def test_the_history_says_that_a_message_was_sent_and_not_that_it_arrived(key: str, language: Language) -> None:
    """AWS takes an SMS past the account's spending limit too, and answers with an id; nobody gets it.

    https://docs.aws.amazon.com/sns/latest/dg/sms_preferences.html
    """
    assert str(flat(words(language))[key]).startswith(SENT[language])


def test_latin_and_numbers_are_set_apart_in_arabic() -> None:
    """A number or a Latin word beside Arabic letters must not change the order of what stands around it."""
    wrong = []
    for language, key, word in EVERY:
        if language != "ar":
            continue
        for text in texts(word):
            outside = re.sub(r"\u2066.*?\u2069", "", text)
            if re.search(r"[A-Za-z0-9]", re.sub(r"\{[a-z_]+\}", "", outside)) and re.search(r"[\u0600-\u06ff]", text):
                wrong.append((key, text))
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_isolates_are_closed(language: Language) -> None:
    for spoken, key, word in EVERY:
        for text in texts(word):
            if spoken == language:
                marks = [mark for mark in text if mark in "\u2066\u2069"]
                assert marks[::2] == ["\u2066"] * (len(marks) // 2), key
                assert all(one != other for one, other in pairwise(marks)), key


def test_only_reviewed_amazigh_is_shown() -> None:
    """Four terms so far: `words.md` says which a speaker of the standard vouched for."""
    assert set(amazigh()) == {"kingdom", "letter", "number", "name"}
    shown = "".join(
        file.read_text(encoding="utf-8")
        for file in (*SOURCES.rglob("*.ts"), *TEMPLATES.glob("*.j2"), *SITE.glob("words/??.json"))
    )
    assert not re.search("[\u2d30-\u2d7f]", shown)
