"""The accounts of agents and operators: admit a person, shut one out, make the second factor new.

A person who is shut out stays in the user pool, disabled: the audit trail names people by their accounts. A person
who is shut out gets no other token from then on; a token that the person holds is good until it ends, because API
Gateway checks tokens without asking Cognito: 15 minutes at most (`infra/constructs/user_pool.py`).
"""

import contextlib
import secrets
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from infra.commands.deployed import Deployed
from infra.names import OPERATORS_GROUP, organism_group
from infra.stored_names import organism_key

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import AttributeTypeTypeDef

_READABLE = ("ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789")
"""Capitals, small letters and digits that are not mistaken for one another."""
_GROUPS, _LENGTH = 4, 4
_TOTP = "SOFTWARE_TOKEN_MFA"


class AccessError(Exception):
    """A person or program was not admitted, or not shut out; the message says why."""


class Admission(StrEnum):
    """How a person comes to a password."""

    INVITED = "the first password goes by e-mail"
    INVITED_AGAIN = "the first password was never used: another one goes by e-mail"
    KNOWN = "the account was there before, and its password holds"
    GIVEN = "the password is the one given"


@dataclass(frozen=True, kw_only=True)
class ShutOut:
    """What was taken from a person, and what is left."""

    was_member: bool
    left: tuple[str, ...]
    """The groups that the person is still a member of. When there is none, the account is disabled and signed out."""


@dataclass(frozen=True, kw_only=True)
class Accounts:
    """The people in a stage's user pool; each is known by the e-mail address."""

    where: Deployed

    def admit_agent(self, organism_id: str, email: str, password: str | None = None) -> Admission:
        """Admit an agent to one organism's inbox; Cognito e-mails a first password unless one is given.

        Raises AccessError where the organism does not exist, or the person is another one's agent.
        """
        require_organism(self.where, organism_id)
        group = organism_group(organism_id)
        with contextlib.suppress(self._pool.exceptions.GroupExistsException):
            self._pool.create_group(UserPoolId=self._pool_id, GroupName=group)
        return self._admit(email, group, password)

    def admit_operator(self, email: str, password: str | None = None) -> Admission:
        """Admit an operator; Cognito e-mails a first password unless one is given."""
        return self._admit(email, OPERATORS_GROUP, password)

    def shut_agent_out(self, organism_id: str, email: str) -> ShutOut:
        """Take an agent's access to one organism away. Raises AccessError where the person has no account."""
        return self._shut_out(email, organism_group(organism_id))

    def shut_operator_out(self, email: str) -> ShutOut:
        """Take an operator's access away. Raises AccessError where the person has no account."""
        return self._shut_out(email, OPERATORS_GROUP)

    def reset_second_factor(self, email: str) -> bool:
        """Forget a lost authenticator, and sign the person out; False where none was set up.

        The next sign-in asks for a new one. Raises AccessError where the person has no account, or the stage asks for
        no second factor. https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteSoftwareToken.html
        """
        described = self._pool.describe_user_pool(UserPoolId=self._pool_id)["UserPool"]
        if described.get("MfaConfiguration", "OFF") == "OFF":
            raise AccessError("This stage asks for no second factor.")
        try:
            user = self._pool.admin_get_user(UserPoolId=self._pool_id, Username=email)
        except self._pool.exceptions.UserNotFoundException as error:
            raise _unknown() from error
        had_one = _TOTP in user.get("UserMFASettingList", [])
        if had_one:
            self._pool.admin_delete_software_token(UserPoolId=self._pool_id, Username=email)
        # the lost telephone may hold a session
        self._pool.admin_user_global_sign_out(UserPoolId=self._pool_id, Username=email)
        return had_one

    def _admit(self, email: str, group: str, password: str | None) -> Admission:
        attributes: list[AttributeTypeTypeDef] = [
            {"Name": "email", "Value": email},
            {"Name": "email_verified", "Value": "true"},
        ]
        try:
            self._pool.admin_create_user(
                UserPoolId=self._pool_id,
                Username=email,
                UserAttributes=attributes,
                TemporaryPassword=password or first_password(),
                DesiredDeliveryMediums=["EMAIL"],
                **({"MessageAction": "SUPPRESS"} if password else {}),  # type: ignore[arg-type]  # a literal in both
            )
            admission = Admission.INVITED
        except self._pool.exceptions.UsernameExistsException:
            self._require_no_other_organism(email, group)
            admission = self._take_back(email, may_invite=password is None)
        if password is not None:
            self._pool.admin_set_user_password(
                UserPoolId=self._pool_id, Username=email, Password=password, Permanent=True
            )
            admission = Admission.GIVEN
        self._pool.admin_add_user_to_group(UserPoolId=self._pool_id, Username=email, GroupName=group)
        return admission

    def _require_no_other_organism(self, email: str, group: str) -> None:
        """Raise AccessError for an agent of another organism: the inbox opens to the members of one group alone."""
        if group == OPERATORS_GROUP:
            return
        if any(each.startswith(organism_group("")) and each != group for each in self._groups(email)):
            raise AccessError(
                "The person is an agent of another organism: take that inbox away first (`make no-agent`)."
            )

    def _take_back(self, email: str, *, may_invite: bool) -> Admission:
        """Enable an account that is there; its invitation goes out again if it was never used."""
        user = self._pool.admin_get_user(UserPoolId=self._pool_id, Username=email)
        if not user["Enabled"]:
            self._pool.admin_enable_user(UserPoolId=self._pool_id, Username=email)
        if user["UserStatus"] != "FORCE_CHANGE_PASSWORD" or not may_invite:
            return Admission.KNOWN
        self._pool.admin_create_user(
            UserPoolId=self._pool_id,
            Username=email,
            TemporaryPassword=first_password(),
            DesiredDeliveryMediums=["EMAIL"],
            MessageAction="RESEND",
        )
        return Admission.INVITED_AGAIN

    def _shut_out(self, email: str, group: str) -> ShutOut:
        try:
            groups = self._groups(email)
        except self._pool.exceptions.UserNotFoundException as error:
            raise _unknown() from error
        if group in groups:
            self._pool.admin_remove_user_from_group(UserPoolId=self._pool_id, Username=email, GroupName=group)
        left = tuple(sorted(groups - {group}))
        if not left:
            # Disabled first: signed out first, the person could sign in again in between.
            self._pool.admin_disable_user(UserPoolId=self._pool_id, Username=email)
            self._pool.admin_user_global_sign_out(UserPoolId=self._pool_id, Username=email)
        return ShutOut(was_member=group in groups, left=left)

    def _groups(self, email: str) -> set[str]:
        pages = self._pool.get_paginator("admin_list_groups_for_user").paginate(
            UserPoolId=self._pool_id, Username=email
        )
        return {group["GroupName"] for page in pages for group in page["Groups"]}

    @cached_property
    def _pool(self) -> "CognitoIdentityProviderClient":
        return self.where.session.client("cognito-idp")

    @property
    def _pool_id(self) -> str:
        return self.where.outputs["UserPoolId"]


def first_password() -> str:
    """Make a password that the pool's policy takes, and that is read and typed without mistakes.

    Hyphens are its signs: Cognito puts it into HTML, where others could be read as mark-up.
    """
    while True:
        letters = [secrets.choice("".join(_READABLE)) for _ in range(_GROUPS * _LENGTH)]
        if all(set(kind) & set(letters) for kind in _READABLE):
            return "-".join("".join(letters[start : start + _LENGTH]) for start in range(0, len(letters), _LENGTH))


def require_organism(where: Deployed, organism_id: str) -> None:
    """Raise AccessError where no organism has this id."""
    pk, sk = organism_key(organism_id)
    table = where.session.resource("dynamodb").Table(where.outputs["TableName"])
    if "Item" not in table.get_item(Key={"pk": pk, "sk": sk}):
        raise AccessError(f"No organism is called {organism_id}: enrol it first.")


def _unknown() -> AccessError:
    return AccessError("No account has this e-mail address: check its spelling.")
