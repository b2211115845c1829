"""The check of what is in a receipt, of the files beside it, and of files that are no receipt."""

import io
import json
import signal
from pathlib import Path

import pytest
import rfc8785
from fpdf import FPDF
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from mailroom.check import receipt as whole
from mailroom.check.contents import record_of
from mailroom.check.deadline import TookTooLongError, within
from mailroom.check.findings import ReceiptVerdict
from mailroom.domain.sealed_record import digest
from tests.support.signed.receipts_to_check import RECORD, SENDER, SENT, SUBJECT, VALUES, Desk, page, sealed


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def reason(desk: Desk, receipt: bytes) -> str:
    answer = desk.check(receipt, "--json")
    assert answer.code == 8
    told: str = json.loads(answer.text)["reason"]
    return told


def test_what_the_record_says_is_told_and_its_digest_is_the_registers(desk: Desk) -> None:
    record = json.loads(desk.check(sealed(), "--json").text)["record"]
    assert (record["state"], record["sha256"]) == ("intact", digest(RECORD))
    said = record["said"]
    assert said["number"] == VALUES["number"]
    assert said["submitted_at"] == VALUES["submitted_at"]
    assert said["sender_kind"] == "citizen"
    assert said["letter_sha256"] == digest(b"letter")
    assert said["attachment_count"] == len(SENT)


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_persons_are_told_of_only_when_it_is_asked_for(desk: Desk, form: list[str]) -> None:
    said, more = desk.check(sealed(), *form).text, desk.check(sealed(), *form, "--all").text
    for personal in (SENDER, SUBJECT, "AB123456", "DRH/2026/117", *SENT):
        assert personal not in said
        assert personal in more


def test_each_attachment_is_known_by_its_content_whatever_it_is_called_now(desk: Desk) -> None:
    content = SENT["شهادة السكنى.pdf"]
    answer = desk.check(sealed(), desk.keep("scan (2).pdf", content), desk.keep("plan.jpg", SENT["plan.jpg"]), "--json")
    assert answer.code == 0
    first, second = json.loads(answer.text)["files"]
    assert (first["state"], second["state"]) == ("attachment", "attachment")
    assert first["sent_as"][0] == {
        "file_name": "شهادة السكنى.pdf",
        "media_type": "application/pdf",
        "size": len(content),
        "sha256": digest(content),
    }
    assert "plan.jpg" in desk.check(sealed(), desk.keep("x", SENT["plan.jpg"])).text


def test_files_that_were_not_sent(desk: Desk) -> None:
    """They are told from files of another content and from files that cannot be read."""
    other, never = desk.keep("plan.jpg", b"another map"), desk.keep("new.pdf", b"%PDF- new")
    answer = desk.check(sealed(), other, never, str(desk.folder), str(desk.folder / "gone"), "--json")
    assert answer.code == 7
    states = [file["state"] for file in json.loads(answer.text)["files"]]
    assert states == ["other_content", "not_attachment", "unreadable", "unreadable"]
    assert desk.check(sealed(), never, trust=False).code == ReceiptVerdict.FILES_DIFFER


@pytest.mark.parametrize(
    "record",
    [
        json.dumps(VALUES).encode(),
        rfc8785.dumps(VALUES | {"attachments": [{"file_name": "x"}]}),
        rfc8785.dumps({**VALUES, "submitted_at": "yesterday"}),
        rfc8785.dumps([]),
        RECORD + b"\n",
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"a":NaN}',
    ],
    ids=["not-canonical", "half", "no-time", "list", "longer", "deep", "no-text", "nan"],
)
def test_a_record_that_is_not_one_is_told_though_the_seal_is_good(desk: Desk, record: bytes) -> None:
    answer = desk.check(sealed(record=record), "--json")
    found = json.loads(answer.text)
    assert answer.code == 6
    assert found["seal"]["integrity"] == "intact"
    assert found["record"]["state"] == "damaged"


def test_a_record_that_lies_in_the_file_twice_is_damaged() -> None:
    """A reader could take the other one."""
    writer = IncrementalPdfFileWriter(io.BytesIO(page()))
    files = writer.root["/AF"]
    files.append(files.raw_get(0))
    writer.update_container(files)
    twice = io.BytesIO()
    writer.write(twice)  # type: ignore[no-untyped-call]  # pyHanko says no types here
    assert record_of(PdfFileReader(twice)).state == "damaged"


def test_a_record_that_unpacks_without_end_is_not_unpacked(desk: Desk) -> None:
    bomb = b" " * (4 * whole.LARGEST + 1)
    answer = desk.check(sealed(record=bomb), "--json")
    assert answer.code == ReceiptVerdict.RECORD_NOT_INTACT
    assert json.loads(answer.text)["record"]["state"] == "damaged"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "not_pdf"),
        (b"PK\x03\x04 a document of another kind", "not_pdf"),
        (sealed()[:20_000], "damaged"),
        (b"%PDF-1.7\n%%EOF", "damaged"),
        (b"%PDF-1.7\nstartxref\n0\n%%EOF\n", "damaged"),
        (b"%PDF-" + b"0" * whole.LARGEST, "too_large"),
        (page(), "no_seal"),
    ],
    ids=["empty", "other-kind", "cut", "header", "loop", "large", "unsealed"],
)
def test_what_is_no_sealed_receipt_is_told_in_plain_words(desk: Desk, content: bytes, told: str) -> None:
    assert reason(desk, content) == told


def test_an_encrypted_pdf_is_told_as_such(desk: Desk) -> None:
    document = FPDF()
    document.set_encryption(owner_password="x", user_password="y")
    document.add_page()
    assert reason(desk, bytes(document.output())) == "encrypted"


def test_a_file_that_is_not_there_is_told(desk: Desk) -> None:
    answer = desk.run(str(desk.folder / "none.pdf"), "--json")
    assert (answer.code, json.loads(answer.text)["reason"]) == (ReceiptVerdict.NOT_CHECKABLE, "not_found")


def test_a_file_that_keeps_us_busy_is_given_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "LONGEST", 0.0)
    assert reason(desk, sealed()) == "too_slow"


def busy(seconds: float) -> None:
    with within(seconds):
        while True:
            pass


def interrupted() -> None:
    with within(60):
        signal.raise_signal(signal.SIGINT)


def test_patience_ends_in_time_and_the_keyboards_own_interrupt_stays_what_it_is() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(TookTooLongError):
        busy(0.05)
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert signal.getsignal(signal.SIGINT) is before


def test_a_wrong_authority_file_is_a_wrong_command_line(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        desk.run(desk.keep("r.pdf", sealed()), "--trust", desk.keep("no.pem", b"nothing"))
    assert refused.value.code == 2
    assert "no certificate can be read" in capsys.readouterr().err
