"""The receipt that a sender downloads is checked off line, with the files that were sent."""

import json
from pathlib import Path

import httpx
import pytest

from infra.local.local_stack import LocalStack
from infra.local.samples import ORGANISM, a_jpeg, a_pdf
from infra.local.sender_client import SenderClient
from mailroom.check import command
from mailroom.check.findings import ReceiptVerdict


def test_the_receipt_and_its_attachments_are_genuine(
    api: httpx.Client, sender: SenderClient, stack: LocalStack, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    started = sender.start(ORGANISM, "ar")
    sender.write(started)
    files = [a_pdf(), a_jpeg()]
    for file in files:
        sender.attach(started, file)
        (tmp_path / file.name).write_bytes(file.content)
    sender.identify(started)
    sent = sender.submit(started)
    receipt = tmp_path / "receipt.pdf"
    receipt.write_bytes(sender.receipt(sent))
    given = [str(receipt), *(str(tmp_path / file.name) for file in files)]
    capsys.readouterr()

    trusted = [*given, "--trust", str(stack.seal_ca_file), "--json"]
    for name, path in (("jwks.json", "jwks.json"), ("sealers.jose", "receipt-sealers")):
        (tmp_path / name).write_bytes(api.get(f"/.well-known/{path}").content)
    published = ["--sealer", str(tmp_path / "sealers.jose"), "--keys", str(tmp_path / "jwks.json")]
    assert command.main([*trusted, *published]) == 0
    capsys.readouterr()
    assert command.main([*trusted, "--sealer", str(stack.sealer_file)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["record"]["said"]["number"] == sent.number
    assert [file["state"] for file in found["files"]] == ["attachment", "attachment"]
    assert command.main(trusted) == ReceiptVerdict.SEALER_NOT_CHECKED
    assert command.main(given) == ReceiptVerdict.AUTHORITY_NOT_CHECKED
