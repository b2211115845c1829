"""The words are right: one term for one thing, in good French, Arabic and English, and in the right order."""

import re

import pytest
from bidi import get_display  # type: ignore[import-untyped]

from infra.site.words import flat, words
from mailroom.domain.organism import Language
from tests.support.inspection.composed import EACH, EACH_SMS, LANGUAGES, an_email, an_sms
from tests.support.samples import all_words
from tests.support.samples.all_words import ARABIC, FOLDERS, ISOLATED, ROOT, Sentence, catalogue

WRITTEN = list(all_words.written())
FILES = list(all_words.files())
SENT = list(all_words.sent())


def faults(pattern: str, sentences: list[Sentence]) -> list[Sentence]:
    return [each for each in sentences if re.search(pattern, each.text)]


def in_language(language: Language, *, sms: bool = True) -> list[Sentence]:
    """All that people read in a language, without what is filled in."""
    messages = [
        each._replace(text=all_words.words_alone(each.text)) for each in FILES if sms or "sms" not in each.place
    ]
    catalogues = [each._replace(text=re.sub(r"\{\w+\}", "\ufffc", each.text)) for each in WRITTEN]
    return [each for each in (*catalogues, *messages) if each.language == language]


# One thing has one name


NEVER: dict[Language, dict[str, str]] = {
    "fr": {
        r"Bureau d.Ordre Digital": "Bureau d’ordre digital",
        r"(?i)\blettre\b": "texte du courrier",
        r"(?i)\breçu le\b": "déposé le",
        r"(?i)\baccusés?\b(?! de réception)": "accusé de réception",
        r"(?i)(?<!caractère complet du )\bdossier": "relevé de dépôt (scellé), fichier, courrier",
        r"(?i)\brejet": "non accepté",
        r"(?i)pas donné suite": "non accepté",
        r"(?i)\brépondu\b": "réponse donnée",
        r"(?i)\bredirection": "transmission",
        r"(?i)\bqualifié": "cachet électronique, horodatage",
        r"(?i)\bplainte": "réclamation",
        r"(?i)\btêtes?\b": "empreinte publiée du registre",
        r"(?i)\bopérateur": "responsables du service",
        r"(?i)QR code": "code QR",
        r"(?i)\bcitoyen\b(?!\()": "citoyen(ne)",
        r"(?i)serez averti": "nous vous informerons",
        r"(?i)\bva-t-?en|là-bas|\bchez\b": "auprès de",
    },
    "ar": {
        r"الإدارة": "الهيئة",
        r"الطلب(?!ات)": "المراسلة",
        r"رسالة": "المراسلة، نص المراسلة، البريد الإلكتروني",
        r"المرتفق": "المرسل",
        r"مواطن(?!\()": "مواطن(ة)",
        r"تاريخ التوصل": "تاريخ الإيداع",
        r"إشعار التوصل|\bالوصل\b|وصل رقمي": "الإشعار بالتوصل",
        r"الرمز المربع": "رمز QR",
        r"تم تسلم|تسلمت": "قيد المعالجة",
        r"\b(ال)?رد\b": "الجواب",
        r"محالة": "أحيلت على هيئة أخرى",
        r"رفض": "غير مقبولة",
        r"لم تستجب": "غير مقبولة",
        r"الملف المختوم|الملف المرفق بالإشعار": "بيان الإيداع المختوم",
        r"السلطة|السلطات|\bسلطة": "الجهة المصدرة للشهادة",
        r"القائمون": "المشرفون على الخدمة",
        r"قائمة": "اللائحة",
        r"محظور|حظر": "محجوب",
        r"شكوى": "الشكاية",
        r"\bرأس\b|الرؤوس|الرأس": "البصمة المنشورة للسجل",
        r"يضع (أي )?شيء": "لم يُفقد أي شيء",
        r"جار(?![ٍ\w])": "جارٍ",
        r"(^|[:.] )المنتظر": "اكتبوا",
        r"\bمشاركت": "لا تعطوه لأحد",
        r"أودعت": "تم إيداع",
    },
    "en": {
        r"Bureau d.Ordre Digital": "Bureau d’ordre digital",
        r"(?i)\borganisms?\b": "public body",
        r"(?i)\b(?<!new )mails\b": "mail",
        r"(?i)\ba mail\b": "mail",
        r"(?i)acknowledgement": "receipt",
        r"(?i)\breject": "not accepted",
        r"(?i)\bredirect": "passed on",
        r"(?i)\bqualified": "seal, time stamp",
        r"(?i)\bheads?\b": "published register digest",
        r"(?i)\boperators?\b(?! of)": "service team",
        r"(?i)you sent nothing": "did you not send anything",
        r"(?i)\b(is|are) expected\b": "write …",
    },
}
"""What a reader must not meet, and the term that stands for it (the column "never" of the list of terms)."""


@pytest.mark.parametrize(
    ("language", "never", "instead"),
    [(language, never, instead) for language in LANGUAGES for never, instead in NEVER[language].items()],
)
def test_one_thing_has_one_name(language: Language, never: str, instead: str) -> None:
    assert faults(never, in_language(language)) == [], f"instead: {instead}"


TERMS: dict[str, dict[Language, str]] = {
    "message.service": {"fr": "Bureau d’ordre digital", "ar": "مكتب الضبط الرقمي", "en": "Bureau d’ordre digital"},
}


@pytest.mark.parametrize("place", TERMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_label_is_the_term_of_the_list(place: str, language: Language) -> None:
    assert catalogue(place.partition(".")[0], language)[place] == TERMS[place][language]


def test_a_kind_of_sender_is_called_the_same_everywhere() -> None:
    for language in LANGUAGES:
        for kind in ("citizen", "enterprise", "administration", "association"):
            places = {
                catalogue("message", language)[f"message.sender_kinds.{kind}"],
                catalogue("check", language)[f"check.sender_kinds.{kind}"],
                str(flat(words(language))[f"contact.kind_{kind}"]).lower(),
            }
            assert len(places) == 1, (language, places)


# Every language says everything


def test_no_catalogue_is_left_out_of_these_tests() -> None:
    found = {path.parent for place in ("functions", "layers/mailroom/src") for path in (ROOT / place).rglob("ar.json")}
    assert found == set(FOLDERS.values())


@pytest.mark.parametrize("family", FOLDERS)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_catalogue_says_the_same_in_each_language(family: str, language: Language) -> None:
    french, other = catalogue(family, "fr"), catalogue(family, language)
    assert french.keys() == other.keys()
    assert all(text.strip() for text in other.values())
    for place in french.keys() - {"check.moment"}:
        assert set(re.findall(r"\{\w+\}", french[place])) == set(re.findall(r"\{\w+\}", other[place])), place


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_message_is_filled_in_with_the_same_values_in_each_language(language: Language) -> None:
    asked = {(each.place, each.language): set(re.findall(r"\{\{ *([\w.|]+)", each.text)) for each in FILES}
    for place in {each.place for each in FILES}:
        assert asked[place, language] == asked[place, "fr"], place


# An organism's name is no part of a sentence


@pytest.mark.parametrize("each", [each for each in FILES if "organism }}" in each.text], ids=lambda each: each.place)
def test_no_organisms_name_stands_in_a_sentence_of_a_message(each: Sentence) -> None:
    """Names carry no article in French, and a quarter of them disagree with any verb in Arabic."""
    label = r"[^.{}<>!?؟]+"
    alone = {
        "txt": rf"{label}:[ \u00a0]?\{{\{{ \w*organism \}}\}}",
        "html": rf'<tr><th scope="row">{label}</th><td><bdi[^>]*>\{{\{{ \w*organism \}}\}}</bdi></td></tr>',
    }[each.place.rpartition(".")[2]]
    lines = [line for line in each.text.splitlines() if "organism }}" in line]
    assert all(re.fullmatch(alone, line) for line in lines)


def test_no_organisms_name_stands_in_a_sentence_anywhere_else() -> None:
    named = [each for each in WRITTEN if re.search(r"\{(organism|fr|ar)\}", each.text)]
    assert {each.place for each in named} == {"notice.1", "check.said.organism"}
    label = r"(^|:[ \u00a0])\u2068?\{(organism|fr|ar)\}"
    assert [each for each in named if not re.search(label, each.text)] == []


# French


def test_french_has_its_apostrophes_and_its_no_break_spaces() -> None:
    assert faults(r"\w'\w|\w'\{|\}'\w", in_language("fr", sms=False)) == []
    assert faults(r" [:;?!»]|« ", in_language("fr", sms=False)) == []
    assert faults(r"\w[;?!»]|«\w", in_language("fr", sms=False)) == []


# Arabic


def outside_isolates(text: str) -> str:
    """What of a text stands free among Arabic words."""
    return ISOLATED.sub("", text)


FREE = re.compile(r"[A-Za-zÀ-ÿ0-9٠-٩{}+@#=_/\\*%]|-\w|\w-")


def test_in_an_arabic_sentence_letters_of_others_digits_and_signs_are_isolated() -> None:
    in_sms_alone = "message.day"
    for each in WRITTEN:
        if each.language != "ar" or each.place in {in_sms_alone, "check.direction"}:
            continue
        # The check isolates what it fills in; a month's and an organism's name is Arabic.
        blanks = r"\{\w+\}" if each.place.startswith("check.") else r"\{(month|organism)\}"
        text = re.sub(blanks, "", each.text)
        assert not FREE.search(outside_isolates(text)), each


def test_in_an_arabic_message_everything_that_is_filled_in_is_isolated() -> None:
    """HTML isolates by elements: its words are those of the text."""
    for each in SENT:
        if each.language == "ar" and each.place.endswith((".text", ".subject")):
            assert not FREE.search(outside_isolates(each.text)), each


@pytest.mark.parametrize("file", [each for each in FILES if each.language == "ar" and each.place.endswith("html")])
def test_in_an_arabic_html_message_each_value_has_its_element(file: Sentence) -> None:
    for value in re.findall(r"(.{0,40})\{\{ (?!said|submitted_at|sender_kind|\w+_url|verification_page)", file.text):
        assert re.search(r"<bdi[^>]*>$", value), file.place


def test_arabic_counts_by_a_value_and_not_by_a_noun() -> None:
    """A noun's form changes with the number: 5 مرفقات, 20 مرفقا, 100 مرفق."""
    units = "بايت|كيلوبايت|ميغابايت|كيبيبايت|ميبيبايت"
    count = r"\{\{? ?(most|min_length|max_length|count|entries|heads|ge|le|proven)\b[^}]*\}\}?[\u2069]? "
    assert faults(rf"{count}(?!({units})\b)[{ARABIC}]", [*WRITTEN, *FILES]) == []


CODES = [
    "5642-CMRR-AB66-H5QJ",
    "0123-4567-89AB-CDEF",
    "1234-5678-9012-3456",
    "ABCD-EFGH-JKMN-PQRS",
    "7KQ2-9XWV-3MNP-0000",
]


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_read_as_it_is_typed_also_in_arabic(code: str) -> None:
    """Turned round by the mail program, a code of digits belongs to no receipt, and the receipt seems forged."""
    text = an_email("sender_receipt", "ar", verification_code=code).text
    (line,) = [line for line in text.splitlines() if code in line and "://" not in line]
    assert code in get_display(line, base_dir="R")


@pytest.mark.parametrize("number", ["ANAM-2026-000325", "2M-2026-000001", "1-2026-000001", "MATNUHPV-2026-000001"])
@pytest.mark.parametrize("template", [template for template, language in EACH if language == "ar"])
def test_numbers_days_and_addresses_are_read_in_their_order_in_arabic(template: str, number: str) -> None:
    message = an_email(template, "ar", number=number)  # type: ignore[arg-type]  # one of the templates
    for line in (message.subject, *message.text.splitlines()):
        shown = get_display(line, base_dir="R")
        for value in (number, "UTC+01:00", "11:15", *re.findall(r"https://\S+", line)):
            assert (value in shown) == (value in line), line


@pytest.mark.parametrize("number", ["ANAM-2026-000325", "2M-2026-000001"])
@pytest.mark.parametrize("template", [template for template, language in EACH_SMS if language == "ar"])
def test_an_arabic_sms_is_read_in_its_order(template: str, number: str) -> None:
    for line in an_sms(template, "ar", number=number).splitlines():  # type: ignore[arg-type]  # one of the templates
        shown = get_display(line, base_dir="R")
        for value in (number, "22/07/2026", *re.findall(r"https://\S+", line)):
            assert (value in shown) == (value in line), line


def test_what_an_arabic_sentence_quotes_is_read_as_it_is_typed() -> None:
    quoted = [(each, inside[1:-1]) for each in WRITTEN for inside in ISOLATED.findall(each.text)]
    assert len(quoted) > 60
    for each, inside in quoted:
        assert inside in get_display(each.text, base_dir="R"), each
    dates = [inside for _, inside in quoted if inside == "2026-11-22"]
    assert dates
