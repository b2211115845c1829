"""When a program is told again, and what proves that it is us."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from call_webhook.attempts import Failing
from mailroom.domain import clock
from mailroom.domain.mail import Elsewhere
from mailroom.notifying.webhook_signature import signed_headers
from mailroom.notifying.webhooks import MOST_RECEIVES, RETRY_AFTER, Call, WebhookKeys, call_for, retry_after
from tests.support.samples.notified_mail import ORGANISM, mail

_HOURS_THAT_SQS_HIDES = 12

CALL = Call(
    webhook_id="msg_" + "0" * 32,
    type="mail.submitted",
    timestamp="2026-11-22T10:15:30.123Z",
    mail_id="mail",
    number="ANAM-2026-000001",
    organism_id="anam",
)


def test_a_mail_has_one_call_however_often_it_is_queued() -> None:
    """A run of the receipt's function that is repeated queues it again, and the program knows it by its id."""
    assert call_for(mail()) == call_for(mail())


def test_attempts_go_on_for_more_than_a_day() -> None:
    assert sum(RETRY_AFTER, timedelta()) > timedelta(hours=24)
    assert len(RETRY_AFTER) + 1 == MOST_RECEIVES


@given(st.integers(1, 1000))
def test_a_message_is_put_off_as_long_as_sqs_can_hide_it_and_never_less_than_its_step(receives: int) -> None:
    delay = retry_after(receives)
    assert timedelta(minutes=1) <= delay < timedelta(hours=_HOURS_THAT_SQS_HIDES)
    if receives < MOST_RECEIVES:
        assert RETRY_AFTER[receives - 1] <= delay <= RETRY_AFTER[receives - 1] * 1.1


@given(st.integers(1, len(RETRY_AFTER) - 1))
def test_each_step_is_as_long_as_the_one_before_or_longer(step: int) -> None:
    assert RETRY_AFTER[step] >= RETRY_AFTER[step - 1]


def test_each_organism_and_each_version_has_a_secret_of_its_own_that_stays() -> None:
    keys = WebhookKeys(b"k" * 64)
    secrets = {keys.secret(organism, version) for organism in ("anam", "anam1", "mi") for version in (1, 2, 11)}
    assert len(secrets) == 9
    assert keys.secret("anam", 1) == WebhookKeys(b"k" * 64).secret("anam", 1)
    assert keys.secret("anam", 1) != WebhookKeys(b"l" * 64).secret("anam", 1)


def test_what_is_signed_is_checked_by_the_librarys_own_check() -> None:
    keys = WebhookKeys(b"k" * 64)
    headers = signed_headers(CALL, keys.secret("anam", 1), clock.now())
    assert Webhook(keys.secret("anam", 1)).verify(CALL.payload, headers)["data"]["mail_id"] == "mail"
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(keys.secret("anam", 2)).verify(CALL.payload, headers)


def test_a_message_queued_before_the_channel_was_said_is_sent_as_it_was_at_its_first_attempt() -> None:
    """Attempts of one call have the same bytes, also where the service was deployed between two of them."""
    assert CALL.channel is None
    assert json.loads(CALL.payload)["data"].keys() == {"mail_id", "number", "organism_id"}
    assert json.loads(call_for(mail()).payload)["data"]["channel"] == "online"


def test_the_id_of_a_call_is_the_mails_and_stays() -> None:
    assert call_for(mail()) == call_for(mail())
    assert call_for(replace(mail(), mail_id="another")).webhook_id != call_for(mail()).webhook_id


def test_a_mail_that_another_organism_passed_on_is_told_as_such() -> None:
    passed_on = replace(mail(), redirected_from=Elsewhere("first", "MI-2026-000007", ORGANISM.summary))
    assert call_for(passed_on).type == "mail.redirected"
    assert "MI-2026" not in call_for(passed_on).payload


def test_an_organism_that_failed_is_left_in_peace_for_a_minute() -> None:
    now = [0.0]
    failing = Failing(ticks=lambda: now[0])
    failing.note("anam")
    assert "anam" in failing
    assert "mi" not in failing
    now[0] = 61.0
    assert "anam" not in failing
