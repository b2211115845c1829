"""What differs from stage to stage, and nothing else.

Stages are plain data: the commands read them too, and the CDK library takes seconds to load.
"""

import platform
import re
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlsplit


@dataclass(frozen=True, kw_only=True)
class Machine:
    """The kind of machine that functions run on."""

    architecture: Literal["arm64", "x86_64"]
    """Lambda's name for it."""
    platform: str
    """uv's name for it."""


@dataclass(frozen=True, kw_only=True)
class Throttle:
    """The requests a second that one route takes, and the most at once before it answers 429."""

    rate: int
    burst: int


@dataclass(frozen=True, kw_only=True)
class Cap:
    """The most messages in an hour, and in a day."""

    hour: int
    day: int


@dataclass(frozen=True, kw_only=True)
class MessageCaps:
    """The most messages to one telephone or address of a sender, and for one organism.

    The e-mail to an organism's own address has no cap.
    """

    sms_number: Cap
    sms_desk: Cap
    """For each telephone of an organism, which operators enrolled."""
    sms_organism: Cap
    sms_month: int
    """The SMS of the whole stage in a month: AWS's own limit counts for the whole account."""
    email_address: Cap
    email_organism: Cap


_FEW_CAPS = MessageCaps(
    sms_number=Cap(hour=5, day=10),
    sms_desk=Cap(hour=60, day=300),
    sms_organism=Cap(hour=500, day=3_000),
    sms_month=50_000,
    email_address=Cap(hour=20, day=100),
    email_organism=Cap(hour=10_000, day=100_000),
)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One deployment of the whole service."""

    name: str
    region: str
    machine: Machine
    retention_days: int
    """How long S3 refuses to change or delete what was submitted, and its receipt."""
    retention_mode: Literal["COMPLIANCE", "GOVERNANCE"]
    """COMPLIANCE: no one can lift the lock, AWS included. GOVERNANCE: an administrator can."""
    files_bucket: str
    """The name of the bucket, unique in the world. Every presigned address shows it: it must not hold the account's
    number. Another name makes another bucket: a deployed stage keeps its name."""
    log_days: Literal[1, 30, 365]
    """How long logs are kept."""
    is_lasting: bool
    """Whether the data outlives the stack."""
    tracing: bool
    throttle: Throttle
    guarded_throttle: Throttle
    """For the routes that take a code, which a stranger could try to guess; from all callers together."""
    caller_throttle: Throttle
    """For the same routes, from one IP address, which a whole office or a mobile network's customers may share."""
    second_factor: bool
    """Whether agents and operators need a second factor, beside their password."""
    malware_protection: bool
    """Whether GuardDuty scans files; where it is not available, `scan_file` stands in for it."""
    looks_at_once: int | None
    """The most files examined at one time, so that a flood of files cannot take the account's concurrency. The share is
    reserved, and AWS demands that a hundred are left beside it. Unbounded when None."""
    loopback_webhooks: bool
    """Whether webhooks may lead to this very machine: never on a stage with real mail."""
    cors_origins: tuple[str, ...]
    """The sites whose pages may call the API and upload to the bucket."""
    public_url: str | None
    """The address that links in receipts and messages begin with; the API's own when None."""
    email_from: str
    sms_sender_id: str
    """1 to 11 letters and digits; Moroccan operators deliver only those registered with them."""
    sms: bool
    """Whether SMS are sent at all: they are over 99 % of a mail's cost."""
    sms_countries: tuple[str, ...]
    """The countries whose mobiles get SMS (ISO 3166-1, two letters). Each one has its own prices, and attracts fraud by
    people who earn from SMS to their numbers."""
    message_caps: MessageCaps
    check_email_domains: bool
    """Whether DNS is asked if a sender's domain takes mail: not without DNS, nor with test domains."""
    statement_keys: tuple[str, ...]
    """The keys for signed statements and heads: the first signs, the public halves of all are published. A key that
    signs no more stays here for ever: its statements could not be checked without it."""
    seal_keys: tuple[str, ...]
    """The keys for seals: the first seals, others will or once did. A key that is taken out is given up."""
    timestamp_authority: str | None
    """The authority that stamps the time on seals (RFC 3161). When None, the time is the service's own claim."""
    alarm_email: str | None
    api_id: str | None
    """Pins the API's address, which the local cloud alone allows."""

    def __post_init__(self) -> None:
        """Refuse countries that are none, and a time stamp authority without TLS on another machine."""
        place = urlsplit(self.timestamp_authority or "https://")
        if odd := [country for country in self.sms_countries if not re.fullmatch("[A-Z]{2}", country)]:
            raise ValueError(f"{odd}: countries are two letters. Satellites and premium numbers have none.")
        if place.scheme != "https" and (self.name, place.hostname) != ("local", "127.0.0.1"):
            raise ValueError(f"{self.timestamp_authority}: a time stamp authority is asked over HTTPS.")

    def name_of(self, thing: str) -> str:
        """Return the physical name of one of this stage's resources."""
        return f"bureau-ordre-{self.name}-{thing}"


_GRAVITON = Machine(architecture="arm64", platform="aarch64-manylinux_2_28")
_THIS_MACHINE = (
    _GRAVITON
    if platform.machine() in {"aarch64", "arm64"}
    else Machine(architecture="x86_64", platform="x86_64-manylinux_2_28")
)

STAGES = {
    stage.name: stage
    for stage in (
        Stage(
            name="local",
            region="eu-west-3",
            machine=_THIS_MACHINE,
            retention_days=1,
            retention_mode="COMPLIANCE",
            files_bucket="bureau-ordre-local-files-6f1d20",
            log_days=1,
            is_lasting=False,
            tracing=False,
            throttle=Throttle(rate=1000, burst=2000),
            guarded_throttle=Throttle(rate=100, burst=200),
            caller_throttle=Throttle(rate=100, burst=400),
            second_factor=False,
            malware_protection=False,
            looks_at_once=None,  # the emulator gives up events that find no place
            loopback_webhooks=True,
            cors_origins=("*",),
            public_url=None,
            email_from="ne-pas-repondre@bureau-ordre.example",
            sms_sender_id="BureauOrdre",
            sms=True,
            sms_countries=("MA",),
            message_caps=replace(  # tests send many messages to few addresses
                _FEW_CAPS,
                sms_number=Cap(hour=500, day=500),
                sms_desk=Cap(hour=5_000, day=5_000),
                email_address=Cap(hour=5_000, day=5_000),
            ),
            check_email_domains=False,
            statement_keys=("2026",),
            seal_keys=("2026",),
            timestamp_authority="http://127.0.0.1:8025/timestamp",  # a test authority, beside the outbox
            alarm_email=None,
            api_id="b0dd0001",
        ),
        Stage(
            name="dev",
            region="eu-west-3",
            machine=_GRAVITON,
            retention_days=1,
            retention_mode="GOVERNANCE",
            files_bucket="bureau-ordre-dev-files-a83c4e",
            log_days=30,
            is_lasting=False,
            tracing=True,
            throttle=Throttle(rate=50, burst=100),
            guarded_throttle=Throttle(rate=20, burst=50),
            caller_throttle=Throttle(rate=2, burst=20),
            second_factor=True,
            malware_protection=True,
            looks_at_once=None,  # a new account has ten in all
            loopback_webhooks=False,
            cors_origins=("https://dev.bureau-ordre.example", "http://localhost:5173"),
            public_url=None,
            email_from="ne-pas-repondre@dev.bureau-ordre.example",
            sms_sender_id="BureauOrdre",
            sms=True,
            sms_countries=("MA",),
            message_caps=replace(_FEW_CAPS, sms_month=1_000),
            check_email_domains=True,
            statement_keys=("2026",),
            seal_keys=("2026",),
            timestamp_authority=None,
            alarm_email=None,
            api_id=None,
        ),
        Stage(
            name="prod",
            region="eu-west-3",
            machine=_GRAVITON,
            retention_days=3653,
            retention_mode="COMPLIANCE",
            files_bucket="bureau-ordre-prod-files-2b97f5",
            log_days=365,
            is_lasting=True,
            tracing=True,
            throttle=Throttle(rate=500, burst=1000),
            guarded_throttle=Throttle(rate=200, burst=400),
            caller_throttle=Throttle(rate=5, burst=60),
            second_factor=True,
            malware_protection=True,
            looks_at_once=50,
            loopback_webhooks=False,
            cors_origins=("https://bureau-ordre.example",),
            public_url=None,
            email_from="ne-pas-repondre@bureau-ordre.example",
            sms_sender_id="BureauOrdre",
            sms=True,
            sms_countries=("MA",),
            message_caps=_FEW_CAPS,
            check_email_domains=True,
            statement_keys=("2026",),
            seal_keys=("2026",),
            # Set it ("https://…") once an authority is under contract, best one accredited under law 43-20. It gets
            # a digest and nothing else: docs/deploying.md, "The time stamp".
            timestamp_authority=None,
            alarm_email="exploitation@bureau-ordre.example",
            api_id=None,
        ),
    )
}
