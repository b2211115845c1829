"""Makes the receipt of a sealed record that appeared in storage, or the slip of a mail whose codes were replaced."""

import urllib.parse
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailroom.storage.object_keys import mail_id_of_record
from render_receipt.issuing import Issuing, Process

logger = Logger()


def handler(event: dict[str, Any], _context: LambdaContext) -> None:
    """Make the receipts of the records that S3 names, or the slips of the mails that `turn_codes` names (`slips`)."""
    process = Process.current()
    for mail_id in event.get("slips", ()):
        Issuing(mail_id, process).issue_slip()
    for found in event.get("Records", ()):
        key = urllib.parse.unquote_plus(found["s3"]["object"]["key"])
        mail_id = mail_id_of_record(key)
        issuing = Issuing(mail_id, process)
        logger.set_correlation_id(issuing.correlation_id)
        logger.append_keys(mail_id=mail_id)
        issuing.finish()
