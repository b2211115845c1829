"""The issue of one receipt: its files locked, the page made and sealed, receipt and slip stored, the messages queued.

Every step asks whether it was done, so an issue may run twice, at once or late, and finishes what a crash left. What
cannot be done is raised: Lambda tries twice more, then the event waits in the dead-letter queue, and `resume_stalled`
looks for the mail in any case.
"""

from datetime import datetime
from functools import cached_property
from typing import Any

from aws_lambda_powertools import Logger, Metrics, single_metric
from aws_lambda_powertools.metrics import MetricUnit

from mailroom.domain import clock, sealed_record
from mailroom.domain.mail import IssuedReceipt
from mailroom.domain.organism import Organism
from mailroom.domain.sealed_record import Record
from mailroom.notifying import notifications, webhooks
from mailroom.notifying.delivery import note_sender_not_informed
from mailroom.organisms.directory import Directory
from mailroom.process import WithNotifications, WithRetention, WithTable, WithTokens
from mailroom.storage.issued_receipts import IssuedReceipts
from mailroom.storage.mails import Store
from render_receipt.pades import SealError
from render_receipt.page import render
from render_receipt.slip import render_slip
from render_receipt.stage_seal import StageSeal
from render_receipt.stamping import Stamping, announced
from render_receipt.transcript import receipt_of, slip_of

logger = Logger(child=True)
metrics = Metrics()


class Process(WithTable, WithRetention, WithTokens, WithNotifications):
    """Issues receipts and slips, and queues the messages that say so."""

    webhooks_queue_url: str
    public_url: str
    seal_key: str
    """The alias of the seal's key in KMS."""
    seal_chain: str
    """The object in the bucket that holds the key's certificates."""
    timestamp_authority: str
    """The address of the authority that stamps the time on seals; empty where the stage has none."""

    @cached_property
    def stamping(self) -> Stamping:
        """The stage's time stamps."""
        return Stamping(self.timestamp_authority)

    @cached_property
    def seal(self) -> StageSeal:
        """The stage's seal."""
        return StageSeal(self.kms, self.files, key=self.seal_key, chain=self.seal_chain, room=self.stamping.room)


class RecordReplacedError(Exception):
    """The sealed record in storage is not the one whose digest the register holds."""


class ReceiptNotMadeError(Exception):
    """A new slip is asked for before the receipt was made: Lambda asks again a minute later."""


class Issuing:
    """One mail's receipt and slip, and what is still to be done for them."""

    def __init__(self, mail_id: str, process: Process) -> None:
        """Read the mail and its sealed record.

        Raises:
            RecordReplacedError: the stored record is not the one that was submitted.

        """
        self._process = process
        self._store, self._receipts = Store(process.table), IssuedReceipts(process.table)
        self._files = process.files
        self._content, self.correlation_id = self._files.read_record(mail_id)
        self._mail = self._store.submitted(mail_id)
        self._submission = self._mail.submission
        if self._submission.record_sha256 != sealed_record.digest(self._content):
            raise RecordReplacedError
        self._record: Record = sealed_record.read(self._content)
        self._is_stamped = False
        """Whether the stored receipt surely bears a time stamp: what another run stored may or may not."""

    def finish(self) -> None:
        """Do what was not done before: receipt and slip, then the messages."""
        if self._mail.receipt is None:
            self.issue_receipt()
        else:
            self.replace_lost_receipt(self._mail.receipt)
            self.renew_slip()
            if not self._mail.has_slip:
                self._receipts.note_slip(self._mail)
        self.notify()
        self._receipts.end_waiting(self._mail)

    def issue_slip(self) -> None:
        """Make the slip with the code in force, and nothing else: no message is sent again.

        Raises:
            ReceiptNotMadeError: the receipt, which brings the first slip, is still being made.

        """
        if self._mail.receipt is None:
            raise ReceiptNotMadeError
        self.renew_slip()
        self._receipts.note_slip(self._mail)

    def issue_receipt(self) -> None:
        """Lock the files, store receipt and slip, and note them in the mail."""
        were_locked = self._files.lock(self._mail)
        # A run that died, or one that goes on beside this, may have stored a receipt: its sender may hold it already.
        sha256 = self._files.receipt_sha256(self._mail.mail_id) if were_locked else None
        sha256 = sha256 or self.store_receipt()
        if sha256 is None:
            return
        self._files.put_slip(self._mail, self.slip)
        now = clock.now()
        waits = self.waits_for_stamp(sha256, now)
        if self._receipts.note(self._mail, sha256, now, *waits):
            seconds = (now - clock.parse(self._submission.submitted_at)).total_seconds()
            if not self.organism.is_test:
                metrics.add_metric("ReceiptsMade", MetricUnit.Count, 1)
                metrics.add_metric("SecondsToReceipt", MetricUnit.Seconds, seconds)
                metrics.flush_metrics()
            logger.info("receipt made", extra={"seconds_from_submission": seconds})

    def replace_lost_receipt(self, issued: IssuedReceipt) -> None:
        """Store a copy, which says that it is one, where the receipt that was issued is no longer in storage."""
        now = clock.now()
        stored = self._files.receipt_sha256(self._mail.mail_id) or self.store_receipt(copied_at=now)
        table = self._store.table
        if stored is None or stored == issued.sha256 or stored == announced(table, self._mail.mail_id):
            return
        waits = self.waits_for_stamp(stored, now, is_copy=True)
        if self._receipts.note_copy(self._mail, issued, stored, now, *waits):
            logger.warning("lost receipt replaced by a copy")

    def store_receipt(self, *, copied_at: datetime | None = None) -> str | None:
        """Make the receipt and store it once; the digest (hex) of the one that is stored then, if one is."""
        receipt = receipt_of(self._record, self._submission.record_sha256, self._process.public_url)
        pdf = self.sealed(render(receipt, sealed_record=self._content, copied_at=copied_at))
        if self._files.put_receipt(self._mail, pdf):
            return sealed_record.digest(pdf)
        self._is_stamped = False
        return self._files.receipt_sha256(self._mail.mail_id)

    def sealed(self, page: bytes) -> bytes:
        """The page with the stage's seal, and a time stamp on it where one is to be had at once. Raises SealError."""
        # Clocks differ between machines: no seal says that it is older than what it seals.
        at = max(clock.now(), clock.parse(self._submission.submitted_at))
        try:
            begun = self._process.seal.current().begin(page, at)
        except SealError as error:
            self._process.seal.forget()
            logger.error("receipt not sealed", extra={"reason": error.reason})  # noqa: TRY400 - the reason says all
            with single_metric(name="ReceiptsNotSealed", unit=MetricUnit.Count, value=1):
                pass
            raise
        signature, self._is_stamped = self._process.stamping.stamped(begun.signature)
        return begun.finish(signature)

    def waits_for_stamp(self, sha256: str, at: datetime, *, is_copy: bool = False) -> list[dict[str, Any]]:
        """The writes that note that the receipt of that digest waits for its time stamp; none when it does not."""
        waits = self._process.stamping.waits(
            self._mail.mail_id, sha256, at, is_stamped=self._is_stamped, is_copy=is_copy
        )
        return [self._store.table.put_anyway(item) for item in waits]

    @cached_property
    def organism(self) -> Organism:
        """The organism that the mail went to, as it stands now."""
        return Directory(self._store.table).organism(self._mail.organism.organism_id)

    @cached_property
    def slip(self) -> bytes:
        """The slip as PDF, with the follow-up code in force."""
        code = self._process.tokens.follow_up_code(self._mail.mail_id, self._mail.codes.slip)
        return render_slip(slip_of(self._record, code, self._process.public_url))

    def renew_slip(self) -> None:
        """Store the slip where it is missing, or bears a code that was replaced since."""
        if self._files.slip_sha256(self._mail) != sealed_record.digest(self.slip):
            self._files.put_slip(self._mail, self.slip)

    def notify(self) -> None:
        """Queue the messages to sender and organism, and the call to the organism's program."""
        messages = notifications.for_submission(self._mail, self.organism)
        self._process.notifications.put(messages, self.correlation_id)
        note_sender_not_informed(self._store, self._mail, messages)
        if self.organism.webhook is not None:
            call = webhooks.call_for(self._mail)
            webhooks.enqueue(self._process.sqs, self._process.webhooks_queue_url, call, self.correlation_id)
        extra = {"count": len(messages), "number": self._submission.number}
        logger.info("notifications queued", extra=extra)
