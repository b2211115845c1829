"""Callers: agents and programs of an organism, and operators.

API Gateway has checked the token's signature, issuer, audience and age before a function runs, and hands its claims
over. The organism comes from these claims, or from the table for a program, and never from the request.

People are identified by their identity token alone. Their access token can change their account in Cognito, so that it
must not be sent to an API, a log or a page. A program has an access token with scopes.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mailroom.domain.refusals import IdentityTokenNeeded, NotSignedIn, NotYourOrganism, ScopeMissing
from mailroom.storage.item_keys import client_key
from mailroom.storage.table import Table

type HttpEvent = dict[str, Any]
type Guard = Callable[[HttpEvent], None]

READ_SCOPE, WRITE_SCOPE = "mailroom/inbox.read", "mailroom/inbox.write"
BOTH_SCOPES = "mailroom/inbox"
"""The former scope of programs, which includes both."""
_READING = frozenset({"GET", "HEAD"})

OPERATORS = "operators"

_ORGANISM_GROUP = re.compile(r"organism:(?P<organism_id>[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?)", re.ASCII)
_CALLER = "mailroom_caller"


@dataclass(frozen=True)
class Caller:
    """The caller, with the name that histories keep; `organism_id` is empty for an operator."""

    kind: Literal["agent", "machine", "operator"]
    name: str
    organism_id: str = ""
    person_id: str = field(default="", compare=False)
    """The person's id in the user pool, which logs may hold; empty for a program."""


def organism_guard(table: Callable[[], Table]) -> Guard:
    """Admit only callers who act for one organism; `caller` returns the admitted one."""

    def guard(event: HttpEvent) -> None:
        event[_CALLER] = caller_of(event, table)

    return guard


def operator_guard(event: HttpEvent) -> None:
    """Admit only operators; `caller` returns the admitted one.

    Raises:
        NotSignedIn, IdentityTokenNeeded, NotYourOrganism: the caller is not signed in, or is no operator.

    """
    claims = _claims(event)
    name = _person(claims)
    if not name or OPERATORS not in groups_in(claims):
        raise NotYourOrganism
    event[_CALLER] = Caller("operator", name, person_id=str(claims.get("sub", "")))


def caller(event: HttpEvent) -> Caller:
    """The caller that a guard admitted. Raises KeyError without a guard, so that a forgotten guard opens nothing."""
    let_through: Caller = event[_CALLER]
    return let_through


def caller_of(event: HttpEvent, table: Callable[[], Table]) -> Caller:
    """The agent or the program that an event comes from.

    Raises:
        NotSignedIn: the event has no claims.
        IdentityTokenNeeded: it is a person's access token.
        NotYourOrganism: the token acts for no organism, or for more than one.
        ScopeMissing: the program lacks the scope, for instance to write.

    """
    claims = _claims(event)
    if name := _person(claims):
        organism_ids = organism_ids_in(groups_in(claims))
        if len(organism_ids) != 1:
            raise NotYourOrganism
        return Caller("agent", name, organism_ids[0], person_id=str(claims.get("sub", "")))
    client_id = claims.get("client_id")
    if not isinstance(client_id, str) or claims.get("token_use", "access") != "access":
        raise NotYourOrganism
    scope = READ_SCOPE if event["requestContext"]["http"]["method"] in _READING else WRITE_SCOPE
    if {scope, BOTH_SCOPES}.isdisjoint(str(claims.get("scope", "")).split()):
        raise ScopeMissing
    # The read is consistent: a program that was just cut off must be refused at once.
    bound = table().get(*client_key(client_id))
    if bound is None:
        raise NotYourOrganism
    return Caller("machine", client_id, bound["organism_id"])


def groups_in(claims: Mapping[str, Any]) -> frozenset[str]:
    """The groups that claims name: API Gateway writes a token's list as ``[organism:anam operators]``."""
    named: object = claims.get("cognito:groups", ())
    if isinstance(named, str):
        named = _listed(named)
    return frozenset(group for group in named if isinstance(group, str)) if isinstance(named, list) else frozenset()


def organism_ids_in(groups: Iterable[str]) -> list[str]:
    """The organisms whose inbox the members of these groups open, in the order of their ids."""
    return sorted(match["organism_id"] for group in groups if (match := _ORGANISM_GROUP.fullmatch(group)))


def organism_group(organism_id: str) -> str:
    """The group of the user pool whose members open this organism's inbox."""
    return f"organism:{organism_id}"


def _listed(text: str) -> list[Any]:
    try:
        listed = json.loads(text)
    except ValueError:
        # No group's name holds a blank; commas it may hold, so they separate nothing.
        return text.removeprefix("[").removesuffix("]").split()
    return listed if isinstance(listed, list) else []


def _claims(event: HttpEvent) -> Mapping[str, Any]:
    authorizer = event["requestContext"].get("authorizer") or {}
    claims: Mapping[str, Any] = (authorizer.get("jwt") or {}).get("claims") or {}
    if not claims:
        raise NotSignedIn
    return claims


def _person(claims: Mapping[str, Any]) -> str:
    """The name a person signed in with; empty where the token is a program's.

    Raises IdentityTokenNeeded for a person's access token, which names the person in the claim `username`.
    """
    name = claims.get("cognito:username")
    if "username" in claims or (name and claims.get("token_use", "id") != "id"):
        raise IdentityTokenNeeded
    return name if isinstance(name, str) else ""
