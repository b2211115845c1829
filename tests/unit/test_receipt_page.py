"""The receipt as a PDF: everything is on it, where it belongs, and can be read by machines."""

import hashlib
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from render_receipt import printed_words
from render_receipt.page import render
from render_receipt.printed import PrintedReceipt
from tests.support.samples.receipt_cases import ARABIC, CASES, COPIED_AT, FRENCH, SEALED, attachment, made
from typeset import MM, load

ROOT = Path(__file__).parents[2]
A4 = (595, 842)
"""In points."""
SENDER_KINDS = ("citizen", "enterprise", "administration", "association")
LETTER_KINDS = ("request", "complaint", "information", "invoice", "reply", "other")


def opened(record: PrintedReceipt) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(made(record))


def words(record: PrintedReceipt) -> str:
    """Read the whole receipt as a reader of PDF copies it, white space made one."""
    pages = (sheet.get_textpage().get_text_range() for sheet in opened(record))
    return re.sub(r"\s+", " ", " ".join(pages))


@pytest.mark.parametrize("record", [FRENCH, ARABIC], ids=["french", "arabic"])
def test_all_that_a_receipt_must_say_is_on_it_and_can_be_copied(record: PrintedReceipt) -> None:
    text = words(record)
    for part in (
        *printed_words.KINGDOM,
        printed_words.KINGDOM_AMAZIGH,
        *printed_words.TITLE,
        *printed_words.OFFICE,
        *printed_words.NUMBER,
        record.number,
        "22 mai 2026",
        "à 14:05:09 (UTC+01:00)",
        "22 ماي 2026",
        record.organism_ar,
        record.city or "",
        record.sender_name,
        *printed_words.LETTER_KINDS["request"],
        record.identity or "",
        record.subject.split(" بتاريخ")[0],
        record.record_sha256,
        *(item.sha256 for item in record.attachments),
        record.verification_code,
        record.verification_url,
        "482 113",
        *printed_words.SEAL,
        *printed_words.VERIFY,
        *printed_words.FOLLOW,
        "Page 1/1",
    ):
        assert part.replace("\xa0", " ") in text.replace("\xa0", " "), part
    assert f"{printed_words.ATTACHMENTS.fr} : {len(record.attachments)}" in text


@pytest.mark.parametrize("record", [FRENCH, ARABIC], ids=["french", "arabic"])
def test_names_of_files_keep_their_letters(record: PrintedReceipt) -> None:
    text = words(record)
    for item in record.attachments:
        for word in re.split(r"[ .]", item.file_name):
            assert word in text


def test_organism_is_named_in_both_languages_though_its_name_is_broken() -> None:
    text = words(FRENCH)
    assert all(word in text for word in FRENCH.organism_fr.split())


@pytest.mark.parametrize("kind", SENDER_KINDS)
def test_each_kind_of_sender_is_named_in_both_languages(kind: str) -> None:
    text = words(replace(FRENCH, sender_kind=kind))  # type: ignore[arg-type]
    fr, ar = printed_words.SENDER_KINDS[kind]  # type: ignore[index]
    assert fr in text
    assert ar.removesuffix("(ة)") in text


@pytest.mark.parametrize("kind", LETTER_KINDS)
def test_each_kind_of_letter_is_named_and_complaints_alone_hear_of_their_channel(kind: str) -> None:
    text = words(replace(FRENCH, letter_kind=kind))  # type: ignore[arg-type]
    assert all(name in text for name in printed_words.LETTER_KINDS[kind])  # type: ignore[index]
    assert ("2-17-265" in text) == (kind == "complaint")


@pytest.mark.parametrize("record", CASES.values(), ids=CASES)
def test_the_receipt_promises_nothing_that_it_may_not(record: PrintedReceipt) -> None:
    """Law 43-20 keeps "qualified" for accredited providers, 55-19 its delays for applications."""
    text = words(replace(record, subject="x", attachments=())).lower()
    assert not re.search(r"qualifi|recommand|délai|60 jours|مؤهل|أجل|مضمون", text)


@pytest.mark.parametrize(
    ("at", "clock", "arabic_day"),
    [
        (datetime(2026, 3, 1, 23, 30, tzinfo=UTC), "23:30:00 (UTC+00:00)", "1 مارس 2026"),
        (datetime(2026, 8, 31, 23, 30, tzinfo=UTC), "00:30:00 (UTC+01:00)", "1 شتنبر 2026"),
        (datetime(2025, 12, 31, 23, 30, tzinfo=UTC), "00:30:00 (UTC+01:00)", "1 يناير 2026"),
        (datetime(2025, 11, 20, 12, 0, tzinfo=UTC), "13:00:00 (UTC+01:00)", "20 نونبر 2025"),
    ],
    ids=["ramadan", "summer", "new year", "november"],
)
def test_time_is_casablanca_s_with_its_offset(at: datetime, clock: str, arabic_day: str) -> None:
    text = words(replace(FRENCH, submitted_at=at))
    assert clock in text
    assert arabic_day in text


def test_the_first_of_a_month_is_written_as_in_french() -> None:
    assert "1er septembre 2026" in words(replace(FRENCH, submitted_at=datetime(2026, 9, 1, 9, tzinfo=UTC)))


@pytest.mark.parametrize("record", CASES.values(), ids=CASES)
def test_a_decoder_reads_the_qr_back_to_the_verification_address(record: PrintedReceipt) -> None:
    last = list(opened(record))[-1]
    (code,) = zxingcpp.read_barcodes(last.render(scale=2).to_pil())
    assert code.text == record.verification_url
    millimetres = (code.position.top_right.x - code.position.top_left.x) / 2 / MM
    assert millimetres >= 25


@settings(max_examples=10, deadline=None)
@given(st.from_regex(r"https://[a-z0-9.-]{3,80}/v1/receipts/[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", fullmatch=True))
def test_the_qr_can_be_read_whatever_the_address(address: str) -> None:
    (sheet,) = opened(replace(FRENCH, verification_url=address))
    (code,) = zxingcpp.read_barcodes(sheet.render(scale=2).to_pil())
    assert code.text == address


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4])
def test_a_usual_receipt_is_one_page(count: int) -> None:
    files = tuple(attachment(f"وثيقة رقم {number}.pdf") for number in range(count))
    (page,) = opened(replace(ARABIC, attachments=files))
    assert tuple(map(round, page.get_size())) == A4


def test_twenty_attachments_take_two_pages_and_each_says_whose_it_is() -> None:
    document = opened(CASES["twenty"])
    assert len(document) == 2
    for number, sheet in enumerate(document, start=1):
        text = sheet.get_textpage().get_text_range()
        assert f"Page {number}/2" in text
        assert CASES["twenty"].number in text
        assert printed_words.ATTACHMENTS.fr in text


@pytest.mark.parametrize("record", CASES.values(), ids=CASES)
def test_the_same_receipt_gives_the_same_bytes(record: PrintedReceipt) -> None:
    assert render(record, sealed_record=SEALED) == made(record)


def test_other_processes_make_the_same_bytes_on_other_days() -> None:
    """Neither the order of hashing, nor the day, nor what was drawn before may show in the file."""
    program = (
        "import hashlib, sys, time_machine; from tests.support.samples.receipt_cases import *;"
        "time_machine.travel(sys.argv[1], tick=False).start();"
        "[made(CASES[name]) for name in sys.argv[2:]];"
        "print(hashlib.sha256(made(FRENCH)).hexdigest())"
    )
    digests = set()
    for seed, day, before in (("1", "2026-05-22", ()), ("2", "2039-01-01", ("hostile", "twenty"))):
        digests.add(
            subprocess.run(
                [sys.executable, "-c", program, day, *before],
                env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
                check=True,
                capture_output=True,
            ).stdout
        )
    assert digests == {f"{hashlib.sha256(made(FRENCH)).hexdigest()}\n".encode()}


def test_a_copy_made_later_says_so_in_both_languages_and_says_the_rest_as_the_original() -> None:
    copy, original = (
        re.sub(r"\s+", " ", " ".join(sheet.get_textpage().get_text_range() for sheet in pypdfium2.PdfDocument(pdf)))
        for pdf in (made(FRENCH, COPIED_AT), made(FRENCH))
    )
    assert "DUPLICATA établi le 1er septembre 2026 à 10:30:00 (UTC+01:00)" in copy
    assert "نسخة محررة في 1 شتنبر 2026" in copy
    assert "DUPLICATA" not in original
    assert "نسخة محررة" not in original
    assert all(part in copy for part in (FRENCH.number, FRENCH.record_sha256, FRENCH.verification_code, "22 mai 2026"))


def test_the_receipt_of_a_redirected_mail_says_where_it_came_from() -> None:
    record = CASES["redirected"]
    text = words(record)
    assert record.redirected_from
    assert f"sous le numéro d’ordre {record.redirected_from.number}" in text
    assert printed_words.REDIRECTED_FROM.ar in text
    assert text.count(record.redirected_from.organism_ar) == 1
    assert printed_words.REDIRECTED_FROM.fr not in words(FRENCH)


def test_what_the_sender_wrote_is_marked_as_the_sender_s_words() -> None:
    text = words(replace(FRENCH, subject="DEMANDE ACCEPTÉE ✔", reference="VU ET APPROUVÉ"))
    assert "« DEMANDE ACCEPTÉE ✔ »" in text
    assert "« VU ET APPROUVÉ »" in text


def test_a_number_that_stands_for_a_sign_is_explained_only_where_one_stands() -> None:
    explanation = "remplacé par son numéro Unicode"
    assert explanation not in words(replace(FRENCH, subject="Merci 🙂", sender_name="王伟"))
    assert explanation in words(replace(FRENCH, subject="Merci 𓀀"))


def test_missing_fonts_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="ttf"):
        load(tmp_path)


def test_the_file_says_what_it_is() -> None:
    title = opened(FRENCH).get_metadata_dict()["Title"]
    assert FRENCH.number in title
    assert printed_words.TITLE.ar in title
