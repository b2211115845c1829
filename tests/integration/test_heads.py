"""Each night a signed head says where every register stands; a day that was missed is made up for by the next."""

import hashlib
from typing import Any

import boto3
import pytest
import time_machine
from botocore.exceptions import ClientError

import publish_heads.handler
from mailroom.domain import clock
from tests.integration.test_bad_luck import stored
from tests.support.in_process.metrics import metric
from tests.support.in_process.mishaps import counting, refusing
from tests.support.in_process.service import BUCKET, PUBLIC_URL, REGION, Service, context
from tests.support.in_process.signing import checked, keys_of


def run(day: str, time: str = "02:00:00Z") -> None:
    """The schedule's run of a night."""
    with time_machine.travel(f"{day}T{time}", tick=False):
        publish_heads.handler.handler({}, context())


def head(service: Service, day: str) -> dict[str, Any]:
    answer = service.call("GET", f"/v1/register-heads/{day}")
    assert answer.status == 200, answer.body
    assert answer.headers["Content-Type"] == "application/jose"
    assert "immutable" in answer.headers["Cache-Control"]
    header, payload = checked(answer.body, keys_of(service))
    assert header["typ"] == "register-head+jwt"
    return payload


def sent(service: Service, organism_id: str, at: str) -> dict[str, Any]:
    """A mail sent at that time, and its entry in the register."""
    with time_machine.travel(at, tick=True):
        mail = service.sent(organism_id)
        year = clock.register_year(clock.now())
    entries = service.items(f"REGISTER#{organism_id}#{year}")
    return next(entry for entry in entries if entry.get("number") == mail.submitted["number"])


def test_a_head_names_each_register_with_its_last_entry_and_the_head_before_it(service: Service) -> None:
    sent(service, "anam", "2026-11-20T10:00:00Z")
    run("2026-11-21")
    last, other = sent(service, "anam", "2026-11-21T10:00:00Z"), sent(service, "adm", "2026-11-21T11:00:00Z")
    run("2026-11-22")
    first, second = head(service, "2026-11-21"), head(service, "2026-11-22")
    assert first["previous"] is None
    assert [(one["organism_id"], one["last"]) for one in first["registers"]] == [("anam", 1)]
    before = hashlib.sha256(stored("heads/2026-11-21.jose")).hexdigest()
    assert second == {
        "version": 1,
        "iss": PUBLIC_URL,
        "iat": 1795312800,
        "date": "2026-11-22",
        "previous": {"date": "2026-11-21", "sha256": before},
        "registers": [
            {"organism_id": "adm", "year": 2026, "last": 1, "digest": other["digest"]},
            {"organism_id": "anam", "year": 2026, "last": 2, "digest": last["digest"]},
        ],
    }


def test_a_day_has_one_head_however_often_the_schedule_fires(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    sent(service, "anam", "2026-11-20T10:00:00Z")
    run("2026-11-21")
    signed = stored("heads/2026-11-21.jose")
    sent(service, "anam", "2026-11-21T02:10:00Z")
    with counting() as calls:
        run("2026-11-21", "02:20:00Z")
    assert calls == ["ListObjectsV2"]
    assert stored("heads/2026-11-21.jose") == signed
    assert metric(capsys.readouterr().out, "HeadsFound") == [1.0, 1.0]


def test_of_two_runs_at_once_one_writes_the_head(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one had looked before it was there."""
    sent(service, "anam", "2026-11-20T10:00:00Z")
    run("2026-11-21")
    signed = stored("heads/2026-11-21.jose")
    monkeypatch.setattr("mailroom.register.heads.PublishedHeads.newest", lambda *_, **__: [])
    run("2026-11-21", "02:00:01Z")
    assert stored("heads/2026-11-21.jose") == signed
    assert len(boto3.client("s3", REGION).list_object_versions(Bucket=BUCKET, Prefix="heads/")["Versions"]) == 1


@pytest.mark.parametrize("operation", ["Query", "BatchGetItem", "Sign", "PutObject"])
def test_a_night_that_failed_is_counted_as_none_and_made_up_for(
    service: Service, capsys: pytest.CaptureFixture[str], operation: str
) -> None:
    sent(service, "anam", "2026-11-19T10:00:00Z")
    run("2026-11-20")
    capsys.readouterr()
    with refusing(operation, "ThrottlingException"), pytest.raises(ClientError):
        run("2026-11-21")
    assert metric(capsys.readouterr().out, "HeadsFound") == []
    assert service.call("GET", "/v1/register-heads/2026-11-21").status == 404
    run("2026-11-22")
    assert head(service, "2026-11-22")["previous"]["date"] == "2026-11-20"


def test_januarys_heads_close_the_registers_of_last_year(service: Service) -> None:
    last = sent(service, "anam", "2026-12-31T20:00:00Z")
    first = sent(service, "anam", "2027-01-01T09:00:00Z")
    run("2027-01-02")
    assert [(one["year"], one["digest"]) for one in head(service, "2027-01-02")["registers"]] == [
        (2026, last["digest"]),
        (2027, first["digest"]),
    ]
    run("2027-02-01")
    assert [one["year"] for one in head(service, "2027-02-01")["registers"]] == [2027]
    assert head(service, "2027-02-01")["previous"]["date"] == "2027-01-02"


def test_the_day_is_casablancas(service: Service) -> None:
    """At +01:00, as until September 2026, a run at a quarter to midnight UTC belongs to the next day."""
    run("2026-07-21", "23:45:00Z")
    assert head(service, "2026-07-22")["date"] == "2026-07-22"


@pytest.mark.usefixtures("service")
def test_a_head_is_locked_and_nobody_can_delete_it() -> None:
    run("2026-11-21")
    s3 = boto3.client("s3", REGION)
    (version,) = s3.list_object_versions(Bucket=BUCKET, Prefix="heads/")["Versions"]
    with pytest.raises(s3.exceptions.ClientError, match="AccessDenied"):
        s3.delete_object(Bucket=BUCKET, Key=version["Key"], VersionId=version["VersionId"])


def test_heads_are_listed_newest_first_page_by_page_also_past_new_year(service: Service) -> None:
    days = ["2026-12-30", "2026-12-31", "2027-01-01", "2027-01-03"]
    for day in days:
        run(day)
    with time_machine.travel("2027-01-03T12:00:00Z", tick=False):
        whole = service.call("GET", "/v1/register-heads")
        assert [item["date"] for item in whole.json["items"]] == days[::-1]
        assert whole.json["next_cursor"] is None
        known = service.call("GET", "/v1/register-heads", headers={"If-None-Match": whole.headers["ETag"]})
        assert known.status == 304
        seen, address = [], "/v1/register-heads?limit=1"
        for _ in days:
            page = service.call("GET", address).json
            seen += [item["date"] for item in page["items"]]
            address = f"/v1/register-heads?limit=1&cursor={page['next_cursor']}"
        assert address.endswith("cursor=None")
    assert seen == days[::-1]
    assert service.call("GET", whole.json["items"][0]["url"]).status == 200


def test_a_page_costs_no_more_the_more_heads_there_are(service: Service) -> None:
    for month in range(1, 13):
        run(f"2027-{month:02}-15")
    with time_machine.travel("2027-12-31T12:00:00Z", tick=False), counting() as calls:
        service.call("GET", "/v1/register-heads?limit=3")
    assert calls == ["ListObjectsV2"]


@pytest.mark.parametrize("query", ["cursor=x", "cursor=2026-13-01", "cursor=20261122", "limit=0", "limit=101", "x=1"])
def test_a_wrong_page_is_refused(service: Service, query: str) -> None:
    assert service.call("GET", f"/v1/register-heads?{query}").status == 422


@pytest.mark.parametrize("day", ["2026-11-21", "2026-02-30", "today", "20261122", "..%2Fsubmissions%2Fx"])
def test_a_day_without_a_head_is_404_in_words(service: Service, day: str) -> None:
    answer = service.call("GET", f"/v1/register-heads/{day}")
    assert (answer.status, answer.json["type"]) == (404, "/problems/head-not-found")


def test_more_organisms_than_dynamodb_reads_in_one_call_are_all_in_the_head(service: Service) -> None:
    client = boto3.client("dynamodb", REGION)
    for rank in range(150):
        organism = f"commune-{rank:03}"
        for item in (
            {"pk": "ORGANISM", "sk": organism, "organism_id": organism},
            {"pk": f"REGISTER#{organism}#2026", "sk": "COUNTER", "head": "a" * 64},
        ):
            values: Any = {name: {"S": value} for name, value in item.items()} | {"last": {"N": "1"}}
            client.put_item(TableName="bod", Item=values)
    run("2026-11-21")
    assert len(head(service, "2026-11-21")["registers"]) == 150
