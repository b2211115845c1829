"""Whatever happens to files, in whatever order, twice, late or never: each ends in a state that someone was told of."""

# ruff: noqa: ANN401 - stand-ins of AWS take whatever is asked, by keyword

import itertools
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

import time_machine
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

import mailroom.scanning.inspection
from mailroom.domain import clock
from mailroom.domain.file_refusals import AnswerFilesRefused, FilesRefused
from mailroom.domain.file_states import MEANINGS, FileState
from mailroom.domain.letter import MEDIA_TYPES, Attachment, Letter
from mailroom.domain.mail import Closed, Draft, Mail, Submitted
from mailroom.domain.refusals import (
    AlreadyClosed,
    FieldsWrong,
    MailNotFound,
    RedirectedTooOften,
    Refusal,
    StepsMissing,
)
from mailroom.mails import answers, completion
from mailroom.mails.inbox import Inbox
from mailroom.mails.outcome import Decision, Outcomes
from mailroom.mails.submission import Submissions
from mailroom.mails.tokens import Tokens
from mailroom.notifying.notification_queue import NotificationQueue
from mailroom.operating.failures import late_mails
from mailroom.operating.scan_chase import ScanChase
from mailroom.organisms.admission import Admission
from mailroom.organisms.callers import Caller
from mailroom.scanning.inspection import Inspection
from mailroom.scanning.scans import awaited
from mailroom.storage.bucket import Files
from mailroom.storage.mails import Store
from mailroom.storage.object_keys import answer_key, key_of
from tests.support.fakes.file_services import BREAKS, Bucket, Queue, examine
from tests.support.fakes.table_in_memory import TableInMemory
from tests.support.samples.notified_mail import CITIZEN, ORGANISM

TOKENS = Tokens(b"key")
STATUSES = ("NO_THREATS_FOUND", "THREATS_FOUND", "UNSUPPORTED", "FAILED", "ACCESS_DENIED")

_PERMITTED = {
    "pending": ("file-not-checked", "file-not-checked"),
    "clean": (None, None),
    "unchecked": ("file-unchecked", None),
}
"""What an agent is answered who asks for a file, without and with the wish to take it unchecked."""


def all_files(mail: Mail) -> tuple[Attachment, ...]:
    """The files of a mail and of its answer."""
    return mail.attachments if isinstance(mail, Draft) else (*mail.attachments, *mail.answers)


class FilesOfMails(RuleBasedStateMachine):
    """Senders, agents, the scanner and the schedule, interleaved at random."""

    drafts = Bundle("drafts")
    mails = Bundle("mails")
    files = Bundle("files")

    def __init__(self) -> None:
        super().__init__()
        self.table = TableInMemory()
        self.store = Store(self.table)
        self.bucket, self.queue = Bucket(), Queue()
        self.storage = Files(cast("Any", self.bucket), "bucket")
        self.inspection = Inspection(
            s3=cast("Any", self.bucket),
            bucket="b",
            table=self.table,
            queue=NotificationQueue(cast("Any", self.queue), "q"),
            scan_again=lambda *_: None,
        )
        self.named: list[str] = []
        """What operators were told."""
        self.ranks: dict[tuple[str, str], int] = {}
        self.numbers = itertools.count(1)
        self.time = time_machine.travel(datetime(2026, 11, 22, 9, tzinfo=UTC), tick=False)
        self.clock = self.time.start()
        self.content = mock.patch.object(mailroom.scanning.inspection, "examine", examine)
        self.content.start()

    def teardown(self) -> None:
        self.content.stop()
        self.time.stop()

    @initialize()
    def enrol(self) -> None:
        for name in ("anam", "adm"):
            Admission(self.table).admit(ORGANISM.model_copy(update={"organism_id": name, "code": name.upper()}))

    @rule(target=drafts, sizes=st.lists(st.integers(1, BREAKS), min_size=1, max_size=2))
    def write(self, sizes: list[int]) -> str:
        mail_id = str(uuid.UUID(int=next(self.numbers)))
        self.store.start(mail_id, ORGANISM, "fr", clock.now())
        self.store.write_letter(mail_id, Letter(kind="request", subject="x", body=""), clock.now())
        self.store.identify_sender(mail_id, CITIZEN, clock.now())
        for size in sizes:
            file = self.announced(size)
            self.store.announce(mail_id, file, clock.now())
            self.put(key_of(mail_id, file), size)
        return mail_id

    def announced(self, size: int) -> Attachment:
        return Attachment(
            attachment_id=str(uuid.UUID(int=next(self.numbers))),
            file_name="a.pdf",
            media_type=MEDIA_TYPES["pdf"],
            size=size,
            sha256="0" * 64,
        )

    def put(self, key: str, size: int) -> None:
        self.bucket.sizes[key] = size
        self.bucket.tags[key] = {"state": "draft"}

    @rule(target=mails, draft=drafts, status=st.sampled_from([None, *STATUSES]))
    def submit(self, draft: str, status: str | None) -> Any:
        """The sender sends; a result may come between the look and the transaction."""

        def meanwhile() -> None:
            self.table.before_transaction = lambda: None
            if status:
                self.scan(draft, 0, status, is_heard=True)

        before = self.store.mail(draft)
        self.table.before_transaction = meanwhile
        try:
            mail, _ = Submissions(self.table, TOKENS.verification_code).submit(self.store.mail(draft), self.storage.pin)
        except FilesRefused as refusal:
            self.was_rightly_refused(draft, refusal.refused)
            return multiple()
        except MailNotFound:
            assert isinstance(before, Draft)
            assert before.expires_at <= clock.iso(clock.now())
            return multiple()
        finally:
            self.table.before_transaction = lambda: None
        if isinstance(before, Draft):
            assert clock.iso(clock.now()) < before.expires_at
            assert all(file.check != "refused" for file in self.store.mail(draft).attachments)
            return draft
        assert mail.submission == before.submission
        return multiple()

    @rule(target=mails, size=st.integers(1, BREAKS - 1), status=st.sampled_from(STATUSES))
    def send_what_was_scanned(self, size: int, status: str) -> Any:
        """The usual order."""
        draft = self.write([size])
        self.scan(draft, 0, status, is_heard=True)
        return self.submit(draft, None)

    def was_rightly_refused(self, draft: str, named: list[str]) -> None:
        mail = self.store.mail(draft)
        assert named == [f"attachments/{x.attachment_id}" for x in mail.attachments if x.check == "refused"]
        assert named
        assert isinstance(mail, Draft)

    @rule(
        mail_id=st.one_of(drafts, mails),
        rank=st.integers(0, 1),
        status=st.sampled_from(STATUSES),
        is_heard=st.booleans(),
    )
    def scan(self, mail_id: str, rank: int, status: str, *, is_heard: bool) -> None:
        """The scanner tags a file, and its event comes or is lost; again and contradicting itself as it likes."""
        mail = self.store.mail(mail_id)
        for file in all_files(mail)[rank : rank + 1]:
            if key_of(mail_id, file) in self.bucket.tags:
                self.result(key_of(mail_id, file), status, is_heard=is_heard)

    @rule(mail_id=mails, status=st.sampled_from(STATUSES), is_heard=st.booleans())
    def scan_the_answer(self, mail_id: str, status: str, *, is_heard: bool) -> None:
        for file in self.store.submitted(mail_id).answers:
            if key_of(mail_id, file) in self.bucket.tags:
                self.result(key_of(mail_id, file), status, is_heard=is_heard)

    def result(self, key: str, status: str, *, is_heard: bool) -> None:
        self.bucket.tags[key]["GuardDutyMalwareScanStatus"] = status
        if is_heard:
            self.take(lambda: self.inspection.take(key, "v1", status, "r"))

    @staticmethod
    def take(step: Callable[[], object]) -> None:
        try:
            step()
        except ZeroDivisionError:
            return  # Lambda gives the event up: operators see it

    @rule(draft=drafts, state=st.sampled_from(["unreadable", "mismatch", "clean", "infected"]))
    def was_known_before_there_were_states(self, draft: str, state: FileState) -> None:
        item = self.table.items[f"MAIL#{draft}", "MAIL"]
        if item["status"] != "draft":
            return
        file = next(iter(item["attachments"].values()))
        if MEANINGS[file.get("scan")].rank <= MEANINGS[state].rank:
            file["scan"] = state
            item["revision"] += 1

    @rule(mail_id=mails, size=st.integers(1, BREAKS), arrives=st.booleans())
    def enclose(self, mail_id: str, size: int, *, arrives: bool) -> None:
        file = self.announced(size)
        file = file.model_copy(update={"key": answer_key(mail_id, file.attachment_id)})
        try:
            answers.announce(self.table, self.store.submitted(mail_id), file)
        except Refusal:
            return
        if arrives:
            self.put(key_of(mail_id, file), size)

    @rule(mail_id=mails)
    def withdraw(self, mail_id: str) -> None:
        mail = self.store.submitted(mail_id)
        for file in () if isinstance(mail, Closed) else mail.answers[:1]:
            answers.withdraw(self.table, mail, file.attachment_id)

    @rule(
        mail_id=mails,
        status=st.sampled_from([None, *STATUSES]),
        redirect_to=st.sampled_from([None, None, "adm", "anam"]),
    )
    def close(self, mail_id: str, status: str | None, redirect_to: str | None) -> None:
        """An agent answers or redirects; a result may come between the look and the transaction."""

        def meanwhile() -> None:
            self.table.before_transaction = lambda: None
            if status:
                self.scan_the_answer(mail_id, status, is_heard=True)

        decision = Decision("redirected" if redirect_to else "answered", "x", redirect_to)
        before = self.store.submitted(mail_id)
        self.table.before_transaction = meanwhile
        try:
            mail, _ = Outcomes(self.table, TOKENS.verification_code).close(
                before, decision, "nadia", self.storage.pin_answers
            )
        except (AlreadyClosed, FieldsWrong, RedirectedTooOften):
            return
        except (StepsMissing, AnswerFilesRefused):
            still = self.store.submitted(mail_id)
            are_there = all(key_of(mail_id, file) in self.bucket.sizes for file in still.answers)
            assert not (are_there and all(file.check == "clean" for file in still.answers))
            assert not isinstance(still, Closed)
            return
        finally:
            self.table.before_transaction = lambda: None
        if not isinstance(before, Closed):
            assert all(file.check == "clean" for file in self.store.submitted(mail_id).answers)
        completion.push_on_outcome(self.table, mail, lambda _: None, lambda _: None)

    @rule(mail_id=mails, accepts=st.booleans())
    def download(self, mail_id: str, *, accepts: bool) -> None:
        mail = self.store.submitted(mail_id)
        inbox = Inbox(self.table, Caller("agent", "nadia", mail.organism.organism_id))
        for file in (*mail.attachments, *mail.answers):
            expected = _PERMITTED.get(file.check, ("refused", "refused"))[accepts]
            try:
                inbox.file(mail.submission.number, file.attachment_id, accepts_unchecked=accepts)
                answered = None
            except Refusal as refusal:
                answered = "refused" if refusal.status == 410 else refusal.slug
            assert answered == expected

    @rule(minutes=st.sampled_from([1, 16, 61]))
    def wait(self, minutes: int) -> None:
        self.clock.shift(timedelta(minutes=minutes))

    @rule(again=st.booleans())
    def chase(self, *, again: bool) -> None:
        scanner = SimpleNamespace(
            version=lambda key: "v1" if key in self.bucket.sizes else None,
            status=lambda key, _version: self.bucket.tags[key].get("GuardDutyMalwareScanStatus"),
            ask=lambda *_: None,
        )
        operators = SimpleNamespace(tell=lambda _subject, lines: self.named.extend(lines))
        context = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000, aws_request_id="r")
        run = ScanChase(self.table, self.inspection, *cast("Any", (scanner, operators, context)))
        if again:
            run.reopen()
        run.tell_operators()
        run.ask_again()

    @rule()
    def two_hours_pass(self) -> None:
        """No mail waits for ever: with no word from the scanner, every file is settled and operators know."""
        for minutes in (20, 70, 5, 5, 5, 5):
            self.wait(minutes)
            self.chase(again=False)
        for mail in self.submitted():
            stored = [x for x in (*mail.attachments, *mail.answers) if key_of(mail.mail_id, x) in self.bucket.sizes]
            assert all(file.check != "pending" for file in stored)
        known = {late.mail_id for late in late_mails(self.table, until=clock.iso(clock.now()))}
        for mail in self.submitted():
            if any(file.reason == "not_scanned" and file.key is None for file in mail.attachments):
                assert mail.mail_id in known

    def submitted(self) -> list[Submitted]:
        ids = [pk.removeprefix("MAIL#") for pk, sk in self.table.items if sk == "MAIL"]
        return [mail for mail in map(self.store.mail, ids) if isinstance(mail, Submitted)]

    def waits(self, mail: Submitted, sk: str) -> str | None:
        return self.table.items.get((f"MAIL#{mail.mail_id}", sk), {}).get("waiting")

    @invariant()
    def a_mail_waits_for_what_its_files_ask_for(self) -> None:
        for mail in self.submitted():
            for folder, sk in (("attachments", "SCAN"), ("answers", "SCAN#ANSWERS")):
                wanted, found = awaited(mail, cast("Any", folder)), self.waits(mail, sk)
                if wanted is None:
                    stale = {None, "SCAN", "SCAN_ASKED"}  # the schedule clears up what was withdrawn or never sent
                    assert found in ({None} if folder == "attachments" else stale), (wanted, found)
                else:
                    assert found is not None or not self.is_there(mail, folder), (wanted, found)

    def is_there(self, mail: Submitted, folder: str) -> bool:
        those = mail.answers if folder == "answers" else mail.attachments
        return all(key_of(mail.mail_id, file) in self.bucket.sizes for file in those)

    @invariant()
    def of_a_blocked_file_desk_and_sender_are_told(self) -> None:
        for mail in self.submitted():
            if any(file.check == "refused" for file in mail.attachments):
                is_first = mail.redirected_from is None
                told = {template for mail_id, template in self.queue.told if mail_id == mail.mail_id}
                if is_first:
                    assert {"organism_warned_file", "sender_file_blocked"} <= told
                assert is_first or "sender_file_blocked" not in told
            if isinstance(mail, Closed) and any(file.check in {"refused", "unchecked"} for file in mail.answers):
                assert (mail.mail_id, "organism_answer_blocked") in self.queue.told

    @invariant()
    def what_is_known_only_grows(self) -> None:
        for mail in map(self.store.mail, [pk.removeprefix("MAIL#") for pk, sk in self.table.items if sk == "MAIL"]):
            for file in all_files(mail):
                rank = MEANINGS[file.scan].rank
                assert rank >= self.ranks.get((mail.mail_id, file.attachment_id), 0)
                self.ranks[mail.mail_id, file.attachment_id] = rank


TestFilesOfMails = FilesOfMails.TestCase
TestFilesOfMails.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
