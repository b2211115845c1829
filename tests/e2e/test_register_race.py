"""The register under fifty who hold the same number at once: the submission's own code against the local cloud's table.

Over HTTP (`test_register`) the local cloud lets few processes of a function run at a time, so that few meet at the
counter. Here fifty threads do, each as one sandbox would; only API Gateway and Lambda are not in between.
"""

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal, NamedTuple
from uuid import uuid4

import pytest
from botocore.config import Config

from infra.local.local_stack import LocalStack
from infra.local.samples import LETTER, SENDER
from infra.local.sender_client import until
from mailroom.domain import clock
from mailroom.domain.letter import Attachment, Letter
from mailroom.domain.refusals import TryAgain
from mailroom.mails.submission import Submissions
from mailroom.mails.tokens import Tokens
from mailroom.organisms.directory import Directory
from mailroom.storage.bucket import Files
from mailroom.storage.mails import Store
from mailroom.storage.object_lock import Retention
from mailroom.storage.table import ConditionFailedError, Table
from tests.support.signed.chained import assert_chained

CODE = "CTEM"
MAILS = 25
CONTENDERS = 2 * MAILS
CONTENT = b"nom;montant\nAmina;120\n"
PATIENCE_SECONDS = 240

type Death = Literal["before the transaction", "after the transaction", "before the answer"]

DEATHS: list[tuple[Death | None, Death | None]] = [
    ("after the transaction", "after the transaction"),  # one of the two registers the mail, and dies of it
    ("before the transaction", None),
    ("before the transaction", "before the transaction"),
    ("before the answer", "before the answer"),
    (None, None),
] * 5
"""Where the two who send one mail are killed, mail by mail."""


class KilledError(BaseException):
    """The sandbox is gone: no `except Exception` may notice."""


class Answer(NamedTuple):
    """What a sender is told."""

    number: str
    submitted_at: str
    verification_code: str


class Sandbox(Table):
    """The table as one process sees it: its first transaction waits for everybody else's, and it may die there."""

    def __init__(self, race: "Race", death: Death | None, gate: Callable[[], object]) -> None:
        super().__init__(race.dynamodb, race.table.name)
        self._race = race
        self._death = death
        self._gate = gate

    def transact(self, *writes: Mapping[str, Any], attempts: int = 1) -> None:
        self._gate()
        self._gate = lambda: None
        self.dies("before the transaction")
        try:
            super().transact(*writes, attempts=attempts)
        except ConditionFailedError:
            self._race.noted.append("refused")
            raise
        self.dies("after the transaction")

    def dies(self, where: Death) -> None:
        """End here, if this is where it was told to."""
        if self._death == where:
            self._race.noted.append(where)
            raise KilledError


class Race:
    """What all contenders share."""

    def __init__(self, stack: LocalStack) -> None:
        session = stack.session()
        config = Config(max_pool_connections=CONTENDERS, retries={"mode": "standard", "max_attempts": 4})
        self.dynamodb = session.client("dynamodb", config=config)
        self.s3 = session.client("s3", config=config)
        self.bucket = stack.outputs["BucketName"]
        self.table = Table(self.dynamodb, stack.outputs["TableName"])
        (self.organism,) = Directory(self.table).by_code(CODE)
        self.files = Files(self.s3, self.bucket, Retention("COMPLIANCE", 1))
        self.gate = threading.Barrier(CONTENDERS, timeout=PATIENCE_SECONDS)
        self.noted: list[str] = []

    def draft(self) -> str:
        """A mail with all it needs, one stored file too; its id."""
        store, mail_id = Store(self.table), str(uuid4())
        file = Attachment(
            attachment_id=str(uuid4()),
            file_name="فاتورة.csv",
            media_type="text/csv",
            size=len(CONTENT),
            sha256=hashlib.sha256(CONTENT).hexdigest(),
        )
        store.start(mail_id, self.organism, "fr", clock.now())
        store.write_letter(mail_id, Letter.model_validate(LETTER), clock.now())
        store.announce(mail_id, file, clock.now())
        store.identify_sender(mail_id, SENDER, clock.now())
        self.s3.put_object(
            Bucket=self.bucket,
            Key=f"attachments/{mail_id}/{file.attachment_id}",
            Body=CONTENT,
            ChecksumAlgorithm="SHA256",
            Tagging="state=draft",
        )
        return mail_id

    def send(self, mail_id: str, death: Death | None) -> Answer:
        """Send a mail as a client does that asks again until there is an answer."""
        sandbox = Sandbox(self, death, self.gate.wait)
        while True:
            try:
                return self._submit(mail_id, sandbox)
            except TryAgain:
                continue  # others were faster for twenty seconds; nothing was written
            except KilledError:
                sandbox = Sandbox(self, None, lambda: None)

    def _submit(self, mail_id: str, sandbox: Sandbox) -> Answer:
        """What `submit_mail` does between request and answer."""
        code = Tokens(b"the race's own").verification_code
        mail, _ = Submissions(sandbox, code).submit(Store(sandbox).mail(mail_id), self.files.pin)
        assert mail.submission is not None
        if mail.receipt is None:
            self.files.put_record(mail, "race")
        sandbox.dies("before the answer")
        return Answer(mail.submission.number, mail.submission.submitted_at, mail.submission.verification_code)


@pytest.fixture
def race(stack: LocalStack) -> Race:
    return Race(stack)


def test_of_fifty_transactions_on_one_item_one_is_carried_out_whole(race: Race) -> None:
    """What the next test rests on: else the emulator might make gaps of its own, or hide ours."""
    register = f"RACE#{uuid4()}"

    def take(contender: int) -> bool:
        first = race.table.new({"pk": register, "sk": "COUNTER", "by": contender})
        mine = race.table.new({"pk": register, "sk": f"ENTRY#{contender}"})
        race.gate.wait()
        try:
            race.table.transact(mine, first, attempts=1)
        except ConditionFailedError:
            return False
        return True

    with ThreadPoolExecutor(CONTENDERS) as pool:
        won = [contender for contender, took in enumerate(pool.map(take, range(CONTENDERS))) if took]
    assert len(won) == 1
    counter, entry = race.table.query(register)
    assert (counter["by"], entry["sk"]) == (won[0], f"ENTRY#{won[0]}")


def test_fifty_who_hold_the_same_number_leave_no_gap_and_no_duplicate_whoever_dies(race: Race) -> None:
    with ThreadPoolExecutor(CONTENDERS) as pool:
        mails = list(pool.map(lambda _: race.draft(), range(MAILS)))
        first = [pool.submit(race.send, mail, deaths[0]) for mail, deaths in zip(mails, DEATHS, strict=True)]
        again = [pool.submit(race.send, mail, deaths[1]) for mail, deaths in zip(mails, DEATHS, strict=True)]
        answers = [sent.result() for sent in first]
        assert [sent.result() for sent in again] == answers

    died = {"before the transaction": 15, "after the transaction": 5, "before the answer": 10}
    noted = Counter(race.noted)
    assert {where: noted[where] for where in died} == died
    assert noted["refused"] >= CONTENDERS - died["before the transaction"] - 1, "they did not hold the same number"

    year = clock.register_year(clock.now())
    assert sorted(answer.number for answer in answers) == [f"{CODE}-{year}-{rank:06d}" for rank in range(1, MAILS + 1)]
    items = list(race.table.query(f"REGISTER#{race.organism.organism_id}#{year}"))
    entries = {item["mail_id"]: item["number"] for item in items if item["sk"] != "COUNTER"}
    assert entries == {mail: answer.number for mail, answer in zip(mails, answers, strict=True)}
    assert_chained(items, race.organism.organism_id, year)
    for mail in mails:
        events = [event["event"] for event in race.table.query(f"MAIL#{mail}", prefix="EVENT#")]
        assert events.count("submitted") == 1

    store = Store(race.table)

    def all_receipts() -> bool | None:
        return all(store.submitted(mail).receipt for mail in mails) or None

    until(all_receipts, "every mail's receipt", seconds=PATIENCE_SECONDS)
