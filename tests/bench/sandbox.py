"""One Lambda's sandbox: a fresh interpreter that sees the function's own asset and its layers.

Run as a script under the interpreter that the local cloud gives its functions: `python sandbox.py <order>`, the order
as JSON. It imports nothing of this project but what the function can import in Lambda, and writes its figures as JSON.
Nothing is imported in advance that either rival needs, and no bytecode is written: in Lambda neither could be.
"""

import json
import os
import pickle
import sys
import time
from types import SimpleNamespace
from typing import Any

type Figures = dict[str, Any]
type Calls = list[tuple[str, str, dict[str, Any], bool]]

_CLOCK = time.perf_counter_ns
_CPU = time.process_time_ns


def main() -> None:
    """Carry out the order that stands on the command line."""
    order = json.loads(sys.argv[1])
    sys.path[:1] = order["path"]  # instead of this script's own folder
    with open(order["scene"], "rb") as file:  # noqa: PTH123 - pathlib would be imported in advance, for one rival alone
        event, calls = pickle.load(file)  # noqa: S301 - our own
    answers = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is logged costs what it costs, and is not shown
    figures = {"handler": _cold_handler, "bare": _cold_bare, "warm": _warm}[order["what"]](order, event, calls)
    os.write(answers, json.dumps(figures).encode())


def _cold_handler(order: dict[str, Any], event: dict[str, Any], _calls: Calls) -> Figures:
    started, worked = _CLOCK(), _CPU()
    handler = _handler(order)
    imported = _CLOCK()
    answer = handler(event, _context(order))
    took = {"import": imported - started, "total": _CLOCK() - started, "cpu": _CPU() - worked}
    return {**took, "status": answer["statusCode"]}


def _cold_bare(order: dict[str, Any], event: dict[str, Any], calls: Calls) -> Figures:
    started, worked = _CLOCK(), _CPU()
    import boto3  # noqa: F401, PLC0415 - what is measured
    from pydantic import BaseModel  # noqa: F401, PLC0415 - what is measured

    imported = _CLOCK()
    _Bare(calls)(event, _context(order))
    took = {"import": imported - started, "total": _CLOCK() - started, "cpu": _CPU() - worked}
    return {**took, "status": order["status"]}


def _warm(order: dict[str, Any], event: dict[str, Any], _calls: Calls) -> Figures:
    """Handler and bare calls in turns, after a first request each."""
    handler = _handler(order)
    context = _context(order)
    handler(event, context)
    calls = _calls_of(lambda: handler(event, context))
    bare = _Bare(calls)
    bare(event, context)
    figures: dict[str, list[int]] = {"handler": [], "bare": []}
    for _ in range(order["rounds"]):
        for name, run in (("handler", handler), ("bare", bare)):
            started = _CLOCK()
            run(event, context)
            figures[name].append(_CLOCK() - started)
    status = handler(event, context)["statusCode"]
    return {**figures, "status": status, "operations": [operation for _, operation, _, signs in calls if not signs]}


class _Bare:
    """The calls of boto3 that a handler makes, and nothing else."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._methods: dict[tuple[str, str], Any] = {}
        self._clients: dict[str, Any] = {}

    def __call__(self, _event: object, _context: object) -> None:
        for service, operation, parameters, signs_only in self._calls:
            client = self._clients.get(service) or self._client(service)
            if signs_only:
                client.generate_presigned_url(operation, Params=parameters, ExpiresIn=900)
            else:
                getattr(client, operation)(**parameters)

    def _client(self, service: str) -> Any:  # noqa: ANN401 - boto3's clients are made at run time
        import boto3  # noqa: PLC0415 - by now it was imported
        from botocore.config import Config  # noqa: PLC0415 - the same

        # The one setting that changes what presigning costs.
        config = Config(signature_version="s3v4") if service == "s3" else None
        make: Any = boto3.client
        self._clients[service] = make(service, config=config)
        return self._clients[service]


def _handler(order: dict[str, Any]) -> Any:  # noqa: ANN401 - any handler
    import importlib  # noqa: PLC0415 - boto3 needs it too: for neither rival in advance

    return importlib.import_module(f"{order['folder']}.handler").handler


def _calls_of(run: Any) -> Calls:  # noqa: ANN401 - any callable
    """What `run` asks of boto3."""
    from botocore import xform_name  # noqa: PLC0415 - not in advance
    from botocore.client import BaseClient  # noqa: PLC0415 - the same

    calls: Calls = []
    build = BaseClient._emit_api_params  # type: ignore[attr-defined]

    def built(client: Any, api_params: Any, operation_model: Any, context: Any) -> Any:  # noqa: ANN401
        service = client.meta.service_model.service_name
        signs_only = bool(context.get("is_presign_request"))
        calls.append((service, xform_name(operation_model.name), dict(api_params), signs_only))
        return build(client, api_params, operation_model, context)

    BaseClient._emit_api_params = built  # type: ignore[attr-defined]
    try:
        run()
    finally:
        BaseClient._emit_api_params = build  # type: ignore[attr-defined]
    return calls


def _context(order: dict[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(
        function_name=order["folder"],
        function_version="$LATEST",
        memory_limit_in_mb=1024,
        invoked_function_arn="arn:aws:lambda:eu-west-3:123456789012:function:bench",
        aws_request_id="3a9d0c7e-0000-4000-8000-000000000001",
        get_remaining_time_in_millis=lambda: 20_000,
    )


if __name__ == "__main__":
    main()
