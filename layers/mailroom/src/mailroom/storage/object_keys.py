"""Where files lie in the bucket, and under which name they are saved."""

import re
import urllib.parse

from mailroom.domain.letter import Attachment


def attachment_key(mail_id: str, attachment_id: str) -> str:
    """Where an attachment lies. Its real name is in its headers: a key takes part in URLs and logs."""
    return f"attachments/{mail_id}/{attachment_id}"


def answer_key(mail_id: str, attachment_id: str) -> str:
    """Where a file of an organism's answer lies."""
    return f"answers/{mail_id}/{attachment_id}"


def key_of(mail_id: str, attachment: Attachment) -> str:
    """Where a file of a mail lies: with the mail, or, for answers and redirected mails, where it says."""
    return attachment.key or attachment_key(mail_id, attachment.attachment_id)


def record_key(mail_id: str) -> str:
    """Where a mail's sealed record lies; its creation makes the receipt."""
    return f"submissions/{mail_id}.json"


def receipt_key(mail_id: str) -> str:
    """Where a mail's receipt lies."""
    return f"receipts/{mail_id}.pdf"


def slip_key(mail_id: str, version: int = 0) -> str:
    """Where the slip with the codes of a mail lies, apart from the receipt that is shown to anyone.

    Each version of the code has its own place: an address that was given for an earlier slip never leads to a later.
    """
    return f"slips/{mail_id}.{version}.pdf" if version else f"slips/{mail_id}.pdf"


def disposition(file_name: str) -> str:
    """The header that makes a browser save a file under its real name, in any script (RFC 6266, RFC 8187)."""
    # What is not plain ASCII becomes one "_": S3 takes 2 KB of such headers, and the true name may need nearly all.
    plain = re.sub(r'[^ -~]+|["\\%]', "_", file_name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{urllib.parse.quote(file_name, safe='')}"
