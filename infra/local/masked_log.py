"""The emulator's log without addresses: it names the recipient of each e-mail and SMS."""

import re
import subprocess
from pathlib import Path
from threading import Thread

_EMAIL = re.compile(rb"[^\s@<>\"'=:,;()\[\]{}/]+(?:@|%40)[\w.-]+\.[A-Za-z]{2,}")
_PHONE = re.compile(rb"(?:\+|%2B|\b00(?=[1-9]))\d{8,15}\b|\b0[5-8]\d{8}\b", re.IGNORECASE)


def masked(line: bytes) -> bytes:
    """The line with a star in place of each e-mail address and telephone number."""
    return _PHONE.sub(b"*", _EMAIL.sub(b"*", line))


def keep_masked(process: subprocess.Popen[bytes], log: Path) -> Thread:
    """Write the process's output, masked, into a log that other users of this machine cannot read."""

    def copy() -> None:
        if process.stdout is None:
            raise ValueError("The process has no output that can be read.")
        log.unlink(missing_ok=True)
        log.touch(mode=0o600)
        with process.stdout as lines, log.open("wb", buffering=0) as kept:
            for line in lines:
                kept.write(masked(line))

    thread = Thread(target=copy, daemon=True, name="cloud.log")
    thread.start()
    return thread
