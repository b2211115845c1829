"""What probes work on: a local cloud, its clients, mails that are ready, and the means to make things late."""

import json
import os
import re
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from infra.commands.accounts import Accounts
from infra.commands.deployed import described
from infra.local.agent_client import AgentClient
from infra.local.assembly import STAGE
from infra.local.local_stack import LocalStack
from infra.local.samples import SENDER, SampleFile, a_pdf
from infra.local.sender_client import SenderClient, Sent, until
from infra.local.time_stamper import TimeStamper
from tests.support.in_process.receiver import Received

_DENIED = re.compile("AccessDenied|AuthorizationError")
_LONG = 100
"""Days; the local stage locks for fifteen."""
LONG_AGO = "2026-01-05T09:00:00.000Z"
PROTECTED = SampleFile(
    name="contrat.pdf",
    media_type="application/pdf",
    content=(Path(__file__).parents[1] / "files/protected.pdf").read_bytes(),
)
PROGRAM: dict[str, Any] = {
    "code": "CNDP",
    "category": "public_establishment",
    "name": {"fr": "Commission nationale", "ar": "اللجنة الوطنية"},
    "city": "Rabat",
    "status": "active",
    "alerts": {"emails": ["desk@cndp.example"], "phones": ["0612345678"]},
    "language": "fr",
}
"""An organism with a webhook."""


class NoticedError(Exception):
    """Something is not as it should be: the permission was needed."""


@dataclass(kw_only=True)
class World:
    """A deployed local cloud, and what lies in it."""

    stack: LocalStack
    api: httpx.Client
    storage: httpx.Client
    sender: SenderClient
    anam: AgentClient
    program: AgentClient
    operator: str
    webhook_url: str = ""
    calls: list[Received] = field(default_factory=list)
    """What the organism's program was told."""

    def __post_init__(self) -> None:
        session = self.stack.session()
        self.functions, self.s3, self.sqs = session.client("lambda"), session.client("s3"), session.client("sqs")
        self.logs, self.iam = session.client("logs"), session.client("iam")
        tables: Any = session.resource("dynamodb").tables.all()
        (self.table,) = [table for table in tables if "RecordsTable" in table.name]
        (self.sent_once,) = [table for table in session.resource("dynamodb").tables.all() if "SentOnce" in table.name]
        self.bucket = self.stack.outputs["BucketName"]
        self.answered, self.protected = self.answered_mail(self.received(a_pdf())), self.received(PROTECTED)

    def answered_mail(self, mail: Sent) -> Sent:
        """The mail, answered with a file."""
        self.anam.open(mail)
        self.anam.collect(mail.number)
        self.anam.enclose(mail.number, a_pdf())
        self.anam.close(mail.number, "answered")
        return mail

    def name(self, operation: str) -> str:
        """A function's name."""
        return f"bureau-ordre-local-{operation.replace('_', '-')}"

    def invoke(self, operation: str, event: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
        """Invoke a function and return its answer. Raises NoticedError where it ends with an error."""
        done = self.functions.invoke(FunctionName=self.name(operation), Qualifier="live", Payload=json.dumps(event))
        answer: Any = json.loads(done["Payload"].read() or b"null")
        if done.get("FunctionError"):
            raise NoticedError(f"the run ends with {answer.get('errorType')}: {answer.get('errorMessage')}")
        if answer and answer.get("batchItemFailures"):
            raise NoticedError("the message failed")
        return answer

    def ask(self, method: str, path: str, *, token: str = "", expect: int = 200, json: object = None) -> Any:  # noqa: ANN401
        """Call the API."""
        return self.sender.ask(method, path, token=token, expect=expect, json=json)

    def get(self, path: str) -> httpx.Response:
        """Read something that is public. Raises NoticedError where it is refused."""
        answer = self.api.get(path)
        if not answer.is_success:
            raise NoticedError(f"GET {path}: {answer.status_code}: {answer.text}")
        return answer

    def fetch(self, url: str) -> bytes:
        """Download from a presigned address."""
        return self.storage.get(url).raise_for_status().content

    def draft(self, *files: SampleFile, organism: str = "anam") -> dict[str, Any]:
        """A draft that lacks nothing."""
        started = self.sender.start(organism)
        for file in files:
            self.sender.attach(started, file)
        self.sender.write(started)
        self.sender.identify(started)
        return started

    def checked(self, started: Mapping[str, Any]) -> None:
        """Wait for the scan of a draft's files."""

        def known() -> bool | None:
            mail = self.ask("GET", f"/mails/{started['mail_id']}", token=started["access_token"])
            return True if all(file["check"] != "pending" for file in mail["attachments"]) else None

        until(known, "the scan", seconds=8)

    def sent(self, *files: SampleFile, organism: str = "anam") -> Sent:
        """A mail that was sent a moment ago."""
        return self.sender.submit(self.draft(*files, organism=organism))

    def received(self, *files: SampleFile) -> Sent:
        """A mail with its receipt."""
        mail = self.sent(*files)
        self.sender.receipt(mail)
        return mail

    def unreached(self, *, by_email: bool = False) -> Sent:
        """A mail whose sender gets no SMS, and e-mail only `by_email`."""
        started = self.sender.start("anam")
        self.sender.write(started)
        ways = {"email": SENDER["email"]} if by_email else {"phone": SENDER["phone"], "sms": False}
        self.sender.identify(started, {name: SENDER[name] for name in ("kind", "first_name", "last_name")} | ways)
        return self.sender.submit(started)

    def invite(self, username: str, first_password: str) -> None:
        """Admit an agent of the organism `anam`, whose first password is to be replaced."""
        Accounts(where=described(self.stack.session(), STAGE)).admit_agent("anam", username)
        self.stack.session().client("cognito-idp").admin_set_user_password(
            UserPoolId=self.stack.outputs["UserPoolId"], Username=username, Password=first_password, Permanent=False
        )

    def events(self, mail: Sent) -> list[Any]:
        """The events of a mail's history."""
        found: list[Any] = self.table.query(
            KeyConditionExpression="pk = :pk AND begins_with(sk, :event)",
            ExpressionAttributeValues={":pk": f"MAIL#{mail.mail_id}", ":event": "EVENT#"},
        )["Items"]
        return found

    def forget_events(self, mail: Sent, event: str) -> None:
        """Remove an event from a mail's history, and its time from the mail."""
        for item in self.events(mail):
            if item["event"] == event:
                self.table.delete_item(Key=key(mail, item["sk"]))
        self.table.update_item(Key=key(mail, "MAIL"), UpdateExpression="REMOVE sender_not_informed_at")

    def being_sent(self) -> bool:
        """Whether a message is remembered as one that is being sent."""
        return any(item["status"] == "INPROGRESS" for item in self.sent_once.scan()["Items"])

    def forget_what_is_being_sent(self) -> None:
        """Remove what a message left that could not be forgotten."""
        for item in self.sent_once.scan()["Items"]:
            if item["status"] == "INPROGRESS":
                self.sent_once.delete_item(Key={"id": item["id"]})

    def item(self, mail: Sent, kind: str = "MAIL") -> Any:  # noqa: ANN401 - the table's own types
        """An item of a mail's partition."""
        return self.table.get_item(Key=key(mail, kind)).get("Item")

    def late(self, mail: Sent, kind: str, waiting: str, since: str = LONG_AGO) -> None:
        """Have an item of a mail wait for something since long."""
        self.table.update_item(
            Key=key(mail, kind),
            UpdateExpression="SET waiting = :waiting, waiting_since = :since",
            ExpressionAttributeValues={":waiting": waiting, ":since": since},
        )

    def stored(self, mail: Sent, folder: str = "attachments") -> dict[str, str]:
        """The newest version of a mail's one file: bucket, key, version."""
        (found,) = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=f"{folder}/{mail.mail_id}/")["Contents"]
        version = self.s3.head_object(Bucket=self.bucket, Key=found["Key"])["VersionId"]
        return {"bucketName": self.bucket, "objectKey": found["Key"], "versionId": version}

    def tag(self, stored: Mapping[str, str], **tags: str) -> None:
        """Replace the tags of a file."""
        self.s3.put_object_tagging(
            Bucket=self.bucket,
            Key=stored["objectKey"],
            VersionId=stored["versionId"],
            Tagging={"TagSet": [{"Key": name, "Value": value} for name, value in tags.items()]},
        )

    def lock_for_long(self, prefix: str) -> None:
        """Lock the files under a prefix for longer than the service does."""
        for found in self.s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix)["Contents"]:
            until = datetime.now(UTC) + timedelta(days=_LONG)
            self.s3.put_object_retention(
                Bucket=self.bucket, Key=found["Key"], Retention={"Mode": "COMPLIANCE", "RetainUntilDate": until}
            )

    def unknown(self, mail: Sent, stored: Mapping[str, str], attribute: str = "attachments") -> None:
        """Forget what is known of a file."""
        self.table.update_item(
            Key=key(mail, "MAIL"),
            UpdateExpression="REMOVE #files.#id.#scan, #files.#id.scanned_at",
            ExpressionAttributeNames={
                "#scan": "scan",
                "#files": attribute,
                "#id": stored["objectKey"].rpartition("/")[2],
            },
        )

    def denials(self, operation: str, since: int) -> list[str]:
        """What the function's log says of denied calls since a time in milliseconds."""
        found = self.logs.filter_log_events(logGroupName=f"/aws/lambda/{self.name(operation)}", startTime=since)
        return [line["message"] for line in found["events"] if _DENIED.search(line["message"])]

    def end_workers(self, operation: str) -> None:
        """End the function's warm processes, so that the next call reads secrets and settings again."""
        mine = f"{self.stack.ca_file.parent.parent}/"
        for process in Path("/proc").iterdir():
            if process.name.isdigit():
                try:
                    command = (process / "cmdline").read_bytes().decode()
                except OSError:
                    continue
                if f"ministack-lambda-{self.name(operation)}-" in command and mine in command:
                    os.kill(int(process.name), signal.SIGKILL)


def key(mail: Sent, kind: str) -> dict[str, str]:
    """The key of an item of a mail's partition."""
    return {"pk": f"MAIL#{mail.mail_id}", "sk": kind}


def fresh() -> str:
    """32 hexadecimal digits that were never used."""
    return uuid4().hex


@contextmanager
def without_time_stamps() -> Iterator[None]:
    """The authority of the local stage fails."""
    real = TimeStamper.answer

    def fails(*_: object, **__: object) -> bytes:
        raise ValueError

    TimeStamper.answer = fails  # type: ignore[method-assign]
    try:
        yield
    finally:
        TimeStamper.answer = real  # type: ignore[method-assign]


def pdf() -> SampleFile:
    """A small file."""
    return a_pdf()
