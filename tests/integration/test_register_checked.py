"""From the register to whoever checks it: export, heads and keys as the service gives them, off line from there on."""

import json
from pathlib import Path

import boto3
import pytest

from infra.commands.deployed import Deployed
from infra.commands.export_register import exported
from mailroom.check.register_command import RegisterVerdict, main
from mailroom.domain import clock
from tests.integration.test_heads import run, sent
from tests.support.in_process.agents import Agent
from tests.support.in_process.clients import session
from tests.support.in_process.service import REGION, TABLE, Service

ENTRY = {"pk": "REGISTER#anam#2026", "sk": "ENTRY#000000002"}


@pytest.fixture
def year(service: Service) -> Service:
    """Three mails, a head after the second and one after the third."""
    for day in ("2026-11-20", "2026-11-21", "2026-11-22"):
        sent(service, "anam", f"{day}T10:00:00Z")
        if day != "2026-11-20":
            run(day, "12:00:00Z")
    return service


def kept(service: Service, folder: Path, organism_id: str = "anam") -> list[str]:
    """What anyone has to keep, in files, as a command line."""
    where = Deployed(session=session(REGION), stage="test", outputs={"TableName": TABLE})
    (folder / "register.jsonl").write_text("".join(f"{line}\n" for line in exported(where, organism_id, 2026)))
    (folder / "jwks.json").write_text(service.call("GET", "/.well-known/jwks.json").body)
    heads = []
    for item in service.call("GET", "/v1/register-heads").json["items"]:
        heads.append(str(folder / f"{item['date']}.jose"))
        Path(heads[-1]).write_text(service.call("GET", item["url"]).body)
    return [str(folder / "register.jsonl"), "--keys", str(folder / "jwks.json"), "--heads", *heads, "--json"]


def test_a_register_that_was_kept_as_it_should_is_whole(
    year: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(kept(year, tmp_path)) == RegisterVerdict.WHOLE
    answer = json.loads(capsys.readouterr().out)
    assert (answer["entries"], answer["proven"], answer["heads"]) == (3, 3, 2)


def test_an_export_holds_digests_and_nothing_of_a_person(year: Service, tmp_path: Path) -> None:
    kept(year, tmp_path)
    for line in (tmp_path / "register.jsonl").read_text().splitlines():
        assert set(json.loads(line)) == {
            "version", "organism_id", "year", "rank", "number", "record_sha256", "previous", "digest",
        }  # fmt: skip


def test_a_register_is_whole_when_a_mail_was_erased(year: Service, tmp_path: Path) -> None:
    """By retention: the mail and all of its entry that tells of a person; a redirected one stands in both registers."""
    table = boto3.resource("dynamodb", REGION).Table(TABLE)
    (entry,) = [item for item in year.items(ENTRY["pk"]) if item["sk"] == ENTRY["sk"]]
    for item in year.items(f"MAIL#{entry['mail_id']}"):
        table.delete_item(Key={"pk": item["pk"], "sk": item["sk"]})
    left = {"pk", "sk", "organism_id", "number", "record_sha256", "previous", "digest"}
    table.put_item(Item={name: value for name, value in entry.items() if name in left})
    assert main(kept(year, tmp_path)) == RegisterVerdict.WHOLE


def test_whoever_has_all_rights_to_the_table_can_not_rewrite_what_a_head_attests(
    year: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = boto3.resource("dynamodb", REGION).Table(TABLE)
    table.update_item(
        Key=ENTRY, UpdateExpression="SET record_sha256 = :other", ExpressionAttributeValues={":other": "f" * 64}
    )
    assert main(kept(year, tmp_path)) == RegisterVerdict.REWRITTEN
    assert json.loads(capsys.readouterr().out)["rewritten"] == [{"what": "entry_altered", "rank": "2"}]
    table.delete_item(Key=ENTRY)
    assert main(kept(year, tmp_path)) == RegisterVerdict.REWRITTEN


def test_a_redirected_mail_is_chained_in_the_other_register_too(service: Service, tmp_path: Path) -> None:
    mail = service.sent()
    assert Agent(service).redirect(mail.submitted["number"], "adm").status == 201
    today = clock.in_casablanca(clock.now()).date().isoformat()
    run(today, f"{clock.now():%H:%M:%S}Z")
    assert main(kept(service, tmp_path, "adm")) == RegisterVerdict.WHOLE


def test_the_statement_on_a_receipt_names_the_entry_that_is_chained(year: Service) -> None:
    mail = year.sent()
    said = year.call("GET", f"/v1/receipts/{mail.submitted['verification_code']}").json
    rank = int(mail.submitted["number"].rpartition("-")[2])
    (entry,) = [
        item for item in year.items(f"REGISTER#anam#{clock.register_year(clock.now())}")
        if item["sk"] == f"ENTRY#{rank:09d}"
    ]  # fmt: skip
    assert said["entry_sha256"] == entry["digest"]
