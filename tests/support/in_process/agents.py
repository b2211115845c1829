"""An organism's agents and programs, as API Gateway hands their requests over once it has checked their tokens."""

from collections.abc import Callable
from typing import Any

import boto3

from tests.support.in_process.service import REGION, TABLE, Answer, Mail, Service, put_as_announced, sha256


class Agent:
    """An agent who is signed in for one organism."""

    def __init__(self, service: Service, organism_id: str = "anam", name: str = "nadia") -> None:
        self.service = service
        self.name = name
        self.claims: dict[str, Any] = {
            "token_use": "id",
            "cognito:username": name,
            "cognito:groups": f"[organism:{organism_id}]",
        }

    def call(self, method: str, path: str, body: object = None, **more: Any) -> Answer:  # noqa: ANN401 - as of `Service.call`
        """Send a request to a path under the inbox."""
        return self.service.call(method, f"/v1/inbox{path}", body, claims=self.claims, **more)

    def list(self, query: str = "") -> Answer:
        """A page of the inbox."""
        return self.call("GET", query)

    def open(self, number: str) -> Answer:
        """One mail."""
        return self.call("GET", f"/{number}")

    def download(self, number: str, attachment_id: str, query: str = "") -> Answer:
        """A file of a mail."""
        return self.call("GET", f"/{number}/attachments/{attachment_id}{query}")

    def collect(self, number: str) -> Answer:
        """Take a mail over."""
        return self.call("POST", f"/{number}/collection")

    def close(self, number: str, outcome: str = "answered", message: str = "Voici. هذا", **more: object) -> Answer:
        """Give a mail its outcome."""
        return self.call("POST", f"/{number}/outcome", {"outcome": outcome, "message": message, **more})

    def redirect(self, number: str, organism_id: str) -> Answer:
        """Pass a mail on."""
        return self.close(number, "redirected", "Ailleurs.", redirect_to=organism_id)

    def announce(self, number: str, content: bytes = b"%PDF-1.7 answer", **changes: object) -> Answer:
        """A file of the answer is announced."""
        body = {
            "file_name": "réponse.pdf",
            "media_type": "application/pdf",
            "size": len(content),
            "sha256": sha256(content),
        }
        return self.call("POST", f"/{number}/attachments", body | changes)

    def attach(self, mail: Mail, content: bytes = b"%PDF-1.7 answer", *, scan: str | None = "clean") -> str:
        """A file of the answer is announced, and put as its presigned URL would put it, which moto does not check.

        It is known to be clean by then; where `scan` is None, nothing is known yet.
        """
        attachment_id = put_as_announced(
            self.announce(mail.submitted["number"], content), f"answers/{mail.mail_id}", content
        )
        if scan is not None:
            scanned(mail, attachment_id, scan, "answers")
        return attachment_id


def program(
    service: Service, organism_id: str = "anam", *, scope: str = "mailroom/inbox.read mailroom/inbox.write"
) -> Agent:
    """A program that signed in with its own client, which the table binds to an organism."""
    item = {"pk": {"S": "CLIENT#machine-1"}, "sk": {"S": "CLIENT"}, "organism_id": {"S": organism_id}}
    boto3.client("dynamodb", REGION).put_item(TableName=TABLE, Item=item)
    machine = Agent(service, name="machine-1")
    machine.claims = {"token_use": "access", "client_id": "machine-1", "scope": scope}
    return machine


def scanned(mail: Mail, attachment_id: str, scan: str, where: str = "attachments") -> None:
    """What is written of a file once it was scanned."""
    boto3.client("dynamodb", REGION).update_item(
        TableName=TABLE,
        Key={"pk": {"S": f"MAIL#{mail.mail_id}"}, "sk": {"S": "MAIL"}},
        UpdateExpression=f"SET {where}.#id.#scan = :scan, {where}.#id.scanned_at = :at",
        ExpressionAttributeNames={"#id": attachment_id, "#scan": "scan"},
        ExpressionAttributeValues={":scan": {"S": scan}, ":at": {"S": "2026-11-22T10:15:30.123Z"}},
    )


def mails(service: Service, count: int, organism_id: str = "anam", then: Callable[[Mail], object] | None = None) -> Any:  # noqa: ANN401 - a list; `list` is a method's name above
    """Some submitted mails without files."""
    found = []
    for _ in range(count):
        mail = service.start(organism_id)
        service.write(mail)
        service.identify(mail)
        mail.submitted = service.submit(mail).json
        if then is not None:
            then(mail)
        found.append(mail)
    return found
