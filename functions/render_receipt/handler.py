"""A sealed record appeared in storage: lock the files, make the receipt, and queue a word for each person to tell.

Every step asks whether it was done, so the function may run twice, at once or late, and finishes what
a crash left. What it cannot do it raises: Lambda tries twice more, then the event waits in the
dead-letter queue, and `resume_stalled` looks for the mail in any case.
"""

import urllib.parse
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from aws_lambda_powertools import Logger, Metrics, single_metric
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailroom import aws, settings
from mailroom.domain import clock, public_addresses, sealed_record
from mailroom.domain.mail import Mail, Submission
from mailroom.domain.mail import Receipt as Issued
from mailroom.domain.sealed_record import Record
from mailroom.domain.sender_view import display_name, masked
from mailroom.mails.receipt_copies import note_copy
from mailroom.notifying import notifications, webhooks
from mailroom.notifying.delivery import note_untold
from mailroom.organisms.directory import Directory
from mailroom.storage.bucket import Files, Retention
from mailroom.storage.mails import Store
from render_receipt import stage_seal
from render_receipt.pades import SealError
from render_receipt.page import render
from render_receipt.printed import Attachment, Origin, Receipt, Slip
from render_receipt.slip import render_slip
from render_receipt.stamping import Stamping, announced

FONTS = Path("/opt/fonts")
"""Where the receipt layer lies in Lambda."""


class Settings(settings.Settings):
    """What this function is told."""

    table_name: str
    bucket_name: str
    tokens_secret: str
    notifications_queue_url: str
    webhooks_queue_url: str
    public_url: str
    retention_days: int
    retention_mode: Literal["COMPLIANCE", "GOVERNANCE"]
    seal_key: str
    """The key's alias in KMS."""
    seal_chain: str
    """Where in the bucket its certificates lie."""
    timestamp_authority: str
    """The address of who stamps the time on seals; empty where the stage names nobody."""


class RecordReplacedError(Exception):
    """The sealed record in storage is not the one whose digest the register holds."""


logger = Logger()
metrics = Metrics()


class ReceiptNotMadeError(Exception):
    """A new slip is asked for before the receipt was made: Lambda asks again a minute later."""


def handler(event: dict[str, Any], _context: LambdaContext) -> None:
    """Make the receipts of the records that S3 names, or the slips of the mails whose codes were turned (`slips`)."""
    for mail_id in event.get("slips", ()):
        make_slip(mail_id)
    for found in event.get("Records", ()):
        key = urllib.parse.unquote_plus(found["s3"]["object"]["key"])
        make_receipt(key.removeprefix("submissions/").removesuffix(".json"))


def make_receipt(mail_id: str) -> None:
    """Finish what is to be done about one submitted mail, as far as it was not done before.

    Raises:
        RecordReplacedError: the stored record is not the one that was submitted.

    """
    told = Settings.read()
    store = Store(aws.table(told.table_name))
    files = aws.bucket(told.bucket_name, Retention(told.retention_mode, told.retention_days))
    content, correlation_id = files.read_record(mail_id)
    logger.set_correlation_id(correlation_id)
    logger.append_keys(mail_id=mail_id)
    mail = store.mail(mail_id)
    submission = _submission(mail, content)
    if mail.receipt is None:
        _issue(mail, submission, content, files, store)
    else:
        _replace_if_lost(mail, mail.receipt, submission, content, files, store)
        _replace_slip(mail, content, files)
        if not mail.has_slip:
            store.slip_made(mail)
    _tell(mail, submission, correlation_id, store)
    store.nothing_waits(mail_id)


def make_slip(mail_id: str) -> None:
    """Make the slip with the code in force, and nothing else: nobody is told again.

    Raises:
        ReceiptNotMadeError: the receipt, which brings the first slip, is still being made.

    """
    told = Settings.read()
    store, files = Store(aws.table(told.table_name)), aws.bucket(told.bucket_name)
    content, _ = files.read_record(mail_id)
    mail = store.mail(mail_id)
    if mail.receipt is None:
        raise ReceiptNotMadeError
    _replace_slip(mail, content, files)
    store.slip_made(mail)


def _submission(mail: Mail, content: bytes) -> Submission:
    if mail.submission is None or mail.submission.record_sha256 != sealed_record.digest(content):
        raise RecordReplacedError
    return mail.submission


def _issue(mail: Mail, submission: Submission, content: bytes, files: Files, store: Store) -> None:
    was_begun = files.lock(mail)
    # A run that died, or one that goes on beside this, may have made it: what its sender may already hold counts.
    sha256 = files.receipt_sha256(mail.mail_id) if was_begun else None
    is_stamped = False
    if sha256 is None:
        sha256, is_stamped = _stored(mail, submission, content, files)
    if sha256 is None:
        return
    files.put_slip(mail, _slip(mail, content))
    now = clock.now()
    waits = _stamping().waits(mail.mail_id, sha256, now, is_stamped=is_stamped)
    besides = [store.table.put_anyway(item) for item in waits]
    if store.receipt_made(mail, submission.verification_code, sha256, now, *besides):
        metrics.add_metric("ReceiptsMade", MetricUnit.Count, 1)
        seconds = (now - clock.parse(submission.submitted_at)).total_seconds()
        metrics.add_metric("SecondsToReceipt", MetricUnit.Seconds, seconds)
        metrics.flush_metrics()
        logger.info("receipt made", extra={"seconds_from_submission": seconds})


def _replace_if_lost(  # noqa: PLR0913, PLR0917 - as `_issue`, with the receipt that was issued
    mail: Mail, issued: Issued, submission: Submission, content: bytes, files: Files, store: Store
) -> None:
    """Make a copy, which says that it is one, where the receipt that was issued is no longer in storage."""
    now = clock.now()
    stored, is_stamped = files.receipt_sha256(mail.mail_id), False
    if stored is None:
        stored, is_stamped = _stored(mail, submission, content, files, copied_at=now)
    if stored is None or stored == issued.sha256 or stored == announced(store.table, mail.mail_id):
        return
    waits = _stamping().waits(mail.mail_id, stored, now, is_stamped=is_stamped, is_copy=True)
    if note_copy(store.table, mail, issued, stored, now, *(store.table.put_anyway(item) for item in waits)):
        logger.warning("lost receipt replaced by a copy")


def _replace_slip(mail: Mail, content: bytes, files: Files) -> None:
    """Make the slip again where it is missing, or bears codes that were turned since."""
    slip = _slip(mail, content)
    if files.slip_sha256(mail) != sealed_record.digest(slip):
        files.put_slip(mail, slip)


def _slip(mail: Mail, content: bytes) -> bytes:
    told, sealed = Settings.read(), sealed_record.read(content)
    name = sealed["organism"]["name"]
    slip = Slip(
        organism_fr=name["fr"],
        organism_ar=name["ar"],
        number=sealed["number"],
        submitted_at=clock.parse(sealed["submitted_at"]),
        language=sealed["language"],
        follow_up_url=public_addresses.follow_up(told.public_url),
        follow_up_code=aws.tokens(told.tokens_secret).follow_up_code(mail.mail_id, mail.codes.slip),
    )
    return render_slip(slip, fonts=FONTS)


def _stored(
    mail: Mail, submission: Submission, content: bytes, files: Files, *, copied_at: datetime | None = None
) -> tuple[str | None, bool]:
    """Make the receipt and store it; the digest of what is stored then, and whether that surely bears a time stamp.

    Another run's may be stored, and it is not known what that bears.
    """
    said = printed(sealed_record.read(content), submission.record_sha256)
    page = render(said, fonts=FONTS, sealed_record=content, copied_at=copied_at)
    is_stamped = False

    def stamped(signature: bytes) -> bytes:
        nonlocal is_stamped
        signature, is_stamped = _stamping().stamped(signature)
        return signature

    pdf = _sealed(page, submission, files, stamped)
    if files.put_receipt(mail, pdf):
        return sealed_record.digest(pdf), is_stamped
    return files.receipt_sha256(mail.mail_id), False


def _stamping() -> Stamping:
    return Stamping(Settings.read().timestamp_authority)


def _sealed(pdf: bytes, submission: Submission, files: Files, finish: Callable[[bytes], bytes]) -> bytes:
    told = Settings.read()
    # Clocks differ between machines: no seal says that it is older than what it seals.
    at = max(clock.now(), clock.parse(submission.submitted_at))
    try:
        seal = stage_seal.seal_of_stage(told.seal_key, told.seal_chain, files, room=_stamping().room)
        return seal.seal(pdf, at, finish)
    except SealError as error:
        stage_seal.forget()
        logger.error("receipt not sealed", extra={"reason": error.reason})  # noqa: TRY400 - the reason says all
        with single_metric(name="ReceiptsNotSealed", unit=MetricUnit.Count, value=1):
            pass
        raise


def printed(sealed: Record, record_sha256: str) -> Receipt:
    """What the receipt says of a sealed record, and nothing besides: the record is its only source."""
    told = Settings.read()
    letter, organism, sender = sealed["letter"], sealed["organism"], sealed["sender"]
    return Receipt(
        organism_fr=organism["name"]["fr"],
        organism_ar=organism["name"]["ar"],
        city=organism["city"],
        number=sealed["number"],
        submitted_at=clock.parse(sealed["submitted_at"]),
        language=sealed["language"],
        letter_kind=letter["kind"],
        subject=letter["subject"],
        reference=letter["reference"],
        dated=date.fromisoformat(letter["dated"]) if letter["dated"] else None,
        sender_kind=sender["kind"],
        sender_name=display_name(sender),
        identity=_identity(sender),
        attachments=tuple(
            Attachment(file_name=file["file_name"], size=file["size"], sha256=file["sha256"])
            for file in sealed["attachments"]
        ),
        record_sha256=record_sha256,
        verification_code=sealed["verification_code"],
        verification_url=public_addresses.verification(told.public_url, sealed["verification_code"]),
        redirected_from=_origin(sealed),
    )


def _origin(sealed: Record) -> Origin | None:
    came_from = sealed.get("redirected_from")
    if came_from is None:
        return None
    name = came_from["name"]
    return Origin(organism_fr=name["fr"], organism_ar=name["ar"], number=came_from["number"])


def _identity(sender: dict[str, Any]) -> str | None:
    if national_id := sender.get("national_id"):
        return f"CNIE {masked(national_id)}"
    if ice := sender.get("ice"):
        return f"ICE {masked(ice)}"
    if abroad := sender.get("foreign_registration"):
        return f"{abroad['country']} {masked(abroad['number'])}"
    return None


def _tell(mail: Mail, submission: Submission, correlation_id: str, store: Store) -> None:
    told = Settings.read()
    organism = Directory(aws.table(told.table_name)).organism(mail.organism.organism_id)
    messages = notifications.for_submission(mail, organism)
    notifications.enqueue(aws.client("sqs"), told.notifications_queue_url, messages, correlation_id)
    note_untold(store, mail, messages)
    if organism.webhook is not None:
        webhooks.enqueue(aws.client("sqs"), told.webhooks_queue_url, webhooks.call_for(mail), correlation_id)
    logger.info("notifications queued", extra={"count": len(messages), "number": submission.number})
