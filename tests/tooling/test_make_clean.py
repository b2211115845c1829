"""`make clean` forgets what was made, and leaves what takes minutes to make again."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
MADE = (
    ".local/cloud/state/table.json",
    "cdk.out/template.json",
    ".mypy_cache/a",
    ".pytest_cache/a",
    ".ruff_cache/a",
    ".hypothesis/a",
    "functions/submit_mail/__pycache__/handler.pyc",
)
KEPT = (
    ".local/uv/bin/uv",
    ".venv/lib/__pycache__/installed.pyc",
    "node_modules/aws-cdk/__pycache__/installed.pyc",
    "functions/submit_mail/handler.py",
)


def test_it_ends_a_run_and_removes_what_was_made_but_not_the_environment(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in (*MADE, *KEPT):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    python = tmp_path / ".venv/bin/python"
    python.parent.mkdir()
    # What stops a run must find what the run left in .local, and so comes first.
    python.write_text('#!/bin/sh\ntest -d .local/cloud && echo "$@" > stopped\n')
    python.chmod(0o755)

    subprocess.run(["make", "clean"], cwd=tmp_path, check=True)

    assert (tmp_path / "stopped").read_text() == "-m infra.local stop\n"
    left = {str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file()}
    assert left == {*KEPT, "Makefile", ".venv/bin/python", "stopped"}
