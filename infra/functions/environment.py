"""Settings of functions that come from the stage, one group for each purpose."""

from infra.functions.function import Functions
from infra.stage import Stage


def webhook_targets(stage: Stage) -> dict[str, str]:
    """Whether a webhook may lead to a program on this very machine."""
    return {"WEBHOOKS_ALLOW_LOOPBACK": str(stage.loopback_webhooks).lower()}


def retention(stage: Stage) -> dict[str, str]:
    """How long submitted files are locked, and whether an administrator can lift the lock."""
    return {"RETENTION_DAYS": str(stage.retention_days), "RETENTION_MODE": stage.retention_mode}


def public_address(functions: Functions) -> dict[str, str]:
    """The address that links in receipts and messages begin with."""
    return {"PUBLIC_URL": functions.public_url}


def sms_countries(stage: Stage) -> dict[str, str]:
    """The countries whose mobiles get SMS; none where SMS are switched off."""
    return {"SMS_COUNTRIES": ",".join(stage.sms_countries) if stage.sms else ""}


def sms_sender(stage: Stage) -> dict[str, str]:
    """The name that SMS come from."""
    return {"SMS_SENDER_ID": stage.sms_sender_id}


def domain_checks(stage: Stage) -> dict[str, str]:
    """Whether senders' e-mail domains are looked up in DNS."""
    return {"CHECK_EMAIL_DOMAINS": str(stage.check_email_domains).lower()}


def message_caps(stage: Stage) -> dict[str, str]:
    """The most messages that may be sent."""
    return {"MESSAGE_CAPS": stage.message_caps.model_dump_json()}


def time_stamping(stage: Stage) -> dict[str, str]:
    """The authority that stamps the time on seals; empty where there is none."""
    return {"TIMESTAMP_AUTHORITY": stage.timestamp_authority or ""}
