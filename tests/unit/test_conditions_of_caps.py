"""Each cap on messages is a condition of the write that counts them, so it holds however many are sent at once."""

from datetime import UTC, datetime, timedelta

import pytest

from mailroom.notifying.caps import Cap, Caps, Counters, Scope
from mailroom.notifying.notifications import Channel, Notification, notification_id
from tests.support.fakes.table_in_memory import TableInMemory

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
MANY = Cap(hour=100, day=100)
NO_CAP = Caps(sms_number=MANY, sms_desk=MANY, sms_organism=MANY, sms_month=100, email_address=MANY, email_organism=MANY)


def message(rank: int, channel: Channel = "email", to: str = "amina@exemple.ma") -> Notification:
    """A message of a mail of its own to a sender."""
    mail_id = f"mail-{rank}"
    return Notification(
        notification_id=notification_id(mail_id, "sender_receipt", channel, to),
        mail_id=mail_id,
        template="sender_receipt",
        channel=channel,
        to=to,
        language="fr",
    )


@pytest.mark.parametrize(
    ("caps", "channel", "one_address", "apart", "reached"),
    [
        ({"email_address": Cap(hour=2, day=100)}, "email", True, timedelta(), "address"),
        ({"email_address": Cap(hour=100, day=2)}, "email", True, timedelta(hours=2), "address"),
        ({"email_organism": Cap(hour=2, day=100)}, "email", False, timedelta(), "organism"),
        ({"email_organism": Cap(hour=100, day=2)}, "email", False, timedelta(hours=2), "organism"),
        ({"sms_month": 2}, "sms", False, timedelta(days=2), "month"),
    ],
    ids=["an address in an hour", "an address in a day", "an organism in an hour", "an organism in a day", "a month"],
)
def test_the_third_message_of_two(
    caps: dict[str, object], channel: Channel, *, one_address: bool, apart: timedelta, reached: Scope
) -> None:
    counters = Counters(TableInMemory(), NO_CAP.model_copy(update=caps), pseudonym=str)
    found = [
        counters.reached(
            message(rank, channel, "+212612345678" if one_address else f"+21261234567{rank}"), "anam", AT + rank * apart
        )
        for rank in range(3)
    ]
    assert found == [None, None, reached]


def test_a_message_that_is_tried_again_counts_once() -> None:
    """It is known by its id, and the counters after the address's are not raised again."""
    caps = NO_CAP.model_copy(update={"email_organism": Cap(hour=1, day=1)})
    counters = Counters(TableInMemory(), caps, pseudonym=str)
    assert [counters.reached(message(1), "anam", AT) for _ in range(3)] == [None, None, None]
