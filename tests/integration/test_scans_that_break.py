"""One stranger's file that breaks the look at it, or never lets it end, holds up nobody else's."""

import importlib
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
import time_machine

import mailroom.scanning.inspection
from mailroom.content import examine as examining
from mailroom.content import time_limit
from mailroom.content.finding import Finding, Ranges
from mailroom.content.time_limit import TookTooLong
from mailroom.domain import clock
from mailroom.settings import Settings
from tests.integration.test_scans import drafted, sent, stored, waits
from tests.integration.test_scans_that_never_come import asked
from tests.support.in_process.agents import Agent
from tests.support.in_process.mishaps import ProcessDiedError
from tests.support.in_process.scanning import Listening, note, result, scanned
from tests.support.in_process.service import Service, context
from tests.support.samples.files_of_each_type import HONEST

POISON = b"%PDF-1.7 breaks whoever looks"


@pytest.fixture
def operators(service: Service, monkeypatch: pytest.MonkeyPatch) -> Listening:  # noqa: ARG001 - its AWS
    listening = Listening()
    monkeypatch.setenv("OPERATORS_TOPIC_ARN", listening.topic_arn)
    monkeypatch.setenv("SCANNER", "guardduty")
    return listening


class OutOfMemory(BaseException):
    """Ends the process: nothing catches it."""


@contextmanager
def poisoned(error: type[BaseException]) -> Iterator[list[int]]:
    """The look at one file raises, at any other it is as ever; how often the one was looked at."""
    looks: list[int] = []
    otherwise = examining.examine

    def examine(declared: str, size: int, read: Ranges) -> Finding:
        if size == len(POISON):
            looks.append(1)
            raise error
        return otherwise(declared, size, read)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mailroom.scanning.inspection, "examine", examine)
        yield looks


def run(minutes: float) -> int:
    """A run of the schedule so many minutes from now; how many scans it asked for."""
    with time_machine.travel(clock.now().timestamp() + minutes * 60, tick=False), asked() as requests:
        importlib.import_module("chase_scans.handler").handler({}, context("chase_scans"))
    return len(requests)


def test_a_file_that_breaks_the_look_leaves_the_others_their_turn_and_ends_itself(
    service: Service, operators: Listening
) -> None:
    poison, key = sent(service, POISON)
    honest, other = sent(service, HONEST["pdf"])
    for each in (key, other):
        scanned(each)  # and neither event comes: their tags are read
    with poisoned(ZeroDivisionError):
        assert run(16) == 1
        assert (stored(service, other)["scan"], waits(service, honest)) == ("clean", [])
        assert waits(service, poison) == ["SCAN_ASKED"]
        run(61)
    assert stored(service, key)["scan"] == "not_scanned"
    assert waits(service, poison) == ["UNSCANNED"]
    assert len(operators.heard()) == 1
    number = service.submit(poison).json["number"]
    attachment_id = key.rpartition("/")[2]
    assert Agent(service).download(number, attachment_id, "?accept_unchecked=true").status == 200


def test_a_file_that_ends_the_run(service: Service, operators: Listening) -> None:
    """It is behind all others in the next run, and its content is not examined any more in the end."""
    poison, key = sent(service, POISON)
    honest, other = sent(service, HONEST["pdf"])
    for each in (key, other):
        scanned(each)
    with poisoned(OutOfMemory) as looks:
        with pytest.raises(OutOfMemory):
            run(16)
        assert waits(service, poison) == ["SCAN_ASKED"]
        assert run(21) == 0
        assert (stored(service, other)["scan"], waits(service, honest)) == ("clean", [])
        for minutes in (61, 66):
            with pytest.raises(OutOfMemory):
                run(minutes)
        run(71)
        assert len(looks) == 3
    assert stored(service, key)["scan"] == "not_scanned"
    assert waits(service, poison) == ["UNSCANNED"]
    assert len(operators.heard()) == 1


def test_operators_who_cannot_be_told_stop_no_scan_from_being_asked_for(
    service: Service, operators: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    late, _ = sent(service)
    run(16)
    monkeypatch.setenv("OPERATORS_TOPIC_ARN", operators.topic_arn + "-gone")
    Settings.reset()
    with time_machine.travel(clock.now().timestamp() + 50 * 60, tick=False):
        newer, _ = sent(service)
    with pytest.raises(Exception, match="NotFound"):
        run(66)
    assert waits(service, newer) == ["SCAN_ASKED"]
    assert waits(service, late) == ["SCAN_ASKED"]
    monkeypatch.setenv("OPERATORS_TOPIC_ARN", operators.topic_arn)
    Settings.reset()
    run(71)
    assert waits(service, late) == ["UNSCANNED"]
    assert len(operators.heard()) == 1


def test_a_look_that_does_not_end_in_time_makes_the_file_unchecked_at_once(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(_declared: str, _size: int, _read: Ranges) -> Finding:
        while True:
            pass

    monkeypatch.setattr(mailroom.scanning.inspection, "examine", endless)
    monkeypatch.setattr(mailroom.scanning.inspection, "LOOK_SECONDS", 0.2)
    mail, key = drafted(service)
    began = time.monotonic()
    note(result(key, "NO_THREATS_FOUND"))
    assert time.monotonic() - began < 5
    assert stored(service, key)["scan"] == "too_deep"
    assert service.submit(mail).status == 201


def test_a_limit_ends_work_that_catches_every_exception_and_is_gone_afterwards() -> None:
    def work() -> None:
        while True:
            with suppress(Exception):  # as libraries do
                time.sleep(1)

    with pytest.raises(TookTooLong), time_limit.limited(0.1):
        work()
    with time_limit.limited(0.1):
        pass
    time.sleep(0.2)


def test_a_note_whose_look_breaks_is_given_up_to_operators_and_changes_nothing(service: Service) -> None:
    """Lambda tries twice more, then the event is a dead letter."""
    mail, key = sent(service, POISON)
    with poisoned(ProcessDiedError), pytest.raises(ProcessDiedError):
        note(result(key, "NO_THREATS_FOUND"))
    assert "scan" not in stored(service, key)
    assert waits(service, mail) == ["SCAN"]
