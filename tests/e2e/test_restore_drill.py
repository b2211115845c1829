"""The restore drill, on a cloud of its own: tables and bucket are lost, and everything comes back."""

from pathlib import Path

from infra.local.place import ANY_PORTS, LocalPlace
from infra.local.progress import Progress
from infra.local.restore_drill import drill
from infra.local.running import running_stack


def test_a_stage_that_lost_its_tables_and_its_bucket_is_restored_whole(tmp_path: Path) -> None:
    """`drill` raises where a chain, a digest, a lock, a receipt or the next number is not what it was.

    Its cloud is not a copy of the other tests': the emulator reads no queue of a state that was copied.
    """
    progress = Progress()
    with running_stack(LocalPlace(folder=tmp_path / "cloud", logs=tmp_path / "logs"), ANY_PORTS, progress) as stack:
        report = drill(stack, progress)
    assert report.faults == []
    assert (report.registers, report.entries) == (2, 3)
    assert report.objects == 9, "three records, three receipts, three files"
