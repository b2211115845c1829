"""Receipts with and without their time stamp: what is stored, what the service says of it, and what was printed."""

import importlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from mailroom.settings import Settings
from mailroom.timestamps import exchange
from tests.support.in_process.service import BUCKET, REGION, Mail, Service, context, sha256
from tests.support.signed.authorities import checked
from tests.support.signed.time_stamps import AuthorityAtWork, Behaviour, time_stamp_authority


@dataclass
class Stage:
    """A service whose stage names an authority."""

    service: Service
    authority: AuthorityAtWork

    def add_late(self, *, milliseconds: int = 200_000) -> None:
        """What the schedule does every five minutes, in a new sandbox that has so long to run."""
        Settings.reset()
        left = {"get_remaining_time_in_millis": lambda: milliseconds}
        given = SimpleNamespace(**vars(context("stamp_receipts")) | left)
        importlib.import_module("stamp_receipts.handler").handler({}, given)

    def received(self, behaves: Behaviour | None = None) -> Mail:
        """A mail whose receipt was made, by a new sandbox, while the authority behaved so."""
        mail = self.service.sent()
        self.receipt_made(mail, behaves)
        return mail

    def receipt_made(self, mail: Mail, behaves: Behaviour | None = None) -> None:
        """Have a mail's receipt made by a new sandbox, while the authority behaves so."""
        usual = self.authority.behaves
        self.authority.behaves = behaves or usual
        Settings.reset()
        self.service.receipt_trigger(mail.mail_id)
        self.authority.behaves = usual

    def waiting(self, mail: Mail) -> dict[str, Any] | None:
        """What notes that the mail's receipt waits for its time stamp."""
        items = self.service.items(f"MAIL#{mail.mail_id}")
        return next((item for item in items if item["sk"] == "STAMP"), None)

    def issued(self, mail: Mail) -> str:
        """The digest of the receipt that the sender is told."""
        answer = self.service.call("GET", f"/v1/mails/{mail.mail_id}/receipt", token=mail.token)
        assert answer.status == 200
        digest: str = answer.json["sha256"]
        return digest

    def statement(self, mail: Mail) -> dict[str, Any]:
        """What anyone is told of the receipt."""
        answer = self.service.call("GET", f"/v1/receipts/{mail.submitted['verification_code']}")
        said: dict[str, Any] = answer.json
        return said

    def assert_known(self, mail: Mail) -> None:
        """Whatever can be downloaded now is known to the service."""
        said = self.statement(mail)
        assert sha256(stored(mail)) in {said["receipt_sha256"], *said["versions"], *said["copies"]}

    def assert_stamped_once(self, mail: Mail, before: bytes) -> None:
        """The receipt bears its time stamp, both of its digests are known, and nothing is left to do."""
        after = stored(mail)
        assert is_stamped(after)
        assert len(after) == len(before)
        assert versions(mail) == [after, before]
        assert self.issued(mail) == sha256(after)
        said = self.statement(mail)
        assert said["receipt_sha256"] == sha256(after)
        assert said["versions"] == [sha256(before), sha256(after)]
        assert said["copies"] == []
        assert self.waiting(mail) is None


@contextmanager
def naming_an_authority(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """Run an authority, and let the stage name it. A busy machine is none of its tests' matter."""
    with time_stamp_authority() as authority:
        monkeypatch.setenv("TIMESTAMP_AUTHORITY", authority.url)
        monkeypatch.setattr(exchange, "WHOLE_SECONDS", 10.0)
        yield Stage(service, authority)


def stored(mail: Mail) -> bytes:
    """The receipt as it is handed out now."""
    return boto3.client("s3", REGION).get_object(Bucket=BUCKET, Key=f"receipts/{mail.mail_id}.pdf")["Body"].read()


def versions(mail: Mail) -> list[bytes]:
    """Each version of the receipt, the newest first."""
    s3, key = boto3.client("s3", REGION), f"receipts/{mail.mail_id}.pdf"
    found = s3.list_object_versions(Bucket=BUCKET, Prefix=key)["Versions"]
    return [s3.get_object(Bucket=BUCKET, Key=key, VersionId=each["VersionId"])["Body"].read() for each in found]


def is_stamped(pdf: bytes) -> bool:
    """Whether a receipt bears a good time stamp; that it is valid in any case is asserted."""
    status = checked(pdf)
    assert status.bottom_line
    return status.timestamp_validity is not None and bool(status.timestamp_validity.trusted)


def printed(capsys: pytest.CaptureFixture[str], metric: str) -> list[float]:
    """The values of a metric that were printed since this was last asked."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    return [value for line in lines if metric in line for value in line[metric]]


def lose(mail: Mail) -> None:
    """Storage loses the receipt."""
    boto3.client("s3", REGION).delete_object(Bucket=BUCKET, Key=f"receipts/{mail.mail_id}.pdf")
