"""The organism's side: an inbox, mails that are opened, collected and given their outcome.

One role serves all organisms, so that no grant can be bound to the caller's: the organism comes from the token, in
the code. What the grants do hold is what each step may touch at all.
"""

from infra.constructs.bucket import FROM_OUTSIDE
from infra.constructs.database import CLIENTS, DESK_INDEX, DESK_STATUS_INDEX, MAILS, ORGANISMS, RECEIPTS, REGISTERS
from infra.functions.function import Permission
from infra.functions.parts import Parts


def add_desk(parts: Parts) -> None:
    """Make the functions of this side."""
    records, files = parts.records, parts.files
    parts.functions.add(
        "list_inbox",
        may=[records.may_query_indexes(DESK_INDEX, DESK_STATUS_INDEX), records.may("GetItem", on=[CLIENTS])],
        told=parts.table,
    )
    parts.functions.add(
        "open_mail",
        may=[
            *_finds_mails(parts),
            records.may("PutItem", on=[MAILS]),  # who looked
            files.may_read_clean(under=FROM_OUTSIDE),
            files.may_read_unchecked(under=FROM_OUTSIDE),
        ],
        told=parts.table | parts.bucket,
    )
    parts.functions.add(
        "collect_mail",
        may=[
            *_finds_mails(parts),
            records.may("PutItem", on=[MAILS]),
            records.may("UpdateItem", on=[MAILS, REGISTERS]),
            parts.notifications.may_send(),
        ],
        told=parts.table | parts.notifying,
    )
    _close_mail(parts)


def _close_mail(parts: Parts) -> None:
    records, files = parts.records, parts.files
    parts.functions.add(
        "close_mail",
        may=[
            *_finds_mails(parts),
            records.may("GetItem", "ConditionCheckItem", on=[ORGANISMS]),
            # a redirected mail enters the other organism's register
            records.may("BatchGetItem", on=[ORGANISMS, REGISTERS]),
            records.may("PutItem", "UpdateItem", on=[MAILS, REGISTERS, RECEIPTS]),
            files.may("PutObject", "PutObjectRetention", under=["submissions/"]),
            # an answer's files: what the presigned URLs can do, whether they came, and that they stay as they are
            files.may("PutObject", "PutObjectTagging", "GetObject", under=["answers/"]),
            files.may_list(under=["answers/"]),
            files.may_lock(under=["answers/"]),
            parts.notifications.may_send(),
            parts.tokens.may_read(),
        ],
        told=parts.table | parts.bucket | parts.secret | parts.notifying | parts.retention,
    )


def _finds_mails(parts: Parts) -> list[Permission]:
    """Allow finding the mail of a number in a register, by the caller's organism."""
    return [
        parts.records.may("GetItem", on=[CLIENTS, REGISTERS, MAILS]),
        parts.records.may("Query", on=[MAILS]),
    ]
