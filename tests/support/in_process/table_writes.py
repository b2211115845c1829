"""What functions write to the table while they run in this process: the data model is held to it."""

import json
import re
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, NamedTuple

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.responses import DynamoHandler

from mailroom.storage.schema import ITEMS, ItemKind
from mailroom.storage.waits import WAITS
from tests.support.in_process.service import ROOT, TABLE

_FUNCTIONS = f"{ROOT / 'functions'}/"
_COMMANDS = "make:"
"""What operators do by commands begins so."""


class Write(NamedTuple):
    """One write of a function: the key, and each attribute that is another one now; None stands for no attribute."""

    function: str
    pk: str
    sk: str
    changed: dict[str, tuple[object, object]]


def record(handler: DynamoHandler, carry_out: Callable[[DynamoHandler], object], written: list[Write]) -> object:
    """Carry out a call to the table, and add to `written` what a function changed by it."""
    function = _calling_function()
    keys = list(_written_keys(json.loads(handler.body))) if function else []
    before = [_stored(handler.dynamodb_backend, key) for key in keys]
    answer = carry_out(handler)
    for key, old in zip(keys, before, strict=True):
        new = _stored(handler.dynamodb_backend, key)
        changed = {name: (old.get(name), new.get(name)) for name in old | new if old.get(name) != new.get(name)}
        if function and changed:
            written.append(Write(function, *key, changed))
    return answer


def kind_of(pk: str, sk: str) -> ItemKind:
    """The one kind of item that stands under such a key."""
    (kind,) = [kind for kind in ITEMS if _fits(kind.pk, pk) and _fits(kind.sk, sk)]
    return kind


SEEN_ELSEWHERE = {
    "send_notification writes ORGANISM <organism_id>": "unit/test_send_notification_refused.py",
    "send_notification writes CAP#REFUSED <day>#<organism_id>#<channel>#<cap>": "attacks/test_messages_to_others.py",
}
"""What the data model claims and other tests than the integration tests show."""


def claims() -> set[str]:
    """All that the data model says of functions."""
    written = {f"{function} writes {kind.pk} {kind.sk}" for kind in ITEMS for function in kind.written_by.split()}
    ended = {f"{function} ends {state}" for state, wait in WAITS.items() for function in wait.ended_by.split()}
    begun = {f"{function} sets {state}" for state, wait in WAITS.items() for function in wait.set_by.split()}
    return {claim for claim in written | ended | begun if not claim.startswith(_COMMANDS)}


def done_by(write: Write) -> set[str]:
    """What a write does, in the words of `claims`."""
    kind = kind_of(write.pk, write.sk)
    done = {f"{write.function} writes {kind.pk} {kind.sk}"}
    was, waits = write.changed.get("waiting", (None, None))
    if was:
        done.add(f"{write.function} ends {was}")
    if waits:
        done.add(f"{write.function} sets {waits}")
    return done


def astray(write: Write) -> set[str]:
    """What a write does that the data model does not say."""
    kind = kind_of(write.pk, write.sk)
    known = {"pk", "sk", *kind.attributes.split()}
    unknown = {name for name in write.changed if not any(_fits(attribute, name) for attribute in known)}
    return (done_by(write) - claims()) | {f"{kind.pk} {kind.sk} has no attribute {name}" for name in unknown}


def _fits(pattern: str, text: str) -> bool:
    parts = (
        re.escape(part) if position % 2 == 0 else "[^#]+" for position, part in enumerate(re.split("<(.+?)>", pattern))
    )
    return re.fullmatch("".join(parts), text) is not None


def _calling_function() -> str | None:
    """The function in whose code the call began, in this thread or in the main one, which then waits for this one.

    None where a test makes the call itself.
    """
    main = sys._current_frames().get(threading.main_thread().ident or 0)
    return _function_in(sys._getframe()) or _function_in(main)


def _function_in(frame: FrameType | None) -> str | None:
    while frame and not frame.f_code.co_filename.startswith(_FUNCTIONS):
        frame = frame.f_back
    return frame.f_code.co_filename.removeprefix(_FUNCTIONS).partition("/")[0] if frame else None


def _written_keys(body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if "TransactItems" in body:
        for write in body["TransactItems"]:
            yield from (
                key for action, each in write.items() if action != "ConditionCheck" for key in _written_keys(each)
            )
    elif body.get("TableName") == TABLE and ("Item" in body or "Key" in body):
        key = body.get("Item") or body["Key"]
        yield key["pk"]["S"], key["sk"]["S"]


def _stored(backend: DynamoDBBackend, key: tuple[str, str]) -> dict[str, object]:
    pk, sk = ({"S": part} for part in key)
    item = backend.get_item(TABLE, {"pk": pk, "sk": sk})
    return {name: next(iter(value.values())) for name, value in item.to_json()["Attributes"].items()} if item else {}
