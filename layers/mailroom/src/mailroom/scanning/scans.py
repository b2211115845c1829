"""What becomes known of stored files, on the mails they belong to: whenever it comes, and however often.

A mail whose files are not all clean has an item of its own that waits (`waits`), beside one for the files of its
answer. The item disappears when nothing is waited for.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from mailroom.domain import clock
from mailroom.domain.file_states import FileState, gives_way_to
from mailroom.domain.letter import Attachment
from mailroom.domain.mail import Closed, Draft, Mail, Submitted
from mailroom.storage.item_keys import folder_in, mail_id_in, mail_key, scan_key
from mailroom.storage.mail_items import mail_in
from mailroom.storage.object_keys import file_in
from mailroom.storage.schema import WAITS_NO_MORE, Folder, Waiting
from mailroom.storage.table import ConditionFailedError, Item, Table

TAG = "GuardDutyMalwareScanStatus"
"""The tag that GuardDuty puts on a scanned object; its values are those of `scan_result_status`."""


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

    folder: Folder
    mail_id: str
    attachment_id: str

    def among(self, mail: Mail) -> Attachment | None:
        """The mail's attachment for this file; None where it was withdrawn."""
        return next((file for file in files_of(mail, self.folder) if file.attachment_id == self.attachment_id), None)


def stored_file(key: str) -> StoredFile | None:
    """The file that lies under a key; None for a key of another kind."""
    found = file_in(key)
    return StoredFile(*found) if found else None


def files_of(mail: Mail, folder: Folder) -> tuple[Attachment, ...]:
    """The files that came with a mail, or those of its answer."""
    if folder == "attachments":
        return mail.attachments
    return () if isinstance(mail, Draft) else mail.answers


def unknown_files(mail: Mail, folder: Folder) -> list[Attachment]:
    """The files whose scan gave no verdict yet. Those of a redirected mail are the first mail's, and so is the wait."""
    own = [file for file in files_of(mail, folder) if folder == "answers" or file.key is None]
    return [file for file in own if file.check == "pending" or file.reason == "not_scanned"]


def awaited(mail: Submitted, folder: Folder) -> Waiting | None:
    """The state in which a submitted mail waits for its files, or for those of its answer; None where all are settled.

    Agents decide about files that no scanner can look into: until the outcome, operators see such a mail.
    """
    unknown = unknown_files(mail, folder)
    if any(file.check == "pending" for file in unknown):
        return Waiting.SCAN
    if unknown:
        return Waiting.UNSCANNED
    is_open = folder == "attachments" and not isinstance(mail, Closed)
    return Waiting.UNCHECKED if is_open and any(file.check == "unchecked" for file in mail.attachments) else None


def scan_item(mail_id: str, folder: Folder, waiting: Waiting, since: str) -> Item:
    """The item by which a mail waits for a scan in the sparse index, so that a missing scan is noticed."""
    pk, sk = scan_key(mail_id, folder)
    return {"pk": pk, "sk": sk, "waiting": waiting, "waiting_since": since}


@dataclass(frozen=True)
class Known:
    """The result of a file's scan: its state, and the media type and active content found in it."""

    state: FileState
    media_type: str | None = None
    warnings: Sequence[str] = ()


@dataclass(frozen=True)
class Noted:
    """A mail after something was noted about one of its files, and whether it was new."""

    mail: Mail
    is_new: bool


class Turn(NamedTuple):
    """A mail that waits for results about its files, or about those of its answer."""

    mail_id: str
    folder: Folder


class Scans:
    """Scan results of files, in the table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def note(self, file: StoredFile, version_id: str, known: Known, at: datetime) -> Noted | None:
        """Note the scan result of one version of a file; None when the mail or the file does not exist any more.

        The mail's revision moves: a submission or an outcome that rests on the earlier result must look again.
        """
        pk, sk = mail_key(file.mail_id)
        path = f"{file.folder}.#file"
        given = {f":w{rank}": state for rank, state in enumerate(gives_way_to(known.state))}
        change = self._table.change(
            pk,
            sk,
            update=(
                f"SET {path}.#scan = :scan, {path}.scanned_at = :at, {path}.detected_media_type = :media_type, "
                f"{path}.warnings = :warnings ADD revision :one"
            ),
            condition=(
                f"attribute_exists({path})"
                f" AND (attribute_not_exists({path}.version_id) OR {path}.version_id IN (:version, :none))"
                f" AND (attribute_not_exists({path}.#scan) OR {path}.#scan IN ({', '.join(given)}))"
            ),
            values={
                ":scan": known.state,
                ":at": clock.iso(at),
                ":media_type": known.media_type,
                ":warnings": list(known.warnings),
                ":one": 1,
                ":version": version_id,
                ":none": None,
                **given,
            },
            names={"#file": file.attachment_id, "#scan": "scan"},
        )
        try:
            return Noted(mail_in(self._table.update(change)), is_new=True)
        except ConditionFailedError as refusal:
            mail = mail_in(refusal.items[0]) if refusal.items[0] else None
            if mail is None or file.among(mail) is None:
                return None
            return Noted(mail, is_new=False)

    def settle(self, mail: Submitted, folder: Folder, at: datetime) -> None:
        """Have a submitted mail wait for what its files' states ask for now, and for nothing else."""
        match awaited(mail, folder):
            case Waiting.SCAN:
                return
            case None:
                self.waits_no_more(mail.mail_id, folder)
            case waiting:
                change = self._table.change(
                    *scan_key(mail.mail_id, folder),
                    update="SET waiting = :then, waiting_since = if_not_exists(waiting_since, :at)",
                    condition="(attribute_not_exists(waiting) OR waiting <> :then)",
                    values={":then": waiting, ":at": clock.iso(at)},
                )
                with suppress(ConditionFailedError):
                    self._table.apply(change)

    def begin(self, turn: Turn, now: Waiting, then: Waiting, *, since: datetime | None = None) -> int:
        """Move a mail on before it is tried, so that it holds up no other; 0 where somebody else did.

        It waits `since` then. The answer is how often it was moved on, this time included.
        """
        change = self._table.change(
            *scan_key(*turn),
            update="SET waiting = :then" + (", waiting_since = :since" if since else "") + " ADD tries :one",
            condition="waiting = :now",
            values={":now": now, ":then": then, ":one": 1} | ({":since": clock.iso(since)} if since else {}),
        )
        try:
            return int(self._table.update(change)["tries"])
        except ConditionFailedError:
            return 0

    def reopen(self, turn: Turn, since: datetime) -> None:
        """Let a mail that operators were alerted of wait for its scan again, with its tries at zero."""
        change = self._table.change(
            *scan_key(*turn),
            update="SET waiting = :scan, waiting_since = :since REMOVE tries",
            condition="waiting = :unscanned",
            values={":scan": Waiting.SCAN, ":since": clock.iso(since), ":unscanned": Waiting.UNSCANNED},
        )
        with suppress(ConditionFailedError):
            self._table.apply(change)

    def waits_no_more(self, mail_id: str, folder: Folder) -> None:
        """Take a mail out of those that wait for scans, if it is among them."""
        gone = self._table.gone(*scan_key(mail_id, folder), condition="attribute_exists(pk)", values={})
        with suppress(ConditionFailedError):
            self._table.transact(gone)

    def dismiss(self, mail_id: str, folder: Folder, *those: Waiting) -> None:
        """Take a mail out of `those` that wait, by a change alone: who may call this may delete nothing."""
        given = {f":w{rank}": waiting for rank, waiting in enumerate(those)}
        change = self._table.change(
            *scan_key(mail_id, folder),
            update=WAITS_NO_MORE,
            condition=f"waiting IN ({', '.join(given)})",
            values=given,
        )
        with suppress(ConditionFailedError):
            self._table.apply(change)

    def waiting(self, what: Waiting, until: datetime) -> list[Turn]:
        """The mails that wait so since before `until`, the longest waiting first."""
        keys = self._table.waiting(what, until=clock.iso(until))
        return [Turn(mail_id_in(key), folder_in(key)) for key in keys]
