"""Mails of an inbox are found by numbers and by words as people type them."""

import pytest
import time_machine

from mailroom.domain.register_number import Number, numbers_in_register
from mailroom.fields.word_forms import forms_of, words_of
from mailroom.mails.inbox_search import Sought
from mailroom.storage.item_keys import entry_key
from mailroom.storage.word_items import MOST_AT_ONCE, beginning_of, begins_words, typed_words, word_items, words_in
from tests.support.samples.inbox_in_memory import EVER, all_pages, entry, inbox
from tests.support.samples.mails_in_memory import AT


def is_found(typed: str, subject: str, sender: str = "Zz") -> bool:
    with time_machine.travel(AT, tick=False):
        return all_pages(inbox(entry(1, subject, sender)), Sought(EVER, typed=typed)) == [1]


@pytest.mark.parametrize(
    ("typed", "subject"),
    [
        ("attestation", "Demande d'attestation"),
        ("ATTEST", "Demande d'attestation"),
        ("a", "Demande d'attestation"),
        ("d", "Demande d'attestation"),
        ("dem att", "Demande d'attestation"),
        ("att dem", "Demande d'attestation"),
        ("d’attestation", "Demande d'attestation"),
        ("d'attestation", "Demande d’attestation"),
        ("eleve", "Bourse d’élève"),
        ("Élève", "Bourse d’eleve"),
        ("e\u0301le\u0300ve", "Bourse d’élève"),
        ("oeuvre", "Main d’œuvre"),
        ("45/2026", "Dossier nº 45/2026"),
        ("2026 45", "Dossier nº 45/2026"),
        ("٤٥", "Dossier nº 45/2026"),
        ("۴۵", "Dossier nº 45/2026"),
        ("45", "ملف رقم ٤٥"),
        ("onssa", "Agrément O.N.S.S.A."),
        ("o.n.s.s.a.", "Agrément ONSSA"),
        ("شهادة", "طلب شهادة"),
        ("شهاده", "طلب شهادة"),
        ("شَهَادَة", "طلب شهادة"),
        ("شـهـادة", "طلب شهادة"),
        ("الشهادة", "طلب شهادة"),
        ("شهادة", "طلب الشهادة"),
        ("التأمين", "طلب للتأمين"),
        ("للتأمين", "وثيقة التأمين"),
        ("والتأمين", "وثيقة بالتأمين"),
        ("تأمين", "وثيقة وبالتأمين"),
        ("تامين", "وثيقة التأمين"),
        ("ا", "وثيقة التأمين"),
        ("ال", "وثيقة التأمين"),
        ("الت", "وثيقة التأمين"),
        ("التا", "وثيقة التأمين"),
        ("وال", "وثيقة والتأمين"),
        ("أكادير", "رخصة اكادير"),
        ("إكراء", "عقد اكراء"),
        ("ڭلميم", "شهادة كلميم"),
        ("گلميم", "شهادة ڭلميم"),
        ("مستشفى", "موعد مستشفي"),
        ("zürich", "Transfert à Zurich"),
        ("fi", "Certiﬁcat ﬁscal"),
        ("x", "a b c x"),
        ("北京", "北京大学"),
        ("🙂 permis", "Permis 🙂"),
    ],
)
def test_words_are_found_in_the_subject_however_they_are_written(typed: str, subject: str) -> None:
    assert is_found(typed, subject)


@pytest.mark.parametrize(
    ("typed", "sender"),
    [
        ("benali", "Mohammed Benali"),
        ("moh ben", "Mohammed Benali"),
        ("el alaoui", "Fatima-Zahra El Alaoui"),
        ("zahra", "Fatima-Zahra El Alaoui"),
        ("العلوي", "أمينة العلوي"),
        ("علوي", "أمينة العلوي"),
        ("امينة", "أمينة العلوي"),
        ("societe sidi", "Société Sidi Ali, S.A.R.L."),
        ("sarl", "Société Sidi Ali, S.A.R.L."),
    ],
)
def test_words_are_found_in_the_senders_name(typed: str, sender: str) -> None:
    assert is_found(typed, "Objet", sender)


@pytest.mark.parametrize(
    ("typed", "subject"),
    [
        ("testation", "Demande d'attestation"),
        ("attestations", "Demande d'attestation"),
        ("demande permis", "Demande d'attestation"),
        ("demandez", "Demande d'attestation"),
        ("la attestation", "Demande d'attestation"),
        ("شهادات", "طلب شهادة"),
        ("b", "Demande d'attestation"),
        ("%", "100 % gratuit"),
        ("---", "a - b"),
        ("🙂", "🙂"),
        ("WORDS#", "Objet"),
        ("anam#dem", "Demande"),
    ],
)
def test_what_begins_no_word_is_not_found(typed: str, subject: str) -> None:
    assert not is_found(typed, subject)


def test_both_subject_and_sender_hold_the_words_between_them() -> None:
    search = inbox(entry(1, "Permis de construire", "Omar Alami"), entry(2, "Permis", "Omar Naciri"), entry(3))
    assert all_pages(search, Sought(EVER, typed="alami permis")) == [1]
    assert all_pages(search, Sought(EVER, typed="omar permis")) == [2, 1]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ANAM-2026-000012", [12]),
        ("anam 2026 12", [12]),
        ("ANAM2026000012", [12]),
        ("anam–2026–000012", [12]),
        ("ANAM-2O26-OOOO12", [12]),
        ("\u2066ANAM-2026-000012\u2069", [12]),
        ("anam-٢٠٢٦-١٢", [12]),
        ("anam/2026/12.", [12]),
        ("ANAM-12", [12]),
        ("anam12", [12]),
        ("2026-12", [12]),
        ("2026/000012", [12]),
        ("12", [12]),
        ("١٢", [12]),
        ("۱۲", [12]),
        ("000012", [12]),
        ("n° 12", [12]),
        ("N°12", [12]),
        ("no 12", [12]),
        ("رقم 12", [12]),
        ("# 12", [12]),
        ("1O", [10]),
        ("ANAM-2026-000099", []),
        ("ADM-2026-000012", []),
        ("adm 12", []),
        ("ANAM-2025-000012", []),
        ("2025-12", []),
        ("0", []),
        ("000000", []),
        ("9" * 30, []),
    ],
)
def test_a_number_is_found_as_people_type_it(typed: str, expected: list[int]) -> None:
    with time_machine.travel(AT, tick=False):
        search = inbox(*(entry(rank) for rank in range(1, 15)))
        assert all_pages(search, Sought(EVER, typed=typed)) == expected


def test_a_rank_is_looked_for_in_the_registers_of_ten_years() -> None:
    assert numbers_in_register("7", "ANAM", [2026, 2025]) == (Number("ANAM", 2026, 7), Number("ANAM", 2025, 7))
    old = entry(1)
    pk, sk = entry_key("anam", Number("ANAM", 2019, 1))
    older = old | {
        "pk": pk,
        "sk": sk,
        "number": "ANAM-2019-000001",
        "arrived": "2019-01-05T08:00:00.000Z#ANAM-2019-000001",
    }
    with time_machine.travel(AT, tick=False):
        found, _ = inbox(old, older).page(Sought(EVER, typed="1"), 25, None)
    assert [each["number"] for each in found] == ["ANAM-2026-000001", "ANAM-2019-000001"]


def test_digits_that_are_no_number_of_the_register_are_words() -> None:
    with time_machine.travel(AT, tick=False):
        search = inbox(entry(1, "Dossier 45"), entry(2, "Dossier 46"))
        assert all_pages(search, Sought(EVER, typed="45")) == [1]
        assert all_pages(search, Sought(EVER, typed="2")) == [2]


@pytest.mark.parametrize(
    "subject",
    [
        "Objet",
        "ا" * 255,
        "ﷺ" * 255,
        " ".join(chr(0x4E00 + rank) for rank in range(128)),
        "a" * 255,
        "\U0001d400" * 255,
        "النون والقلم " * 19,
        "#" * 255,
    ],
)
def test_hostile_subjects_have_lists_of_bounded_number_and_size(subject: str) -> None:
    items = word_items(entry(1, subject[:255], "x" * 401))
    assert len(items) < 600
    assert all(len(item["pk"].encode()) < 100 and item["pk"].count("#") == 2 for item in items)
    assert all(len(item["words"].encode()) < 30_000 for item in items)
    assert len({(item["pk"], item["sk"]) for item in items}) == len(items)


def test_an_ordinary_mail_is_listed_by_the_transaction_that_registers_it() -> None:
    subject = (
        "Demande de rectification d’une attestation de travail suite au changement d’employeur — طلب تصحيح شهادة العمل"
    )
    assert len(word_items(entry(1, subject, "Fatima-Zahra El Alaoui Benkirane"))) <= MOST_AT_ONCE


def test_each_typed_word_has_the_list_of_its_own_beginning() -> None:
    for text in ("Demande d'attestation", "وثيقة والتأمين بالصحة", "a bc def ghij klmno"):
        each = entry(1, text, "Zz")
        lists = {item["pk"].rpartition("#")[2] for item in word_items(each)}
        for word in words_of(text):
            for form in forms_of(word):
                for end in range(1, len(form) + 1):
                    (typed,) = typed_words(form[:end])
                    assert begins_words([typed], words_in(each))
                    assert beginning_of(typed) in lists
