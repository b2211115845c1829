"""The restore drill, on a copy of the tests' cloud: tables and bucket are lost, and everything comes back."""

import shutil
from pathlib import Path

from infra.local.local_stack import LocalStack
from infra.local.place import ANY_PORTS, LocalPlace
from infra.local.progress import Progress
from infra.local.restore_drill import drill
from infra.local.running import running_stack
from infra.local.sender_client import Sent, until


def test_a_stage_that_lost_its_tables_and_its_bucket_is_restored_whole(
    stack: LocalStack, in_head: Sent, tmp_path: Path
) -> None:
    """`drill` raises where a chain, a digest, a lock, a receipt or the next number is not what it was."""
    assert in_head.number
    cloud = stack.mail_catcher.cloud
    saved = cloud.place.state / "s3.json"  # written after the table
    before = saved.stat().st_mtime_ns
    cloud.save()
    until(lambda: saved.stat().st_mtime_ns > before or None, "the state to be saved")
    copy = LocalPlace(folder=tmp_path / "copy", logs=tmp_path / "logs")
    for name in ("state", "s3", "emails", "deployed.json", "people.json", "seal"):
        source, target = cloud.place.folder / name, copy.folder / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.tmp"))
        else:
            shutil.copy(source, target)
    with running_stack(copy, ANY_PORTS, Progress()) as again:
        report = drill(again, Progress())
    assert report.faults == []
    assert report.registers >= 2
    assert report.entries >= 5
    assert report.objects >= 2 * report.entries
