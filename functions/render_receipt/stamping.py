"""The time stamp on a seal, where the stage names an authority: at once if the authority is quick, else later."""

from datetime import datetime

from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit

from mailroom.storage.table import Item, Table
from mailroom.timestamps.authority import TimeStampAuthority
from mailroom.timestamps.refusal import NoStampError
from mailroom.timestamps.sealed import ROOM
from mailroom.timestamps.signature import Signature
from mailroom.timestamps.waiting import Stamps, wait_item

logger = Logger(child=True)


class Stamping:
    """Time stamps of the authority at an address; none where the address is empty."""

    def __init__(self, authority: str) -> None:
        self._authority = TimeStampAuthority(authority) if authority else None

    @property
    def room(self) -> int:
        """Bytes that a seal leaves free for its time stamp."""
        return ROOM if self._authority else 0

    def stamped(self, signature: bytes) -> tuple[bytes, bool]:
        """A seal's signature (CMS) with a time stamp, and True; unchanged, and False, when none can be had at once."""
        if self._authority is None:
            return signature, False
        try:
            found = Signature(signature)
            return found.with_token(self._authority.token_for(found).content), True
        except NoStampError as refusal:
            if refusal.reason != "resting":
                logger.warning("receipt not time-stamped", extra={"reason": refusal.reason})
                with single_metric(name="TimeStampsFailed", unit=MetricUnit.Count, value=1):
                    pass
            return signature, False

    def waits(self, mail_id: str, sha256: str, at: datetime, *, is_stamped: bool, is_copy: bool = False) -> list[Item]:
        """The items that note that a receipt of that digest waits for a time stamp; none when it has or needs none."""
        if is_stamped or self._authority is None:
            return []
        return [wait_item(mail_id, sha256, at, is_copy=is_copy)]


def announced(table: Table, mail_id: str) -> str | None:
    """The digest (hex) that a mail's receipt will have with the time stamp that is being added to it, if one is."""
    wait = Stamps(table).wait_of(mail_id)
    return wait.announced.sha256 if wait and wait.announced else None
