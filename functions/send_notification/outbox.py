"""The way out: SES for e-mails, SNS for SMS. Both are asked once, as neither knows repeats."""

import re
import time
from collections.abc import Callable
from email.utils import formataddr
from typing import TYPE_CHECKING

from botocore.config import Config
from botocore.exceptions import ClientError

from mailroom.domain.reach import FailureReason
from mailroom.notifying.notifications import Notification
from mailroom.notifying.postponement import NotNowError
from mailroom.notifying.sms_recipients import why_no_sms
from mailroom.notifying.wording import WordedEmail, WordedSms

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sesv2.type_defs import SendEmailRequestTypeDef
    from mypy_boto3_sns import SNSClient

ASKED_ONCE = Config(connect_timeout=3, read_timeout=15, retries={"total_max_attempts": 1})
"""Where an answer was lost on the way, asking again would send the message twice."""

_THROTTLED = re.compile("Throttl|TooManyRequests|RequestLimit|BandwidthLimit|SlowDown")
_QUOTA_SPENT = re.compile(
    "(?<!Request)(?<!Bandwidth)LimitExceeded|QuotaExceeded|SpendLimit|SendingPaused|AccountSuspended"
)
"""Refusals, by their code, that surely sent nothing and end by themselves: soon, or within hours."""

_RATE_IN_WORDS, _QUOTA_IN_WORDS = "maximum sending rate", "quota exceeded"
"""SES says in its text alone which of the two it means, under codes that changed with its versions.
https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html"""

_PAUSES = (0.25, 1.0)
"""Seconds before asking again what was throttled; past these the message is put off."""

_ABOUT_THE_NUMBER = frozenset({"InvalidParameter", "ParameterValueInvalid", "ValidationException"})
"""SNS's refusals of a telephone number, among others: which it is stands in their text alone."""

_UTF_8 = "UTF-8"


class UndeliverableError(Exception):
    """The address takes no message, however often it is sent."""

    def __init__(self, reason: FailureReason) -> None:
        super().__init__(reason)
        self.reason: FailureReason = reason


class Outbox:
    """Hands e-mails and SMS to AWS."""

    def __init__(  # noqa: PLR0913 - AWS and the stage's settings, all by keyword
        self,
        *,
        ses: "SESV2Client",
        sns: "SNSClient",
        email_from: str,
        email_configuration_set: str,
        sms_sender_id: str,
        sms_countries: frozenset[str],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._ses = ses
        self._sns = sns
        self._email_from = email_from
        self._email_configuration_set = email_configuration_set
        self._sms_sender_id = sms_sender_id
        self._sms_countries = sms_countries
        self._pause = pause

    def require_deliverable(self, notification: Notification) -> None:
        """Raise UndeliverableError for an SMS to a number that is no mobile's, or of a country not served."""
        if notification.channel == "sms" and (reason := why_no_sms(notification.to, self._sms_countries)):
            raise UndeliverableError(reason)

    def send(self, notification: Notification, message: WordedEmail | WordedSms) -> str:
        """Hand `message` over for the address of `notification`; the answer is AWS's id of it.

        Raises:
            UndeliverableError: the number refuses our SMS.
            NotNowError: AWS sends nothing at present.
            botocore's ClientError: AWS refuses the message; the error's text may hold the address.

        """
        for pause in _PAUSES:
            try:
                return self._hand_over(notification, message)
            except NotNowError as refusal:
                if refusal.for_hours:
                    raise
                self._pause(pause)
        return self._hand_over(notification, message)

    def _hand_over(self, notification: Notification, message: WordedEmail | WordedSms) -> str:
        try:
            return self._ask(notification, message)
        except ClientError as error:
            if refusal := refusal_of_everything(error):
                raise refusal from None  # its text holds the address
            raise

    def _ask(self, notification: Notification, message: WordedEmail | WordedSms) -> str:
        if isinstance(message, WordedEmail):
            return self._ses.send_email(**self._email(notification, message))["MessageId"]
        try:
            return self._sns.publish(
                PhoneNumber=notification.to,
                Message=message.text,
                MessageAttributes={
                    "AWS.SNS.SMS.SenderID": {"DataType": "String", "StringValue": self._sms_sender_id},
                    "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"},
                },
            )["MessageId"]
        except ClientError as error:
            if reason := _refused_number(error):
                raise UndeliverableError(reason) from None  # its text holds the number
            raise

    def _email(self, notification: Notification, message: WordedEmail) -> "SendEmailRequestTypeDef":
        return {
            "FromEmailAddress": formataddr((message.sender_name, self._email_from)),
            # Named each time: an identity that the stack did not make has another one, or none, by default.
            "ConfigurationSetName": self._email_configuration_set,
            "Destination": {"ToAddresses": [notification.to]},
            "Content": {
                "Simple": {
                    "Subject": {"Data": message.subject, "Charset": _UTF_8},
                    "Body": {
                        "Text": {"Data": message.text, "Charset": _UTF_8},
                        "Html": {"Data": message.html, "Charset": _UTF_8},
                    },
                    "Headers": [
                        # RFC 3834: no absence notice or robot answers this.
                        {"Name": "Auto-Submitted", "Value": "auto-generated"},
                        {"Name": "X-Auto-Response-Suppress", "Value": "All"},
                    ],
                }
            },
            "EmailTags": [
                {"Name": "notification_id", "Value": notification.notification_id},
                {"Name": "template", "Value": notification.template},
                # By these a bounce finds back to the mail without anyone keeping its address.
                {"Name": "mail_id", "Value": notification.mail_id},
            ],
        }


def refusal_of_everything(error: ClientError) -> NotNowError | None:
    """AWS's refusal of everything at present; None where it refuses this message."""
    found = error.response.get("Error", {})
    code, text = found.get("Code", ""), found.get("Message", "").casefold()
    is_quota = bool(_QUOTA_SPENT.search(code))
    if not is_quota and not _THROTTLED.search(code):
        return None  # whatever its text says, which quotes addresses that strangers typed
    return NotNowError(code, for_hours=_QUOTA_IN_WORDS in text or (is_quota and _RATE_IN_WORDS not in text))


def _refused_number(error: ClientError) -> FailureReason | None:
    """Why SNS takes no message for a number; None where the refusal is about something else."""
    found = error.response.get("Error", {})
    code, text = found.get("Code", ""), found.get("Message", "").casefold()
    about_the_number = code in _ABOUT_THE_NUMBER and ("phonenumber" in text or "phone number" in text)
    if code == "OptedOut" or (about_the_number and "opted out" in text):
        return "opted_out"
    return "number_refused" if about_the_number else None
