"""What the last run found, as a page that is committed."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tests.permissions.grant import Grant, all_grants, matching
from tests.permissions.unenforced import UNENFORCED

if TYPE_CHECKING:
    from tests.permissions.removal import Outcome

RESULTS = Path(__file__).parent / "results.md"
_ROW = re.compile(r"^\| `(.+?)` \| `(\w+)` \|$", re.MULTILINE)


def noticed() -> dict[str, str]:
    """The probe that failed without each permission, as the committed page says."""
    return {grant.replace("\\|", "|"): probe for grant, probe in _ROW.findall(RESULTS.read_text(encoding="utf-8"))}


def unenforced() -> list[Grant]:
    """The permissions that no probe can show to be needed."""
    grants = all_grants()
    return sorted({grant for each in UNENFORCED for grant in matching(grants, each.pattern)})


def write(outcomes: Sequence["Outcome"]) -> None:
    """Write what a run found to the page; what it did not try stays as it is, while the permission exists."""
    grants = {str(grant) for grant in all_grants()}
    tried = {str(outcome.grant): outcome.probe for outcome in outcomes}
    known = (noticed() if RESULTS.exists() else {}) | tried
    found = {grant: probe for grant, probe in known.items() if probe and grant in grants}
    lines = [
        "# Permissions taken away",
        "",
        "`make permissions` wrote this: each permission was taken away in turn on a local cloud, and the probe of",
        "`tests/permissions/probes.py` named beside it failed.",
        "",
        f"- last run on {datetime.now(UTC):%Y-%m-%d}",
        f"- {len(grants)} permissions; {len(found)} make a probe fail; {len(unenforced())} cannot, see below",
        "",
        "| permission | probe that fails without it |",
        "| --- | --- |",
        *(f"| `{_escaped(grant)}` | `{probe}` |" for grant, probe in sorted(found.items())),
        "",
        "## Not shown by a probe",
        "",
        "| permissions | how many | why |",
        "| --- | --- | --- |",
        *(
            f"| `{_escaped(each.pattern)}` | {len(matching(all_grants(), each.pattern))} | {each.reason} |"
            for each in UNENFORCED
        ),
        "",
    ]
    RESULTS.write_text("\n".join(lines), encoding="utf-8")


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")
