"""moto's AWS for each test, with the stores of the stack in it and a small directory."""

import gc
import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from itertools import batched
from pathlib import Path
from typing import Any

# Metrics read their namespace when a handler is imported, as the test modules below do.
os.environ |= {"POWERTOOLS_METRICS_NAMESPACE": "BureauOrdre", "POWERTOOLS_SERVICE_NAME": "test"}

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws
from moto.core.models import MockAWS
from moto.dynamodb.responses import DynamoHandler

import call_webhook.call
from mailroom import process
from mailroom.settings import Settings
from tests.support.in_process.clients import share_clients
from tests.support.in_process.receiver import OK, Behaviour, Receiver, receiver
from tests.support.in_process.service import REGION, ROOT, TABLE, Service
from tests.support.in_process.signing import sign_digests_as_such
from tests.support.in_process.stores import create_stores
from tests.support.in_process.table_writes import SEEN_ELSEWHERE, Write, astray, claims, done_by, record
from tests.support.in_process.transactions import copy_less
from tests.support.in_process.webhook_calls import Programs

_FEW = frozenset({"adm", "anam", "cnss", "maecamre", "mi", "mj"})

_WRITTEN: list[Write] = []
"""What functions wrote during the test."""

_DONE: set[str] = set()
"""What functions did during all tests of this process, in the words of the data model's claims."""

DIRECTORY = (ROOT / "functions" / "enrol_organisms" / "organisms.csv").read_text(encoding="utf-8")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest, so that the workers end together."""
    items.sort(key=lambda item: "[100000]" not in item.name)


@pytest.fixture(scope="session")
def cloud() -> Iterator[MockAWS]:
    """AWS, which is empty; no network is reached. Taking its place costs more than a test, so it is done once."""
    # moto's tables are many small objects without a cycle: to look for one as often as usual takes a tenth of the time.
    gc.set_threshold(100_000)
    with mock_aws() as cloud, pytest.MonkeyPatch.context() as patch:
        keep_transactions_apart(patch)
        share_clients(patch)
        yield cloud


def keep_transactions_apart(patch: pytest.MonkeyPatch) -> None:
    """Let moto's table take one call at a time.

    A transaction that moto refuses puts back the table of before it began, and what another thread wrote meanwhile is
    undone: DynamoDB's own are serializable.
    """
    turn, otherwise = threading.Lock(), DynamoHandler.call_action

    def call_in_turn(handler: DynamoHandler) -> object:
        with turn:
            return record(handler, otherwise, _WRITTEN)

    patch.setattr(DynamoHandler, "call_action", call_in_turn)


@pytest.fixture(autouse=True)
def as_the_data_model_says() -> Iterator[None]:
    """Whatever a test makes a function write, `storage/schema.py` says that this function does."""
    yield
    written = _WRITTEN.copy()
    _WRITTEN.clear()
    _DONE.update(*map(done_by, written))
    assert sorted(set[str]().union(*map(astray, written))) == []


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Take over what functions did in another process of these tests."""
    _DONE.update(getattr(node, "workeroutput", {}).get("done", ()))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """After all integration tests, whatever `storage/schema.py` claims of a function was seen to be done by it."""
    config = session.config
    if hasattr(config, "workeroutput"):
        config.workeroutput["done"] = sorted(_DONE)
        return
    left_out = ("keyword", "markexpr", "deselect", "ignore", "ignore_glob", "collectonly")
    some = session.testsfailed or any(config.getoption(option) for option in left_out)
    if some or [Path(each).resolve() for each in config.args] != [Path(__file__).parent]:
        return
    if never := sorted(claims() - _DONE - SEEN_ELSEWHERE.keys()):
        print("\nstorage/schema.py claims what no test saw:", *never, sep="\n  ")  # noqa: T201 - the reason of the failure
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def service(cloud: MockAWS) -> Iterator[Service]:
    """A fresh service with a few organisms and no user pool: moto takes longer to make one than all the rest."""
    with running(cloud, only=_FEW) as service:
        yield service


@pytest.fixture(scope="module")
def shared_service(cloud: MockAWS) -> Iterator[Service]:
    """One with the whole directory for all tests of a module: each starts its own mail, or changes nothing."""
    with running(cloud) as service:
        yield service


@contextmanager
def running(cloud: MockAWS, only: frozenset[str] | None = None) -> Iterator[Service]:
    """The service while it runs, its environment, and the organisms of the directory or `only` some of them."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": REGION,
        }.items():
            patch.setenv(name, value)
        patch.setattr(process, "CONFIG", process.CONFIG.merge(Config(parameter_validation=True)))
        cloud.reset()
        copy_less()
        sign_digests_as_such(patch)
        Settings.reset()
        for name, value in create_stores().items():
            patch.setenv(name, value)
        service = Service()
        load_directory(only)
        yield service
        Settings.reset()


def load_directory(only: frozenset[str] | None) -> None:
    """Put into the table what the enrolling function made of the directory, which it does once for all tests."""
    items = [item for item in enrolled() if only is None or item["organism_id"]["S"] in only]
    for some in batched(items, 25, strict=False):
        written: Any = {TABLE: [{"PutRequest": {"Item": item}} for item in some]}
        boto3.client("dynamodb", REGION).batch_write_item(RequestItems=written)


@cache
def enrolled() -> list[Any]:
    """What the table holds after the directory was loaded; the table is left empty."""
    dynamodb = boto3.client("dynamodb", REGION)
    assert Service().enrol(DIRECTORY)["errors"] == []
    items = dynamodb.scan(TableName=TABLE)["Items"]
    for item in items:
        dynamodb.delete_item(TableName=TABLE, Key={"pk": item["pk"], "sk": item["sk"]})
    return items


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    """Makes programs whose certificate is trusted; calls have little patience."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    monkeypatch.setattr(call_webhook.call, "CONNECT_SECONDS", 0.5)
    monkeypatch.setattr(call_webhook.call, "WHOLE_SECONDS", 1.0)

    def run(behaves: Behaviour = OK, **more: str) -> AbstractContextManager[Receiver]:
        return receiver(tmp_path, behaves, **more)

    return run
