"""Receipts that were issued without a time stamp get it later.

The authority was slow or down when they were made. Its first failure ends a run: it has a few minutes to recover, and a
receipt without a time stamp is valid all the while.
"""

from datetime import timedelta
from itertools import islice

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import BotoCoreError, ClientError

from mailroom.domain import clock
from mailroom.domain.refusals import Refusal
from mailroom.operating.logged_errors import logged
from mailroom.storage.bucket import Files
from mailroom.storage.busy import TransactionBusyError
from mailroom.storage.corrupt_mail import CorruptMailError
from mailroom.storage.table import Table
from mailroom.timestamps.authority import TimeStampAuthority
from mailroom.timestamps.late import LateStamps
from mailroom.timestamps.refusal import NoStampError
from mailroom.timestamps.waiting import Stamps

_MOST_AT_ONCE = 500
"""Receipts looked at in one run."""
_ENOUGH_MS = 15_000
"""Milliseconds that must be left to begin with another receipt; the rest is seen five minutes later."""
_LATE_AFTER = timedelta(days=1)

logger = Logger()


class StampRun:
    """One run, as far as the time of the invocation `context` reaches. `failed` says that the authority ended it."""

    def __init__(self, table: Table, files: Files, authority: TimeStampAuthority, context: LambdaContext) -> None:
        self._stamps = Stamps(table)
        self._late = LateStamps(self._stamps, files, authority)
        self._context = context
        self.failed = False

    def add(self) -> int:
        """Add each time stamp that the authority gives now; how many there were."""
        added = 0
        for mail_id in islice(self._stamps.waiting(until=clock.now()), _MOST_AT_ONCE):
            if self._context.get_remaining_time_in_millis() < _ENOUGH_MS:
                break
            try:
                added += self._late.add(mail_id)
            except NoStampError as failure:
                logger.warning("no time stamp to be had", extra={"mail_id": mail_id, "reason": failure.reason})
                self.failed = True
                break
            except (ClientError, BotoCoreError, Refusal, TransactionBusyError, CorruptMailError) as error:
                logger.error(  # noqa: TRY400 - AWS's texts may quote people
                    "time stamp could not be added", extra={"mail_id": mail_id} | logged(error)
                )
        return added

    def late(self) -> int:
        """How many receipts have waited for more than a day."""
        return sum(1 for _ in self._stamps.waiting(until=clock.now() - _LATE_AFTER))
