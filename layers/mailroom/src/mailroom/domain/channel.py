"""The channel by which a mail came in: sent online, or handed in on paper at the counter."""

from typing import Final, Literal

MailChannel = Literal["online", "counter"]

ONLINE: Final = "online"
COUNTER: Final = "counter"
"""An agent entered the mail: its attachments are scans, and its sender may have neither e-mail nor telephone."""
