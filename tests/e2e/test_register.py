"""The register under fifty who submit at once, half of them twice, while functions are killed."""

import contextlib
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psutil
from boto3.dynamodb.conditions import Key

from infra.local.local_stack import LocalStack
from infra.local.sender_client import SenderClient, until
from mailroom.domain import clock
from tests.support.signed.chained import assert_chained

ORGANISM = "commune-fes"
MAILS = 25
MOST_KILLED = 6
PATIENCE_SECONDS = 240


def submit(stack: LocalStack, started: dict[str, Any]) -> dict[str, Any]:
    """Send as a stubborn client does: again after every answer that is no answer."""
    headers = {"Authorization": f"Bearer {started['access_token']}"}
    deadline = time.monotonic() + PATIENCE_SECONDS
    with stack.client() as client:
        while time.monotonic() < deadline:
            try:
                answer = client.post(f"/v1/mails/{started['mail_id']}/submission", headers=headers)
            except httpx.TransportError:
                continue
            if answer.status_code in {200, 201}:
                return {"status": answer.status_code, **answer.json()}
            assert answer.status_code >= 500, answer.text
            time.sleep(0.3)
    raise AssertionError("no answer in all that time")


def kill_submitting_workers(until_set: threading.Event) -> int:
    """Kill, now and then, the process that runs `submit_mail`, as a dying sandbox would; how often it was done."""
    killed = 0
    while killed < MOST_KILLED and not until_set.wait(1.0):
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError, psutil.AccessDenied):
                if process.environ().get("AWS_LAMBDA_FUNCTION_NAME", "").endswith("submit-mail"):
                    os.kill(process.pid, signal.SIGKILL)
                    killed += 1
                    break
    return killed


def test_numbers_have_no_gap_and_no_duplicate_and_are_chained(
    stack: LocalStack, sender: SenderClient, api: httpx.Client
) -> None:
    drafts = []
    for _ in range(MAILS):
        started = sender.start(ORGANISM)
        sender.write(started)
        sender.identify(started)
        drafts.append(started)

    done = threading.Event()
    with ThreadPoolExecutor(2 * MAILS + 1) as pool:
        killing = pool.submit(kill_submitting_workers, done)
        answers = list(pool.map(lambda draft: submit(stack, draft), drafts * 2))
        done.set()
    assert killing.result() > 0, "no function was killed: the test showed less than it says"

    first, again = answers[:MAILS], answers[MAILS:]
    for one, other in zip(first, again, strict=True):
        assert {**one, "status": 0} == {**other, "status": 0}
    year = clock.register_year(clock.now())
    numbers = sorted(answer["number"] for answer in first)
    assert numbers == [f"CFES-{year}-{rank:06d}" for rank in range(1, MAILS + 1)]

    table = stack.session().resource("dynamodb").Table(stack.outputs["TableName"])
    items = table.query(KeyConditionExpression=Key("pk").eq(f"REGISTER#{ORGANISM}#{year}"), ConsistentRead=True)[
        "Items"
    ]
    entries = [item for item in items if item["sk"] != "COUNTER"]
    assert sorted(str(entry["number"]) for entry in entries) == numbers
    assert len({entry["mail_id"] for entry in entries}) == MAILS
    assert_chained(items, ORGANISM, year)

    waiting = list(drafts)

    def all_receipts() -> bool | None:
        waiting[:] = [draft for draft in waiting if not issued(api, draft)]
        return None if waiting else True

    until(all_receipts, "every receipt", seconds=PATIENCE_SECONDS)


def issued(api: httpx.Client, draft: dict[str, Any]) -> bool:
    answer = api.get(
        f"/v1/mails/{draft['mail_id']}/receipt", headers={"Authorization": f"Bearer {draft['access_token']}"}
    )
    return answer.status_code == httpx.codes.OK
