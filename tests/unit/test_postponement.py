"""What AWS means by a refusal: this message, everything for a moment, or everything for hours."""

from itertools import pairwise

import pytest
from botocore.exceptions import ClientError

from mailroom.notifying.postponement import NotNowError, NotRepeatableError, delay, not_now
from mailroom.storage.busy import TransactionBusyError
from send_notification.outbox import refusal_of_everything

SOON, HOURS, THIS_MESSAGE = "soon", "in hours", "never"

REFUSALS = [
    ("TooManyRequestsException", "Maximum sending rate exceeded.", SOON),
    ("ThrottlingException", "Maximum sending rate exceeded.", SOON),
    ("Throttling", "Rate exceeded", SOON),
    ("ThrottledException", "Rate exceeded", SOON),
    ("KMSThrottlingException", "Rate exceeded", SOON),
    ("RequestLimitExceeded", "", SOON),
    ("LimitExceededException", "Maximum sending rate exceeded.", SOON),
    ("LimitExceededException", "Daily message quota exceeded", HOURS),
    ("TooManyRequestsException", "Daily message quota exceeded.", HOURS),
    ("ThrottlingException", "Daily message quota exceeded", HOURS),
    ("SendingPausedException", "Sending is paused for this account.", HOURS),
    ("AccountSuspendedException", "The account is suspended.", HOURS),
    ("MonthlySpendLimitReachedException", "No quota left for account", HOURS),
    ("ServiceQuotaExceededException", "SMS spend limit", HOURS),
    ("MessageRejected", 'Not verified: "maximum sending rate exceeded"@evil.example', THIS_MESSAGE),
    ("BadRequestException", "Daily message quota exceeded, says a subject", THIS_MESSAGE),
    ("MailFromDomainNotVerifiedException", "Maximum sending rate exceeded", THIS_MESSAGE),
    ("InternalServiceErrorException", "Perhaps it was sent", THIS_MESSAGE),
    ("InvalidParameter", "Invalid parameter: PhoneNumber", THIS_MESSAGE),
    ("", "", THIS_MESSAGE),
]


def refused(code: str, text: str = "", operation: str = "SendEmail") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": text}}, operation)


@pytest.mark.parametrize(("code", "text", "when"), REFUSALS, ids=[f"{code}: {text}" for code, text, _ in REFUSALS])
def test_a_refusal_of_ses_or_sns_says_when_to_ask_again(code: str, text: str, when: str) -> None:
    """SES distinguishes rate and quota in its text alone, which may quote what strangers typed.

    https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html
    """
    refusal = refusal_of_everything(refused(code, text))
    assert (refusal is None) == (when == THIS_MESSAGE)
    if refusal:
        assert refusal.for_hours == (when == HOURS)
        assert text not in str(refusal) or not text


def because_of(*causes: Exception) -> Exception:
    """The first of these, caused by the second, and so on."""
    for error, cause in pairwise(causes):
        error.__cause__ = cause
    return causes[0]


@pytest.mark.parametrize(
    ("error", "is_not_now"),
    [
        (NotNowError("Throttling"), True),
        (TransactionBusyError(), True),
        (refused("ProvisionedThroughputExceededException"), True),
        (refused("SlowDown"), True),
        (refused("KmsThrottled"), True),
        (refused("AccessDeniedException"), False),
        (refused("ValidationException"), False),
        (ValueError("Throttling"), False),
        (because_of(ValueError("not saved"), refused("ThrottlingException")), True),
        (because_of(ValueError("not saved"), refused("ResourceNotFoundException")), False),
        (because_of(ValueError("not saved"), NotRepeatableError(), refused("ThrottlingException")), False),
    ],
    ids=repr,
)
def test_an_error_is_looked_at_down_to_its_cause(error: Exception, *, is_not_now: bool) -> None:
    """The idempotency store wraps what its table says. What was sent and not noted is never put off."""
    assert bool(not_now(error)) == is_not_now


@pytest.mark.parametrize("times", [0, 1, 5, 6, 7, 40, 10_000])
@pytest.mark.parametrize("for_hours", [False, True])
def test_a_delay_doubles_to_a_quarter_of_an_hour_and_is_never_alike(times: int, *, for_hours: bool) -> None:
    delays = [delay(times, for_hours=for_hours).total_seconds() for _ in range(50)]
    longest = 900 if for_hours else min(15 * 2 ** min(times, 20), 900)
    assert 0.75 * longest <= min(delays) <= max(delays) <= longest
    assert len(set(delays)) > 40
