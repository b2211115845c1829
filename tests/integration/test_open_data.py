"""Open data: computed once for each quarter, and handed out to anyone."""

import csv
import io
import json
from typing import Any

import boto3
import pytest
import time_machine
from botocore.exceptions import ClientError

import publish_open_data.handler
from tests.support.in_process.filled_register import fill
from tests.support.in_process.mishaps import counting, refusing
from tests.support.in_process.service import BUCKET, REGION, TABLE, Answer, Service, context

NOT_YET, DUE = "2026-04-30T03:10:00Z", "2026-05-02T03:10:00Z"
"""`fill` writes into March: the first quarter, which is due 30 days after its end."""


def run(at: str = DUE) -> None:
    """The schedule's run of a night."""
    with time_machine.travel(at, tick=False):
        publish_open_data.handler.handler({}, context())


def read(service: Service, query: str = "", **more: Any) -> Answer:  # noqa: ANN401 - as of `Service.call`
    return service.call("GET", f"/v1/open-data{query}", **more)


def of(answer: Answer, organism_id: str) -> Any:  # noqa: ANN401 - an answer's part
    return next(one for one in answer.json["organisms"] if one["organism_id"] == organism_id)


def settle(rank: int, **attributes: str) -> None:
    """Change an entry of anam's register."""
    boto3.client("dynamodb", REGION).update_item(
        TableName=TABLE,
        Key={"pk": {"S": "REGISTER#anam#2026"}, "sk": {"S": f"ENTRY#{rank:09d}"}},
        UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in attributes),
        ExpressionAttributeNames={f"#{name}": name for name in attributes},
        ExpressionAttributeValues={f":{name}": {"S": value} for name, value in attributes.items()},
    )


def test_before_the_first_quarter_the_answer_is_empty(service: Service) -> None:
    answer = read(service)
    assert (answer.status, answer.json) == (200, {"period": None, "quarters": [], "organisms": []})
    assert read(service, ".csv").status == 200


def test_anyone_reads_counts_and_medians_of_each_organism_and_nothing_of_a_person(service: Service) -> None:
    fill(25)
    fill(9, "adm")
    for rank in range(1, 13):
        settle(rank, status="answered", channel="counter", collected_at="2026-03-02T08:00:00.000Z")
    run()
    answer = read(service)
    assert answer.json["period"] == {"quarter": "2026-Q1", "from": "2026-01-01", "to": "2026-03-31"}
    assert answer.json["quarters"] == ["2026-Q1"]
    assert of(answer, "anam") == {
        "organism_id": "anam",
        "name": of(answer, "anam")["name"],
        "received": {"total": 25, "online": 13, "counter": 12},
        "answered": 12,
        "median_hours_to_collection": 24,
        "median_hours_to_outcome": None,
    }
    assert of(answer, "adm")["received"] == {"total": None, "online": None, "counter": None}
    names = [one["name"]["fr"] for one in answer.json["organisms"]]
    assert names == sorted(names)
    for personal in ("A B", "Objet", "mail-1"):
        assert personal not in answer.body


def test_a_quarter_is_published_when_it_has_settled_and_never_changes(service: Service) -> None:
    fill(25)
    run(NOT_YET)
    assert "2026-Q1" not in read(service).json["quarters"]
    run()
    first = read(service)
    for rank in range(1, 26):
        settle(rank, status="answered")
    fill(5, first=26)
    for night in ("2026-05-03T03:10:00Z", "2026-06-30T03:10:00Z"):
        run(night)
    assert read(service, "?quarter=2026-Q1").json["organisms"] == first.json["organisms"]


def test_a_test_organism_is_left_out(service: Service) -> None:
    boto3.client("dynamodb", REGION).update_item(
        TableName=TABLE,
        Key={"pk": {"S": "ORGANISM"}, "sk": {"S": "adm"}},
        UpdateExpression="SET is_test = :true",
        ExpressionAttributeValues={":true": {"BOOL": True}},
    )
    run()
    assert "adm" not in {one["organism_id"] for one in read(service).json["organisms"]}


def test_a_later_quarter_is_the_one_shown_and_the_earlier_stays(service: Service) -> None:
    fill(25)
    run()
    run("2026-08-02T03:10:00Z")
    newest = read(service).json
    assert (newest["period"]["quarter"], newest["quarters"]) == ("2026-Q2", ["2026-Q2", "2026-Q1"])
    assert of(read(service, "?quarter=2026-Q1"), "anam")["received"]["total"] == 25


@pytest.mark.parametrize(
    ("quarter", "status", "slug"),
    [
        ("2025-Q4", 404, "open-data-not-found"),
        ("9999-Q4", 404, "open-data-not-found"),
        ("2026", 422, "fields-wrong"),
        ("..%2Fslips%2Fx", 422, "fields-wrong"),
    ],
)
def test_another_quarter_is_refused_in_words(service: Service, quarter: str, status: int, slug: str) -> None:
    run()
    for form in ("", ".csv"):
        refused = read(service, f"{form}?quarter={quarter}", headers={"accept-language": "ar"})
        assert (refused.status, refused.json["type"]) == (status, f"/problems/{slug}")


@pytest.mark.parametrize("form", ["", ".csv"])
def test_the_answer_may_be_kept_and_asked_for_by_its_tag(service: Service, form: str) -> None:
    run()
    answer = read(service, form)
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    again = read(service, form, headers={"if-none-match": answer.headers["ETag"]})
    assert (again.status, again.body) == (304, "")


def test_the_csv_holds_the_same_for_a_spreadsheet(service: Service) -> None:
    fill(25)
    boto3.client("dynamodb", REGION).update_item(
        TableName=TABLE,
        Key={"pk": {"S": "ORGANISM"}, "sk": {"S": "adm"}},
        UpdateExpression="SET #name.fr = :formula",
        ExpressionAttributeNames={"#name": "name"},
        ExpressionAttributeValues={":formula": {"S": "=HYPERLINK(1)"}},
    )
    run()
    answer, data = read(service, ".csv"), read(service).json
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="open-data-2026-Q1.csv"'
    assert answer.body.startswith("\ufeff")
    header, *rows = list(csv.reader(io.StringIO(answer.body.removeprefix("\ufeff"))))
    assert all(" / " in name for name in header)
    assert [row[3] for row in rows] == [one["organism_id"] for one in data["organisms"]]
    anam = next(row for row in rows if row[3] == "anam")
    assert anam[:3] == ["2026-Q1", "2026-01-01", "2026-03-31"]
    assert anam[6:] == ["25", "", "", "", "", ""]
    assert next(row for row in rows if row[3] == "adm")[4] == "'=HYPERLINK(1)"


def test_a_run_that_fails_publishes_nothing_and_the_next_one_does_it(service: Service) -> None:
    fill(25)
    with refusing("PutObject", "SlowDown"), pytest.raises(ClientError):
        run()
    assert read(service).json["quarters"] == []
    run()
    assert read(service).json["quarters"] == ["2026-Q1"]


@pytest.mark.usefixtures("service")
def test_two_runs_at_once_publish_one_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one finds none, as the first has not written yet, and its own is refused by the bucket."""
    run()
    kept = boto3.client("s3", REGION).get_object(Bucket=BUCKET, Key="open_data/2026-Q1.json")["Body"].read()
    monkeypatch.setattr("mailroom.register.open_data_editions.Editions.names", lambda _: [])
    fill(25)
    run()
    monkeypatch.undo()
    now = boto3.client("s3", REGION).get_object(Bucket=BUCKET, Key="open_data/2026-Q1.json")["Body"].read()
    assert json.loads(now) == json.loads(kept)


@pytest.mark.usefixtures("service")
def test_a_night_without_a_new_quarter_reads_no_register() -> None:
    run()
    with counting() as calls:
        run()
    assert calls == ["ListObjectsV2"]
