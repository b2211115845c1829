"""Adds a time stamp to a receipt that is published already. A run may crash at any point, and several may overlap."""

from aws_lambda_powertools import Logger

from mailroom.domain import sealed_record
from mailroom.domain.mail import Submitted
from mailroom.storage.bucket import Files
from mailroom.timestamps.authority import TimeStampAuthority
from mailroom.timestamps.refusal import CannotBeStampedError
from mailroom.timestamps.sealed import SealedFile
from mailroom.timestamps.waiting import AnnouncedStamp, Stamps, UnstampedReceipt

logger = Logger(child=True)


class LateStamps:
    """Adds time stamps of one authority to the receipts that wait for one."""

    def __init__(self, stamps: Stamps, files: Files, authority: TimeStampAuthority) -> None:
        self._stamps = stamps
        self._files = files
        self._authority = authority

    def add(self, mail_id: str) -> bool:
        """Continue where an earlier run stopped; True when this call gave the receipt its time stamp.

        A file is changed only if its digest is the one that the register knows, and that waits.

        Raises:
            NoStampError: the authority gave none, so that asking it for another receipt makes no sense now.
            MailNotFound: there is no such mail.

        """
        wait = self._stamps.wait_of(mail_id)
        if wait is None:
            return False
        mail = self._stamps.mail(mail_id)
        if mail.receipt is None or mail.receipt.sha256 != wait.sha256:
            return self._nothing_more(wait, "replaced")
        stored = self._files.read_receipt(mail_id)
        if stored is None:
            return self._nothing_more(wait, "lost")
        return self._go_on(wait, mail, *stored)

    def _go_on(self, wait: UnstampedReceipt, mail: Submitted, content: bytes, tag: str) -> bool:
        sha256 = sealed_record.digest(content)
        if wait.announced and sha256 == wait.announced.sha256:
            return self._stamps.done(wait, mail.submission, wait.announced)
        if sha256 != wait.sha256:
            logger.error("stored receipt is not the one that waits", extra={"mail_id": mail.mail_id})
            return False
        try:
            return self._stamp(wait, mail, SealedFile(content), tag)
        except CannotBeStampedError as refusal:
            return self._nothing_more(wait, refusal.reason)

    def _stamp(self, wait: UnstampedReceipt, mail: Submitted, file: SealedFile, tag: str) -> bool:
        if file.signature.is_stamped:
            return self._nothing_more(wait, "stamped")
        announced = wait.announced
        if announced is None:
            token = self._authority.token_for(file.signature).content
            announced = AnnouncedStamp(token, sealed_record.digest(file.with_token(token)))
            if not self._stamps.announce(wait, mail.submission, announced):
                return False  # another run is at it
        if not self._files.replace_receipt(mail, file.with_token(announced.token), tag):
            return False  # another run has done it, or the receipt was lost just now: the next run sees which
        return self._stamps.done(wait, mail.submission, announced)

    def _nothing_more(self, wait: UnstampedReceipt, why: str) -> bool:
        logger.warning("receipt waits for no time stamp any more", extra={"mail_id": wait.mail_id, "reason": why})
        self._stamps.waits_no_more(wait)
        return False
