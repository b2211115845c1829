"""Admit people and programs, and remove programs: `make agent`, `make operator`, `make machine`, `make no-machine`.

An agent gets an e-mail with a first password; the group of an organism is made with its first agent. A program's secret
is printed once, for the person who hands it over.
"""

import argparse
import contextlib
import json
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from infra.commands.deployed import Deployed, deployed
from infra.names import (
    BOTH_SCOPES,
    MACHINES_PARAMETER,
    MOST_MACHINES,
    NO_MACHINES,
    OPERATORS_GROUP,
    READ_SCOPE,
    WRITABLE_ATTRIBUTE,
    WRITE_SCOPE,
    organism_group,
)
from infra.stored_names import client_key, organism_key

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import ParameterTypeDef
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import AttributeTypeTypeDef
    from mypy_boto3_dynamodb.service_resource import Table


class AccessError(Exception):
    """A person or program was not admitted; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A program's client credentials for one organism's inbox."""

    client_id: str
    client_secret: str
    token_url: str


def admit_agent(where: Deployed, organism_id: str, email: str, password: str | None = None) -> None:
    """Admit an agent to one organism's inbox; Cognito e-mails a first password unless one is given.

    Raises AccessError where the organism does not exist.
    """
    _require(where, organism_id)
    group = organism_group(organism_id)
    pool = _pool(where)
    with contextlib.suppress(pool.exceptions.GroupExistsException):
        pool.create_group(UserPoolId=where.outputs["UserPoolId"], GroupName=group)
    _admit(where, email, group, password)


def admit_operator(where: Deployed, email: str, password: str | None = None) -> None:
    """Admit an operator; Cognito e-mails a first password unless one is given."""
    _admit(where, email, OPERATORS_GROUP, password)


def make_machine(where: Deployed, organism_id: str, *, read_only: bool = False) -> Machine:
    """Make a program's client, bind it to the organism, and admit it to the API; `read_only` denies it writing.

    Raises AccessError where the organism does not exist, or the authorizer's list is full.
    """
    _require(where, organism_id)
    admitted = _admitted(where)
    if len(admitted) >= MOST_MACHINES:
        raise AccessError(
            f"{len(admitted)} programs have a client; an authorizer takes no more: "
            "infra/constructs/user_pool.py says what next."
        )
    made = _pool(where).create_user_pool_client(
        UserPoolId=where.outputs["UserPoolId"],
        ClientName=f"machine-{organism_id}",
        GenerateSecret=True,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=[READ_SCOPE] if read_only else [READ_SCOPE, WRITE_SCOPE, BOTH_SCOPES],
        # without a flow named here, Cognito would let people sign in with this client
        ExplicitAuthFlows=["ALLOW_REFRESH_TOKEN_AUTH"],
        WriteAttributes=[WRITABLE_ATTRIBUTE],
        AccessTokenValidity=60,
        TokenValidityUnits={"AccessToken": "minutes"},
        EnableTokenRevocation=True,
    )["UserPoolClient"]
    client_id: str = made["ClientId"]
    # The client is bound before it is admitted: one that the table does not know opens no inbox.
    pk, sk = client_key(client_id)
    _table(where).put_item(Item={"pk": pk, "sk": sk, "organism_id": organism_id})
    _admit_machines(where, [*admitted, client_id])
    return Machine(client_id=client_id, client_secret=made["ClientSecret"], token_url=where.outputs["TokenUrl"])


def remove_machine(where: Deployed, client_id: str) -> None:
    """Remove a program's client, with effect at once. Raises AccessError where there is none."""
    admitted = _admitted(where)
    if client_id not in admitted:
        raise AccessError(f"No program has the client {client_id}.")
    # The program's tokens are valid for up to an hour, and open nothing once this item is gone.
    pk, sk = client_key(client_id)
    _table(where).delete_item(Key={"pk": pk, "sk": sk})
    _admit_machines(where, [one for one in admitted if one != client_id])
    _pool(where).delete_user_pool_client(UserPoolId=where.outputs["UserPoolId"], ClientId=client_id)


def _admitted(where: Deployed) -> list[str]:
    (stack,) = where.session.client("cloudformation").describe_stacks(StackName=where.stack_name)["Stacks"]
    values = {one["ParameterKey"]: one["ParameterValue"] for one in stack.get("Parameters", [])}
    return [one for one in values[MACHINES_PARAMETER].split(",") if one != NO_MACHINES]


def _admit_machines(where: Deployed, client_ids: list[str]) -> None:
    """Change the list by an update of the stack: deployments keep a parameter's value."""
    cloudformation = where.session.client("cloudformation")
    (stack,) = cloudformation.describe_stacks(StackName=where.stack_name)["Stacks"]
    others: list[ParameterTypeDef] = [
        {"ParameterKey": one["ParameterKey"], "UsePreviousValue": True}
        for one in stack.get("Parameters", [])
        if one["ParameterKey"] != MACHINES_PARAMETER
    ]
    listed: ParameterTypeDef = {
        "ParameterKey": MACHINES_PARAMETER,
        "ParameterValue": ",".join(client_ids) or NO_MACHINES,
    }
    cloudformation.update_stack(
        StackName=where.stack_name,
        UsePreviousTemplate=True,
        Parameters=[*others, listed],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
    )
    cloudformation.get_waiter("stack_update_complete").wait(
        StackName=where.stack_name, WaiterConfig={"Delay": 1, "MaxAttempts": 300}
    )


def _admit(where: Deployed, email: str, group: str, password: str | None) -> None:
    pool, user_pool = _pool(where), where.outputs["UserPoolId"]
    attributes: list[AttributeTypeTypeDef] = [
        {"Name": "email", "Value": email},
        {"Name": "email_verified", "Value": "true"},
    ]
    with contextlib.suppress(pool.exceptions.UsernameExistsException):
        if password is None:
            pool.admin_create_user(
                UserPoolId=user_pool, Username=email, UserAttributes=attributes, DesiredDeliveryMediums=["EMAIL"]
            )
        else:
            pool.admin_create_user(
                UserPoolId=user_pool,
                Username=email,
                UserAttributes=attributes,
                TemporaryPassword=password,
                MessageAction="SUPPRESS",
            )
    if password is not None:
        pool.admin_set_user_password(UserPoolId=user_pool, Username=email, Password=password, Permanent=True)
    pool.admin_add_user_to_group(UserPoolId=user_pool, Username=email, GroupName=group)


def _require(where: Deployed, organism_id: str) -> None:
    pk, sk = organism_key(organism_id)
    if "Item" not in _table(where).get_item(Key={"pk": pk, "sk": sk}):
        raise AccessError(f"No organism is called {organism_id}: enrol it first.")


def _table(where: Deployed) -> "Table":
    return where.session.resource("dynamodb").Table(where.outputs["TableName"])


def _pool(where: Deployed) -> "CognitoIdentityProviderClient":
    return where.session.client("cognito-idp")


def main() -> None:
    """Admit a person or a program, or remove a program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", required=True)
    kinds = parser.add_subparsers(dest="kind", required=True)
    agent = kinds.add_parser("agent", help="a person of an organism")
    agent.add_argument("organism")
    agent.add_argument("email")
    kinds.add_parser("operator", help="a person who runs the service").add_argument("email")
    machine = kinds.add_parser("machine", help="a program of an organism")
    machine.add_argument("organism")
    machine.add_argument("--read-only", action="store_true", help="it may read the inbox, and change nothing")
    kinds.add_parser("no-machine", help="remove a program").add_argument("client_id")
    arguments = parser.parse_args()
    where = deployed(arguments.stage)
    try:
        sys.stdout.write(carry_out(where, arguments) + "\n")
    except AccessError as refusal:
        sys.exit(str(refusal))


def carry_out(where: Deployed, arguments: argparse.Namespace) -> str:
    """Do what the command line asks for, and return the answer for the person who asked. Raises AccessError."""
    match arguments.kind:
        case "agent":
            admit_agent(where, arguments.organism, arguments.email)
            return f"{arguments.email} is an agent of {arguments.organism}; the first password goes by e-mail."
        case "operator":
            admit_operator(where, arguments.email)
            return f"{arguments.email} is an operator; the first password goes by e-mail."
        case "machine":
            return json.dumps(asdict(make_machine(where, arguments.organism, read_only=arguments.read_only)), indent=2)
        case _:
            remove_machine(where, arguments.client_id)
            return f"The client {arguments.client_id} is removed."


if __name__ == "__main__":
    main()
