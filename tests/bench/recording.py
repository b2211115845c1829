"""What each route asks of AWS: recorded on moto's AWS, so that it can be answered again without it.

An answer is kept as the bytes that AWS sends. Both rivals, the handler and the bare calls, then ask the same stub
for the same answers. `python -m tests.bench.recording <file>` records in a process of its own, as handlers log.
"""

import copy
import importlib
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import unquote, urlsplit

import boto3
from botocore import xform_name
from botocore.client import BaseClient
from botocore.endpoint import Endpoint
from moto import mock_aws

from mailroom.settings import Settings
from tests.support.in_process.service import BUCKET, CITIZEN, LETTER, REGION, ROOT, Mail, Service, sha256
from tests.support.in_process.stores import create_stores
from tests.support.in_process.user_pool import create_user_pool

PLAN = b"%PDF-1.7 plan"
ORGANISMS = ROOT / "functions/enrol_organisms/organisms.csv"


class RecordingError(Exception):
    """A request was refused: there is nothing to compare."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """One use of a client of boto3: a request to AWS, or an address signed without one."""

    service: str
    operation: str
    """The client's method."""
    parameters: dict[str, Any]
    signs_only: bool
    """Whether it presigns an address and asks nobody."""


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """An answer of AWS, and the request it answers."""

    asked: str
    """As `asked_by` names it."""
    operation: str
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One request to one function that has just started, and all that AWS had to say to it."""

    route: str
    folder: str
    event: dict[str, Any]
    status: int
    calls: list[Call] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)

    @property
    def operations(self) -> list[str]:
        """The requests to AWS, by name."""
        return [exchange.operation for exchange in self.exchanges]


def asked_by(method: str, path: str, target: str) -> str:
    """A name for a request: DynamoDB's and Secrets Manager's operation, S3's method and key."""
    return target or f"{method} {unquote(path).removeprefix(f'/{BUCKET}').strip('/')}"


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """All that was recorded."""

    scenes: list[Scene]
    """Each route's first request after a cold start, in the order of a mail's way."""
    left_out: list[str]
    """Routes of the contract that `_requests` does not know."""
    mail: dict[str, list[str]]
    """The operations of a whole mail, by the function that asks for them, all functions being warm."""


def record(folder: Path) -> Recorded:
    """Record everything anew, by way of a file in `folder`. Raises CalledProcessError."""
    path = folder / "recorded.pickle"
    command = [sys.executable, "-m", "tests.bench.recording", str(path)]
    paths = os.pathsep.join(str(ROOT / name) for name in ("functions", "layers/mailroom/src", "layers/receipt/src"))
    subprocess.run(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": paths}, stdout=subprocess.DEVNULL, check=True)
    recorded: Recorded = pickle.loads(path.read_bytes())  # noqa: S301 - our own
    return recorded


@contextmanager
def service_on_moto() -> Iterator[tuple[Service, Callable[[], None]]]:
    """The service with a directory, on moto's AWS, and what has its functions start again."""
    credentials = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": REGION}
    told = {"POWERTOOLS_METRICS_NAMESPACE": "BureauOrdre", "POWERTOOLS_SERVICE_NAME": "bench"}
    with ExitStack() as undone:
        undone.enter_context(mock.patch.dict(os.environ, credentials | told))
        # Metrics read their namespace when a handler is imported.

        undone.enter_context(mock_aws())
        undone.callback(Settings.reset)
        Settings.reset()
        os.environ |= create_stores() | create_user_pool()
        service = Service()
        service.enrol(ORGANISMS.read_text(encoding="utf-8"))
        yield service, Settings.reset


type Request = tuple[str, str, object, str | None]


def _requests(service: Service) -> Iterator[Request]:
    """Each route's request, on a mail that stands where the route expects it."""
    draft, other = service.ready(), service.ready()
    announced = {"file_name": "plan.pdf", "media_type": "application/pdf", "size": len(PLAN), "sha256": sha256(PLAN)}
    yield "GET", "/v1/organisms", None, None
    yield "GET", "/v1/organisms/anam", None, None
    yield "POST", "/v1/mails", {"organism_id": "anam", "language": "fr"}, None
    yield "PUT", f"/v1/mails/{draft.mail_id}/letter", LETTER, draft.token
    yield "POST", f"/v1/mails/{other.mail_id}/attachments", announced, other.token
    yield "DELETE", f"/v1/mails/{other.mail_id}/attachments/{service.attach(other)}", None, other.token
    yield "PUT", f"/v1/mails/{draft.mail_id}/sender", CITIZEN, draft.token
    yield "POST", f"/v1/mails/{draft.mail_id}/submission", None, draft.token
    yield from _afterwards(service, service.sent())
    for path in ("/v1/health", "/v1/openapi.json", "/v1/nowhere"):
        yield "GET", path, None, None


def _afterwards(service: Service, sent: Mail) -> Iterator[Request]:
    service.receipt_trigger(sent.mail_id)
    service.deliver(_taken(service))
    paper = {name: sent.submitted[name] for name in ("number", "follow_up_code")}
    yield "GET", f"/v1/mails/{sent.mail_id}", None, sent.token
    yield "GET", f"/v1/mails/{sent.mail_id}/receipt", None, sent.token
    yield "POST", "/v1/follow-up", paper, None
    yield "GET", f"/v1/receipts/{sent.submitted['verification_code']}", None, None


def _recorded(service: Service, forget: Callable[[], None], request: Request) -> Scene:
    method, path, body, token = request
    folder, template, _ = service._route(method, path)
    module = importlib.import_module(f"{folder}.handler")
    events: list[dict[str, Any]] = []

    def spy(event: dict[str, Any], context: object) -> dict[str, Any]:
        events.append(copy.deepcopy(event))
        answer: dict[str, Any] = handler(event, context)
        return answer

    handler = module.handler
    forget()
    with mock.patch.object(module, "handler", spy), recording() as (calls, exchanges):
        status = service.call(method, path, body, token=token).status
    if status >= HTTPStatus.BAD_REQUEST and template:
        raise RecordingError(f"{method} {template}: {status}")
    route = f"{method} {template or path}"
    return Scene(route=route, folder=folder, event=events[0], status=status, calls=calls, exchanges=exchanges)


def _whole_mail(service: Service) -> dict[str, list[str]]:
    """One mail with one file to one organism with two addresses, and who asked AWS for what."""
    asked: dict[str, list[str]] = {}

    @contextmanager
    def by(who: str) -> Iterator[None]:
        with recording() as (_, exchanges):
            yield
        asked[who] = [exchange.operation for exchange in exchanges]

    with by("start_mail"):
        mail = service.start()
    with by("write_letter"):
        service.write(mail)
    with by("attach_file"):
        service.attach(mail, PLAN)
    asked["attach_file"].remove("PutObject")  # the sender's own, to the presigned address
    with by("identify_sender"):
        service.identify(mail)
    with by("submit_mail"):
        mail.submitted = service.submit(mail).json
    with by("render_receipt"):
        service.receipt_trigger(mail.mail_id)
    messages = _taken(service)
    with by("send_notification"):
        service.deliver(messages)
    with by("follow_mail"):
        service.call("GET", f"/v1/mails/{mail.mail_id}/receipt", token=mail.token)
    return asked


def _taken(service: Service) -> list[dict[str, Any]]:
    """The waiting messages, gone from the queue, as SQS does once they are delivered."""
    messages = service.queued()
    sqs, queue = boto3.client("sqs", REGION), os.environ["NOTIFICATIONS_QUEUE_URL"]
    for message in messages:
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["receiptHandle"])
    return messages


@contextmanager
def recording() -> Iterator[tuple[list[Call], list[Exchange]]]:
    """Note every use of boto3 and every answer of AWS."""
    calls: list[Call] = []
    exchanges: list[Exchange] = []
    build, send = BaseClient._emit_api_params, Endpoint._do_get_response  # type: ignore[attr-defined]

    def built(client: BaseClient, api_params: dict[str, Any], operation_model: Any, context: Any) -> Any:  # noqa: ANN401
        calls.append(
            Call(
                service=client.meta.service_model.service_name,
                operation=xform_name(operation_model.name),
                parameters=copy.deepcopy(api_params),
                signs_only=bool(context.get("is_presign_request")),
            )
        )
        return build(client, api_params, operation_model, context)

    def sent(endpoint: Endpoint, request: Any, operation_model: Any, context: Any) -> Any:  # noqa: ANN401
        answered = send(endpoint, request, operation_model, context)
        answer = answered[0][0]
        exchanges.append(
            Exchange(
                asked=asked_by(request.method, urlsplit(request.url).path, _target(request.headers)),
                operation=operation_model.name,
                status=answer.status_code,
                headers={str(name): str(value) for name, value in answer.headers.items()},
                # A stream can be read once, and that is the caller's right.
                body=b"" if operation_model.has_streaming_output else answer.content,
            )
        )
        return answered

    with (
        mock.patch.object(BaseClient, "_emit_api_params", built),
        mock.patch.object(Endpoint, "_do_get_response", sent),
    ):
        yield calls, exchanges


def _target(headers: Mapping[str, str | bytes]) -> str:
    value = headers.get("X-Amz-Target", "")
    return value.decode() if isinstance(value, bytes) else value


def _contract() -> set[str]:
    paths = json.loads((ROOT / "infra/openapi.json").read_text(encoding="utf-8"))["paths"]
    return {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}


def main() -> None:
    """Record, and write what was recorded to the file that stands on the command line."""
    with service_on_moto() as (service, forget):
        scenes = [_recorded(service, forget, request) for request in _requests(service)]
        _whole_mail(service)
        left_out = sorted(_contract() - {scene.route for scene in scenes})
        recorded = Recorded(scenes=scenes, left_out=left_out, mail=_whole_mail(service))
    Path(sys.argv[1]).write_bytes(pickle.dumps(recorded))


if __name__ == "__main__":
    # Under its own name, not __main__, so that others can read the classes back.
    importlib.import_module("tests.bench.recording").main()
