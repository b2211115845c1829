"""Every refusal has its words, in each language, with the same values in them."""

import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroom.domain import file_refusals, problems, refusals
from mailroom.domain.file_refusals import AnswerFilesRefused, FileUnchecked
from mailroom.domain.refusals import (
    AlreadyClosed,
    FieldError,
    FieldsWrong,
    Refusal,
    StepsMissing,
)

WORDS = Path(problems.__file__).parent / "problem_words"
CATALOGUES: dict[str, Any] = {
    language: json.loads((WORDS / f"{language}.json").read_text(encoding="utf-8")) for language in problems.LANGUAGES
}
REFUSALS = [
    kind
    for module in (refusals, file_refusals)
    for _name, kind in inspect.getmembers(module, inspect.isclass)
    if issubclass(kind, Refusal) and kind is not Refusal and kind.__module__ == module.__name__
]
OURS = re.compile(r'PydanticCustomError\(\s*"(\w+)"|FieldError\([^")]*"?\w*"?, "(\w+)"')


def made(kind: type[Refusal]) -> Refusal:
    if issubclass(kind, StepsMissing):
        return kind(["letter"], ["attachments/1"])
    if issubclass(kind, AnswerFilesRefused):
        return kind(["attachments/1"], [], [])
    if kind is FileUnchecked:
        return FileUnchecked("protected")
    if kind is AlreadyClosed:
        return AlreadyClosed("answered", "2026-11-23T09:02:11.482Z", "nadia")
    return FieldsWrong(FieldError("subject", "blank")) if kind is FieldsWrong else kind(most=20, allowed="GET, PUT")


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


@pytest.mark.parametrize("language", problems.LANGUAGES)
def test_every_refusal_has_words_and_no_word_lacks_its_refusal(language: str) -> None:
    assert set(CATALOGUES[language]["problems"]) == {kind.slug for kind in REFUSALS}
    assert set(CATALOGUES[language]["fields"]) == set(CATALOGUES["fr"]["fields"])
    assert "other" in CATALOGUES[language]["fields"]


def test_each_refusal_has_a_slug_of_its_own_and_the_status_of_an_error() -> None:
    assert len({kind.slug for kind in REFUSALS}) == len(REFUSALS)
    assert all(400 <= kind.status < 600 for kind in REFUSALS)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.slug) for kind in REFUSALS)


@pytest.mark.parametrize("language", problems.LANGUAGES)
def test_words_hold_the_same_placeholders_in_each_language(language: str) -> None:
    for slug, said in CATALOGUES[language]["problems"].items():
        assert said.keys() == {"title", "detail"}
        assert placeholders(said["title"]) == set()
        assert placeholders(said["detail"]) == placeholders(CATALOGUES["en"]["problems"][slug]["detail"]), slug
    for code, sentence in CATALOGUES[language]["fields"].items():
        assert placeholders(sentence) == placeholders(CATALOGUES["en"]["fields"][code]), code


def test_each_language_is_written_in_its_own_letters() -> None:
    for language, catalogue in CATALOGUES.items():
        sentences = [said["detail"] for said in catalogue["problems"].values()] + list(catalogue["fields"].values())
        assert all(bool(re.search(r"[\u0600-\u06ff]", text)) == (language == "ar") for text in sentences)


def test_every_kind_of_error_that_the_program_raises_has_its_sentence() -> None:
    root = Path(__file__).parents[2]
    raised = set()
    for folder in ("functions", "layers/mailroom/src"):
        for path in (root / folder).rglob("*.py"):
            raised |= {one or other for one, other in OURS.findall(path.read_text(encoding="utf-8"))}
    assert {"blank", "ice", "cursor", "national_id_not_accepted", "extra_forbidden", "date"} <= raised
    assert raised <= set(CATALOGUES["en"]["fields"])


@pytest.mark.parametrize("language", problems.LANGUAGES)
@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.slug)
def test_a_problem_document_has_the_members_of_rfc_9457_and_no_gap_in_its_words(
    kind: type[Refusal], language: str
) -> None:
    document = problems.document(made(kind), language, instance="/requests/1")
    assert document["type"] == f"/problems/{kind.slug}"
    assert document["status"] == kind.status
    assert document["instance"] == "/requests/1"
    assert document["title"] == CATALOGUES[language]["problems"][kind.slug]["title"]
    assert not re.search(r"[{}…]", document["detail"].replace("Bearer …", ""))


@pytest.mark.parametrize("language", problems.LANGUAGES)
def test_an_error_of_ours_names_the_reference_under_which_operators_find_it(language: str) -> None:
    document = problems.document(refusals.InternalError(), language, instance="/requests/JKJaXmPLvHcESHA=")
    assert "/requests/JKJaXmPLvHcESHA=" in document["detail"]
    assert "X-Request-Id" not in document["detail"]


@pytest.mark.parametrize(
    ("language", "way_round_the_scanner", "new_mail"),
    [
        ("fr", r"autre (voie|moyen)|renvo(yer|ie)", "un nouveau courrier"),
        ("ar", r"طريقة أخرى|وسيلة أخرى|من جديد", "مراسلة جديدة"),
        ("en", r"another way|other means|again", "a new mail"),
    ],
)
@pytest.mark.parametrize("slug", ["file-infected", "file-not-trusted"])
def test_no_agent_is_sent_round_the_scanner(
    slug: str, language: str, way_round_the_scanner: str, new_mail: str
) -> None:
    """A file by WhatsApp or USB key passes no scanner, and mail that was sent is fixed: only new mail helps."""
    detail = CATALOGUES[language]["problems"][slug]["detail"]
    assert not re.search(way_round_the_scanner, detail)
    assert new_mail in detail


def test_an_unknown_kind_of_error_is_still_a_sentence() -> None:
    assert problems.field_message(FieldError("x", "never_heard_of"), "en") == "This value is not accepted."


def test_a_sentence_does_without_a_value_that_lacks() -> None:
    assert problems.field_message(FieldError("x", "string_too_long"), "en") == "Maximum number of characters: …."


@given(st.text(st.characters(), max_size=300))
def test_whatever_a_field_is_called_the_document_can_be_sent(name: str) -> None:
    document = problems.document(FieldsWrong(FieldError(name, "blank")), "fr", instance="/")
    assert len(json.dumps(document, ensure_ascii=False).encode()) < 5000


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "fr"),
        ("*", "fr"),
        ("de", "fr"),
        ("ar", "ar"),
        ("AR-ma", "ar"),
        ("en-GB,en;q=0.9", "en"),
        ("de-DE, en;q=0.5, ar;q=0.8", "ar"),
        ("fr;q=0.1, en;q=0.2", "en"),
        ("ar, en", "ar"),
        ("en;q=0", "fr"),
        ("ar;q=0, en;q=0.5", "en"),
        ("ar;q=nan, en;q=0.5", "en"),
        ("ar;q=inf, en;q=0.5", "en"),
        ("ar;q=", "fr"),
        ("ar;level=1", "fr"),
        ("arabic", "fr"),
        (",,;;q=,", "fr"),
        ("xx," * 5000 + "en", "fr"),
    ],
)
def test_the_language_is_the_best_of_ours_that_was_asked_for(header: str, language: str) -> None:
    assert problems.language_of(header) == language


@given(st.text(max_size=60))
def test_any_header_gives_a_language(header: str) -> None:
    assert problems.language_of(header) in problems.LANGUAGES
