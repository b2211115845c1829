"""The whole chain in one process: the real handlers on moto's AWS, called as API Gateway, S3 and SQS call them."""

import base64
import hashlib
import importlib
import json
import re
import urllib.parse
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import boto3

ROOT = Path(__file__).parents[3]
REGION: Final = "eu-west-3"
ADDRESS = "203.0.113.7"
"""Whence callers call."""

TABLE, IDEMPOTENCY, BUCKET, SECRET = "bod", "bod-idempotency", "bod-files", "bod-tokens"
WEBHOOKS_SECRET = "bod-webhooks"
FROM = "bureau-ordre@example.org"
CONFIGURATION_SET = "bod-email"
PUBLIC_URL = "https://bod.example.org"
API_HOST = "a1b2c3d4.execute-api.eu-west-3.amazonaws.com"

_CONTRACT = json.loads((ROOT / "infra" / "openapi.json").read_text(encoding="utf-8"))


@dataclass
class Answer:
    """What a caller gets."""

    status: int
    headers: dict[str, str]
    body: str
    cookies: tuple[str, ...] = ()
    """What `Set-Cookie` says, each."""

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever JSON holds
        """The body as JSON."""
        return json.loads(self.body)


def context(name: str = "test") -> Any:  # noqa: ANN401 - Lambda's context has no class of its own
    """What Lambda hands a function beside the event."""
    return SimpleNamespace(
        function_name=name,
        function_version="$LATEST",
        memory_limit_in_mb=256,
        invoked_function_arn=f"arn:aws:lambda:{REGION}:123456789012:function:{name}",
        aws_request_id="3a9d0c7e-0000-4000-8000-000000000001",
        get_remaining_time_in_millis=lambda: 20_000,
    )


@dataclass
class Mail:
    """A mail under way, and the token that opens it."""

    mail_id: str
    token: str
    submitted: dict[str, Any] = field(default_factory=dict)


class Service:
    """The service as its callers see it."""

    stage_variables: dict[str, str] | None = None
    """The variables of the API's stage, which come with every event where there are any."""

    def call(  # noqa: PLR0913 - the parts of a request, all by keyword
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str | None = None,
        claims: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        raw: str | bytes | None = None,
        address: str = ADDRESS,
    ) -> Answer:
        """Send a request as API Gateway hands it to the function that serves the path."""
        route_path, _, query = path.partition("?")
        folder, template, parameters = self._route(method, route_path)
        content = json.dumps(body) if raw is None and body is not None else raw
        # What is not text comes to a function in base64.
        text = base64.b64encode(content).decode() if isinstance(content, bytes) else content
        sent = {"content-type": "application/json"} if text is not None else {}
        if token is not None:
            sent["authorization"] = f"Bearer {token}"
        sent |= {name.lower(): value for name, value in (headers or {}).items()}
        cookies = [each.strip() for each in sent.pop("cookie", "").split(";") if each.strip()]
        pairs = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        event: dict[str, Any] = {
            "version": "2.0",
            "routeKey": f"{method} {template}" if template else "$default",
            "rawPath": route_path,
            "rawQueryString": query,
            "headers": sent,
            "requestContext": {
                "http": {"method": method, "path": route_path, "sourceIp": address},
                "stage": "$default",
                "domainName": API_HOST,
                "requestId": "JKJaXmPLvHcESHA=",
            },
            "isBase64Encoded": isinstance(content, bytes),
        }
        if cookies:
            event["cookies"] = cookies
        if self.stage_variables is not None:
            event["stageVariables"] = self.stage_variables
        if claims is not None:
            event["requestContext"] |= {"authorizer": {"jwt": {"claims": claims, "scopes": None}}}
        if pairs:
            event["queryStringParameters"] = pairs
        if parameters:
            event["pathParameters"] = parameters
        if text is not None:
            event["body"] = text
        answer = importlib.import_module(f"{folder}.handler").handler(event, context(folder))
        assert isinstance(answer["body"], str)
        return Answer(answer["statusCode"], answer["headers"], answer["body"], tuple(answer.get("cookies", ())))

    def _route(self, method: str, path: str) -> tuple[str, str, dict[str, str]]:
        for template, methods in sorted(_CONTRACT["paths"].items()):
            match = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template), path)
            if match and method.lower() in methods:
                folder = methods[method.lower()]["operationId"].partition(".")[0]
                values = {name: urllib.parse.unquote(value) for name, value in match.groupdict().items()}
                return folder, template, values
        return "describe_service", "", {}

    def start(self, organism_id: str = "anam", language: str = "fr") -> Mail:
        """Step 1."""
        started = self.call("POST", "/v1/mails", {"organism_id": organism_id, "language": language})
        assert started.status == 201, started.body
        return Mail(started.json["mail_id"], started.json["access_token"])

    def write(self, mail: Mail, **changes: object) -> Answer:
        """Step 2: the letter."""
        return self.call("PUT", f"/v1/mails/{mail.mail_id}/letter", LETTER | changes, token=mail.token)

    def announce(self, mail: Mail, content: bytes, **changes: object) -> Answer:
        """Step 2: a file is announced."""
        body = {
            "file_name": "plan.pdf",
            "media_type": "application/pdf",
            "size": len(content),
            "sha256": sha256(content),
        } | changes
        return self.call("POST", f"/v1/mails/{mail.mail_id}/attachments", body, token=mail.token)

    def attach(self, mail: Mail, content: bytes = b"%PDF-1.7 plan", **changes: object) -> str:
        """Step 2: a file is announced, and put as its presigned URL would put it, which moto does not check."""
        return put_as_announced(self.announce(mail, content, **changes), f"attachments/{mail.mail_id}", content)

    def identify(self, mail: Mail, sender: dict[str, object] | None = None) -> Answer:
        """Step 3."""
        return self.call("PUT", f"/v1/mails/{mail.mail_id}/sender", sender or CITIZEN, token=mail.token)

    def submit(self, mail: Mail) -> Answer:
        """Step 4."""
        return self.call("POST", f"/v1/mails/{mail.mail_id}/submission", token=mail.token)

    def ready(self, organism_id: str = "anam", language: str = "fr") -> Mail:
        """A draft with all it needs."""
        mail = self.start(organism_id, language)
        assert self.write(mail).status == 200
        self.attach(mail)
        assert self.identify(mail).status == 200
        return mail

    def sent(self, organism_id: str = "anam", language: str = "fr") -> Mail:
        """A submitted mail whose receipt was not made yet."""
        mail = self.ready(organism_id, language)
        answer = self.submit(mail)
        assert answer.status == 201, answer.body
        mail.submitted = answer.json
        return mail

    def receipt_trigger(self, mail_id: str) -> None:
        """What S3 does when a sealed record appears."""
        key = f"submissions/{mail_id}.json"
        event = {"Records": [{"s3": {"bucket": {"name": BUCKET}, "object": {"key": key}}}]}
        importlib.import_module("render_receipt.handler").handler(event, context("render_receipt"))

    def queued(self, name: str = "notifications") -> list[dict[str, Any]]:
        """The messages that wait in a queue, as Lambda's event source would hand them over."""
        sqs = boto3.client("sqs", REGION)
        url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
        records: list[dict[str, Any]] = []
        while True:
            answer = sqs.receive_message(
                QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"], VisibilityTimeout=0
            )
            fresh = [
                message
                for message in answer.get("Messages", [])
                if message["MessageId"] not in {record["messageId"] for record in records}
            ]
            if not fresh:
                return records
            records += [
                {
                    "messageId": message["MessageId"],
                    "receiptHandle": message["ReceiptHandle"],
                    "body": message["Body"],
                    "attributes": {"ApproximateReceiveCount": "1"},
                    "messageAttributes": {
                        name: {"stringValue": value["StringValue"], "dataType": value["DataType"]}
                        for name, value in message.get("MessageAttributes", {}).items()
                    },
                    "eventSource": "aws:sqs",
                    "eventSourceARN": f"arn:aws:sqs:{REGION}:123456789012:{name}",
                    "awsRegion": REGION,
                }
                for message in fresh
            ]

    def deliver(self, records: list[dict[str, Any]]) -> dict[str, Any]:
        """What SQS does with waiting messages; the partial batch answer comes back."""
        handler = importlib.import_module("send_notification.handler").handler
        answer: dict[str, Any] = handler({"Records": records}, context("send_notification"))
        return answer

    def put_organism(self, organism_id: str, body: object, **more: Any) -> Answer:  # noqa: ANN401 - as in `call`
        """What an operator does with one organism."""
        return self.call("PUT", f"/v1/organisms/{organism_id}", body, claims=OPERATOR, **more)

    def enrol(self, csv: str) -> dict[str, Any]:
        """What operators do with a directory."""
        answer: dict[str, Any] = importlib.import_module("enrol_organisms.handler").handler({"csv": csv}, context())
        return answer

    def items(self, pk: str) -> list[dict[str, Any]]:
        """What the table holds in one partition."""
        table = boto3.resource("dynamodb", REGION).Table(TABLE)
        found = table.query(
            KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": pk}, ConsistentRead=True
        )
        return list(found["Items"])


def put_as_announced(announced: Answer, folder: str, content: bytes) -> str:
    """Put a file as the announcement's address would, which moto does not check; the file's id."""
    assert announced.status == 201, announced.body
    upload = announced.json["upload"]["headers"]
    attachment_id: str = announced.json["attachment_id"]
    boto3.client("s3", REGION).put_object(
        Bucket=BUCKET,
        Key=f"{folder}/{attachment_id}",
        Body=content,
        ContentType=upload["Content-Type"],
        ContentDisposition=upload["Content-Disposition"],
        ChecksumAlgorithm="SHA256",
        ChecksumSHA256=upload["x-amz-checksum-sha256"],
        Tagging=upload["x-amz-tagging"],
    )
    return attachment_id


def sha256(content: bytes) -> str:
    """Digest in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def base64_sha256(content: bytes) -> str:
    """Digest as S3 writes it."""
    return base64.b64encode(bytes.fromhex(sha256(content))).decode()


OPERATOR: Final = {"token_use": "id", "cognito:username": "youssef", "cognito:groups": "[operators]"}

NEW_ORGANISM: dict[str, Any] = {
    "code": "CNDP",
    "category": "public_establishment",
    "name": {"fr": "Commission nationale", "ar": "اللجنة الوطنية"},
    "city": "Rabat",
    "status": "active",
    "alerts": {"emails": ["desk@cndp.example"], "phones": ["0612345678"]},
    "accepts": {"national_id": True, "max_attachments": 5, "max_attachment_bytes": 1000},
    "language": "ar",
}

TEST_ORGANISM: dict[str, Any] = {
    "code": "ESSAI",
    "category": "public_establishment",
    "name": {"fr": "Organisme d'essai", "ar": "هيئة تجريبية"},
    "alerts": {"emails": ["success@simulator.amazonses.com"]},
    "is_test": True,
}

LETTER: dict[str, object] = {
    "kind": "request",
    "subject": "Demande d'attestation — طلب شهادة رقم 45/2026",
    "body": "Bonjour,\n\nأطلب منكم تسليمي الشهادة.\n",
    "reference": "REF-45",
    "dated": "2026-11-20",
}

CITIZEN: dict[str, object] = {
    "kind": "citizen",
    "first_name": "Amina",
    "last_name": "العلوي",
    "email": "amina.alaoui@exemple.ma",
    "phone": "0612345678",
    "sms": True,
    "privacy_notice_version": "1",
}
