"""The schedule finishes what stopped half-way, and says how much of each kind it found."""

import json
from datetime import timedelta

import pytest
import time_machine

import resume_stalled.handler
from mailroom.domain import clock
from tests.support.in_process.mishaps import ProcessDiedError, dying_after_write, refusing, taking
from tests.support.in_process.service import Service, context


def found(output: str) -> list[dict[str, float]]:
    """What each run of the schedule reported to have found, by kind."""
    runs: list[dict[str, float]] = []
    for line in map(json.loads, filter(lambda line: line.startswith("{"), output.splitlines())):
        if "StalledFound" in line:
            if not runs or line["kind"] in runs[-1]:
                runs.append({})
            runs[-1][line["kind"]] = line["StalledFound"][0]
    return runs


def test_the_schedule_finds_nothing_in_good_weather_and_says_so(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    mail = service.sent()
    service.receipt_trigger(mail.mail_id)
    with time_machine.travel(clock.now() + timedelta(minutes=10), tick=False):
        resume_stalled.handler.handler({}, context())
    assert found(capsys.readouterr().out) == [{"record": 0, "receipt": 0, "alert": 0, "news": 0}]


def test_the_schedule_counts_what_it_found_by_kind(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    unrecorded = service.ready()
    with dying_after_write(1), pytest.raises(ProcessDiedError):
        service.submit(unrecorded)
    service.sent()
    untold = service.sent()
    with refusing("SendMessageBatch", "AccessDenied"), pytest.raises(Exception, match="AccessDenied"):
        service.receipt_trigger(untold.mail_id)
    later = time_machine.travel(clock.now() + timedelta(minutes=10), tick=False)
    with later, taking("Invoke", {"StatusCode": 202}) as invoked:
        resume_stalled.handler.handler({}, context())
    assert found(capsys.readouterr().out) == [{"record": 1, "receipt": 1, "alert": 1, "news": 0}]
    assert len(invoked) == 2


def test_one_mail_that_can_not_be_pushed_on_leaves_the_others(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    mails = [service.sent() for _ in range(3)]
    later = time_machine.travel(clock.now() + timedelta(minutes=10), tick=False)
    first = f"submissions/{mails[0].mail_id}.json"
    with (
        later,
        refusing("PutObject", "AccessDenied", when=lambda request: request["Key"] == first),
        taking("Invoke", {"StatusCode": 202}) as invoked,
    ):
        resume_stalled.handler.handler({}, context())
    assert len(invoked) == 2
    assert "mail could not be pushed on" in caplog.messages
