"""A stage: one deployment of the whole service, described by a file.

The files are `infra/stages/<name>.toml`; `example.toml` explains each setting to the team that operates the service.
Stages are plain data: the commands read them too, and the CDK library takes seconds to load.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, model_validator

from infra.paths import STAGE_FILES
from infra.stage_fields import (
    Account,
    BucketName,
    Certificate,
    Count,
    Country,
    Distinct,
    EmailAddress,
    HostName,
    KeyName,
    Origin,
    Region,
    Role,
    SmsSender,
    StageName,
    TableName,
    TimeStampAddress,
)
from infra.stage_file import StageError, read_toml, spelled, validated
from infra.stage_settings import (
    Budgets,
    Callers,
    Canary,
    Machine,
    MessageCaps,
    Quotas,
    Reserved,
    Settings,
    Throttle,
    machine_of,
)

LONGEST_BUCKET_NAME = 63

UNRESERVED = 100
"""The concurrent executions that Lambda leaves to functions without a share of their own: AWS refuses to reserve them.
https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html"""


class Stage(Settings):
    """One deployment of the whole service."""

    name: StageName
    """The file's name without `.toml`; part of each resource's name: another name makes another stage."""
    rehearsal: bool
    """Whether the stage is synthesised and never deployed, so that its values may be made up."""
    is_lasting: bool
    """Whether the stage holds real mail: its data outlives the stack, and placeholders are refused."""

    account: Account | None = None
    """The account of AWS that the stage is deployed to, 12 digits: credentials of another account are refused."""
    region: Region
    """The region of AWS that holds the data. It cannot be changed after the first deployment."""
    second_region: Region | None = None
    """The region of the second copy of table and bucket; no copy is kept when left out."""
    second_account: Account | None = None
    """The account that owns the second copy; the stage's own when left out."""
    break_glass_role: Role | None = None
    """The ARN of the one role that may delete the key of the data. Operators are woken when it is assumed."""
    quotas: Quotas
    """What AWS was asked for, and grants to the account."""
    budgets: Budgets | None = None
    """What the stage may cost; nothing is watched when left out."""
    alarm_emails: Distinct[EmailAddress]
    """The addresses that alarms go to. AWS asks each to confirm its subscription."""

    domain: HostName | None = None
    """The public host name, without scheme: receipts, QR codes and messages carry it for good."""
    certificate: Certificate | None = None
    """The ARN of the domain's certificate in ACM, in us-east-1, where CloudFront reads it."""
    origin_secrets: Annotated[Distinct[KeyName], Field(max_length=2)] = ()
    """The names of the secrets by which the API knows the distribution: the first is sent, all are accepted."""
    cors_origins: Distinct[Origin]
    """The other sites whose pages may call the API and upload to the bucket."""
    web_acl: bool
    """Whether a web application firewall stands before the public address."""
    callers: Callers
    """What the firewall lets through from one IP address."""
    throttle: Throttle
    """For each route, from all callers together."""
    guarded_throttle: Throttle
    """For the routes that take a code, which a stranger could try to guess; from all callers together."""
    api_id: Annotated[str, Field(pattern="^[a-z0-9]{8}$")] | None = None
    """Pins the API's address, which the local cloud alone allows."""

    machine: Annotated[Machine, BeforeValidator(machine_of)]
    """The kind of machine that functions run on: "arm64", "x86_64" or "this machine"."""
    snap_start: bool
    """Whether functions start from a snapshot of an initialised process (Lambda SnapStart)."""
    reserved: Reserved | None = None
    """Concurrent executions kept for submissions and receipts; none when left out."""
    looks_at_once: Count | None = None
    """The most files examined at one time, so that a flood of files cannot take the account's concurrency. The share is
    reserved, and AWS demands that a hundred are left beside it. Unbounded when left out."""
    canary: Canary | None = None
    """The mail that the stage sends to itself; none when left out."""
    tracing: bool
    """Whether X-Ray traces the functions."""
    log_days: Literal[1, 30, 365]
    """How long logs are kept, in days."""

    files_bucket: BucketName
    """The name of the bucket, unique in the world. Every presigned address shows it: it must not hold the account's
    number. Another name makes another bucket: a deployed stage keeps its name."""
    records_table: TableName | None = None
    """The table restored from a backup that takes the place of the stack's own table of records."""
    sent_once_table: TableName | None = None
    """The table restored from a backup that takes the place of the stack's own table of what was sent."""
    retention_days: Annotated[int, Field(ge=1, le=36_500)]
    """How long S3 refuses to change or delete what was submitted, and its receipt; in days."""
    retention_mode: Literal["COMPLIANCE", "GOVERNANCE"]
    """COMPLIANCE: no one can lift the lock, AWS included. GOVERNANCE: an administrator can."""
    drafts_kept_days: Annotated[int, Field(ge=2, le=14)]
    """How long the files of a mail that is not submitted are kept, in days."""
    malware_protection: bool
    """Whether GuardDuty scans files; where it is not available, `scan_file` stands in for it."""

    second_factor: bool
    """Whether agents and operators need a second factor, beside their password."""
    loopback_webhooks: bool
    """Whether webhooks may lead to this very machine: never on a stage with real mail."""

    email_from: EmailAddress
    """The address that e-mails come from. The stack makes the SES identity of its domain, unless one exists."""
    email_identity_exists: bool
    """Whether the account has an SES identity of that domain already, which the stack uses and leaves as it is: making
    it again would end the deployment. Its DKIM records are published then."""
    sender_verified: bool
    """Whether SES has verified the address's domain: Cognito refuses to send by an identity that is not verified, so
    that a new stage begins with Cognito's own sender, about fifty e-mails a day. `make smoke` says when to set it."""
    check_email_domains: bool
    """Whether DNS is asked if a sender's domain takes mail: not without DNS, nor with test domains."""
    sms: bool
    """Whether SMS are sent at all: they are over 99 % of a mail's cost."""
    sms_sender_id: SmsSender
    """1 to 11 letters and digits; Moroccan operators deliver only those registered with them."""
    sms_countries: Distinct[Country]
    """The countries whose mobiles get SMS (ISO 3166-1, two letters). Each one has its own prices, and attracts fraud by
    people who earn from SMS to their numbers."""
    message_caps: MessageCaps
    """The most messages that strangers can cause."""

    statement_keys: Annotated[Distinct[KeyName], Field(min_length=1)]
    """The keys for signed statements and heads: the first signs, the public halves of all are published. A key that
    signs no more stays here for ever: its statements could not be checked without it."""
    seal_keys: Annotated[Distinct[KeyName], Field(min_length=1)]
    """The keys for seals: the first seals, others will or once did. A key that is taken out is given up."""
    timestamp_authority: TimeStampAddress | None = None
    """The authority that stamps the time on seals (RFC 3161). When left out, the time is the service's own claim."""

    @classmethod
    def load(cls, name: str, folder: Path = STAGE_FILES) -> Self:
        """Read a stage's file. Raises StageError, which names the file and every key that is wrong."""
        path = stage_path(name, folder)
        return validated(path, read_toml(path), cls)

    @model_validator(mode="after")
    def _require_agreement(self) -> Self:
        """Refuse settings that contradict each other, all of them in one message."""
        checks = (*self._of_the_local_cloud(), *self._of_accounts(), *self._of_shares())
        if faults := [fault for contradicts, fault in checks if contradicts]:
            raise ValueError("\n".join(faults))
        return self

    def _of_the_local_cloud(self) -> Iterator[tuple[bool, str]]:
        is_local = self.is_emulated
        authority = urlsplit(self.timestamp_authority or "https:")
        yield (
            authority.scheme != "https" and not is_local,
            "timestamp_authority: a time stamp authority is asked over HTTPS",
        )
        yield (
            self.api_id is not None and not is_local,
            "api_id: AWS chooses the API's address; the local cloud alone lets a stage choose it",
        )

    def _of_accounts(self) -> Iterator[tuple[bool, str]]:
        yield self.second_region == self.region, f"second_region: a copy in {self.region} is lost with the first"
        yield (
            self.second_account is not None and self.second_region is None,
            "second_account: it owns the second copy, and second_region is missing: the place of that copy",
        )
        yield (
            self.second_account is not None and self.second_account == self.account,
            "second_account: this is the stage's own account: leave it out",
        )
        yield (
            self.second_region is not None and len(self.copy_bucket) > LONGEST_BUCKET_NAME,
            f"files_bucket: the copy's name, {self.copy_bucket}, is longer than {LONGEST_BUCKET_NAME} letters",
        )
        yield (self.domain is None) != (self.certificate is None), "domain, certificate: each needs the other"
        yield (
            (self.domain is None) != (not self.origin_secrets),
            "domain, origin_secrets: behind a domain the API answers the distribution alone, which a secret tells",
        )
        yield (
            None not in {self.account, self.certificate} and f":{self.account}:" not in str(self.certificate),
            f"certificate: CloudFront takes a certificate of its own account alone, {self.account}",
        )

    def _of_shares(self) -> Iterator[tuple[bool, str]]:
        yield (
            self.sms and not self.sms_countries,
            "sms_countries: SMS are on, and no country gets any; `sms = false` switches them off",
        )
        yield (
            self.budgets is not None and self.budgets.sms_month_usd > self.budgets.month_usd,
            "budgets: sms_month_usd is a part of month_usd, and more than it",
        )
        yield (
            max(self.callers.guarded, self.callers.session, self.callers.drafts) > self.callers.each,
            "callers: guarded, session and drafts are parts of each, and one of them is more than it",
        )
        kept = f"{self.reserved_concurrency} are reserved (reserved, looks_at_once)"
        yield (
            self.reserved_concurrency > max(self.quotas.lambda_concurrency - UNRESERVED, 0),
            f"quotas.lambda_concurrency: {kept}, and AWS demands that {UNRESERVED} are left",
        )

    @property
    def reserved_concurrency(self) -> int:
        """The concurrent executions that functions of this stage keep for themselves."""
        kept = self.reserved.submissions + self.reserved.receipts if self.reserved else 0
        return kept + (self.looks_at_once or 0)

    @property
    def public_url(self) -> str | None:
        """The address that links in receipts and messages begin with; the API's own when None."""
        return f"https://{self.domain}" if self.domain else None

    @property
    def has_public_dns(self) -> bool:
        """Whether the stage's domains have records that the world sees: those of the local cloud do not."""
        return not self.is_emulated

    @property
    def page_origins(self) -> tuple[str, ...]:
        """The sites whose pages may call the API and upload to the bucket: the stage's own, and the others."""
        return (*([self.public_url] if self.public_url else []), *self.cors_origins)

    @property
    def desk_origins(self) -> tuple[str, ...]:
        """The sites whose desk may read files, to show them: the stage's own; on the local cloud any."""
        if self.public_url:
            return (self.public_url,)
        return tuple(self.cors_origins) if self.is_emulated else ()

    @property
    def copy_bucket(self) -> str:
        """The name of the bucket that holds the second copy."""
        return f"{self.files_bucket}-copy"

    @property
    def is_emulated(self) -> bool:
        """Whether the stage is deployed into the emulator, which lacks some of AWS's resources."""
        return self.name == "local"

    @property
    def may_be_deployed(self) -> bool:
        """Whether the stage is meant for an account: a rehearsal is not."""
        return not self.rehearsal

    def name_of(self, thing: str) -> str:
        """Return the physical name of one of this stage's resources."""
        return f"bureau-ordre-{self.name}-{thing}"


def stage_path(name: str, folder: Path = STAGE_FILES) -> Path:
    """The file of a stage. Raises StageError, which lists the stages that there are."""
    path = folder / f"{name}.toml"
    if name not in stage_names(folder):
        raise StageError(f"There is no {spelled(path)}. The stages are {', '.join(stage_names(folder))}.")
    return path


def stage_names(folder: Path = STAGE_FILES) -> tuple[str, ...]:
    """The stages that there are: one for each file."""
    return tuple(sorted(path.stem for path in folder.glob("*.toml")))
