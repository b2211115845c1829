"""SnapStart: what a process must not take over from the snapshot that it was copied from.

https://docs.aws.amazon.com/lambda/latest/dg/snapstart-uniqueness.html,
https://docs.aws.amazon.com/lambda/latest/dg/snapstart-best-practices.html ("Networking", "Temporary data")
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from infra.functions.snap_start import SNAP_STARTED
from tests.support.in_process.service import ROOT

_ENVIRONMENT = {
    "PYTHONPATH": os.pathsep.join(
        str(ROOT / part) for part in ("functions", "layers/mailroom/src", "layers/receipt/src", ".")
    ),
    "PYTHONWARNINGS": "ignore",
    "AWS_DEFAULT_REGION": "eu-west-3",
    "AWS_ACCESS_KEY_ID": "a",
    "AWS_SECRET_ACCESS_KEY": "b",
    "AWS_EC2_METADATA_DISABLED": "true",
    "TABLE_NAME": "mails",
    "TOKENS_SECRET": "tokens",
    "BUCKET_NAME": "files",
}

# Each function is imported in a process of its own, which has only third-party packages in common with the others.
_IN_EACH_FUNCTION = """
import gc, importlib, json, os, socket, sys, traceback
from datetime import UTC, date, datetime, timedelta
import aws_lambda_powertools.event_handler, boto3, botocore.client, pydantic, snapshot_restore_py

def found(operation):
    importlib.import_module(f"{operation}.handler")
    called = lambda registry: [f"{function.__module__}.{function.__name__}" for function, _, _ in registry]
    before, after = snapshot_restore_py.get_before_snapshot(), snapshot_restore_py.get_after_restore()
    for function, positional, named in before:
        function(*positional, **named)
    gc.collect()
    from mailroom import settings
    kept = {
        "clients": sum(isinstance(each, botocore.client.BaseClient) for each in gc.get_objects()),
        "sockets": sum(isinstance(each, socket.socket) for each in gc.get_objects()),
        "resolvers": sum(type(each).__name__ == "Resolver" for each in gc.get_objects()),
        "settings": len(settings._CURRENT),
        "times": [
            f"{module}.{name}"
            for module, loaded in [*sys.modules.items()] if module.partition(".")[0] in {"mailroom", operation}
            for name, value in vars(loaded).items()
            if isinstance(value, datetime) and abs(datetime.now(UTC) - value) < timedelta(days=2)
        ],
    }
    return {"before": called(before), "after": called(after), "kept": kept}

answers = {}
for operation in sys.argv[1:]:
    reader, writer = os.pipe()
    if os.fork() == 0:
        try:
            answer = found(operation)
        except BaseException:
            answer = {"failed": traceback.format_exc()}
        os.write(writer, json.dumps(answer).encode())
        os._exit(0)
    os.close(writer)
    answers[operation] = json.loads(open(reader, "rb").read())
    os.wait()
print(json.dumps(answers))
"""

# The kernel's own call makes the copies: `os.fork` runs hooks of libraries, which no snapshot does.
_TWO_COPIES = """
import ctypes, json, os, platform, random, secrets, signal, ssl, sys
import boto3, uuid_utils
import snapshot_restore_py
from mailroom import process
from mailroom.storage import table

class Process(process.WithTable, process.WithTokens):
    pass

def jitter():
    waited = []
    table.time.sleep, sleep = waited.append, table.time.sleep
    table.pause(3)
    table.time.sleep = sleep
    return waited[0]

def state(own):
    return {
        "random": random.random(),
        "jitter": jitter(),
        "uuid4": str(uuid_utils.uuid4()),
        "uuid7": str(uuid_utils.uuid7())[-12:],
        "secret": secrets.token_hex(8),
        "tls": ssl.RAND_bytes(8).hex(),
        "same settings": Process.current() is own,
        "same client": Process.current().dynamodb is own.dynamodb,
        "same session": boto3.DEFAULT_SESSION is session,
        "same descriptions": boto3.DEFAULT_SESSION._loader is session._loader,
        "same token maker": vars(Process.current()).get("tokens") is own.tokens,
        "table": Process.current().table_name,
    }

for function, positional, named in snapshot_restore_py.get_before_snapshot():
    function(*positional, **named)
random.random(), uuid_utils.uuid4(), uuid_utils.uuid7()
own, session = Process.current(), boto3.DEFAULT_SESSION
vars(own)["tokens"] = object()
own.dynamodb
kernel = ctypes.PyDLL(None)
clone = {"x86_64": 56, "aarch64": 220}[platform.machine()]

copies = []
for _ in range(2):
    reader, writer = os.pipe()
    if kernel.syscall(clone, signal.SIGCHLD, 0, 0, 0, 0) == 0:
        os.environ["TABLE_NAME"] = "restored"
        if sys.argv[1] == "renewed":
            for function, positional, named in snapshot_restore_py.get_after_restore():
                function(*positional, **named)
        os.write(writer, json.dumps(state(own)).encode())
        os._exit(0)
    os.close(writer)
    copies.append(json.loads(open(reader, "rb").read()))
    os.wait()
print(json.dumps(copies))
"""


def _run(code: str, *arguments: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=_ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def functions() -> Mapping[str, Any]:
    """What each function with SnapStart registers, and holds when the snapshot is taken."""
    found: Mapping[str, Any] = _run(_IN_EACH_FUNCTION, *SNAP_STARTED)
    return found


@pytest.mark.parametrize("operation", sorted(SNAP_STARTED))
def test_each_function_with_snap_start_registers_both_hooks_once(functions: Mapping[str, Any], operation: str) -> None:
    assert functions[operation]["before"] == ["mailroom.snapshots.prepare"]
    assert functions[operation]["after"] == ["mailroom.snapshots.renew"]


@pytest.mark.parametrize("operation", sorted(SNAP_STARTED))
def test_a_snapshot_holds_no_client_connection_setting_or_time(functions: Mapping[str, Any], operation: str) -> None:
    assert functions[operation]["kept"] == {"clients": 0, "sockets": 0, "resolvers": 0, "settings": 0, "times": []}


def test_copies_of_one_snapshot_share_no_random_number_and_keep_no_client_or_secret() -> None:
    one, other = _run(_TWO_COPIES, "renewed")
    for generator in ("random", "jitter", "uuid4", "uuid7", "secret", "tls"):
        assert one[generator] != other[generator], generator
    for copy in (one, other):
        kept = {name for name, same in copy.items() if name.startswith("same") and same}
        assert kept == {"same descriptions"}, "they were read before the snapshot, so that no request waits for them"
        assert copy["table"] == "restored"


def test_without_the_hook_copies_would_share_them() -> None:
    """The copies are as a snapshot's are: otherwise the test above could not fail."""
    one, other = _run(_TWO_COPIES, "as they are")
    for generator in ("random", "jitter", "uuid4"):
        assert one[generator] == other[generator], generator
    assert one["same client"]
    assert one["table"] == "mails"
