"""Signing in on the pages: what a person sends, and what comes next."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from mailroom.api.mail_views import Instant
from mailroom.domain.organism import OrganismSummary
from mailroom.fields.forms import Form
from mailroom.fields.password import Password
from mailroom.fields.text import Read, Typed
from mailroom.fields.typed import as_digits, joined

Username = Annotated[Typed, StringConstraints(max_length=128), Field(examples=["agent@anam.example.org"])]
"""The e-mail address of the account. It is compared and not written to, so that its form is not checked."""

Code = Annotated[
    str,
    Read,
    AfterValidator(as_digits),
    AfterValidator(joined),
    StringConstraints(pattern="^[0-9]{6}$", max_length=40),
    Field(examples=["123456"]),
]
"""The six digits of an authenticator or of an e-mail, however they are typed."""

Challenge = Annotated[
    str,
    Field(
        max_length=100,
        description="Names the step of this sign-in. It is worth nothing without the cookie that came with it.",
        examples=["5f0c3b0e9b1a4a7f"],
    ),
]


class Credentials(Form):
    """Name and password."""

    username: Username
    password: Password


class ChallengeAnswer(Form):
    """The answer to the step that was asked for: `code`, or `new_password` after the first password."""

    challenge: Challenge
    code: Code | None = None
    new_password: Password | None = None


class Forgotten(Form):
    """The account whose password is forgotten."""

    username: Username


class Reset(Form):
    """The code of the e-mail, and the password that replaces the forgotten one."""

    username: Username
    code: Code
    new_password: Password


class SignedIn(BaseModel):
    """The person who is signed in. The session ends at `expires_at` unless `GET /v1/session` is asked before."""

    state: Literal["signed_in"] = "signed_in"
    role: Literal["agent", "operator"]
    name: Annotated[str, Field(description="The name that histories keep.", examples=["agent@anam.example.org"])]
    organism: OrganismSummary | None
    expires_at: Instant


class Step(BaseModel):
    """What is asked next: a new password in place of the first one, or the authenticator's code."""

    state: Literal["new_password", "second_factor"]
    challenge: Challenge


class Setup(BaseModel):
    """What an authenticator application takes in: `uri` as a QR code, or `secret` typed by hand."""

    secret: Annotated[str, Field(examples=["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"])]
    uri: Annotated[str, Field(examples=["otpauth://totp/Bureau%20d%E2%80%99ordre%20digital:agent%40anam.example.org"])]


class SetupStep(BaseModel):
    """An authenticator is to be set up: its first code answers the challenge."""

    state: Literal["second_factor_setup"] = "second_factor_setup"
    challenge: Challenge
    setup: Setup
