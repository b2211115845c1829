"""The ceiling of one organism's register: submissions a second when all go to one, and when they are spread.

The layer's own code runs here in threads against the local cloud's table; no function and no HTTP are in the way, so
that the counter is what is measured.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import uuid4

from botocore.config import Config

from infra.local.local_stack import LocalStack
from infra.local.samples import LETTER, SENDER
from mailroom.domain.clock import now, register_year
from mailroom.domain.letter import Letter
from mailroom.domain.mail import Draft
from mailroom.domain.organism import Organism
from mailroom.mails.submission import Submissions
from mailroom.organisms.directory import Directory
from mailroom.storage.mails import Store
from mailroom.storage.table import Table

THREADS = 8


@dataclass(frozen=True, kw_only=True)
class Ceiling:
    """Submissions by `THREADS` threads to some organisms."""

    organisms: int
    per_second: float
    attempts: float
    """Transactions for each submission: those above one lost the race for a number and tried again."""
    gaps: int
    """Numbers that are missing in the registers, or there twice."""


def ceiling(stack: LocalStack, submissions: int, organisms: int) -> Ceiling:
    """Submit drafts, ready and without attachments, to so many organisms at once."""
    client = stack.session().client("dynamodb", config=Config(max_pool_connections=THREADS))
    table = Table(client, stack.outputs["TableName"])
    # The last of the directory, which nobody else writes to here.
    chosen = Directory(table).organisms()[-organisms - 1 : -1]
    before = _last_numbers(table, chosen)
    tried: list[str] = []
    client.meta.events.register("before-call.dynamodb.TransactWriteItems", lambda **_: tried.append(""))
    with ThreadPoolExecutor(THREADS) as pool:
        drafts = list(pool.map(lambda turn: _draft(table, chosen[turn % organisms]), range(submissions)))
        started = time.monotonic()
        numbers = list(pool.map(lambda draft: _submitted(table, draft), drafts))
        seconds = time.monotonic() - started
    counted = sum(_last_numbers(table, chosen)) - sum(before)
    return Ceiling(
        organisms=organisms,
        per_second=submissions / seconds,
        attempts=len(tried) / submissions,
        gaps=counted - len(set(numbers)),
    )


def _draft(table: Table, organism: Organism) -> Draft:
    store, mail_id = Store(table), str(uuid4())
    store.start(mail_id, organism, "fr", now())
    store.write_letter(mail_id, Letter.model_validate(LETTER), now())
    mail = store.identify_sender(mail_id, SENDER, now())
    assert mail is not None
    return mail


def _submitted(table: Table, draft: Draft) -> str:
    submissions = Submissions(table, lambda mail_id: mail_id)
    mail, _ = submissions.submit(draft, lambda unpinned: unpinned.completed(unpinned.attachments))
    return mail.submission.number


def _last_numbers(table: Table, organisms: Sequence[Organism]) -> list[int]:
    counters = [table.get(f"REGISTER#{each.organism_id}#{register_year(now())}", "COUNTER") for each in organisms]
    return [int(counter["last"]) if counter else 0 for counter in counters]
