"""Routes for operators: organisms that join, people, failures that are redriven; and the load of a directory."""

from collections.abc import Sequence

from aws_cdk import Duration, Stack

from infra.constructs.database import Records
from infra.constructs.permission import Permission
from infra.constructs.queues import DeadLetters, Queue
from infra.constructs.secret import WebhooksSecret
from infra.constructs.user_pool import UserPool
from infra.functions.environment import webhook_targets
from infra.functions.function import Function, Functions
from infra.names import ENROLMENT_SECONDS, LIVE
from infra.stored_names import CAPS, CODES, MAILS, NUMBER_OF_A_MAIL, ORGANISMS, REGISTERS, WAITING_INDEX


def enrol_organism(functions: Functions, *, records: Records, webhook_keys: WebhooksSecret) -> Function:
    """One organism joins, or changes; a directory is checked, and loaded."""
    return Function(
        functions,
        "enrol_organism",
        may=[records.may("Query", on=[ORGANISMS]), *_may_enrol(records), webhook_keys.may_read()],
        settings=records.settings | webhook_keys.settings | webhook_targets(functions.stage),
    )


def enrol_organisms(functions: Functions, *, records: Records) -> Function:
    """The whole directory is loaded: `make organisms` invokes this function, no route does."""
    return Function(
        functions,
        "enrol_organisms",
        may=[records.may("Query", on=[ORGANISMS]), *_may_enrol(records)],
        timeout=Duration.seconds(ENROLMENT_SECONDS),
        settings=records.settings,
    )


def manage_people(functions: Functions, *, records: Records, user_pool: UserPool) -> Function:
    """Agents and operators are listed, invited and shut out.

    It can neither set a password nor change an e-mail address: who has its role takes over no account.
    """
    return Function(
        functions,
        "manage_people",
        may=[
            records.may("GetItem", on=[ORGANISMS]),
            user_pool.may(
                "AdminAddUserToGroup",
                "AdminCreateUser",
                "AdminDeleteSoftwareToken",
                "AdminDisableUser",
                "AdminEnableUser",
                "AdminGetUser",
                "AdminListGroupsForUser",
                "AdminRemoveUserFromGroup",
                "AdminUserGlobalSignOut",
                "CreateGroup",
                "ListUsers",
                "ListUsersInGroup",
            ),
        ],
        settings=records.settings | user_pool.settings,
    )


def operate(
    functions: Functions,
    *,
    records: Records,
    queues: Sequence[Queue],
    dead_letters: Sequence[DeadLetters],
    gave_up: Sequence[Function],
) -> Function:
    """Failures are shown and redriven.

    A message of one of the `queues` goes back to its queue; what lies in `dead_letters`, which belong to no queue, goes
    back to the functions that gave it up.
    """
    urls = {queue.name: {"url": queue.url, "dlq_url": queue.dead_letters.url} for queue in queues}
    urls |= {each.name: {"dlq_url": each.url, "alias": LIVE} for each in dead_letters}
    return Function(
        functions,
        "operate",
        may=[
            records.may_query_indexes(WAITING_INDEX),
            records.may("Query", on=[CAPS, ORGANISMS]),
            records.may_query_attributes(*NUMBER_OF_A_MAIL, on=[MAILS]),
            records.may("GetItem", on=[CAPS]),
            *(each.may_receive() for each in dead_letters),
            *(queue.dead_letters.may_receive() for queue in queues),
            *(queue.may_send() for queue in queues),
            *(function.may_be_invoked() for function in gave_up),
        ],
        settings=records.settings | {"QUEUE_URLS": Stack.of(functions).to_json_string(urls)},
    )


def _may_enrol(records: Records) -> list[Permission]:
    """Allow the one transaction that enrols: an organism, the claim on its code, the registers it depends on."""
    return [
        records.may("GetItem", "UpdateItem", on=[ORGANISMS]),
        records.may("GetItem", "PutItem", "DeleteItem", on=[CODES]),
        records.may("BatchGetItem", "ConditionCheckItem", on=[REGISTERS]),
    ]
