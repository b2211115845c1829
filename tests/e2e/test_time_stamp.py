"""The local stage names an authority of its own: receipts bear a real time stamp, and the check says so."""

import json
from pathlib import Path

import pytest

from infra.local.local_stack import LocalStack
from infra.local.samples import ORGANISM
from infra.local.sender_client import SenderClient
from mailroom.check import command


def test_the_time_of_a_receipt_is_proven_to_whoever_trusts_the_test_authority(
    sender: SenderClient, stack: LocalStack, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """At once, or, where this machine was too busy for that, when the schedule has run."""
    draft = sender.start(ORGANISM, "fr")
    sender.write(draft)
    sender.identify(draft)
    sent = sender.submit(draft)
    sender.receipt(sent)
    done = stack.session().client("lambda").invoke(FunctionName="bureau-ordre-local-stamp-receipts")
    assert done["Payload"].read() == b"null"
    file = tmp_path / "receipt.pdf"
    file.write_bytes(sender.receipt(sent))
    capsys.readouterr()
    known = ["--trust", str(stack.seal_ca_file), "--sealer", str(stack.sealer_file)]
    assert command.main([str(file), *known, "--json"]) == 0
    seal = json.loads(capsys.readouterr().out)["seal"]
    assert seal["integrity"] == "intact"
    assert seal["time"]["proof"] == "proven"
    assert "Horodateur de test (local)" in seal["time"]["authority"]
