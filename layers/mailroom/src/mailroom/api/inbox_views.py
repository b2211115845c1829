"""What the API answers about the list of an organism's mails."""

from typing import Annotated, Any

from pydantic import Field

from mailroom.api.mail_views import ChannelShown, Instant, PrintedNumber, View
from mailroom.domain.channel import ONLINE
from mailroom.domain.letter import LetterKind
from mailroom.domain.mail import SubmittedStatus
from mailroom.domain.sender_view import SenderKind
from mailroom.storage.register_items import is_late, is_unread


class InboxSender(View):
    """The sender of a mail, as shown in the inbox list."""

    kind: SenderKind
    display_name: Annotated[str, Field(examples=["Amina Alaoui"])]


class InboxItem(View):
    """A mail in the inbox list."""

    number: PrintedNumber
    subject: str
    kind: LetterKind
    sender: InboxSender
    submitted_at: Instant
    status: SubmittedStatus
    attachments: Annotated[int, Field(description="Number of attachments.", examples=[2])]
    channel: ChannelShown
    unread: Annotated[
        bool, Field(description="True until an agent or a program of the organism opens or collects the mail.")
    ]
    late: Annotated[
        bool,
        Field(
            description=(
                "True while the mail waits to be collected for longer than the organism's term, in working days, after"
                " which it is reminded."
            ),
            examples=[False],
        ),
    ]
    collected_at: Instant | None
    outcome_at: Instant | None


class InboxPage(View):
    """A page of the inbox, newest first.

    With `q` or a filter, a page may hold fewer mails than asked for, or none, although more follow: one request looks
    at a bounded part of the register. Follow `next_cursor` until it is null.
    """

    items: list[InboxItem]
    next_cursor: str | None


class InboxCounts(View):
    """The work of an inbox, each number counted up to `at_most`: a number equal to it means that many or more."""

    submitted: Annotated[int, Field(description="Mails that are not collected yet.", examples=[12])]
    unread: Annotated[int, Field(description="Those of them that no agent opened yet.", examples=[3])]
    late: Annotated[int, Field(description="Those of them that wait for too long.", examples=[1])]
    collected: Annotated[int, Field(description="Mails that are collected and have no outcome yet.", examples=[7])]
    at_most: Annotated[int, Field(description="The number at which counting ends.", examples=[1000])]


def inbox_item(entry: dict[str, Any], overdue_before: str) -> InboxItem:
    """A register entry as the inbox lists it; it is late where it waits since before `overdue_before`."""
    return InboxItem.model_construct(
        number=entry["number"],
        subject=entry["subject"],
        kind=entry["kind"],
        sender=InboxSender.model_construct(**entry["sender"]),
        submitted_at=entry["submitted_at"],
        status=entry["status"],
        attachments=int(entry["attachments"]),
        channel=entry.get("channel", ONLINE),
        unread=is_unread(entry),
        late=is_late(entry, overdue_before),
        collected_at=entry.get("collected_at"),
        outcome_at=entry.get("outcome_at"),
    )
