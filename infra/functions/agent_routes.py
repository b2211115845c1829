"""Routes for an organism's agents and programs: the inbox, and the steps to an outcome.

One role serves all organisms, so that a grant cannot depend on the caller's organism: the code takes it from the token.
The grants bound what each step may touch at all.
"""

from infra.constructs.customer_key import CustomerKey
from infra.constructs.database import Records
from infra.constructs.files_bucket import FROM_OUTSIDE, FilesBucket
from infra.constructs.permission import Permission
from infra.constructs.queues import Queue
from infra.constructs.secret import TokensSecret
from infra.constructs.user_pool import UserPool
from infra.functions.environment import retention
from infra.functions.function import Function, Functions
from infra.stored_names import (
    ANSWERS,
    CLIENTS,
    DESK_INDEX,
    DESK_STATUS_INDEX,
    DESK_TEMPLATES,
    MAILS,
    ORGANISMS,
    REGISTERS,
    STATEMENTS,
    SUBMISSIONS,
    TRIES,
    WORDS,
)


def enter_mail(functions: Functions, *, records: Records, tokens: TokensSecret) -> Function:
    """A draft of a mail that was handed in at the counter."""
    return Function(
        functions,
        "enter_mail",
        may=[
            records.may("GetItem", on=[CLIENTS, ORGANISMS]),
            records.may("PutItem", on=[MAILS]),
            tokens.may_read(),
        ],
        settings=records.settings | tokens.settings,
    )


def open_session(functions: Functions, *, records: Records, user_pool: UserPool, key: CustomerKey) -> Function:
    """Agents and operators sign in on the pages, stay signed in, and sign out."""
    return Function(
        functions,
        "open_session",
        may=[
            user_pool.may("AdminInitiateAuth", "AdminRespondToAuthChallenge"),
            key.may_encipher(["session", "challenge"]),
            records.may("UpdateItem", on=[TRIES]),
            records.may("GetItem", on=[ORGANISMS]),
        ],
        settings=records.settings | user_pool.settings | user_pool.client_settings | {"SESSION_KEY": key.key_arn},
    )


def list_inbox(functions: Functions, *, records: Records) -> Function:
    """The inbox, its search, and its statistics."""
    return Function(
        functions,
        "list_inbox",
        may=[
            records.may_query_indexes(DESK_INDEX, DESK_STATUS_INDEX),
            records.may("Query", on=[WORDS]),
            records.may("BatchGetItem", on=[REGISTERS]),
            records.may("GetItem", on=[CLIENTS, ORGANISMS]),
        ],
        settings=records.settings,
    )


def keep_templates(functions: Functions, *, records: Records) -> Function:
    """The organism's templates of answers."""
    return Function(
        functions,
        "keep_templates",
        may=[
            records.may("GetItem", on=[CLIENTS]),
            records.may("Query", "PutItem", "UpdateItem", "DeleteItem", on=[DESK_TEMPLATES]),
        ],
        settings=records.settings,
    )


def open_mail(functions: Functions, *, records: Records, files: FilesBucket) -> Function:
    """A mail of the inbox, and its files."""
    return Function(
        functions,
        "open_mail",
        may=[
            *_may_find_mails(records),
            records.may("PutItem", on=[MAILS]),  # the access, for the audit trail
            records.may_update_attributes("opened_at", on=[REGISTERS]),  # the mail is unread no more
            files.may_read_clean(under=FROM_OUTSIDE),
            files.may_read_unchecked(under=FROM_OUTSIDE),
        ],
        settings=records.settings | files.settings,
    )


def collect_mail(functions: Functions, *, records: Records, notifications: Queue) -> Function:
    """The organism takes a mail over."""
    return Function(
        functions,
        "collect_mail",
        may=[
            *_may_find_mails(records),
            records.may("PutItem", on=[MAILS]),
            records.may("UpdateItem", on=[MAILS, REGISTERS]),
            notifications.may_send(),
        ],
        settings=records.settings | notifications.settings,
    )


def close_mail(
    functions: Functions, *, records: Records, files: FilesBucket, notifications: Queue, tokens: TokensSecret
) -> Function:
    """A mail's outcome, with the files of the answer."""
    return Function(
        functions,
        "close_mail",
        may=[
            *_may_find_mails(records),
            records.may("GetItem", "ConditionCheckItem", on=[ORGANISMS]),
            # a redirected mail enters the other organism's register
            records.may("BatchGetItem", on=[ORGANISMS, REGISTERS]),
            records.may("PutItem", "UpdateItem", on=[MAILS, REGISTERS, STATEMENTS]),
            records.may("PutItem", on=[WORDS]),
            files.may("PutObject", "PutObjectRetention", under=[SUBMISSIONS]),
            # the answer's files: uploads by presigned URLs, the check that they arrived, and their lock
            files.may("PutObject", "PutObjectTagging", "GetObject", under=[ANSWERS]),
            files.may_list(under=[ANSWERS]),
            files.may_lock(under=[ANSWERS]),
            notifications.may_send(),
            tokens.may_read(),
        ],
        settings=records.settings
        | files.settings
        | tokens.settings
        | notifications.settings
        | retention(functions.stage),
    )


def _may_find_mails(records: Records) -> list[Permission]:
    """Allow finding the mail of a number in the register of the caller's organism."""
    return [
        records.may("GetItem", on=[CLIENTS, REGISTERS, MAILS]),
        records.may("Query", on=[MAILS]),
    ]
