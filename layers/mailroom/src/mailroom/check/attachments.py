"""Comparison of files with the attachments of a mail, by their digests."""

import hashlib
from pathlib import Path

from mailroom.check.findings import CheckedFile, CheckedState, SentFile


def compared(path: Path, sent: tuple[SentFile, ...]) -> CheckedFile:
    """Find out whether a file is, byte for byte, one of the attachments."""
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
    except OSError:
        return CheckedFile(path=str(path), state="unreadable")
    if same := tuple(each for each in sent if each.sha256 == sha256):
        return CheckedFile(path=str(path), state="attachment", size=size, sha256=sha256, sent_as=same)
    named = tuple(each for each in sent if each.file_name == path.name)
    state: CheckedState = "other_content" if named else "not_attachment"
    return CheckedFile(path=str(path), state=state, size=size, sha256=sha256, sent_as=named)
