"""Who has access: `make agent`, `make no-agent`, `make operator`, `make machine`, `make reset-factor` and their like.

A person gets an e-mail with a first password; the group of an organism is made with its first agent. A program's secret
is printed once, for the person who hands it over. A person's e-mail address comes from the environment (`EMAIL`), where
neither the list of processes nor the log of a pipeline shows it, and no answer repeats it.
"""

import argparse
import json
import os
import re
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from infra.commands.accounts import AccessError, Accounts, ShutOut, require_organism
from infra.commands.deployed import Deployed, NotDeployedError, deployed
from infra.commands.local_run import NotRunningError
from infra.names import (
    BOTH_SCOPES,
    MACHINES_PARAMETER,
    MOST_MACHINES,
    NO_MACHINES,
    READ_SCOPE,
    WRITABLE_ATTRIBUTE,
    WRITE_SCOPE,
    Part,
    stack_name,
)
from infra.stage_file import StageError
from infra.stored_names import client_key

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import ParameterTypeDef
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_dynamodb.service_resource import Table


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A program's client credentials for one organism's inbox."""

    client_id: str
    client_secret: str
    token_url: str


def make_machine(where: Deployed, organism_id: str, *, read_only: bool = False) -> Machine:
    """Make a program's client, bind it to the organism, and admit it to the API; `read_only` denies it writing.

    Raises AccessError where the organism does not exist, or the authorizer's list is full.
    """
    require_organism(where, organism_id)
    admitted = _admitted(where)
    if len(admitted) >= MOST_MACHINES:
        raise AccessError(
            f"{len(admitted)} programs have a client; an authorizer takes no more: "
            "infra/constructs/authorizer.py says what next."
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
    cloudformation = where.session.client("cloudformation")
    (stack,) = cloudformation.describe_stacks(StackName=stack_name(where.stage, Part.SERVICE))["Stacks"]
    values = {one["ParameterKey"]: one["ParameterValue"] for one in stack.get("Parameters", [])}
    return [one for one in values[MACHINES_PARAMETER].split(",") if one != NO_MACHINES]


def _admit_machines(where: Deployed, client_ids: list[str]) -> None:
    """Change the list by an update of the service stack: deployments keep a parameter's value."""
    cloudformation = where.session.client("cloudformation")
    service = stack_name(where.stage, Part.SERVICE)
    (stack,) = cloudformation.describe_stacks(StackName=service)["Stacks"]
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
        StackName=service,
        UsePreviousTemplate=True,
        Parameters=[*others, listed],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
    )
    cloudformation.get_waiter("stack_update_complete").wait(
        StackName=service, WaiterConfig={"Delay": 1, "MaxAttempts": 300}
    )


def _table(where: Deployed) -> "Table":
    return where.session.resource("dynamodb").Table(where.outputs["TableName"])


def _pool(where: Deployed) -> "CognitoIdentityProviderClient":
    return where.session.client("cognito-idp")


_KINDS = {
    "agent": "admit a person to an organism's inbox",
    "no-agent": "take an organism's inbox away from a person",
    "operator": "admit a person who runs the service",
    "no-operator": "take the operators' access away from a person",
    "reset-factor": "forget a person's lost authenticator",
    "machine": "make a client for an organism's program",
    "no-machine": "remove a program's client",
}


def main() -> None:
    """Admit a person or a program, or shut one out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", required=True)
    kinds = parser.add_subparsers(dest="kind", required=True)
    for kind, meaning in _KINDS.items():
        command = kinds.add_parser(kind, help=meaning)
        if kind in {"agent", "no-agent", "machine"}:
            command.add_argument("organism")
        if kind == "machine":
            command.add_argument("--read-only", action="store_true", help="it may read the inbox, and change nothing")
        if kind == "no-machine":
            command.add_argument("client_id")
    arguments = parser.parse_args()
    try:
        sys.stdout.write(carry_out(deployed(arguments.stage), arguments) + "\n")
    except (AccessError, NotDeployedError, NotRunningError, StageError) as refusal:
        sys.exit(str(refusal))


def carry_out(where: Deployed, arguments: argparse.Namespace) -> str:
    """Do what the command line asks for, and return the answer for the person who asked. Raises AccessError."""
    match arguments.kind:
        case "machine":
            return json.dumps(asdict(make_machine(where, arguments.organism, read_only=arguments.read_only)), indent=2)
        case "no-machine":
            remove_machine(where, arguments.client_id)
            return f"The client {arguments.client_id} is removed."
        case _:
            return carry_out_for_person(Accounts(where=where), person(), arguments)


def carry_out_for_person(accounts: Accounts, email: str, arguments: argparse.Namespace) -> str:
    """Do what the command line asks for about the person of this address. Raises AccessError."""
    match arguments.kind:
        case "agent":
            return f"An agent of {arguments.organism}: {accounts.admit_agent(arguments.organism, email)}."
        case "operator":
            return f"An operator: {accounts.admit_operator(email)}."
        case "no-agent":
            done = accounts.shut_agent_out(arguments.organism, email)
            return described(done, f"an agent of {arguments.organism}")
        case "no-operator":
            return described(accounts.shut_operator_out(email), "an operator")
        case _:
            had_one = accounts.reset_second_factor(email)
            found = "The authenticator is forgotten" if had_one else "No authenticator was set up"
            return f"{found}, and every session is ended. The next sign-in asks for a new one."


def person() -> str:
    """The e-mail address of the person, from the environment. Raises AccessError where it is none."""
    address = os.environ.get("EMAIL", "").strip()
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
        raise AccessError("Say who: EMAIL=name@example.org")
    return address


def described(done: ShutOut, role: str) -> str:
    """Say what a person who was shut out has left."""
    was = f"The person is no longer {role}." if done.was_member else f"The person was not {role}."
    if done.left:
        return f"{was} Access that is left: {', '.join(done.left)}."
    return (
        f"{was} No access is left: the account is disabled and signed out. "
        "A token that was handed out before ends within 15 minutes."
    )


if __name__ == "__main__":
    main()
