"""The metrics tell how many mails and receipts there were, and how long senders wait, and count nothing twice."""

from datetime import timedelta

import pytest
import time_machine

from mailroom.domain import clock
from tests.support.in_process.metrics import metric
from tests.support.in_process.service import Service


def test_a_mail_and_its_receipt_are_counted_once_however_often_they_are_asked_for(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    with time_machine.travel(clock.now(), tick=False) as at:
        mail = service.sent()
        service.submit(mail)
        at.shift(timedelta(seconds=7))
        service.receipt_trigger(mail.mail_id)
        at.shift(timedelta(seconds=7))
        service.receipt_trigger(mail.mail_id)
    output = capsys.readouterr().out
    assert metric(output, "MailsSubmitted") == [1.0]
    assert metric(output, "ReceiptsMade") == [1.0]
    assert metric(output, "SecondsToReceipt") == [7.0]
