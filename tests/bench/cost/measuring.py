"""Counts the units of a mail's life: `life` runs it, this module adds up what AWS bills of it."""

import io
import os
from collections import Counter
from collections.abc import Mapping
from contextlib import redirect_stdout
from math import ceil

os.environ |= {"POWERTOOLS_METRICS_NAMESPACE": "BureauOrdre", "POWERTOOLS_SERVICE_NAME": "bench"}

from tests.bench.cost.counting import Work
from tests.bench.cost.counts import FILES, Counts
from tests.bench.cost.life import works_of_mails

MEMORY_MB = {"render_receipt": 1769}
"""The functions that do not have the usual memory."""
USUAL_MEMORY_MB = 1024
_WHOLE_PROCESSOR_MB = 1769
"""Lambda's share of a processor grows with the memory up to here."""

MILLISECONDS = {"dynamodb": 6, "s3": 25, "kms": 12, "sqs": 10, "sesv2": 80, "sns": 60}
"""How long a call takes in AWS, by service: a guess on the high side, since the local cloud answers in about 10 ms."""

_S3_WRITES = {"PutObject", "ListObjectsV2", "PutObjectTagging", "PutObjectRetention"}
_OUTSIDE = {"sender", "agent"}
"""Those who use presigned addresses, and are no function."""
_WITHOUT_REQUESTS = _OUTSIDE | {"note_scan", "render_receipt", "send_notification"}
"""Those that do not answer requests to the API."""
_LOG_KILOBYTES = 0.9
"""What an invocation leaves in the logs: our line, the access log's, and those that Lambda writes around it."""


def count() -> list[Counts]:
    """Count the life of a mail for each number of files."""
    with redirect_stdout(io.StringIO()):
        each = works_of_mails(FILES)
    return [_counted(files, works) for files, works in zip(FILES, each, strict=True)]


def _counted(files: int, works: Mapping[str, Work]) -> Counts:
    functions = {name: work for name, work in works.items() if name not in _OUTSIDE}
    calls = sum((work.calls for work in works.values()), Counter[str]())
    invocations = sum(work.invocations for work in functions.values())
    requests = sum(work.invocations for name, work in functions.items() if name not in _WITHOUT_REQUESTS)
    written = sum(number for name, number in calls.items() if name.startswith("s3:") and name[3:] in _S3_WRITES)
    return Counts(
        files=files,
        requests=requests,
        invocations=invocations,
        gb_seconds=round(sum(_gb_seconds(name, work) for name, work in functions.items()), 2),
        write_units=int(sum(work.units["write"] for work in works.values())),
        read_units=sum(work.units["half_read"] for work in works.values()) / 2,
        s3_writes=written + files,  # GuardDuty tags each file, at our cost
        s3_reads=sum(number for name, number in calls.items() if name.startswith("s3:")) - written,
        emails=calls["sesv2:SendEmail"],
        signatures=calls["kms:Sign"],
        messages=functions["send_notification"].invocations,
        kilobytes_out=ceil(sum(work.bytes_out for work in works.values()) / 1000),
        log_kilobytes=ceil(invocations * _LOG_KILOBYTES),
    )


def _gb_seconds(function: str, work: Work) -> float:
    memory = MEMORY_MB.get(function, USUAL_MEMORY_MB)
    computing = work.seconds * _WHOLE_PROCESSOR_MB / memory
    # Calls are made one after the other, except those for many files, which are made side by side: an upper bound.
    waiting = sum(MILLISECONDS[name.partition(":")[0]] * number for name, number in work.calls.items()) / 1000
    return (computing + waiting) * memory / 1024


def memory_of(functions: Mapping[str, int]) -> dict[str, int]:
    """The functions, among these with their memory in MB, that do not have the usual memory."""
    return {name: memory for name, memory in functions.items() if memory != USUAL_MEMORY_MB}
