"""Whatever two clients do in whatever order: numbers have no gap, content is frozen, answers do not change."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import time_machine
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from mailroom.domain import clock, sealed_record
from mailroom.domain.file_refusals import (
    AttachmentNotFound,
    AttachmentTooLarge,
    DraftTooLarge,
    TooManyAnnouncements,
    TooManyAttachments,
)
from mailroom.domain.letter import Attachment, Letter
from mailroom.domain.mail import Closed, Collected, Complete, Draft, Mail, Submitted
from mailroom.domain.organism import Accepts, Bilingual, Organism
from mailroom.domain.refusals import (
    AlreadySubmitted,
    MailNotFound,
    OrganismSuspended,
    Refusal,
    StepsMissing,
)
from mailroom.mails.collection import collect
from mailroom.mails.outcome import Decision, Outcomes
from mailroom.mails.submission import Submissions
from mailroom.mails.tokens import Tokens
from mailroom.organisms.admission import Admission
from mailroom.storage.item_keys import mail_key
from mailroom.storage.mails import Store
from tests.support.fakes.table_in_memory import TableInMemory
from tests.support.signed.chained import assert_chained

TOKENS = Tokens(b"key")
NEW_YEAR = datetime(2025, 12, 31, 22, 50, tzinfo=UTC)
"""Ten minutes before the year changes in Casablanca."""

ORGANISMS = {
    name: Organism(
        organism_id=name,
        code=name.upper(),
        category="ministry",
        name=Bilingual(fr=name, ar="وزارة"),
        accepts=Accepts(national_id=name == "one", max_attachments=2, max_attachment_bytes=100),
    )
    for name in ("one", "two")
}
FROZEN = ("letter", "sender", "attachments", "submission", "organism", "revision")

COURSE: dict[type[Mail], list[str]] = {
    Draft: [],
    Submitted: ["submitted"],
    Collected: ["submitted", "collected"],
    Closed: ["submitted", "collected", "answered"],
}
"""The history of a mail of each type."""


class TwoClients(RuleBasedStateMachine):
    """Steps of two clients on mails of two organisms, interleaved at random."""

    mails = Bundle("mails")

    def __init__(self) -> None:
        super().__init__()
        self.table = TableInMemory()
        self.store = Store(self.table)
        self.submissions = Submissions(self.table, TOKENS.verification_code)
        self.present: set[str] = set()
        self.frozen: dict[str, tuple[object, ...]] = {}
        self.states: dict[str, type[Mail]] = {}
        """The type that each mail must have by now."""
        self.read_before: dict[str, Submitted] = {}
        """Submitted mails as a client read them right after the submission."""
        self.suspended: set[str] = set()
        self.counter = itertools.count(1)
        self.time = time_machine.travel(NEW_YEAR, tick=False)
        self.clock = self.time.start()

    def teardown(self) -> None:
        self.time.stop()

    @initialize()
    def enrol(self) -> None:
        for organism in ORGANISMS.values():
            Admission(self.table).admit(organism)

    @rule(target=mails, organism_id=st.sampled_from(["one", "two"]))
    def start(self, organism_id: str) -> str:
        return self.started(organism_id)

    def started(self, organism_id: str) -> str:
        mail_id = f"mail-{next(self.counter)}"
        self.store.start(mail_id, ORGANISMS[organism_id], "fr", clock.now())
        self.states[mail_id] = Draft
        return mail_id

    @rule(target=mails, organism_id=st.sampled_from(["one", "two"]))
    def start_and_write_all(self, organism_id: str) -> str:
        mail_id = self.started(organism_id)
        self.write(mail_id, "objet")
        self.identify(mail_id, with_national_id=False)
        return mail_id

    @rule(minutes=st.sampled_from([1, 20, 60 * 23, 60 * 25]))
    def wait(self, minutes: int) -> None:
        self.clock.shift(timedelta(minutes=minutes))

    @rule(organism_id=st.sampled_from(["one", "two"]))
    def suspend_or_take_up_again(self, organism_id: str) -> None:
        self.suspended ^= {organism_id}
        status = "suspended" if organism_id in self.suspended else "active"
        Admission(self.table).admit(ORGANISMS[organism_id].model_copy(update={"status": status}))

    @rule(mail_id=mails, subject=st.sampled_from(["objet", "autre objet"]))
    def write(self, mail_id: str, subject: str) -> None:
        letter = Letter(kind="request", subject=subject, body="")
        self.attempt(mail_id, lambda: self.store.write_letter(mail_id, letter, clock.now()))

    @rule(mail_id=mails, with_national_id=st.booleans())
    def identify(self, mail_id: str, *, with_national_id: bool) -> None:
        sender = {"kind": "association", "name": "Amal"} | ({"national_id": "A1"} if with_national_id else {})
        before = self.table.get(*mail_key(mail_id))
        mail = self.attempt(mail_id, lambda: self.store.identify_sender(mail_id, sender, clock.now()))
        if mail is None:
            assert self.table.get(*mail_key(mail_id)) == before

    @rule(mail_id=mails, size=st.sampled_from([1, 100, 101]), arrives=st.booleans())
    def announce(self, mail_id: str, size: int, *, arrives: bool) -> None:
        name = f"file-{next(self.counter)}"
        file = Attachment(attachment_id=name, file_name="a.pdf", media_type="application/pdf", size=size, sha256="a")
        self.attempt(
            mail_id,
            lambda: self.store.announce(mail_id, file, clock.now()),
            TooManyAttachments,
            AttachmentTooLarge,
            TooManyAnnouncements,
            DraftTooLarge,
        )
        if arrives:
            self.present.add(name)

    @rule(mail_id=mails, data=st.data())
    def withdraw(self, mail_id: str, data: st.DataObject) -> None:
        names = [attachment.attachment_id for attachment in self.mail(mail_id).attachments]
        name = data.draw(st.sampled_from([*names, "nothing"]))
        self.attempt(mail_id, lambda: self.store.withdraw(mail_id, name, clock.now()), AttachmentNotFound)

    @rule(mail_id=mails)
    def submit(self, mail_id: str) -> None:
        self.submit_while(mail_id, lambda: None)

    @rule(mail_id=mails, other=mails)
    def submit_while_another_does(self, mail_id: str, other: str) -> None:
        """The other client comes in between looking at the draft and registering it; also with the same mail."""
        self.submit_while(mail_id, lambda: self.submit(other))

    @rule(mail_id=mails)
    def submit_while_the_letter_is_written_again(self, mail_id: str) -> None:
        self.submit_while(mail_id, lambda: self.write(mail_id, "dernier mot"))

    def submit_while(self, mail_id: str, meanwhile: Callable[[], None]) -> None:
        def once() -> None:
            self.table.before_transaction = lambda: None
            meanwhile()

        self.table.before_transaction = once
        try:
            mail, first = self.submissions.submit(self.mail(mail_id), self.pin)
        except (StepsMissing, OrganismSuspended, MailNotFound):
            assert mail_id not in self.frozen
            return
        finally:
            self.table.before_transaction = lambda: None
        assert bool(first) == (mail_id not in self.frozen)
        stored = self.store.submitted(mail_id)
        assert (mail.submission, mail.letter, mail.attachments) == (
            stored.submission,
            stored.letter,
            stored.attachments,
        )
        assert {attachment.attachment_id for attachment in stored.attachments} <= self.present
        self.frozen.setdefault(mail_id, self.content(mail_id))
        if first:
            self.states[mail_id] = Submitted
            self.read_before[mail_id] = mail

    @rule(mail_id=mails, is_stale=st.booleans())
    def collect(self, mail_id: str, *, is_stale: bool) -> None:
        if mail_id in self.frozen:
            mail, first = collect(self.table, self.read(mail_id, is_stale=is_stale), "nadia")
            assert first == (self.states[mail_id] is Submitted)
            assert type(mail) is (Closed if self.states[mail_id] is Closed else Collected)
            self.states[mail_id] = type(mail)

    @rule(mail_id=mails, is_stale=st.booleans())
    def answer(self, mail_id: str, *, is_stale: bool) -> None:
        if mail_id in self.frozen:
            outcomes, decision = Outcomes(self.table, TOKENS.verification_code), Decision("answered", "Oui.")
            mail, first = outcomes.close(self.read(mail_id, is_stale=is_stale), decision, "omar", lambda mail: mail)
            assert first == (self.states[mail_id] is not Closed)
            assert mail == self.store.submitted(mail_id)
            self.states[mail_id] = Closed

    def read(self, mail_id: str, *, is_stale: bool) -> Submitted:
        """The mail as it stands now, or as it stood when it was submitted."""
        return self.read_before[mail_id] if is_stale else self.store.submitted(mail_id)

    def attempt[Answer](self, mail_id: str, step: Callable[[], Answer], *also: type[Refusal]) -> Answer | Mail:
        """A step is carried out, or refused for a reason it may have, and then it changed nothing."""
        before = self.table.get(*mail_key(mail_id))
        try:
            done: Answer | Refusal = step()
        except Refusal as raised:
            done = raised
        assert isinstance(done, AlreadySubmitted) == (mail_id in self.frozen)
        if not isinstance(done, Refusal):
            return done
        assert isinstance(done, (AlreadySubmitted, MailNotFound, *also))
        assert self.table.get(*mail_key(mail_id)) == before
        return self.mail(mail_id)

    def pin(self, draft: Draft) -> Complete:
        absent = [file.attachment_id for file in draft.attachments if file.attachment_id not in self.present]
        if missing := draft.missing_steps + absent:
            raise StepsMissing(missing)
        return draft.completed(
            tuple(file.model_copy(update={"version_id": f"{file.attachment_id}-v1"}) for file in draft.attachments)
        )

    def mail(self, mail_id: str) -> Mail:
        return self.store.mail(mail_id)

    def content(self, mail_id: str) -> tuple[object, ...]:
        item = self.table.get(*mail_key(mail_id)) or {}
        return tuple(item.get(name) for name in FROZEN)

    @invariant()
    def what_was_submitted_never_changes(self) -> None:
        for mail_id, content in self.frozen.items():
            assert self.content(mail_id) == content

    @invariant()
    def the_sealed_record_can_be_made_again(self) -> None:
        for mail_id in self.frozen:
            mail = self.store.submitted(mail_id)
            assert (
                sealed_record.digest(sealed_record.canonical(sealed_record.sealed(mail)))
                == mail.submission.record_sha256
            )

    @invariant()
    def each_register_counts_1_2_3_without_a_gap_and_is_chained(self) -> None:
        registered = []
        for pk in {pk for pk, _sk in self.table.items if pk.startswith("REGISTER#")}:
            _, organism_id, year = pk.split("#")
            entries = list(self.table.query(pk, prefix="ENTRY#"))
            expected = [f"{organism_id.upper()}-{year}-{rank:06d}" for rank in range(1, len(entries) + 1)]
            assert [entry["number"] for entry in entries] == expected
            assert_chained(self.table.query(pk), organism_id, int(year))
            registered += [(entry["mail_id"], entry["number"]) for entry in entries]
        numbers = {mail_id: self.store.submitted(mail_id).submission.number for mail_id in self.frozen}
        assert sorted(registered) == sorted(numbers.items())

    @invariant()
    def each_submitted_mail_has_one_place_for_its_receipt(self) -> None:
        places = {item["mail_id"] for (_pk, sk), item in self.table.items.items() if sk == "RECEIPT"}
        assert places == set(self.frozen)

    @invariant()
    def each_mail_is_of_the_type_of_its_state_and_has_its_history(self) -> None:
        for mail_id, state in self.states.items():
            assert type(self.mail(mail_id)) is state
            assert [event.event for event in self.store.public_history(mail_id)] == COURSE[state]


TestTwoClients = TwoClients.TestCase
TestTwoClients.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
