"""A stage that lasts is refused at synthesis while a value is missing, made up, or a disaster with real mail."""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest
from aws_cdk import App
from botocore.stub import Stubber

from infra.app import stage_of
from infra.commands.certify_seal import SealOf, certify_by_test_authority
from infra.commands.deployed import Deployed, deployed, require_account
from infra.commands.seal_certificates import ChainError
from infra.paths import STAGE_FILES
from infra.stage import Stage, stage_names
from infra.stage_file import StageError
from infra.stage_placeholders import is_made_up, is_placeholder
from infra.stage_refusals import NEEDED, load_for_synthesis, require_deployable
from tests.support.inspection.stages import changed
from tests.support.inspection.synthesised import ROOT

READY = {
    "name": "rabat",
    "rehearsal": False,
    "account": "748206193355",
    "second_account": "390471826654",
    "certificate": "arn:aws:acm:us-east-1:748206193355:certificate/3f0e9d52-7c41-4b8e-9a06-d15b7e2c8f93",
    "break_glass_role": "arn:aws:iam::748206193355:role/bris-de-glace",
    "domain": "courrier.anam.ma",
    "email_from": "ne-pas-repondre@courrier.anam.ma",
    "alarm_emails": ["exploitation@anam.ma"],
    "cors_origins": ["https://portail.anam.ma"],
    "files_bucket": "bureau-ordre-rabat-files-51c7ae",
    "timestamp_authority": "https://horodatage.barid.ma/tsr",
}
"""What an operator would replace in a copy of the example."""


def file_with(folder: Path, name: str = "rabat", /, **changes: object) -> Path:
    """A folder with the file of a stage that is ready, but for some settings; None takes a setting out."""
    values = tomllib.loads((STAGE_FILES / "example.toml").read_text()) | READY | {"name": name} | changes
    lines = [f"{key} = {toml(value)}" for key, value in values.items() if value is not None]
    (folder / f"{name}.toml").write_text("\n".join(lines), encoding="utf-8")
    return folder


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(part)}" for key, part in value.items() if part is not None) + "}"
    return json.dumps(value, ensure_ascii=False)


def part(key: str, **changes: object) -> Mapping[str, Any]:
    """A table of the example with some keys changed."""
    values: dict[str, Any] = tomllib.loads((STAGE_FILES / "example.toml").read_text())[key]
    return values | changes


def faults(folder: Path, name: str = "rabat") -> dict[str, str]:
    """What the refusal says, by key."""
    with pytest.raises(StageError) as caught:
        load_for_synthesis(name, folder)
    first, *lines = str(caught.value).splitlines()
    assert first.endswith(f"{name}.toml cannot be used:")
    said = [line.strip().partition(": ") for line in lines]
    assert len({key for key, _, _ in said}) == len(said), "each key is named once"
    return {key: reason for key, _, reason in said}


def test_a_file_that_an_operator_completed_is_taken(tmp_path: Path) -> None:
    assert load_for_synthesis("rabat", file_with(tmp_path)).account == "748206193355"
    without: dict[str, object] = {
        "second_account": None,
        "canary": None,
        "timestamp_authority": None,
        "cors_origins": [],
    }
    assert load_for_synthesis("rabat", file_with(tmp_path, **without)).canary is None


def test_all_that_prod_still_lacks_is_named_at_once() -> None:
    said = faults(STAGE_FILES, "prod")
    assert set(NEEDED) | {"email_from"} <= said.keys()
    assert all(said[key].startswith("missing. ") and len(said[key]) > 30 for key in NEEDED)
    assert "ne-pas-repondre@bureau-ordre.example" in said["email_from"]
    assert {key for key in said if key.startswith("quotas.")} == {
        *("quotas.lambda_concurrency", "quotas.emails_per_second", "quotas.emails_per_day", "quotas.sms_month_usd")
    }


@pytest.mark.parametrize("key", NEEDED)
@pytest.mark.parametrize("value", [None, ""], ids=["left out", "empty"])
def test_a_value_that_a_lasting_stage_needs_is_missing(tmp_path: Path, key: str, value: object) -> None:
    said = faults(file_with(tmp_path, **{key: value}))
    assert said[key].startswith("missing. ")


def test_all_that_is_missing_or_made_up_is_named_in_one_message(tmp_path: Path) -> None:
    """Also beside a key that is misspelt: an operator corrects the file once."""
    changes: dict[str, object] = {
        "account": "TODO",
        "domain": None,
        "certificate": "…",
        "alarm_emails": [],
        "email_from": "ne-pas-repondre@example.com",
        "second_factor": False,
        "tracing": "yes",
        "retention_dayz": 3653,
    }
    assert faults(file_with(tmp_path, **changes)).keys() == changes.keys()


PLACEHOLDERS = {
    "account": [
        *("123456789012", "111122223333", "444455556666", "000000000000", "111111111111", "999999999999"),
        *("012345678901", "210987654321", "123123123123", "123456123456", "121212121212", "TODO", "<account>", " "),
    ],
    "second_account": ["000000000000", "555566667777"],
    "domain": [
        *("courrier.example", "example.com", "courrier.example.org", "www.example.net", "courrier.example.ma"),
        *("courrier.exemple.ma", "courrier.test", "courrier.invalid", "courrier.localhost", "courrier.local"),
        *("votre-domaine.ma", "changeme.ma", "todo.anam.ma", "TODO", "à compléter", "…", "..."),
    ],
    "certificate": [
        "arn:aws:acm:us-east-1:123456789012:certificate/3f0e9d52-7c41-4b8e-9a06-d15b7e2c8f93",
        "arn:aws:acm:us-east-1:748206193355:certificate/12345678-1234-1234-1234-123456789012",
        "arn:aws:acm:us-east-1:…:certificate/…",
    ],
    "break_glass_role": ["arn:aws:iam::000000000000:role/bris-de-glace", "arn:aws:iam::748206193355:role/TODO"],
    "email_from": [
        *("ne-pas-repondre@bureau-ordre.example", "a@example.com", "a@mail.example.org", "a@example.net"),
        *("todo@anam.ma", "a@anam.test", "a@exemple.ma", "changeme@anam.ma"),
    ],
    "files_bucket": ["bureau-ordre-example-files", "todo-files", "changeme", "bureau-ordre-a-completer"],
    "sms_sender_id": ["TODO", "XXX", "Example"],
    "timestamp_authority": ["https://tsa.example/tsr", "https://example.com/tsr", "https://tsa.test:8443/"],
}


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in PLACEHOLDERS.items() for value in values])
def test_a_placeholder_is_named(tmp_path: Path, key: str, value: str) -> None:
    """RFC 2606 and RFC 6761 reserve the names; AWS's own documents use the accounts."""
    said = faults(file_with(tmp_path, **{key: value}))
    assert repr(value) in said[key]
    assert said[key].startswith("a placeholder")


@pytest.mark.parametrize(
    ("key", "values", "named"),
    [
        ("alarm_emails", ["exploitation@anam.ma", "astreinte@example.com"], "alarm_emails.1"),
        ("alarm_emails", ["TODO"], "alarm_emails.0"),
        ("cors_origins", ["https://portail.example"], "cors_origins.0"),
        ("cors_origins", ["https://portail.anam.ma", "https://localhost"], "cors_origins.1"),
        ("seal_keys", ["2026", "todo"], "seal_keys.1"),
        ("canary", {"organism": "exemple"}, "canary.organism"),
    ],
)
def test_a_placeholder_in_a_list_or_a_table_is_named(tmp_path: Path, key: str, values: object, named: str) -> None:
    assert faults(file_with(tmp_path, **{key: values}))[named].startswith("a placeholder")


@pytest.mark.parametrize(
    "text",
    [
        *("courrier.anam.ma", "portail.gov.ma", "exemplaire.ma", "testament.ma", "latest.ma", "monexemple.ma"),
        *("todoist.com", "BureauOrdre", "2026", "test.anam.ma", "https://tsa.barid.ma/tsr", "local.anam.ma"),
        *("bureau-ordre-prod-files-2b97f5", "arn:aws:iam::748206193355:role/equipe/bris", "748206193355"),
    ],
)
def test_a_value_that_somebody_meant_is_no_placeholder(text: str) -> None:
    assert not is_placeholder(text)


def test_hardly_an_account_looks_made_up() -> None:
    """A refusal of a true account could not be got round."""
    true = ("748206193355", "390471826654", "100000000017", "864219753086", "112233445566", "202611271830")
    assert not any(map(is_made_up, true))


DISASTERS: list[tuple[dict[str, object], str]] = [
    ({"second_factor": False}, "second_factor"),
    ({"loopback_webhooks": True}, "loopback_webhooks"),
    ({"cors_origins": ["*"]}, "cors_origins"),
    ({"cors_origins": ["https://portail.anam.ma", "*"]}, "cors_origins"),
    ({"cors_origins": ["http://127.0.0.1:5173"]}, "cors_origins"),
    ({"retention_mode": "GOVERNANCE"}, "retention_mode"),
    ({"retention_days": 1}, "retention_days"),
    ({"retention_days": 3651}, "retention_days"),
    ({"malware_protection": False}, "malware_protection"),
    ({"web_acl": False}, "web_acl"),
    ({"check_email_domains": False}, "check_email_domains"),
    ({"log_days": 1}, "log_days"),
    ({"machine": "this machine"}, "machine"),
    ({"domain": "d111111abcdef8.cloudfront.net"}, "domain"),
    ({"domain": "b0dd0001.execute-api.eu-west-3.amazonaws.com"}, "domain"),
    ({"quotas": part("quotas", emails_per_second=1)}, "quotas.emails_per_second"),
    ({"quotas": part("quotas", emails_per_day=200)}, "quotas.emails_per_day"),
    ({"quotas": part("quotas", sms_month_usd=1)}, "quotas.sms_month_usd"),
    ({"quotas": part("quotas", lambda_concurrency=10)}, "quotas.lambda_concurrency"),
    ({"api_id": "b0dd0001"}, "api_id"),
    ({"second_region": "eu-west-3"}, "second_region"),
]


@pytest.mark.parametrize(("changes", "named"), DISASTERS)
def test_a_disaster_is_refused_by_name(tmp_path: Path, changes: dict[str, object], named: str) -> None:
    said = faults(file_with(tmp_path, **changes))
    assert len(said[named]) > 30
    assert said.keys() <= {named, "quotas.lambda_concurrency"}


def test_the_quota_of_sms_counts_where_sms_are_sent(tmp_path: Path) -> None:
    small = part("quotas", sms_month_usd=1)
    assert not load_for_synthesis("rabat", file_with(tmp_path, sms=False, quotas=small)).sms


def test_ten_years_are_enough(tmp_path: Path) -> None:
    assert load_for_synthesis("rabat", file_with(tmp_path, retention_days=3652)).retention_days == 3652


def test_two_stages_have_no_bucket_in_common(tmp_path: Path) -> None:
    """A copy of a file keeps the name, and a name is one bucket in the world."""
    file_with(tmp_path)
    file_with(tmp_path, "fes")
    (tmp_path / "broken.toml").write_text("no toml")
    assert faults(tmp_path)["files_bucket"] == "'bureau-ordre-rabat-files-51c7ae' is the bucket of fes"


def test_prod_holds_real_mail_in_any_case(tmp_path: Path) -> None:
    said = faults(file_with(tmp_path, "prod", is_lasting=False, domain=None), "prod")
    assert {"is_lasting", "domain"} <= said.keys()


def test_a_stage_that_does_not_last_may_be_incomplete(tmp_path: Path) -> None:
    changes = {"is_lasting": False, "email_from": "a@dev.example", "alarm_emails": [], "second_factor": False}
    folder = file_with(tmp_path, **changes, domain=None, origin_secrets=None, certificate=None, account=None)
    assert load_for_synthesis("rabat", folder).public_url is None


def test_a_stage_that_does_not_say_whether_it_lasts_is_held_to_it(tmp_path: Path) -> None:
    said = faults(file_with(tmp_path, is_lasting=None, second_factor=False))
    assert said.keys() == {"is_lasting", "second_factor"}


@pytest.mark.parametrize(
    ("changes", "named"), [*DISASTERS, *(({key: None}, key) for key in NEEDED)], ids=[*range(len(DISASTERS)), *NEEDED]
)
def test_a_rehearsal_may_make_values_up_and_nothing_else(
    tmp_path: Path, changes: dict[str, object], named: str
) -> None:
    """It shows what a lasting stage is, so that only what is made up is let through."""
    made_up = {"rehearsal": True, "domain": "courrier.example.ma", "email_from": "a@example.com"}
    assert load_for_synthesis("rabat", file_with(tmp_path, **made_up)).rehearsal
    assert named in faults(file_with(tmp_path, **made_up | changes))


def test_a_rehearsal_is_never_deployed() -> None:
    with pytest.raises(StageError, match=r"infra/stages/example\.toml is a rehearsal"):
        require_deployable(Stage.load("example"))
    for name in ("dev", "local", "prod"):
        require_deployable(Stage.load(name))
    with pytest.raises(StageError, match="rehearsal"):
        deployed("example")


def test_credentials_of_another_account_are_refused() -> None:
    session = boto3.Session(region_name="eu-west-3", aws_access_key_id="a", aws_secret_access_key="b")
    client = session.client("sts")
    with Stubber(client) as stubbed, pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "client", lambda _: client)
        for account in ("748206193355", "390471826654"):
            answer = {"Account": account, "Arn": f"arn:aws:iam::{account}:user/ops", "UserId": "AIDAEXAMPLEUSERID"}
            stubbed.add_response("get_caller_identity", answer)
        require_account(changed("dev", account="748206193355"), session)
        with pytest.raises(StageError, match="390471826654, and dev is in 748206193355"):
            require_account(changed("dev", account="748206193355"), session)
    require_account(changed("dev", account=None), session)


@pytest.mark.parametrize("name", [name for name in stage_names() if Stage.load(name).is_lasting])
def test_a_stage_that_lasts_gets_no_certificate_of_a_test_authority(name: str) -> None:
    """Its receipts would be sealed for ten years by an authority that no one trusts."""
    session = boto3.Session(region_name="eu-west-3")
    seal = SealOf(where=Deployed(session=session, stage=name, outputs={}), name=f"bureau-ordre-{name}-seal-2026")
    with pytest.raises(ChainError, match=f"make seal-request STAGE={name}"):
        certify_by_test_authority(seal, name)


def test_nothing_is_synthesised_of_a_stage_that_is_refused(tmp_path: Path) -> None:
    asked = {"CDK_OUTDIR": str(tmp_path / "out"), "CDK_CONTEXT_JSON": '{"stage": "prod"}'}
    command = [sys.executable, "-m", "infra.app"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | asked, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Nothing was synthesised. infra/stages/prod.toml cannot be used:\n  account: missing." in done.stderr
    assert "Traceback" not in done.stderr
    assert not [*(tmp_path / "out").glob("*.json")]


@pytest.mark.parametrize("context", [{}, {"stage": ""}, {"stage": 5}, {"stage": "nowhere"}])
def test_a_stage_that_is_not_there_is_answered_by_those_that_are(context: dict[str, object]) -> None:
    with pytest.raises(StageError, match=r"dev.+example.+local.+prod"):
        stage_of(App(context=context))
