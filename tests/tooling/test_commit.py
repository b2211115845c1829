"""Only a commit is deployed: a folder with anything else in it is refused, and what is there is named."""

import subprocess
from pathlib import Path

import pytest

from infra.commands.commit import NotCommittedError, commit_of

_GIT = ("git", "-c", "user.name=Test", "-c", "user.email=test@courrier.example", "-c", "commit.gpgsign=false")


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run([*_GIT, *arguments], cwd=folder, check=True, capture_output=True, encoding="utf-8").stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    (tmp_path / ".gitignore").write_text("/cdk.out/\n")
    (tmp_path / "stack.py").write_text("one\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "A stack\n\nWith a reason.")
    return tmp_path


def test_a_clean_folder_has_its_commit(repository: Path) -> None:
    (repository / "cdk.out").mkdir()
    (repository / "cdk.out/manifest.json").write_text("{}")
    found = commit_of(repository)
    assert found.digest == git(repository, "rev-parse", "HEAD").strip()
    assert found.short == found.digest[:12]
    assert found.subject == "A stack"


@pytest.mark.parametrize(
    ("written", "staged"),
    [
        ("stack.py", False),  # changed
        ("stack.py", True),  # changed and staged
        ("extra.py", False),  # unknown to git, and yet it would be bundled
        ("functions/new/handler.py", False),  # the same, deeper
        ("functions/new/handler.py", True),
    ],
)
def test_a_change_that_is_in_no_commit_is_refused_by_name(repository: Path, written: str, staged: bool) -> None:
    path = repository / written
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("two\n")
    if staged:
        git(repository, "add", ".")
    with pytest.raises(NotCommittedError, match=written):
        commit_of(repository)


def test_a_deleted_file_is_a_change(repository: Path) -> None:
    (repository / "stack.py").unlink()
    with pytest.raises(NotCommittedError, match=r"stack\.py"):
        commit_of(repository)


def test_of_many_changes_the_first_are_named_and_the_rest_counted(repository: Path) -> None:
    for number in range(25):
        (repository / f"file-{number:02}.py").touch()
    with pytest.raises(NotCommittedError, match="and 15 more"):
        commit_of(repository)


def test_a_folder_without_a_repository_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotCommittedError, match="not a git repository"):
        commit_of(tmp_path)


def test_a_machine_without_git_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotCommittedError, match="git is needed"):
        commit_of(tmp_path)
