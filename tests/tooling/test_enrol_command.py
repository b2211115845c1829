"""`make organisms`: what it says of a file that is no directory, and that it asks the function once."""

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.config import Config

from infra.commands import enrol as command
from infra.commands.enrol import ASKED_ONCE, EnrolmentError, enrol
from infra.names import ENROLMENT_SECONDS

IMPATIENT = Config(read_timeout=0.3)
"""What stands for botocore's own minute."""
SLOW_SECONDS = 1.0


class SlowFunction(ThreadingHTTPServer):
    """Lambda's API with a function that takes its time; `asked` counts invocations."""

    asked = 0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Invocation)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Invocation(BaseHTTPRequestHandler):
    server: SlowFunction

    def do_POST(self) -> None:
        self.server.asked += 1
        self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(SLOW_SECONDS)
        body = json.dumps({"enrolled": 1, "unchanged": 0, "errors": []}).encode()
        try:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            return  # the caller is gone

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def function() -> Iterator[SlowFunction]:
    with SlowFunction() as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def session(function: SlowFunction, monkeypatch: pytest.MonkeyPatch) -> boto3.Session:
    for name, value in {
        "AWS_ENDPOINT_URL": function.address,
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
    }.items():
        monkeypatch.setenv(name, value)
    impatient: Any = botocore.session.Session()
    impatient.set_default_client_config(IMPATIENT)
    return boto3.Session(region_name="eu-west-3", botocore_session=impatient)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    csv = tmp_path / "organisms.csv"
    csv.write_text("organism_id\nanam\n", encoding="utf-8")
    return csv


def test_a_function_that_takes_long_is_invoked_once_and_waited_for(
    session: boto3.Session, function: SlowFunction, directory: Path
) -> None:
    """Botocore waits for a minute by default and then asks again, while Lambda goes on with the first invocation.

    https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html "you must increase the timeout on your HTTP client"
    """
    assert enrol(session, "enrol", directory) == {"enrolled": 1, "unchanged": 0, "errors": []}
    assert function.asked == 1


def test_a_function_that_never_answers_is_invoked_once_and_the_command_says_what_to_do(
    session: boto3.Session, function: SlowFunction, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "ASKED_ONCE", ASKED_ONCE.merge(IMPATIENT))
    with pytest.raises(EnrolmentError, match="may still be at work"):
        enrol(session, "enrol", directory)
    assert function.asked == 1


def test_the_command_waits_for_longer_than_the_function_may_run() -> None:
    config: Any = ASKED_ONCE
    assert config.read_timeout > ENROLMENT_SECONDS


def test_a_directory_in_another_encoding_is_refused_with_what_to_do(tmp_path: Path) -> None:
    """Spreadsheets on Windows save Arabic in a code page of their own unless they are told otherwise."""
    csv = tmp_path / "organisms.csv"
    csv.write_text("organism_id,name_ar\nanam,الوكالة\n", encoding="cp1256")
    with pytest.raises(EnrolmentError, match="UTF-8"):
        enrol(boto3.Session(region_name="eu-west-3"), "nothing-is-called", csv)
