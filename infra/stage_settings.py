"""The parts of a stage's settings: a model for each table of the file."""

import platform
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from infra.stage_fields import Count, OrganismId


class Settings(BaseModel):
    """A part of a stage: every key is known, no value is converted, nothing changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


class Machine(Settings):
    """The kind of machine that functions run on."""

    architecture: Literal["arm64", "x86_64"]
    """Lambda's name for it."""
    platform: str
    """uv's name for it."""


_MACHINES = {
    "arm64": Machine(architecture="arm64", platform="aarch64-manylinux_2_28"),
    "x86_64": Machine(architecture="x86_64", platform="x86_64-manylinux_2_28"),
}
THIS_MACHINE = "this machine"
"""What a stage names where its functions run on the machine that it is synthesised on."""


def machine_of(value: object) -> object:
    """The machine of this name: `this machine` has the architecture of the one that runs this."""
    if not isinstance(value, str):
        return value
    if value == THIS_MACHINE:
        value = "arm64" if platform.machine() in {"aarch64", "arm64"} else "x86_64"
    if value not in _MACHINES:
        raise ValueError(f'a machine is "arm64", "x86_64" or "{THIS_MACHINE}"')
    return _MACHINES[value]


class Throttle(Settings):
    """The requests a second that one route takes, and the most at once before it answers 429."""

    rate: Count
    burst: Count


class Cap(Settings):
    """The most messages in an hour, and in a day."""

    hour: Count
    day: Count

    @model_validator(mode="after")
    def _require_order(self) -> Self:
        if self.hour > self.day:
            raise ValueError(f"more messages in an hour ({self.hour}) than in a day ({self.day})")
        return self


class MessageCaps(Settings):
    """The most messages to one telephone or address of a sender, and for one organism.

    The e-mail to an organism's own address has no cap.
    """

    sms_number: Cap
    """For each telephone of a sender."""
    sms_desk: Cap
    """For each telephone of an organism, which operators enrolled."""
    sms_organism: Cap
    """For the mails of one organism together."""
    sms_month: Count
    """The SMS of the whole stage in a month: AWS's own limit counts for the whole account."""
    email_address: Cap
    """For each e-mail address of a sender."""
    email_organism: Cap
    """For the mails of one organism together."""


class Quotas(Settings):
    """What AWS was asked for and has granted to the account, in the stage's region.

    Concurrency has to be granted before the first deployment: AWS refuses shares that the account does not have. SES
    and SNS answer later; `make smoke` says what is still missing.
    """

    lambda_concurrency: Count
    """Concurrent executions of all functions together; a new account has 10."""
    emails_per_second: Count
    """SES's sending rate; 1 in its sandbox, where it also sends to verified addresses alone."""
    emails_per_day: Count
    """SES's sending quota in 24 hours; 200 in its sandbox."""
    sms_month_usd: Count
    """SNS's spending limit for SMS in US dollars a month; 1 on a new account. Past it SNS stops sending."""


class Reserved(Settings):
    """Concurrent executions kept free for the functions that no flood may starve."""

    submissions: Count
    """For `submit_mail`."""
    receipts: Count
    """For `render_receipt`."""


class Budgets(Settings):
    """What the stage is expected to cost in US dollars a month: AWS tells operators before it is spent."""

    month_usd: Count
    """Everything, SMS included."""
    sms_month_usd: Count
    """SMS alone: they are over 99 % of a mail's cost."""


type RequestsInFiveMinutes = Annotated[int, Field(ge=10, le=2_000_000_000)]
"""The bounds are AWS WAF's: https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html"""


class Callers(Settings):
    """The requests that the firewall lets through from one IP address in five minutes.

    A whole office or a mobile network's customers may share one address.
    """

    each: RequestsInFiveMinutes
    """To anything."""
    guarded: RequestsInFiveMinutes
    """To the routes that take a code, which a stranger could try to guess."""
    session: RequestsInFiveMinutes
    """To the routes that take a password or a second factor's code. To sign in takes two or three."""
    drafts: RequestsInFiveMinutes
    """To the routes that begin a mail or announce a file, which cost storage and scans."""


class Canary(Settings):
    """The mail that the stage sends to itself every five minutes, through its public address."""

    organism: OrganismId
    """The test organism that it is sent to. Statistics leave it out."""
