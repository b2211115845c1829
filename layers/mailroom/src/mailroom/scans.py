"""What becomes known of stored files, on the mails they belong to: whenever it comes, and however often.

A mail with files that are not known yet has an item of its own in the sparse index `waiting`, from its
submission on. It goes from `SCAN` to `SCAN_ASKED` when the scan was asked for again, and to `UNSCANNED` when
operators were told. It disappears when every file is known.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, cast

from pydantic import BaseModel, ConfigDict, Field

from mailroom import clock
from mailroom.letter import Attachment, Scan
from mailroom.mail import Mail
from mailroom.places import key_of
from mailroom.store import mail_in, mail_key
from mailroom.table import ConditionFailedError, Item, Table

Waiting = Literal["SCAN", "SCAN_ASKED", "UNSCANNED"]

TAG = "GuardDutyMalwareScanStatus"
"""The tag that GuardDuty puts on a scanned object; its values are those of `scan_result_status`."""

_GIVE_WAY: dict[Scan, tuple[Scan | None, ...]] = {
    "unreadable": (None,),
    "clean": (None, "unreadable"),
    "mismatch": (None, "unreadable", "clean"),
    "infected": (None, "unreadable", "clean", "mismatch"),
}
"""What is known of a file gives way to what is worse, and not knowing to knowing; events may come in any order."""

_KEY = re.compile(
    r"(?P<folder>attachments|answers)/(?P<mail_id>[0-9a-f-]{36})/(?P<attachment_id>[0-9a-f-]{36})", re.ASCII
)


class _Told(BaseModel):
    # Refusals of pydantic quote what they refuse, and logs hold ids alone.
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class ScannedObject(_Told):
    """Which version of which object was scanned."""

    bucket_name: str = Field(alias="bucketName")
    object_key: str = Field(alias="objectKey")
    version_id: str = Field(alias="versionId")


class _ScanResult(_Told):
    scan_result_status: str = Field(alias="scanResultStatus")
    """``NO_THREATS_FOUND``, ``THREATS_FOUND``, ``UNSUPPORTED``, ``ACCESS_DENIED`` or ``FAILED``."""


class ScanEvent(_Told):
    """The detail of the event "GuardDuty Malware Protection Object Scan Result", as far as it is needed."""

    s3_object_details: ScannedObject = Field(alias="s3ObjectDetails")
    scan_result_details: _ScanResult = Field(alias="scanResultDetails")


class StoredFile(NamedTuple):
    """A file of a mail, as its key names it."""

    folder: Literal["attachments", "answers"]
    mail_id: str
    attachment_id: str

    def among(self, mail: Mail) -> Attachment | None:
        """The file as the mail knows it; None where it was withdrawn."""
        files = mail.attachments if self.folder == "attachments" else mail.answers
        return next((file for file in files if file.attachment_id == self.attachment_id), None)


def stored_file(key: str) -> StoredFile | None:
    """The file that lies under a key; None for a key of another kind."""
    match = _KEY.fullmatch(key)
    return StoredFile(*cast("tuple[Literal['attachments'], str, str]", match.groups())) if match else None


def unknown_files(mail: Mail) -> list[Attachment]:
    """The files of a submitted mail, and of its answer once that is final, that nobody may download yet."""
    files = (*mail.attachments, *(mail.answers if mail.outcome else ()))
    return [file for file in files if file.scan in {None, "unreadable"}]


@dataclass(frozen=True)
class Noted:
    """A mail after something was noted about one of its files, and whether it was new."""

    mail: Mail
    is_new: bool


class Scans:
    """What is known of files, in the table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def note(self, file: StoredFile, version_id: str, scan: Scan, at: datetime) -> Noted | None:
        """Note what was found of one version of a file; None when the mail or the file is there no more."""
        pk, sk = mail_key(file.mail_id)
        path = f"{file.folder}.#file"
        given = {f":w{rank}": known for rank, known in enumerate(_GIVE_WAY[scan])}
        change = self._table.change(
            pk,
            sk,
            update=f"SET {path}.#scan = :scan, {path}.scanned_at = :at",
            condition=(
                f"attribute_exists({path})"
                f" AND (attribute_not_exists({path}.version_id) OR {path}.version_id IN (:version, :none))"
                f" AND (attribute_not_exists({path}.#scan) OR {path}.#scan IN ({', '.join(given)}))"
            ),
            values={":scan": scan, ":at": clock.iso(at), ":version": version_id, ":none": None, **given},
            names={"#file": file.attachment_id, "#scan": "scan"},
        )
        try:
            return Noted(mail_in(self._table.update(change)), is_new=True)
        except ConditionFailedError as refusal:
            mail = mail_in(refusal.items[0]) if refusal.items[0] else None
            if mail is None or file.among(mail) is None:
                return None
            return Noted(mail, is_new=False)

    def waits(self, mail_id: str, now: Waiting, then: Waiting, *, since: datetime | None = None) -> None:
        """Move a mail on among those that wait for scans, unless somebody else did; it waits `since` then."""
        change = self._table.change(
            f"MAIL#{mail_id}",
            "SCAN",
            update="SET waiting = :then" + (", waiting_since = :since" if since else ""),
            condition="waiting = :now",
            values={":now": now, ":then": then} | ({":since": clock.iso(since)} if since else {}),
        )
        try:
            self._table.apply(change)
        except ConditionFailedError:
            return

    def waits_no_more(self, mail_id: str) -> None:
        """Take a mail out of those that wait for scans, if it is among them."""
        waiting = self._table.gone(f"MAIL#{mail_id}", "SCAN", condition="attribute_exists(pk)", values={})
        try:
            self._table.transact(waiting)
        except ConditionFailedError:
            return

    def waiting(self, what: Waiting, until: datetime) -> list[str]:
        """Ids of the mails that wait so since before `until`, the longest waiting first."""
        found: list[Item] = list(self._table.waiting(what, until=clock.iso(until)))
        return [item["pk"].removeprefix("MAIL#") for item in found]


def stored_files(mail: Mail, files: list[Attachment]) -> list[tuple[str, str]]:
    """Keys and versions of some files of a submitted mail."""
    return [(key_of(mail.mail_id, file), str(file.version_id)) for file in files]
