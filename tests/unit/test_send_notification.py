"""One message, one e-mail or SMS: whatever is repeated, refused or cut off in between."""

from collections.abc import Iterator

import pytest
import time_machine

from mailroom.domain import clock
from mailroom.domain.refusals import MailNotFound
from mailroom.storage.mails import Store
from send_notification import handler as function
from tests.support.fakes.sending_services import Killed, World, all_of, amid_aws, deliver, new_process
from tests.support.samples.notified_mail import MAIL_ID, mail, organism


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with amid_aws(monkeypatch) as made:
        yield made


def test_everyone_is_told_once_and_the_history_says_so(world: World) -> None:
    world.keep(mail())
    assert deliver(*all_of(mail())) == []
    assert world.addresses == ["desk@anam.example", "amina.alaoui@exemple.ma"]
    assert [each["PhoneNumber"] for each in world.texts] == ["+212612345678", "+212661223344"]
    assert sorted(world.history) == ["organism_alerted", "sender_informed", "submitted"]


def test_the_same_message_twice_in_one_batch_sends_once(world: World) -> None:
    world.keep(mail())
    first = all_of(mail())[0]
    assert deliver(first, first | {"messageId": "again"}) == []
    assert len(world.emails) == 1


def test_a_redelivery_to_another_process_sends_nothing_and_succeeds(world: World) -> None:
    world.keep(mail())
    messages = all_of(mail())
    deliver(*messages)
    new_process()
    assert deliver(*messages) == []
    assert len(world.emails) == len(world.texts) == 2
    assert sorted(world.history) == ["organism_alerted", "sender_informed", "submitted"]


def test_what_went_out_is_remembered_for_thirty_days(world: World) -> None:
    world.keep(mail())
    first = all_of(mail())[0]
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False) as time:
        deliver(first)
        new_process()
        time.shift(29 * 24 * 3600)
        assert deliver(first) == []
    assert len(world.emails) == 1


def test_one_refused_address_of_three_comes_back_alone_and_goes_out_once_accepted(
    world: World,
) -> None:
    world.keep(mail())
    desk = organism(emails=("a@anam.example", "b@anam.example", "c@anam.example"), phones=())
    messages = all_of(mail(sender={"phone": "+212537123456"}), desk)
    world.refused["b@anam.example"] = "MessageRejected", 2
    assert deliver(*messages) == [messages[1]["messageId"]]
    assert world.addresses == ["a@anam.example", "c@anam.example", "amina.alaoui@exemple.ma"]
    assert deliver(messages[1]) == [messages[1]["messageId"]]
    assert deliver(messages[1]) == []
    assert world.addresses[3:] == ["b@anam.example"]


def test_a_batch_that_fails_whole_answers_each_id_instead_of_breaking(world: World) -> None:
    messages = all_of(mail())
    assert deliver(*messages) == [each["messageId"] for each in messages]
    assert world.emails == world.texts == []
    assert MailNotFound.__name__ in world.log.getvalue()


def test_a_mail_that_was_not_submitted_tells_nobody(world: World) -> None:
    Store(world.table).start(MAIL_ID, organism(), "fr", clock.now())
    messages = all_of(mail())
    assert deliver(*messages) == [each["messageId"] for each in messages]
    assert world.emails == world.texts == []


@pytest.mark.parametrize("body", ["", "not json", "[]", '{"notification_id": "x"}', "{}"])
def test_a_message_that_cannot_be_read_fails_alone(world: World, body: str) -> None:
    world.keep(mail())
    good = all_of(mail())[0]
    bad = {"messageId": "bad", "body": body, "messageAttributes": {}, "eventSource": "aws:sqs"}
    assert deliver(bad, good) == ["bad"]
    assert len(world.emails) == 1


def test_throttling_is_waited_for_within_the_same_message(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.keep(mail())
    pauses: list[float] = []
    monkeypatch.setattr(function.Process.current().post_office._outbox, "_pause", pauses.append)
    first = all_of(mail())[0]
    world.refused["desk@anam.example"] = "TooManyRequestsException", 2
    assert deliver(first) == []
    assert pauses == [0.25, 1.0]
    assert len(world.emails) == 1
    new_process()


def test_history_that_could_not_be_written_is_written_at_the_redelivery_without_sending(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.keep(mail())
    first = all_of(mail())[0]
    with monkeypatch.context() as broken:
        broken.setattr(function.Process.current().post_office._store.table, "name", "no-such-table")
        broken.setattr(function.Process.current().post_office._store, "mail", Store(world.table).mail)
        assert deliver(first) == [first["messageId"]]
    assert world.history == ["submitted"]
    assert deliver(first) == []
    assert sorted(world.history) == ["organism_alerted", "submitted"]
    assert len(world.emails) == 1


def test_a_process_killed_after_the_send_does_not_send_again_while_its_time_runs(
    world: World,
) -> None:
    """Past that time nobody can tell whether the message went out: twice rather than never."""
    world.keep(mail())
    first = all_of(mail())[0]
    world.killed_after.add("desk@anam.example")
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False) as time:
        with pytest.raises(Killed):
            deliver(first)
        new_process()
        assert deliver(first) == [first["messageId"]]
        assert len(world.emails) == 1
        time.shift(6)
        assert deliver(first) == []
        assert len(world.emails) == 2
    assert "organism_alerted" in world.history
