"""Operators load a directory of organisms: every row is checked before the first is written."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailroom.organisms.admission import Admission
from mailroom.organisms.directory_file import BadRowsError, read_directory
from mailroom.process import WithTable


class Process(WithTable):
    """Writes organisms."""


logger = Logger()


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """``{"csv": "…"}`` → ``{"enrolled": n, "unchanged": n, "errors": []}``; with errors, nothing was written."""
    admission = Admission(Process.current().table)
    known = admission.known()
    try:
        organisms = read_directory(event["csv"], known, admission.has_entries)
    except BadRowsError as refusal:
        logger.warning("directory refused", extra={"bad_rows": len(refusal.errors)})
        return {"enrolled": 0, "unchanged": 0, "errors": refusal.errors}
    changed = [organism for organism in organisms if known.get(organism.organism_id) != organism]
    for organism in changed:
        admission.admit(organism)
    logger.info("directory loaded", extra={"enrolled": len(changed), "rows": len(organisms)})
    return {"enrolled": len(changed), "unchanged": len(organisms) - len(changed), "errors": []}
