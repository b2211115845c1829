"""Work for a newcomer who tries the pages: a mail that an agent may answer, and a message that an operator redrives."""

import json
from uuid import uuid4

from infra.local.local_stack import LocalStack
from infra.local.samples import ORGANISM, a_pdf
from infra.local.sender_client import SenderClient, Sent

_GIVEN_UP = "notifications-failed"
"""The dead-letter queue of e-mails and SMS."""
_LETTER = {
    "kind": "information",
    "subject": "Horaires d’accueil — أوقات الاستقبال",
    "body": "Madame, Monsieur,\n\nQuels sont vos horaires d’accueil ?\n\nما هي أوقات الاستقبال؟",
}


def leave_work(stack: LocalStack) -> Sent:
    """Send a mail that stays unanswered, and leave one of its messages where those that failed wait.

    The message is a copy of the alert to the organism: the redrive sends it. Raises JobError.
    """
    with stack.client() as client, stack.storage() as storage:
        sender = SenderClient(client, storage)
        started = sender.start()
        sender.write(started, _LETTER)
        sender.attach(started, a_pdf())
        sender.identify(started)
        sent = sender.submit(started)
    sqs = stack.session().client("sqs")
    (queue,) = [url for url in sqs.list_queues()["QueueUrls"] if url.endswith(f"-{_GIVEN_UP}")]
    message = {
        "notification_id": uuid4().hex,
        "mail_id": sent.mail_id,
        "template": "organism_alert",
        "channel": "email",
        "to": f"bureau-ordre@{ORGANISM}.example.org",
        "language": "fr",
    }
    sqs.send_message(
        QueueUrl=queue,
        MessageBody=json.dumps(message),
        MessageAttributes={"correlation_id": {"DataType": "String", "StringValue": uuid4().hex}},
    )
    return sent
