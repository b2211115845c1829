"""The emulator's faults: each is named, was seen in the version that is locked, and is still there."""

import json
import re
import subprocess
from collections.abc import Mapping

import botocore.session
import pytest
from botocore.validate import ParamValidator

from infra.local.deployment_repairs import REPAIRS, checked_instead_of, lifecycle_rule
from infra.local.emulator_faults import ALLOWANCES, SEEN_IN, Allowance, EmulatorFault
from infra.local.emulator_patches import PATCHES
from infra.local.interpreter import ensure_interpreter
from infra.paths import INFRA, ROOT
from tests.support.inspection.synthesised import Synthesised

NAMES = [
    "keep_retention_of_objects",
    "fetch_keys_over_tls",
    "accept_events_of_stand_ins",
    "keep_headers_of_emails",
    "find_layers_under_opt",
    "unpack_once",
    "queue_for_workers",
    "start_few_workers_at_once",
    "know_leading_keys",
    "save_now_and_then",
]
"""Of the emulator's process."""

ASK = """
import importlib, json, sys
sys.path[:0] = [sys.argv[1]]
sys.path.append(sys.argv[2])
from infra.local.emulator_patches import PATCHES
importlib.import_module("ministack.app")
print(json.dumps([patch.is_needed(importlib.import_module(f"ministack.{patch.module}")) for patch in PATCHES]))
"""


def test_every_patch_is_in_the_table() -> None:
    """One that is added or dropped is so here too: the list says how much of the emulator is changed."""
    assert [patch.apply.__name__ for patch in PATCHES] == NAMES


@pytest.mark.parametrize("fault", [*PATCHES, *REPAIRS, *ALLOWANCES], ids=lambda fault: fault.fault[:40])
def test_a_fault_says_what_differs_and_how_to_see_that_it_is_mended(fault: EmulatorFault) -> None:
    assert len(fault.fault) > 30
    assert len(fault.mended_when) > 20


def test_the_faults_were_seen_in_the_version_that_is_locked() -> None:
    """After an upgrade: look at every entry again, drop what is mended, then change `SEEN_IN`."""
    (locked,) = re.findall(r"^ministack==([\d.]+)", (INFRA / "local/requirements.txt").read_text(), flags=re.MULTILINE)
    assert locked == SEEN_IN


def test_lifecycle_rules_are_translated_into_terms_of_s3(stages: Mapping[str, Synthesised]) -> None:
    """Botocore refuses an unknown term, and `make run` with it."""
    bucket = stages["prod"].the("AWS::S3::Bucket")
    rules = [lifecycle_rule(rule) for rule in bucket["LifecycleConfiguration"]["Rules"]]
    model = botocore.session.Session().get_service_model("s3").shape_for("BucketLifecycleConfiguration")
    assert ParamValidator().validate({"Rules": rules}, model).generate_report() == ""
    assert any("NoncurrentVersionTransitions" in rule for rule in rules)


@pytest.mark.parametrize("actions", [["kms:Encrypt", "kms:Decrypt"], ["kms:Decrypt"], ["kms:Encrypt"]])
def test_what_is_enciphered_for_a_purpose_is_widened_by_no_action(actions: list[str]) -> None:
    """`make permissions` takes one of the two away: the emulator must notice it."""
    purpose = {"StringEquals": {"kms:EncryptionContext:purpose": ["session"]}}
    statement = {"Effect": "Allow", "Action": actions, "Resource": "arn", "Condition": purpose}
    assert list(checked_instead_of(statement)) == [{"Effect": "Allow", "Action": actions, "Resource": "*"}]


def test_the_keys_use_through_another_service_is_not_widened() -> None:
    through = {"StringEquals": {"kms:ViaService": "dynamodb.eu-west-3.amazonaws.com"}}
    statement = {"Effect": "Allow", "Action": ["kms:Decrypt"], "Resource": "arn", "Condition": through}
    assert list(checked_instead_of(statement)) == []


@pytest.mark.parametrize("allowance", ALLOWANCES, ids=lambda allowance: allowance.where)
def test_an_allowance_is_where_it_says(allowance: Allowance) -> None:
    assert allowance.text in (ROOT / allowance.where).read_text()


@pytest.fixture(scope="module")
def needed() -> Mapping[str, bool]:
    """Which patches the installed emulator still needs."""
    interpreter = ensure_interpreter()
    command = [str(interpreter.python), "-P", "-c", ASK, str(interpreter.emulator), str(ROOT)]
    done = subprocess.run(command, env={"GATEWAY_PORT": "4566"}, capture_output=True, text=True, check=True)
    return dict(zip(NAMES, json.loads(done.stdout.splitlines()[-1]), strict=True))


@pytest.mark.parametrize("patch", NAMES)
def test_the_emulator_still_has_the_fault(needed: Mapping[str, bool], patch: str) -> None:
    assert needed[patch], "drop the patch: the emulator mends this itself"
