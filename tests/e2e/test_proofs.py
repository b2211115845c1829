"""What anyone may keep of a mail, over HTTP: the signed statement, the night's head, and a register that they prove."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jws
from joserfc.jwk import KeySet

from infra.commands.deployed import Deployed
from infra.commands.export_register import exported
from infra.local.local_stack import LocalStack
from infra.local.sender_client import Sent
from mailroom.check.register_command import RegisterVerdict, main
from mailroom.domain.register_number import parse_number

ORGANISM = "commune-rabat"


def test_a_statement_and_a_head_are_signed_by_published_keys_and_prove_the_register(
    stack: LocalStack, api: httpx.Client, in_head: Sent, tmp_path: Path
) -> None:
    number = parse_number(in_head.number)
    assert number is not None
    keys = api.get("/.well-known/jwks.json").json()

    statement = api.get(f"/v1/receipts/{in_head.verification_code}/statement")
    assert statement.headers["Content-Type"] == "application/jose"
    said = _told_by(statement.text, keys)
    assert (said["number"], said["iss"]) == (in_head.number, stack.site_url)

    (newest, *_) = api.get("/v1/register-heads").json()["items"]
    head = api.get(newest["url"]).text
    if _told_by(head, keys)["iat"] + 1 < datetime.fromisoformat(said["submitted_at"]).timestamp():
        # There is one head a day, and it tells of what was there: nothing can be asked of it about a later mail.
        pytest.skip("the night's schedule published the day's head just before this mail")
    (tmp_path / "head.jose").write_text(head)
    (tmp_path / "jwks.json").write_text(json.dumps(keys))
    where = Deployed(session=stack.session(), stage="local", outputs=stack.outputs)
    lines = [f"{line}\n" for line in exported(where, ORGANISM, number.year)][: number.rank]  # others came since
    assert json.loads(lines[-1])["digest"] == said["entry_sha256"]
    export = tmp_path / "register.jsonl"
    line = [str(export), "--keys", str(tmp_path / "jwks.json"), "--heads", str(tmp_path / "head.jose")]
    export.write_text("".join(lines))
    assert main(line) == RegisterVerdict.WHOLE
    export.write_text("".join(lines[:-1]))
    assert main(line) == RegisterVerdict.REWRITTEN


def _told_by(signed: str, keys: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    found = jws.deserialize_compact(signed, KeySet.import_key_set(keys), algorithms=["ES256"])
    told: dict[str, Any] = json.loads(found.payload or b"")
    return told
