"""The people who have access: agents of organisms and operators, in the user pool.

A person has one role at a time, and an agent one organism: the inbox opens to the members of exactly one organism's
group. A person who is shut out stays in the user pool, disabled: histories name people by their accounts. What is done
here about a person, `make agent` and its like do from a shell (`infra/commands/accounts.py`).
"""

import contextlib
import re
import secrets
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from mailroom.domain import clock
from mailroom.domain.refusals import (
    FieldError,
    FieldsWrong,
    NotYourOrganism,
    NotYourself,
    PersonElsewhere,
    PersonNotFound,
)
from mailroom.organisms.callers import OPERATORS, organism_group, organism_ids_in

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import AttributeTypeTypeDef, UserTypeTypeDef

Role = Literal["agent", "operator"]
State = Literal["invited", "active", "shut_out"]

MOST_LISTED: Final = 60
"""The most people that Cognito lists in one answer."""
SENT_AGAIN_AFTER = timedelta(minutes=1)
"""An invitation repeated sooner is the same one, such as a button pressed twice: a second e-mail's password would make
the first e-mail's wrong."""

_PERSON_ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
"""Cognito's `sub`, a UUID. Unlike the username, which is an e-mail address, it may stand in addresses and logs."""

_AT_ONCE = 8
"""People whose groups and second factor are read at one time: Cognito lists neither."""
_TOTP = "SOFTWARE_TOKEN_MFA"
_NEVER_SIGNED_IN = "FORCE_CHANGE_PASSWORD"
_READABLE = ("ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789")
"""Capitals, small letters and digits that are not mistaken for one another."""
_GROUPS, _LENGTH = 4, 4


@dataclass(frozen=True, kw_only=True)
class Member:
    """A person in the user pool."""

    person_id: str
    username: str
    name: str | None
    groups: frozenset[str]
    state: State
    second_factor: bool
    changed_at: str

    @property
    def role(self) -> Role | None:
        """The person's role; None where no access is left."""
        if OPERATORS in self.groups:
            return "operator"
        return "agent" if self.organism_id else None

    @property
    def organism_id(self) -> str | None:
        """The organism whose inbox the person opens."""
        return next(iter(organism_ids_in(self.groups)), None)


class MemberPage(NamedTuple):
    """Some people, and Cognito's token of the next page."""

    members: list[Member]
    next_token: str | None


class Invited(NamedTuple):
    """A person who was invited, and whether the account is new."""

    member: Member
    is_new: bool


class Members:
    """The people of one user pool."""

    def __init__(self, cognito: "CognitoIdentityProviderClient", pool_id: str) -> None:
        self._cognito = cognito
        self._pool_id = pool_id

    def require_operator(self, username: str) -> None:
        """Raise NotYourOrganism for an operator who was shut out, and whose token has not ended yet.

        Such a person could otherwise invite himself again.
        """
        try:
            user = self._cognito.admin_get_user(UserPoolId=self._pool_id, Username=username)
            is_operator = user["Enabled"] and OPERATORS in self._groups(username)
        except self._cognito.exceptions.UserNotFoundException:
            is_operator = False
        if not is_operator:
            raise NotYourOrganism

    def page(self, *, group: str | None, begins: str | None, limit: int, token: str | None) -> MemberPage:
        """People of a group, or those whose username begins so, or all; in Cognito's order, which is none of ours.

        Raises FieldsWrong for a token that is not Cognito's.
        """
        more = {"Limit": min(limit, MOST_LISTED)}
        try:
            if group is None:
                named = {"Filter": f'username ^= "{begins}"'} if begins else {}
                after = {"PaginationToken": token} if token else {}
                listed = self._cognito.list_users(UserPoolId=self._pool_id, **named, **after, **more)  # type: ignore[arg-type]  # each of its own type
                return MemberPage(self._members(listed["Users"]), listed.get("PaginationToken"))
            after = {"NextToken": token} if token else {}
            members = self._cognito.list_users_in_group(UserPoolId=self._pool_id, GroupName=group, **after, **more)  # type: ignore[arg-type]  # each of its own type
            return MemberPage(self._members(members["Users"]), members.get("NextToken"))
        except self._cognito.exceptions.ResourceNotFoundException:
            return MemberPage([], None)  # the group is made with the organism's first agent
        except self._cognito.exceptions.InvalidParameterException:
            raise FieldsWrong(FieldError("cursor", "cursor")) from None

    def invite(self, email: str, *, organism_id: str | None, name: str | None) -> Invited:
        """Admit an agent of an organism, or an operator where none is named; Cognito e-mails a first password.

        Raises PersonElsewhere where the person has another access. Doing it again changes nothing.
        """
        group = organism_group(organism_id) if organism_id else OPERATORS
        attributes: list[AttributeTypeTypeDef] = [
            {"Name": "email", "Value": email},
            {"Name": "email_verified", "Value": "true"},
            *([{"Name": "name", "Value": name}] if name else []),  # type: ignore[list-item]  # as the others
        ]
        try:
            self._cognito.admin_create_user(
                UserPoolId=self._pool_id,
                Username=email,
                UserAttributes=attributes,
                TemporaryPassword=first_password(),
                DesiredDeliveryMediums=["EMAIL"],
            )
            is_new = True
        except self._cognito.exceptions.UsernameExistsException:
            self._take_back(email, group)
            is_new = False
        self._join(email, group)
        return Invited(self._member(email), is_new)

    def find(self, person_id: str) -> Member:
        """The person of an id. Raises PersonNotFound."""
        if _PERSON_ID.fullmatch(person_id) is None:
            raise PersonNotFound
        found = self._cognito.list_users(UserPoolId=self._pool_id, Filter=f'sub = "{person_id}"', Limit=1)["Users"]
        if not found:
            raise PersonNotFound
        return self._member(found[0]["Username"])

    def shut_out(self, person_id: str, *, by: str) -> None:
        """Take all access from a person, and revoke the person's tokens. Raises PersonNotFound, NotYourself."""
        member = self._another(person_id, by)
        # Disabled first: signed out first, the person could sign in again in between.
        self._cognito.admin_disable_user(UserPoolId=self._pool_id, Username=member.username)
        self._cognito.admin_user_global_sign_out(UserPoolId=self._pool_id, Username=member.username)
        self._leave(member.username, member.groups)

    def reset_factor(self, person_id: str, *, by: str) -> None:
        """Forget a person's lost authenticator and end all sessions: the next sign-in asks for a new one.

        Raises PersonNotFound, NotYourself.
        """
        member = self._another(person_id, by)
        if member.second_factor:
            self._cognito.admin_delete_software_token(UserPoolId=self._pool_id, Username=member.username)
        # the lost telephone may hold a session
        self._cognito.admin_user_global_sign_out(UserPoolId=self._pool_id, Username=member.username)

    def _another(self, person_id: str, by: str) -> Member:
        member = self.find(person_id)
        if member.username.casefold() == by.casefold():
            raise NotYourself
        return member

    def _take_back(self, email: str, group: str) -> None:
        """Enable an account that is there; its invitation goes out again if it was never used."""
        user = self._cognito.admin_get_user(UserPoolId=self._pool_id, Username=email)
        others = self._groups(email) - {group}
        if user["Enabled"] and others:
            raise PersonElsewhere
        if not user["Enabled"]:
            self._leave(email, others)
            self._cognito.admin_enable_user(UserPoolId=self._pool_id, Username=email)
        was_sent_just_now = user["Enabled"] and clock.now() - user["UserLastModifiedDate"] < SENT_AGAIN_AFTER
        if user["UserStatus"] == _NEVER_SIGNED_IN and not was_sent_just_now:
            self._cognito.admin_create_user(
                UserPoolId=self._pool_id,
                Username=email,
                TemporaryPassword=first_password(),
                DesiredDeliveryMediums=["EMAIL"],
                MessageAction="RESEND",
            )

    def _join(self, email: str, group: str) -> None:
        with contextlib.suppress(self._cognito.exceptions.GroupExistsException):
            self._cognito.create_group(UserPoolId=self._pool_id, GroupName=group)
        self._cognito.admin_add_user_to_group(UserPoolId=self._pool_id, Username=email, GroupName=group)
        if self._groups(email) - {group}:
            # Another operator invited the person elsewhere at the same moment.
            self._leave(email, [group])
            raise PersonElsewhere

    def _leave(self, username: str, groups: Iterable[str]) -> None:
        for group in groups:
            self._cognito.admin_remove_user_from_group(UserPoolId=self._pool_id, Username=username, GroupName=group)

    def _groups(self, username: str) -> frozenset[str]:
        pages = self._cognito.get_paginator("admin_list_groups_for_user").paginate(
            UserPoolId=self._pool_id, Username=username
        )
        return frozenset(group["GroupName"] for page in pages for group in page["Groups"])

    def _members(self, users: "Iterable[UserTypeTypeDef]") -> list[Member]:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(self._member, [user["Username"] for user in users]))

    def _member(self, username: str) -> Member:
        user = self._cognito.admin_get_user(UserPoolId=self._pool_id, Username=username)
        attributes = {each["Name"]: each.get("Value", "") for each in user["UserAttributes"]}
        return Member(
            person_id=attributes["sub"],
            username=user["Username"],
            name=attributes.get("name"),
            groups=self._groups(username),
            state=_state(is_enabled=user["Enabled"], status=user["UserStatus"]),
            second_factor=_TOTP in user.get("UserMFASettingList", []),
            changed_at=clock.iso(user["UserLastModifiedDate"]),
        )


def first_password() -> str:
    """Make a password that the pool's policy takes, and that is read and typed without mistakes.

    Hyphens are its signs: Cognito puts it into HTML, where others could be read as mark-up.
    """
    while True:
        letters = [secrets.choice("".join(_READABLE)) for _ in range(_GROUPS * _LENGTH)]
        if all(set(kind) & set(letters) for kind in _READABLE):
            return "-".join("".join(letters[start : start + _LENGTH]) for start in range(0, len(letters), _LENGTH))


def _state(*, is_enabled: bool, status: str) -> State:
    if not is_enabled:
        return "shut_out"
    return "invited" if status == _NEVER_SIGNED_IN else "active"
