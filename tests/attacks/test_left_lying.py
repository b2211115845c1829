"""What lies about: on a shared machine, in a browser's cache, in logs, in addresses."""

import subprocess
import sys
import urllib.parse
from pathlib import Path

import pytest

from infra.commands import local_run
from infra.local.mail_catcher import receiving
from infra.local.masked_log import keep_masked, masked
from infra.local.place import ANY_PORTS, free_ports
from infra.paths import private
from infra.stage import Stage, stage_names
from tests.support.in_process.service import Service


def modes(path: Path) -> str:
    return oct(path.stat().st_mode & 0o777)


def test_a_receipt_in_a_shared_machines_cache(service: Service) -> None:
    """The next customer of a cybercafé wants the receipt of the one before out of the browser's cache."""
    mail = service.sent()
    service.receipt_trigger(mail.mail_id)
    answer = service.call("GET", f"/v1/mails/{mail.mail_id}/receipt", token=mail.token)
    assert answer.headers["Cache-Control"] == "no-store"
    asked = urllib.parse.parse_qs(urllib.parse.urlsplit(answer.json["url"]).query)
    assert asked["response-cache-control"] == ["no-store"]


@pytest.mark.parametrize("stage", stage_names())
def test_the_buckets_name_does_not_name_the_account(stage: str) -> None:
    """A stranger with an address to upload to wants the account's number, which is half of an ARN."""
    name = Stage.load(stage).files_bucket
    assert name.isascii()
    assert not any(part.isdigit() and len(part) >= 12 for part in name.split("-"))
    assert "${" not in name, "nothing that is filled in at deployment"
    assert len({Stage.load(each).files_bucket for each in stage_names()}) == len(stage_names())


def test_another_user_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another user of the developer's machine wants the local cloud's passwords, tokens and e-mails."""
    local = tmp_path / "local"
    local.mkdir(mode=0o755)
    monkeypatch.setattr(local_run, "LOCAL", local)
    monkeypatch.setattr(local_run, "_LOCK", local / "run.pid")
    with local_run.only_one():
        assert modes(local) == "0o700", "a folder that was open before is closed"
    assert modes(private(local / "cloud" / "emails")) == "0o700"


def test_another_user_of_this_machine_and_the_e_mails(tmp_path: Path) -> None:
    """Another user of the developer's machine wants to read the e-mails that went out."""
    with receiving(tmp_path / "emails", free_ports(ANY_PORTS).smtp):
        assert modes(tmp_path / "emails") == "0o700"


LINES = [
    ("SES SendEmail to fatima.zahra@usager.example: ok", "SES SendEmail to *: ok"),
    ("to=['agent@anam.example.org', 'x+y@a-b.example.ma']", "to=['*', '*']"),
    ("SMS to +212661234567 queued", "SMS to * queued"),
    ("GET /messages?to=fatima%40usager.example&phone=%2B212661234567 200", "GET /messages?to=*&phone=* 200"),
    ("00212661234567 and 0661234567", "* and *"),
    ("Amina <amina@example.ma>", "Amina <*>"),
]
PLAIN = [
    "POST /2015-03-31/functions/bureau-ordre-local-submit-mail/invocations 200 0.061",
    "arn:aws:sqs:eu-west-3:000000000000:bureau-ordre-local-notifications",
    "aws-cdk@2.1148.1 0199a0e2-6a0b-7c55-9e0f-0b6d7f3f8a11 1795342530123",
]


def test_addresses_in_the_local_clouds_log(tmp_path: Path) -> None:
    """Whoever is sent the local cloud's log, to see what went wrong, wants the addresses in it."""
    said = "".join(f"{line}\n" for line, _ in LINES) + "".join(f"{line}\n" for line in PLAIN)
    process = subprocess.Popen([sys.executable, "-c", f"print({said!r}, end='')"], stdout=subprocess.PIPE)
    keep_masked(process, tmp_path / "cloud.log").join(30)
    process.wait()
    assert (tmp_path / "cloud.log").read_text().splitlines() == [*(told for _, told in LINES), *PLAIN]
    assert modes(tmp_path / "cloud.log") == "0o600"
    assert masked(b"") == b""
