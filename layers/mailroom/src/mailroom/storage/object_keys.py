"""What is in the bucket, under which keys, and under which name it is saved.

| key | what it is | written by |
| --- | --- | --- |
| `attachments/<mail_id>/<attachment_id>` | a file that came with a mail | its sender; `render_receipt` locks it |
| `answers/<mail_id>/<attachment_id>` | a file of an answer | an agent; `close_mail`, `resume_stalled` lock it |
| `submissions/<mail_id>.json` | the sealed record | `submit_mail`, `close_mail`, `resume_stalled` |
| `receipts/<mail_id>.pdf` | the receipt | `render_receipt`; `stamp_receipts` adds a version |
| `slips/<mail_id>.pdf`, `slips/<mail_id>.<version>.pdf` | the slip with the codes in force | `render_receipt` |
| `heads/<date>.jose` | where every register stood on a day | `publish_heads` |
| `open_data/<quarter>.json` | the open data of a quarter | `publish_open_data` |
| `seal/<key's name>.pem` | the certificates of a seal's key | `make seal-install`, `make seal-test` |

Files that came with a mail, and those of an answer, bear the tag `state`: `draft` until they are locked, `submitted`
from then on. What stays a draft is cleared away.
"""

import re
import urllib.parse
from typing import Final, cast

from mailroom.domain.letter import Attachment
from mailroom.storage.schema import Folder

ATTACHMENTS: Final = "attachments/"
ANSWERS: Final = "answers/"
SUBMISSIONS: Final = "submissions/"
RECEIPTS: Final = "receipts/"
SLIPS: Final = "slips/"
HEADS: Final = "heads/"
SEALS: Final = "seal/"
OPEN_DATA: Final = "open_data/"

STATE_TAG: Final = "state"
DRAFT_STATE: Final = "draft"
SUBMITTED_STATE: Final = "submitted"
SCANNED_AGAIN_TAG: Final = "scanned-again"
"""On a file whose scan's finding was lost, and that the scanner was therefore asked to scan once more."""

RECORD_ENDS: Final = ".json"
_HEAD_ENDS: Final = ".jose"
_EDITION_ENDS: Final = ".json"

_FILE = re.compile(r"(attachments|answers)/([0-9a-f-]{36})/([0-9a-f-]{36})", re.ASCII)
_OF_A_MAIL = re.compile(
    rf"\b(?:{SUBMISSIONS}|{ATTACHMENTS}|{ANSWERS}|{RECEIPTS})([0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})"
)


def attachments_of(mail_id: str) -> str:
    """What the keys of a mail's attachments begin with."""
    return f"{ATTACHMENTS}{mail_id}/"


def attachment_key(mail_id: str, attachment_id: str) -> str:
    """Where an attachment lies. Its real name is in its headers: a key takes part in URLs and logs."""
    return f"{attachments_of(mail_id)}{attachment_id}"


def answer_key(mail_id: str, attachment_id: str) -> str:
    """Where a file of an organism's answer lies."""
    return f"{ANSWERS}{mail_id}/{attachment_id}"


def key_of(mail_id: str, attachment: Attachment) -> str:
    """Where a file of a mail lies: with the mail, or, for answers and redirected mails, where it says."""
    return attachment.key or attachment_key(mail_id, attachment.attachment_id)


def record_key(mail_id: str) -> str:
    """Where a mail's sealed record lies; its creation makes the receipt."""
    return f"{SUBMISSIONS}{mail_id}{RECORD_ENDS}"


def mail_id_of_record(key: str) -> str:
    """The mail whose sealed record lies under a key."""
    return key.removeprefix(SUBMISSIONS).removesuffix(RECORD_ENDS)


def receipt_key(mail_id: str) -> str:
    """Where a mail's receipt lies."""
    return f"{RECEIPTS}{mail_id}.pdf"


def slip_key(mail_id: str, version: int = 0) -> str:
    """Where the slip with the codes of a mail lies, apart from the receipt that is shown to anyone.

    Each version of the code has its own place: an address that was given for an earlier slip never leads to a later.
    """
    return f"{SLIPS}{mail_id}.{version}.pdf" if version else f"{SLIPS}{mail_id}.pdf"


def head_key(day: str) -> str:
    """Where the head of a date lies."""
    return f"{HEADS}{day}{_HEAD_ENDS}"


def heads_of(year: int) -> str:
    """What the keys of a year's heads begin with."""
    return f"{HEADS}{year}-"


def day_of_head(key: str) -> str:
    """The date of the head that lies under a key."""
    return key.removeprefix(HEADS).removesuffix(_HEAD_ENDS)


def edition_key(quarter: str) -> str:
    """Where the open data of a quarter lies."""
    return f"{OPEN_DATA}{quarter}{_EDITION_ENDS}"


def name_of_edition(key: str) -> str:
    """The quarter whose open data lies under a key."""
    return key.removeprefix(OPEN_DATA).removesuffix(_EDITION_ENDS)


def file_in(key: str) -> tuple[Folder, str, str] | None:
    """The folder, mail and id of the file that lies under a key; None for a key of another kind."""
    match = _FILE.fullmatch(key)
    return cast("tuple[Folder, str, str]", match.groups()) if match else None


def mail_id_in(text: str) -> str | None:
    """The mail that the first key of one in a text belongs to; None where there is none."""
    match = _OF_A_MAIL.search(text)
    return match[1] if match else None


def disposition(file_name: str) -> str:
    """The header that makes a browser save a file under its real name, in any script (RFC 6266, RFC 8187)."""
    # What is not plain ASCII becomes one "_": S3 takes 2 KB of such headers, and the true name may need nearly all.
    plain = re.sub(r'[^ -~]+|["\\%]', "_", file_name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{urllib.parse.quote(file_name, safe='')}"
