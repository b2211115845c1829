"""Files whose scan never came: the scan is requested again, then operators are alerted.

After a quarter of an hour the version's tag is read, for the event alone may be lost, and the scan is requested once
more. After an hour operators are alerted, and the file is `not_scanned`: an agent may take it knowingly.

Files come from strangers, so a mail is moved on before it is tried: one whose files break or end a run is behind all
others in the next, and is then settled without a look at its content.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailroom.domain import clock
from mailroom.domain.file_states import NEVER_CAME
from mailroom.domain.letter import Attachment
from mailroom.domain.mail import Submitted
from mailroom.domain.refusals import MailNotFound
from mailroom.operating.alerts import Operators
from mailroom.operating.logged_errors import logged
from mailroom.scanning.inspection import Inspection
from mailroom.scanning.scanner import Scanner
from mailroom.scanning.scans import Scans, Turn, unknown_files
from mailroom.storage.mails import Store
from mailroom.storage.object_keys import key_of
from mailroom.storage.schema import Waiting
from mailroom.storage.table import Table

_ASKED_AGAIN_AFTER = timedelta(minutes=15)
_ESCALATED_AFTER = timedelta(minutes=60)
_NEXT_RUN = timedelta(minutes=4)
"""When a mail that was tried is due again; runs are five minutes apart."""

_TRIES_WITH_A_LOOK = 4
"""From this try on, contents are not examined: asking again is one try, and two runs may break."""

_ENOUGH_MS = 15_000
"""Milliseconds that must be left to begin with another mail; the rest is seen five minutes later."""

_TOLD_AT_ONCE = 100
"""Mails named in one message to operators."""


logger = Logger()


class ScanChase:
    """One run."""

    def __init__(
        self, table: Table, inspection: Inspection, scanner: Scanner, operators: Operators, context: LambdaContext
    ) -> None:
        self._now = clock.now()
        self._scans = Scans(table)
        self._store = Store(table)
        self._inspection = inspection
        self._scanner = scanner
        self._operators = operators
        self._context = context

    def reopen(self) -> None:
        """Make every file that operators were alerted of due for a request again."""
        for turn in self._scans.waiting(Waiting.UNSCANNED, self._now):
            self._scans.reopen(turn, self._now - _ASKED_AGAIN_AFTER)

    def ask_again(self) -> None:
        """Ask once more for the scans that are a quarter of an hour late."""
        for turn, tries in self._turns(Waiting.SCAN, Waiting.SCAN_ASKED, _ASKED_AGAIN_AFTER):
            with _leaving_the_others_their_turn(turn):
                mail = self._looked_at(turn, tries)
                if mail is not None:
                    for _, key, version_id in self._unknown(mail, turn):
                        self._scanner.ask(key, version_id)
                    logger.warning("scan asked for again", extra={"mail_id": mail.mail_id})

    def tell_operators(self) -> None:
        """Alert operators of the mails whose files are an hour late, and settle those files."""
        late: list[tuple[Turn, int, Submitted]] = []
        turns = self._turns(Waiting.SCAN_ASKED, Waiting.SCAN_ASKED, _ESCALATED_AFTER, again=_NEXT_RUN)
        for turn, tries in islice(turns, _TOLD_AT_ONCE):
            with _leaving_the_others_their_turn(turn):
                mail = self._looked_at(turn, tries)
                if mail is not None:
                    late.append((turn, tries, mail))
        if not late:
            return
        numbers = {mail.submission.number for _, _, mail in late}
        self._operators.tell(
            f"Files not scanned: {len({mail.mail_id for _, _, mail in late})} mails",
            [
                "The scan for malware gave no result on files of these mails.",
                "Agents can take such files only after a warning that they are unchecked.",
                *sorted(numbers),
            ],
        )
        for turn, tries, mail in late:
            with _leaving_the_others_their_turn(turn):
                self._give_up(turn, tries, mail)

    def _give_up(self, turn: Turn, tries: int, mail: Submitted) -> None:
        """Settle files of which no scan says anything: no mail waits for ever."""
        for _, key, version_id in self._unknown(mail, turn):
            try:
                self._take(key, version_id, NEVER_CAME, examines=tries < _TRIES_WITH_A_LOOK)
            except Exception as error:  # noqa: BLE001 - whatever the content does, its file is settled
                _log_failure(turn, error)
                self._take(key, version_id, NEVER_CAME, examines=False)
        logger.error("file not scanned", extra={"mail_id": mail.mail_id})
        # Where even that changed nothing, operators see the mail all the same.
        self._scans.begin(turn, Waiting.SCAN_ASKED, Waiting.UNSCANNED)

    def unscanned(self) -> int:
        """How many mails have files that operators were alerted of and that still have no result."""
        return len(self._scans.waiting(Waiting.UNSCANNED, self._now))

    def _turns(
        self, now: Waiting, then: Waiting, late: timedelta, *, again: timedelta | None = None
    ) -> Iterator[tuple[Turn, int]]:
        """The mails that have waited so long, each moved on already, and how often each was tried.

        Where `again` is given, the mail is due once more after that time.
        """
        since = None if again is None else self._now - late + again
        for turn in self._scans.waiting(now, self._now - late):
            if self._context.get_remaining_time_in_millis() < _ENOUGH_MS:
                return
            if tries := self._scans.begin(turn, now, then, since=since):
                yield turn, tries

    def _looked_at(self, turn: Turn, tries: int) -> Submitted | None:
        """A mail after its files' tags were read; None when nothing of it is unknown any more."""
        try:
            mail = self._store.submitted(turn.mail_id)
            for file, key, version_id in self._unknown(mail, turn):
                status = self._scanner.status(key, version_id)
                if status and not (file.reason == "not_scanned" and status == NEVER_CAME):
                    self._take_if_possible(turn, tries, key, version_id, status)
            mail = self._store.submitted(turn.mail_id)
        except MailNotFound:
            self._scans.waits_no_more(*turn)
            return None
        if any(self._unknown(mail, turn)):
            return mail
        if unknown_files(mail, turn.folder) and tries == 1:
            return None  # announced for the answer and not sent yet: it may be on its way
        self._scans.settle(mail, turn.folder, self._now)
        if unknown_files(mail, turn.folder):
            self._scans.waits_no_more(*turn)
        return None

    def _take_if_possible(self, turn: Turn, tries: int, key: str, version_id: str, status: str) -> None:
        try:
            self._take(key, version_id, status, examines=tries < _TRIES_WITH_A_LOOK)
        except Exception as error:  # noqa: BLE001 - the mail's other files have their turn too
            _log_failure(turn, error)

    def _take(self, key: str, version_id: str, status: str, *, examines: bool) -> None:
        self._inspection.take(key, version_id, status, self._context.aws_request_id, examines=examines)

    def _unknown(self, mail: Submitted, turn: Turn) -> Iterator[tuple[Attachment, str, str]]:
        """The stored files without a verdict, their keys and versions; an answer's are pinned by its outcome only."""
        for file in unknown_files(mail, turn.folder):
            key = key_of(mail.mail_id, file)
            if version_id := file.version_id or self._scanner.version(key):
                yield file, key, version_id


@contextmanager
def _leaving_the_others_their_turn(turn: Turn) -> Iterator[None]:
    """Go on with the next mail whatever happens to this one, which was moved on already."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - a stranger's file is no reason not to look after another's
        _log_failure(turn, error)


def _log_failure(turn: Turn, error: Exception) -> None:
    logger.warning("mail left to the next run", extra={"mail_id": turn.mail_id} | logged(error))
