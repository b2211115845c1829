"""The pipeline's workflows: right by their schema, safe by zizmor, and without a key or a right too many."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.paths import ROOT

FOLDER = ROOT / ".github/workflows"
WORKFLOWS = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yml"))}
JOBS = {f"{name}/{job}": content for name, workflow in WORKFLOWS.items() for job, content in workflow["jobs"].items()}
STEPS = [(name, step) for name, job in JOBS.items() for step in job.get("steps", [])]
COMMANDS = [(name, step["run"]) for name, step in STEPS if "run" in step]
USED = [(name, step["uses"]) for name, step in STEPS if "uses" in step]
TARGETS = set(re.findall(r"^([a-z0-9-]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def checked(module: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name(module)
    return subprocess.run([program, *map(str, arguments)], capture_output=True, encoding="utf-8", check=False)


def schema(*paths: Path) -> subprocess.CompletedProcess[str]:
    return checked("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *paths)


def zizmor(*paths: Path) -> subprocess.CompletedProcess[str]:
    return checked("zizmor", "--offline", "--no-progress", "--strict-collection", "--persona=pedantic", *paths)


def needed(name: str) -> set[str]:
    """What a job waits for, itself and through others."""
    workflow = name.partition("/")[0]
    direct = JOBS[name].get("needs", [])
    jobs = {direct} if isinstance(direct, str) else set(direct)
    return jobs.union(*(needed(f"{workflow}/{each}") for each in jobs))


def test_the_linters_find_nothing() -> None:
    assert sorted(WORKFLOWS) == ["checks", "deploy"]
    for done in (schema(*FOLDER.glob("*.yml")), zizmor(FOLDER)):
        assert done.returncode == 0, done.stdout + done.stderr


CARELESS = """
on: {{pull_request: {{}}}}
permissions: {{}}
jobs:
  one:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions: {{contents: read}}
    steps:
      - {step}
"""


@pytest.mark.parametrize(
    ("step", "linter", "said"),
    [
        ("{uses: actions/checkout@v6, with: {persist-credentials: false}}", zizmor, "unpinned-uses"),
        ("{uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd}", zizmor, "artipacked"),
        ("run: echo ${{ github.event.pull_request.title }}", zizmor, "template-injection"),
        ("{runs: make test}", schema, "runs"),
        ("{run: make test, timeout: five}", schema, "timeout"),
    ],
)
def test_the_linters_find_what_is_careless(tmp_path: Path, step: str, linter: Any, said: str) -> None:  # noqa: ANN401
    path = tmp_path / "careless.yml"
    path.write_text(CARELESS.format(step=step))
    done = linter(path)
    assert done.returncode != 0
    assert said in done.stdout + done.stderr


@pytest.mark.parametrize(("job", "action"), USED)
def test_actions_are_pinned_to_a_commit_and_one_commit_is_used_of_each(job: str, action: str) -> None:
    name, _, commit = action.partition("@")
    assert re.fullmatch(r"[0-9a-f]{40}", commit), job
    assert {used for _, used in USED if used.startswith(f"{name}@")} == {action}


def test_no_key_is_kept() -> None:
    """Credentials come by OIDC and live as long as the job; what a workflow needs beside is a variable, no secret."""
    for path in FOLDER.glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        assert "secrets." not in text
        assert "aws-access-key-id" not in text
        assert not re.search(r"\b\d{12}\b|AKIA", text)


@pytest.mark.parametrize("name", JOBS)
def test_a_job_has_its_own_rights_and_an_end(name: str) -> None:
    job, workflow = JOBS[name], WORKFLOWS[name.partition("/")[0]]
    assert workflow["permissions"] == {}
    assert set(job["permissions"].items()) <= {("contents", "read"), ("id-token", "write")}
    assert "uses" in job or job["timeout-minutes"] <= 120
    assert "uses" in job or job["runs-on"] == "ubuntu-24.04"


def test_only_jobs_in_an_environment_get_credentials() -> None:
    """The roles trust an environment of the repository; one that people protect asks them first."""
    with_token = {name for name, job in JOBS.items() if "id-token" in job["permissions"] and "uses" not in job}
    configured = {name for name, action in USED if action.startswith("aws-actions/configure-aws-credentials@")}
    assert with_token == configured == {name for name, job in JOBS.items() if "environment" in job}
    assert {JOBS[name]["environment"].rpartition("}}")[2] for name in configured} == {
        "-diff",
        "-prepare",
        "",
        "-smoke",
        "-rollback",
    }


def test_a_forks_change_request_gets_no_credentials() -> None:
    assert "github.event.pull_request.head.repo.full_name == github.repository" in JOBS["checks/diff"]["if"]
    assert "pull_request_target" not in str(WORKFLOWS)


def test_nothing_is_deployed_that_was_not_checked_and_prepared() -> None:
    assert needed("deploy/prepare") == {"checks"}
    assert needed("deploy/execute") == {"checks", "prepare"}
    assert needed("deploy/smoke") == {"checks", "prepare", "execute"}
    assert JOBS["deploy/checks"]["uses"] == "./.github/workflows/checks.yml"
    assert "github.ref == 'refs/heads/main'" in JOBS["deploy/checks"]["if"]


def test_production_is_deployed_only_by_hand() -> None:
    triggers = WORKFLOWS["deploy"][True]  # YAML 1.1 reads `on` as true
    assert triggers["push"] == {"branches": ["main"]}
    assert triggers["workflow_dispatch"]["inputs"]["stage"]["options"] == ["dev", "prod"]
    assert WORKFLOWS["deploy"]["env"]["STAGE"] == "${{ inputs.stage || 'dev' }}"


def test_two_deployments_of_a_stage_wait_for_each_other() -> None:
    assert WORKFLOWS["deploy"]["concurrency"] == {
        "group": "deploy-${{ inputs.stage || 'dev' }}",
        "cancel-in-progress": False,
    }


def test_what_is_executed_is_what_was_prepared_and_approved() -> None:
    commands = dict(COMMANDS)
    assert "--prepare" in [text for name, text in COMMANDS if name == "deploy/prepare"][-1]
    assert commands["deploy/execute"] == 'make deploy STAGE="$STAGE" ARGS=--execute APPROVE="$GITHUB_SHA"'


def test_a_smoke_test_that_fails_goes_back_to_the_commit_before() -> None:
    job = JOBS["deploy/rollback"]
    assert job["if"] == "always() && needs.execute.result == 'success' && needs.smoke.result == 'failure'"
    assert [text for name, text in COMMANDS if name == "deploy/rollback"][-1].startswith("make rollback ")


def made() -> Iterator[tuple[str, str]]:
    for name, text in COMMANDS:
        for target in re.findall(r"\bmake ([a-z-]+)", text):
            yield name, target


@pytest.mark.parametrize(("job", "target"), list(made()))
def test_a_workflow_calls_targets_that_exist(job: str, target: str) -> None:
    assert target in TARGETS, job


@pytest.mark.parametrize(("job", "text"), COMMANDS)
def test_a_step_fails_where_any_of_its_commands_does(job: str, text: str) -> None:
    """GitHub's own default shell goes on after the first part of a pipe has failed; `shell: bash` sets `pipefail`."""
    workflow = WORKFLOWS[job.partition("/")[0]]
    assert workflow["defaults"]["run"]["shell"] == "bash"
    assert "${{" not in text
    done = subprocess.run(["bash", "-n", "-c", text], check=False)
    assert done.returncode == 0
