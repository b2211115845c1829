"""The users of the local cloud: two agents of two organisms, one operator, one program.

Passwords are made once and stored beside the cloud's state: they outlive a restart, as the user pool does.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from botocore.exceptions import ClientError

from infra.commands.access import Machine, admit_agent, admit_operator, make_machine, remove_machine
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
    kept = _kept(kept_in)
    passwords = {username: kept.get(username) or _password() for username in (*AGENTS.values(), OPERATOR)}
    for organism, username in AGENTS.items():
        admit_agent(where, organism, username, passwords[username])
    admit_operator(where, OPERATOR, passwords[OPERATOR])
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


def _kept(path: Path) -> dict[str, str]:
    return dict(json.loads(path.read_text())) if path.exists() else {}


def _password() -> str:
    return f"Aa1!{secrets.token_urlsafe(18)}"


def _machine(where: Deployed, known: str | None) -> tuple[str, str]:
    """Return the id and secret of the program's client; a client that is missing, or of another time, is made."""
    pool = where.session.client("cognito-idp")
    try:
        client = pool.describe_user_pool_client(UserPoolId=where.outputs["UserPoolId"], ClientId=known or "none")
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        made = make_machine(where, MACHINE)
        return made.client_id, made.client_secret
    described = client["UserPoolClient"]
    if READ_SCOPE not in described["AllowedOAuthScopes"]:  # made before there were scopes for reading and writing
        remove_machine(where, described["ClientId"])
        made = make_machine(where, MACHINE)
        return made.client_id, made.client_secret
    return described["ClientId"], described["ClientSecret"]
