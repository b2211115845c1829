"""The commit that is checked out: what is deployed must be a commit that anyone can find again."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

_MOST_NAMED = 10


class NotCommittedError(Exception):
    """The folder holds changes that are in no commit, or is no repository; the message says which."""


@dataclass(frozen=True, kw_only=True)
class Commit:
    """A commit, by its full digest and the first line of its message."""

    digest: str
    subject: str

    @property
    def short(self) -> str:
        """The digest's first twelve digits, as people compare them."""
        return self.digest[:12]


def commit_of(folder: Path) -> Commit:
    """Find the commit that a clean folder is at.

    Files that git does not know count too: they would be bundled. Raises NotCommittedError.
    """
    changed = _git(folder, "status", "--porcelain", "--untracked-files=all").splitlines()
    if changed:
        named = "\n".join(changed[:_MOST_NAMED])
        more = f"\n… and {len(changed) - _MOST_NAMED} more" if len(changed) > _MOST_NAMED else ""
        raise NotCommittedError(
            f"Commit or remove these first: only a commit is deployed, so that it can be found again.\n{named}{more}"
        )
    digest, _, subject = _git(folder, "log", "-1", "--format=%H %s").strip().partition(" ")
    return Commit(digest=digest, subject=subject)


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    except FileNotFoundError:
        raise NotCommittedError("git is needed: only a commit is deployed.") from None
    if done.returncode != 0:
        raise NotCommittedError(f"git {arguments[0]}: {done.stderr.strip()}")
    return done.stdout
