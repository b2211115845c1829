"""`make rollback`: the commit before is deployed, from a folder of its own, by its own `make deploy`."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from infra.commands.deploy import DeploymentError
from infra.commands.rollback import commit_before, roll_back
from infra.names import PREVIOUS_COMMIT_OUTPUT, Part, stack_name
from infra.stage import Stage

GIT = ("git", "-c", "user.name=Test", "-c", "user.email=test@courrier.example", "-c", "commit.gpgsign=false")
MAKEFILE = """deploy:
	@echo {version} STAGE=$(STAGE) APPROVE=$(APPROVE) ARGS=$(ARGS) >> {noted}
	@test -z "$$FAILS"
"""


class Project:
    """A repository whose `make deploy` notes how it was called, in two versions."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.noted = folder / "project", folder / "noted"
        self.folder.mkdir()
        self._git("init", "--quiet")
        (self.folder / ".gitignore").write_text("/.local/\n")
        self.first, self.second = self._version("first"), self._version("second")

    def _git(self, *arguments: str) -> str:
        return subprocess.run(
            [*GIT, *arguments], cwd=self.folder, check=True, capture_output=True, encoding="utf-8"
        ).stdout.strip()

    def _version(self, name: str) -> str:
        (self.folder / "Makefile").write_text(MAKEFILE.format(version=name, noted=self.noted))
        self._git("add", ".")
        self._git("commit", "--quiet", "--message", name)
        return self._git("rev-parse", "HEAD")

    def worktrees(self) -> int:
        return len(self._git("worktree", "list").splitlines())


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


class Outputs:
    """What is deployed says this of itself."""

    def __init__(self, outputs: Mapping[str, str]) -> None:
        self._outputs = outputs

    def outputs(self, stack: str, region: str) -> Mapping[str, str]:
        assert (stack, region) == (stack_name("dev", Part.WATCHING), Stage.load("dev").region)
        return self._outputs


def test_the_commit_before_is_the_recorded_one() -> None:
    assert commit_before(Stage.load("dev"), Outputs({PREVIOUS_COMMIT_OUTPUT: "1" * 40})) == "1" * 40  # type: ignore[arg-type]


def test_after_the_first_deployment_there_is_none_and_it_says_what_to_do() -> None:
    with pytest.raises(DeploymentError, match="TO=<commit>"):
        commit_before(Stage.load("dev"), Outputs({}))  # type: ignore[arg-type]


@pytest.mark.parametrize("left", [False, True])
def test_the_older_commit_deploys_itself_and_no_alarm_undoes_that(project: Project, left: bool) -> None:
    """A run that was killed leaves its folder behind: the next one does not stumble over it."""
    if left:
        (project.folder / ".local/rollback").mkdir(parents=True)
    roll_back("dev", project.first, "previous", folder=project.folder)
    assert project.noted.read_text() == f"first STAGE=dev APPROVE={project.first} ARGS=--without-alarms\n"
    assert project.worktrees() == 1
    assert "second" in (project.folder / "Makefile").read_text()


def test_at_a_terminal_nothing_is_approved_beforehand(project: Project) -> None:
    roll_back("dev", project.first, "", folder=project.folder)
    assert "APPROVE= ARGS" in project.noted.read_text()


def test_the_approval_of_another_commit_is_handed_on_to_be_refused(project: Project) -> None:
    roll_back("dev", project.first, project.second, folder=project.folder)
    assert f"APPROVE={project.second}" in project.noted.read_text()


def test_a_failure_is_one_and_leaves_no_folder(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAILS", "yes")
    with pytest.raises(DeploymentError, match="make deploy"):
        roll_back("dev", project.first, "previous", folder=project.folder)
    assert project.worktrees() == 1


@pytest.mark.parametrize("commit", ["0" * 40, "no-such-branch", "--help"])
def test_a_commit_that_is_not_here_is_refused(project: Project, commit: str) -> None:
    with pytest.raises(DeploymentError, match="git worktree add"):
        roll_back("dev", commit, "previous", folder=project.folder)
    assert not project.noted.exists()
