"""The users of the local cloud: two agents of two organisms, one operator, one program.

Passwords are made once and stored beside the cloud's state: they outlive a restart, as the user pool does.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from botocore.exceptions import ClientError

from infra.commands.access import Machine, make_machine, remove_machine
from infra.commands.accounts import Accounts
from infra.commands.deployed import Deployed
from infra.names import READ_SCOPE

AGENTS = {
    "anam": "agent@anam.example.org",
    "commune-rabat": "agent@commune-rabat.example.org",
}
"""Each organism's agent."""
OPERATOR = "operateur@bureau-ordre.example.org"
MACHINE = "anam"
"""The organism whose program has a client."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """A user who signs in with a password alone, as the local stage allows."""

    username: str
    password: str


@dataclass(frozen=True, kw_only=True)
class People:
    """All users."""

    agents: Mapping[str, Person]
    """The agents, by organism."""
    operator: Person
    machine: Machine

    def as_described(self) -> dict[str, object]:
        """The users, as the description of a run holds them for other programs."""
        agents = [{"organism_id": organism, **asdict(person)} for organism, person in self.agents.items()]
        return {"agents": agents, "operator": asdict(self.operator), "machine": asdict(self.machine)}


def ensure_people(where: Deployed, token_url: str, kept_in: Path) -> People:
    """Make the users that are missing. Raises AccessError, ClientError."""
    kept: dict[str, str] = json.loads(kept_in.read_text()) if kept_in.exists() else {}
    # the pool's policy wants a capital, a small letter, a digit and a sign
    passwords = {name: kept.get(name) or f"Aa1!{secrets.token_urlsafe(18)}" for name in (*AGENTS.values(), OPERATOR)}
    accounts = Accounts(where=where)
    for organism, username in AGENTS.items():
        accounts.admit_agent(organism, username, passwords[username])
    accounts.admit_operator(OPERATOR, passwords[OPERATOR])
    client_id, client_secret = _machine(where, kept.get("machine"))
    kept_in.touch(mode=0o600)
    kept_in.write_text(json.dumps(passwords | {"machine": client_id}, indent=2))
    return People(
        agents={
            organism: Person(username=username, password=passwords[username]) for organism, username in AGENTS.items()
        },
        operator=Person(username=OPERATOR, password=passwords[OPERATOR]),
        machine=Machine(client_id=client_id, client_secret=client_secret, token_url=token_url),
    )


def _machine(where: Deployed, known: str | None) -> tuple[str, str]:
    """Return the id and secret of the program's client; one that is missing, or lacks today's scopes, is made."""
    pool = where.session.client("cognito-idp")
    try:
        answer = pool.describe_user_pool_client(UserPoolId=where.outputs["UserPoolId"], ClientId=known or "none")
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
    else:
        client = answer["UserPoolClient"]
        if READ_SCOPE in client["AllowedOAuthScopes"]:
            return client["ClientId"], client["ClientSecret"]
        remove_machine(where, client["ClientId"])
    made = make_machine(where, MACHINE)
    return made.client_id, made.client_secret
