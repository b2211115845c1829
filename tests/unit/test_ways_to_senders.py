"""By which ways a mail's sender is told: what was given, what was wished, and what is known to fail."""

from dataclasses import replace

import pytest

from mailroom.domain import clock
from mailroom.domain.mail import Closed, Collection, Outcome, Submitted
from mailroom.domain.reach import DeliveryFailure
from mailroom.notifying.notifications import Notification, for_collection, for_outcome, for_submission
from tests.support.samples.notified_mail import mail, organism

PAST, FUTURE = "2026-01-01T00:00:00.000Z", "2999-01-01T00:00:00.000Z"
LASTS = DeliveryFailure("bounce", PAST)
FULL = DeliveryFailure("mailbox_full", PAST, FUTURE)
PASSED = DeliveryFailure("mailbox_full", PAST, PAST)
LANDLINE = DeliveryFailure("not_mobile", PAST)

BOTH = {"email": "amina.alaoui@exemple.ma", "phone": "+212661223344", "sms": None}

WAYS = [
    # what the sender gave        e-mail  SMS      receipt           collection        outcome           no SMS on wish
    (BOTH, None, None, "email", "email", "email", "email"),
    (BOTH | {"sms": True}, None, None, "email sms", "email", "email sms", "email"),
    (BOTH | {"sms": False}, None, None, "email", "email", "email", "email"),
    (BOTH | {"email": None}, None, None, "sms", "sms", "sms", "sms"),
    (BOTH | {"email": None, "sms": True}, None, None, "sms", "sms", "sms", "sms"),
    (BOTH | {"email": None, "sms": False}, None, None, "", "", "", ""),
    (BOTH | {"phone": None}, None, None, "email", "email", "email", "email"),
    (BOTH | {"phone": None, "sms": True}, None, None, "email", "email", "email", "email"),
    # the e-mail bounced for good: nothing more goes there
    (BOTH, LASTS, None, "sms", "sms", "sms", "sms"),
    (BOTH | {"sms": False}, LASTS, None, "", "", "", ""),
    (BOTH, LASTS, LANDLINE, "", "", "", ""),
    # a full mailbox may be emptied: both ways
    (BOTH, FULL, None, "email sms", "email sms", "email sms", "email sms"),
    (BOTH | {"sms": False}, FULL, None, "email", "email", "email", "email"),
    (BOTH, FULL, LANDLINE, "email", "email", "email", "email"),
    (BOTH, PASSED, None, "email", "email", "email", "email"),
    # telephones that get no SMS
    (BOTH | {"sms": True}, None, LANDLINE, "email", "email", "email", "email"),
    (BOTH | {"email": None}, None, LANDLINE, "", "", "", ""),
    (BOTH | {"email": None}, None, PASSED, "sms", "sms", "sms", "sms"),
]


def ways(notifications: list[Notification]) -> str:
    return " ".join(each.channel for each in notifications if each.template.startswith("sender_"))


def closed(kept: Submitted) -> Closed:
    return kept.collected(Collection("nadia", PAST)).closed(Outcome("answered", "Oui.", PAST, "nadia"))


@pytest.mark.parametrize(
    ("given", "email_failure", "sms_failure", "receipt", "collection", "outcome", "unwished"), WAYS
)
def test_a_sender_is_told_by_each_way_that_is_due(  # noqa: PLR0913, PLR0917 - a row of the table
    given: dict[str, object],
    email_failure: DeliveryFailure | None,
    sms_failure: DeliveryFailure | None,
    receipt: str,
    collection: str,
    outcome: str,
    unwished: str,
) -> None:
    kept = replace(mail(sender=given), email_failure=email_failure, sms_failure=sms_failure)
    desk = organism()
    assert ways(for_submission(kept, desk)) == receipt
    assert ways(for_collection(kept)) == collection
    assert ways(for_outcome(closed(kept), desk)) == outcome
    assert ways(for_outcome(closed(kept), desk.model_copy(update={"sms_to_senders": False}))) == unwished


@pytest.mark.parametrize(
    ("given", "email_failure", "sms_failure", "by_email", "by_sms"),
    [
        (BOTH, None, None, True, True),
        (BOTH | {"email": None}, None, None, False, True),
        (BOTH | {"phone": None}, None, None, True, False),
        (BOTH | {"sms": False}, None, None, True, False),
        (BOTH, LASTS, None, False, True),
        (BOTH, FULL, LANDLINE, False, False),
        (BOTH, PASSED, PASSED, True, True),
    ],
)
def test_whether_a_sender_can_be_reached_is_known_for_each_way(
    given: dict[str, object],
    email_failure: DeliveryFailure | None,
    sms_failure: DeliveryFailure | None,
    by_email: bool,
    by_sms: bool,
) -> None:
    kept = replace(mail(sender=given), email_failure=email_failure, sms_failure=sms_failure)
    assert kept.reaches_sender_by("email", clock.now()) is by_email
    assert kept.reaches_sender_by("sms", clock.now()) is by_sms
