"""Mail that was submitted or closed and stopped half-way, pushed on.

A mail waits in a sparse index from its submission until all its notifications are queued. One that waits for more than
two minutes was left by a crash: its sealed record is written again if it is missing, which makes the receipt, or else
the receipt's function is called. An event of a collection or an outcome waits likewise until its notifications are
queued and the answer's files are locked, and a mail whose codes were replaced until it has a slip with the new one.
"""

import json
from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from mailroom.domain import clock
from mailroom.domain.refusals import Refusal
from mailroom.mails import completion
from mailroom.mails.slip_requests import ask_for_slip
from mailroom.notifying.notification_queue import NotificationQueue, NotificationsNotQueuedError
from mailroom.operating.logged_errors import logged
from mailroom.register.word_lists import list_words
from mailroom.storage.bucket import Files
from mailroom.storage.corrupt_mail import CorruptMailError
from mailroom.storage.item_keys import mail_id_in
from mailroom.storage.mails import Store
from mailroom.storage.object_keys import record_key
from mailroom.storage.schema import Waiting
from mailroom.storage.table import Item, Table

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

_STALLED_AFTER = timedelta(minutes=2)
_LATE_AFTER = timedelta(minutes=5)
_MOST_AT_ONCE = 200
"""Mails pushed on in one run, of each state; the rest is seen a minute later."""

_MOST_LISTED = 100
"""Mails entered into the lists of the search in one run: some fifteen seconds."""

_KINDS = {Waiting.RECEIPT: "receipt", Waiting.ALERT: "alert", Waiting.NEWS: "news", Waiting.SLIP: "receipt"}
"""What is pushed on, in this order, and as which kind it is counted."""

logger = Logger()


class Resumption:
    """One run at one moment."""

    def __init__(  # noqa: PLR0913 - what is read, written and called, all by keyword
        self,
        *,
        table: Table,
        files: Files,
        notifications: NotificationQueue,
        functions: "LambdaClient",
        render_function_name: str,
        correlation_id: str,
        now: datetime,
    ) -> None:
        self._table = table
        self._files = files
        self._notifications = notifications
        self._functions = functions
        self._render_function_name = render_function_name
        self._correlation_id = correlation_id
        self._now = now

    def push_on_all(self) -> Counter[str]:
        """Push on everything that stalled, as far as each can be; how much there was of each kind, zero included."""
        found = Counter(dict.fromkeys(("record", "receipt", "alert", "news"), 0))
        for state, kind in _KINDS.items():
            waiting = self._table.waiting(state, until=clock.iso(self._now - _STALLED_AFTER))
            for item in islice(waiting, _MOST_AT_ONCE):
                record_was_missing = False
                try:
                    record_was_missing = self._push_on(state, item)
                except (ClientError, BotoCoreError, Refusal, NotificationsNotQueuedError, CorruptMailError) as error:
                    logger.error(  # noqa: TRY400 - AWS's texts may quote people
                        "mail could not be pushed on", extra={"mail_id": mail_id_in(item)} | logged(error)
                    )
                found["record" if record_was_missing else kind] += 1
        return found

    def list_words(self) -> None:
        """Enter mails into the lists of the inbox's search whose words were too many for their registration."""
        for event in islice(self._table.waiting(Waiting.WORDS, until=clock.iso(self._now)), _MOST_LISTED):
            try:
                list_words(self._table, event)
            except (ClientError, BotoCoreError, Refusal, CorruptMailError) as error:
                logger.error(  # noqa: TRY400 - AWS's texts may quote people
                    "mail could not be listed for the search", extra={"mail_id": mail_id_in(event)} | logged(error)
                )

    def late(self, *states: Waiting) -> int:
        """How many mails have waited in these states for longer than five minutes."""
        until = clock.iso(self._now - _LATE_AFTER)
        return sum(1 for state in states for _ in self._table.waiting(state, until=until))

    def _push_on(self, state: Waiting, item: Item) -> bool:
        """Start again what one item waits for, harmless where it is at work; True when a sealed record was missing."""
        mail_id = mail_id_in(item)
        if state == Waiting.NEWS:
            logger.warning("news had stopped half-way", extra={"mail_id": mail_id})
            queue = partial(self._notifications.put, correlation_id=self._correlation_id)
            completion.push_on_item(self._table, item, queue, self._files.lock_answers)
            return False
        if state == Waiting.SLIP:
            ask_for_slip(self._functions, self._render_function_name, mail_id)
            return False
        written = self._files.put_record(Store(self._table).submitted(mail_id), self._correlation_id)
        logger.warning("mail had stopped half-way", extra={"mail_id": mail_id, "record_was_missing": written})
        if not written:
            event = {"Records": [{"s3": {"object": {"key": record_key(mail_id)}}}]}
            self._functions.invoke(
                FunctionName=self._render_function_name, InvocationType="Event", Payload=json.dumps(event).encode()
            )
        return written
