"""Go back to the commit that was deployed before: `make rollback STAGE=prod`.

A change that fails is undone by CloudFormation itself. This is for one that succeeded and turned out to be wrong: the
commit before it is checked out beside this folder and deployed by its own `make deploy`. No alarm undoes that, since
they ring for what is being left.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import boto3

from infra.commands.deploy import Access, DeploymentError
from infra.names import PREVIOUS_COMMIT_OUTPUT, Part, stack_name
from infra.paths import LOCAL, ROOT
from infra.stage import Stage
from infra.stage_file import StageError
from infra.stage_refusals import load_for_synthesis

PREVIOUS = "previous"
"""What a pipeline approves: the commit before, whichever it is."""


def commit_before(stage: Stage, access: Access) -> str:
    """The commit that the deployed one followed. Raises DeploymentError where none is recorded."""
    found = access.outputs(stack_name(stage.name, Part.WATCHING), stage.region).get(PREVIOUS_COMMIT_OUTPUT)
    if not found:
        raise DeploymentError(
            f"No commit before that of {stage.name} is recorded. Name one: make rollback STAGE={stage.name} TO=<commit>"
        )
    return found


def roll_back(stage: str, commit: str, approved: str, *, folder: Path = ROOT, make: Sequence[str] = ("make",)) -> None:
    """Deploy an older commit from a folder of its own. Raises DeploymentError."""
    place = LOCAL / "rollback" if folder == ROOT else folder / ".local/rollback"
    _run(["git", "worktree", "prune"], folder)
    _run(["git", "worktree", "add", "--force", "--detach", str(place), commit], folder)
    try:
        wish = ["deploy", f"STAGE={stage}", f"APPROVE={commit if approved == PREVIOUS else approved}"]
        _run([*make, *wish, "ARGS=--without-alarms"], place)
    finally:
        _run(["git", "worktree", "remove", "--force", str(place)], folder)


def _run(command: Sequence[str], folder: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(command, cwd=folder, env=environment, check=False)
    if done.returncode != 0:
        raise DeploymentError(f"{' '.join(command)} failed ({done.returncode}).")


def main(arguments: Sequence[str]) -> int:
    """Return 0 once the commit before is deployed."""
    parser = argparse.ArgumentParser(description="Go back to the commit that was deployed before.")
    parser.add_argument("--stage", required=True)
    parser.add_argument("--to", default="", help="the commit, where it is not the one before")
    parser.add_argument("--approve", default="", help=f"{PREVIOUS!r}, or the digest of the commit")
    given = parser.parse_args(arguments)
    try:
        stage = load_for_synthesis(given.stage)
        commit = given.to or commit_before(stage, Access(boto3.Session(region_name=stage.region)))
        roll_back(stage.name, commit, given.approve)
    except (StageError, DeploymentError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
