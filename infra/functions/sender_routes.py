"""Routes for senders: the four steps of a mail, its follow-up, its codes."""

from infra.constructs.database import Records
from infra.constructs.files_bucket import FilesBucket
from infra.constructs.permission import Permission
from infra.constructs.secret import TokensSecret
from infra.functions.environment import domain_checks, retention, sms_countries
from infra.functions.function import Function, Functions
from infra.stored_names import (
    ANSWERS,
    ATTACHMENTS,
    MAILS,
    ORGANISMS,
    RECEIPTS,
    REGISTERS,
    SLIPS,
    STATEMENTS,
    SUBMISSIONS,
    WORDS,
)


def start_mail(functions: Functions, *, records: Records, tokens: TokensSecret) -> Function:
    """Step 1: a draft for an organism."""
    return Function(
        functions,
        "start_mail",
        may=[
            records.may("GetItem", on=[ORGANISMS]),
            records.may("PutItem", on=[MAILS]),
            tokens.may_read(),
        ],
        settings=records.settings | tokens.settings,
    )


def write_letter(functions: Functions, *, records: Records, files: FilesBucket, tokens: TokensSecret) -> Function:
    """Step 2: the draft's letter."""
    return Function(
        functions,
        "write_letter",
        may=[*_may_change_drafts(records, tokens), files.may_list(under=[ATTACHMENTS])],
        settings=records.settings | files.settings | tokens.settings,
    )


def attach_file(functions: Functions, *, records: Records, files: FilesBucket, tokens: TokensSecret) -> Function:
    """Step 2: the draft's files, by presigned URLs."""
    return Function(
        functions,
        "attach_file",
        may=[
            *_may_change_drafts(records, tokens),
            # the presigned URLs can do what their signer may do
            files.may("PutObject", "PutObjectTagging", under=[ATTACHMENTS]),
        ],
        settings=records.settings | files.settings | tokens.settings,
    )


def identify_sender(functions: Functions, *, records: Records, files: FilesBucket, tokens: TokensSecret) -> Function:
    """Step 3: the sender's contact details."""
    return Function(
        functions,
        "identify_sender",
        may=[
            *_may_change_drafts(records, tokens),
            # who gives no contact must have come to the counter: the draft says so
            records.may("GetItem", on=[MAILS]),
            files.may_list(under=[ATTACHMENTS]),
        ],
        settings=records.settings
        | files.settings
        | tokens.settings
        | sms_countries(functions.stage)
        | domain_checks(functions.stage),
    )


def submit_mail(functions: Functions, *, records: Records, files: FilesBucket, tokens: TokensSecret) -> Function:
    """Step 4: the number in the register, and the sealed record."""
    return Function(
        functions,
        "submit_mail",
        may=[
            records.may("GetItem", on=[MAILS]),
            records.may("BatchGetItem", on=[ORGANISMS, REGISTERS]),
            records.may("PutItem", "UpdateItem", on=[MAILS, REGISTERS, STATEMENTS]),
            records.may("PutItem", on=[WORDS]),
            records.may("ConditionCheckItem", on=[ORGANISMS]),
            files.may("GetObject", under=[ATTACHMENTS]),
            files.may_list(under=[ATTACHMENTS]),
            files.may("PutObject", "PutObjectRetention", under=[SUBMISSIONS]),
            tokens.may_read(),
        ],
        settings=records.settings | files.settings | tokens.settings | retention(functions.stage),
        at_once=functions.stage.reserved.submissions if functions.stage.reserved else None,
    )


def follow_mail(functions: Functions, *, records: Records, files: FilesBucket, tokens: TokensSecret) -> Function:
    """The follow-up: what became of a mail, its receipt, the answer."""
    return Function(
        functions,
        "follow_mail",
        may=[
            records.may("GetItem", "Query", on=[MAILS]),
            records.may("Query", on=[ORGANISMS]),
            records.may("GetItem", on=[REGISTERS]),
            files.may_list(under=[ATTACHMENTS]),
            files.may("GetObject", under=[RECEIPTS, SLIPS]),
            files.may_read_clean(under=[ANSWERS]),
            tokens.may_read(),
        ],
        settings=records.settings | files.settings | tokens.settings,
    )


def turn_codes(functions: Functions, *, records: Records, tokens: TokensSecret, render: Function) -> Function:
    """New codes in place of a mail's old ones, and a new slip that bears them."""
    return Function(
        functions,
        "turn_codes",
        may=[
            records.may("GetItem", "UpdateItem", on=[MAILS]),
            render.may_be_invoked(),
            tokens.may_read(),
        ],
        settings={"RENDER_FUNCTION_NAME": render.live_name} | records.settings | tokens.settings,
    )


def _may_change_drafts(records: Records, tokens: TokensSecret) -> list[Permission]:
    return [records.may("UpdateItem", on=[MAILS]), tokens.may_read()]
