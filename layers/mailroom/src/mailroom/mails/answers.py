"""The files of an organism's answer, announced like a sender's and sent straight to storage."""

from mailroom.domain import clock
from mailroom.domain.file_refusals import AttachmentNotFound, AttachmentTooLarge, TooManyAnswerFiles
from mailroom.domain.letter import Attachment
from mailroom.domain.mail import Closed, Submitted
from mailroom.domain.refusals import AlreadyClosed, NumberNotFound
from mailroom.scanning.scans import Scans, awaited, scan_item
from mailroom.storage.item_keys import mail_key
from mailroom.storage.mail_items import mail_in, submitted_in
from mailroom.storage.schema import Waiting
from mailroom.storage.table import ConditionFailedError, Table

MOST_FILES = 5


def announce(table: Table, mail: Submitted, answer: Attachment) -> None:
    """Note a file that is about to come.

    Raises:
        AlreadyClosed: the mail has its outcome.
        TooManyAnswerFiles, AttachmentTooLarge: an answer does not take so many, or the organism such a large one.

    """
    pk, sk = mail_key(mail.mail_id)
    if answer.size > mail.accepts.max_attachment_bytes:
        raise AttachmentTooLarge(most=mail.accepts.max_attachment_bytes // 1024**2)
    change = table.change(
        pk,
        sk,
        update="SET answers.#id = :answer ADD revision :one",
        condition="attribute_exists(submission) AND attribute_not_exists(#outcome) AND size(answers) < :most",
        values={":answer": answer.model_dump(exclude_none=True), ":most": MOST_FILES, ":one": 1},
        names={"#id": answer.attachment_id, "#outcome": "outcome"},
    )
    # What is announced is to be scanned: should no result come, the schedule notices.
    waiting = table.put_anyway(scan_item(mail.mail_id, "answers", Waiting.SCAN, clock.iso(clock.now())))
    try:
        table.transact(change, waiting)
    except ConditionFailedError as refusal:
        _require_open(refusal)
        raise TooManyAnswerFiles(most=MOST_FILES) from None


def withdraw(table: Table, mail: Submitted, attachment_id: str) -> None:
    """Take an announced file back.

    Raises:
        AlreadyClosed: the mail has its outcome.
        AttachmentNotFound: the answer has no such file.

    """
    pk, sk = mail_key(mail.mail_id)
    change = table.change(
        pk,
        sk,
        update="REMOVE answers.#id ADD revision :one",
        condition="attribute_not_exists(#outcome) AND attribute_exists(answers.#id)",
        values={":one": 1},
        names={"#id": attachment_id, "#outcome": "outcome"},
    )
    try:
        left = submitted_in(table.update(change))
    except ConditionFailedError as refusal:
        _require_open(refusal)
        raise AttachmentNotFound from None
    if awaited(left, "answers") is None:
        Scans(table).dismiss(mail.mail_id, "answers", Waiting.SCAN, Waiting.SCAN_ASKED, Waiting.UNSCANNED)


def _require_open(refusal: ConditionFailedError) -> None:
    """Raise the refusal of any change of an answer: the mail is gone, or it has its outcome."""
    item = refusal.items[0]
    if item is None:
        raise NumberNotFound from None
    mail = mail_in(item)
    if isinstance(mail, Closed):
        raise AlreadyClosed(mail.outcome.outcome, mail.outcome.at, mail.outcome.by) from None
