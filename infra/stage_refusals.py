"""Settings that a stage which lasts refuses at synthesis: missing, made up, or a disaster with real mail."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from infra.paths import STAGE_FILES
from infra.stage import UNRESERVED, Stage, stage_path
from infra.stage_file import Fault, StageError, faults_of, missing, read_toml, require_none, spelled
from infra.stage_placeholders import placeholders

TEN_YEARS = 3_652
"""Days. Receipts and what they prove are kept for ten years; ten years have two leap days at least."""
DAYS_OF_LOGS = 30
"""Days. An incident is often found weeks after it happened."""
OF_THE_SANDBOX = {"emails_per_second": 1, "emails_per_day": 200}
"""SES's quotas in its sandbox, where it sends to verified addresses alone.
https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html"""
SMS_USD_OF_A_NEW_ACCOUNT = 1
"""US dollars a month. https://docs.aws.amazon.com/sns/latest/dg/channels-sms-awssupport-spend-threshold.html"""

NEEDED = (
    *("account", "domain", "certificate", "alarm_emails", "second_region", "break_glass_role"),
    *("budgets", "reserved", "looks_at_once"),
)
"""Settings that may be left out, but not on a stage that lasts."""

_DISASTERS: Mapping[str, tuple[object, str]] = {
    "second_factor": (True, "a stolen password opens an organism's whole inbox"),
    "loopback_webhooks": (False, "an organism's webhook could call what runs beside the function"),
    "retention_mode": ("COMPLIANCE", "an administrator could delete mail and receipts before their time"),
    "malware_protection": (True, "agents would open files that no scanner has seen"),
    "web_acl": (True, "one caller could use up the whole country's share"),
    "check_email_domains": (True, "receipts would go to addresses that cannot exist, and bounces stop all sending"),
}
"""The one value of each setting that a stage with real mail takes, and what another would lead to."""

_OF_AWS = (".amazonaws.com", ".cloudfront.net", ".awsapps.com", ".amazoncognito.com", ".on.aws")


def load_for_synthesis(name: str, folder: Path = STAGE_FILES) -> Stage:
    """Read a stage that is to be synthesised. Raises StageError, which names every key that forbids it."""
    path = stage_path(name, folder)
    values = read_toml(path)
    refused = [*_bucket_of_another(path, values)]
    if values.get("is_lasting") is not False or name == "prod":
        refused += lasting_refusals(values)
    # an empty or made-up value is often misspelt too: it is named once
    named = {fault.key for fault in refused}
    require_none(path, [*(fault for fault in faults_of(values, Stage, name) if fault.key not in named), *refused])
    return Stage.model_validate(values)


def lasting_refusals(values: Mapping[str, Any]) -> Iterator[Fault]:
    """Name each setting of a file that a stage which lasts must not have; a rehearsal's may be made up."""
    if values.get("is_lasting") is not True:
        yield Fault(key="is_lasting", reason="prod holds real mail: its data has to outlive the stack")
    yield from (missing(key, Stage) for key in NEEDED if values.get(key) in (None, "", []))
    if values.get("rehearsal") is not True:
        for key, text in placeholders("", {key: value for key, value in values.items() if value != ""}):
            yield Fault(key=key, reason=f"a placeholder, {text!r}")
    for key, (only, otherwise) in _DISASTERS.items():
        if key in values and values[key] != only:
            yield Fault(key=key, reason=f"{values[key]!r}: {otherwise}")
    yield from _too_short(values)
    yield from _too_open(values)
    yield from _too_small_quotas(values)


def _too_short(values: Mapping[str, Any]) -> Iterator[Fault]:
    for key, least, why in (
        ("retention_days", TEN_YEARS, "receipts have to hold for ten years"),
        ("log_days", DAYS_OF_LOGS, "an incident is often found weeks after it happened"),
    ):
        days = values.get(key)
        if isinstance(days, int) and days < least:
            yield Fault(key=key, reason=f"{days} days, and {least} are needed: {why}")


def _too_open(values: Mapping[str, Any]) -> Iterator[Fault]:
    for origin in _texts(values.get("cors_origins")):
        if origin == "*":
            yield Fault(key="cors_origins", reason="'*': any site's page could use what its visitor may see")
        elif origin.startswith("http:"):
            yield Fault(key="cors_origins", reason=f"{origin!r}: a page that did not come over TLS may be anybody's")
    domain = values.get("domain")
    if isinstance(domain, str) and domain.endswith(_OF_AWS):
        yield Fault(key="domain", reason=f"{domain!r} is AWS's: printed addresses would be lost with the resource")
    if values.get("machine") == "this machine":
        yield Fault(key="machine", reason="'this machine': each deployer's machine would change all functions")


def _too_small_quotas(values: Mapping[str, Any]) -> Iterator[Fault]:
    quotas = values.get("quotas")
    if not isinstance(quotas, dict):
        return
    granted = quotas.get("lambda_concurrency")
    if isinstance(granted, int) and granted <= UNRESERVED:
        yield Fault(
            key="quotas.lambda_concurrency",
            reason=f"{granted}: AWS leaves {UNRESERVED} unreserved, so that submissions and receipts get no share",
        )
    for key, of_the_sandbox in OF_THE_SANDBOX.items():
        asked = quotas.get(key)
        if isinstance(asked, int) and asked <= of_the_sandbox:
            yield Fault(
                key=f"quotas.{key}", reason=f"{asked} is of SES's sandbox, which writes to no sender: ask for more"
            )
    spent = quotas.get("sms_month_usd")
    if values.get("sms") is True and isinstance(spent, int) and spent <= SMS_USD_OF_A_NEW_ACCOUNT:
        yield Fault(
            key="quotas.sms_month_usd",
            reason=f"{spent}: a few SMS use it up; have SNS's spending limit raised, or set `sms = false`",
        )


def _bucket_of_another(path: Path, values: Mapping[str, Any]) -> Iterator[Fault]:
    for other in sorted(path.parent.glob("*.toml")):
        with suppress(StageError):
            if other != path and read_toml(other).get("files_bucket") == values.get("files_bucket", ""):
                yield Fault(key="files_bucket", reason=f"{values['files_bucket']!r} is the bucket of {other.stem}")


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list | tuple) else []


def require_deployable(stage: Stage) -> None:
    """Refuse to deploy a rehearsal. Raises StageError."""
    if not stage.may_be_deployed:
        file = spelled(STAGE_FILES / f"{stage.name}.toml")
        raise StageError(f"{file} is a rehearsal: it is synthesised and never deployed.")
