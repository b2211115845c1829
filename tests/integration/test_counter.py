"""The counter: an agent enters a mail that was handed in on paper, in the same register as every other."""

import io
import json
from pathlib import Path
from typing import Any

import boto3
import pikepdf
import pytest
import time_machine

from mailroom.check.command import main as check_receipt
from mailroom.check.register_command import RegisterVerdict
from mailroom.check.register_command import main as check_register
from tests.integration.test_heads import run as publish_head
from tests.integration.test_register_checked import kept as register_kept
from tests.support.in_process.agents import Agent, program
from tests.support.in_process.scanning import Listening
from tests.support.in_process.service import BUCKET, CITIZEN, OPERATOR, REGION, TABLE, Answer, Mail, Service

NO_CONTACT: dict[str, object] = {"kind": "citizen", "last_name": "العلوي", "privacy_notice_version": "1"}
SENDERS: dict[str, dict[str, object]] = {
    "citizen": NO_CONTACT,
    "enterprise": {
        "kind": "enterprise",
        "legal_name": "Atlas SARL",
        "ice": "001531097000035",
        "contact_name": "Amina",
        "privacy_notice_version": "1",
    },
    "administration": {
        "kind": "administration",
        "name": "Commune de Rabat",
        "service": "Courrier",
        "contact_name": "Amina",
        "privacy_notice_version": "1",
    },
    "association": {
        "kind": "association",
        "name": "Amal",
        "contact_name": "Amina",
        "privacy_notice_version": "1",
    },
}


@pytest.fixture
def operators(service: Service, monkeypatch: pytest.MonkeyPatch) -> Listening:  # noqa: ARG001 - its AWS
    listening = Listening()
    monkeypatch.setenv("OPERATORS_TOPIC_ARN", listening.topic_arn)
    return listening


def enter(agent: Agent, body: object | None = None) -> Answer:
    return agent.call("POST", "/counter", {"language": "fr"} if body is None else body)


def entered(agent: Agent, sender: dict[str, object] | None = None) -> Mail:
    """A mail of the counter, sent, its receipt made and its first messages gone."""
    answer = enter(agent)
    assert answer.status == 201, answer.body
    mail, service = Mail(answer.json["mail_id"], answer.json["access_token"]), agent.service
    assert service.write(mail).status == 200
    service.attach(mail, file_name="scan.pdf")
    identified = service.identify(mail, sender or NO_CONTACT)
    assert identified.status == 200, identified.body
    submitted = service.submit(mail)
    assert submitted.status == 201, submitted.body
    mail.submitted = submitted.json
    service.receipt_trigger(mail.mail_id)
    assert service.deliver(service.queued()) == {"batchItemFailures": []}
    return mail


def stored(key: str) -> bytes:
    return boto3.client("s3", REGION).get_object(Bucket=BUCKET, Key=key)["Body"].read()


def events(history: list[dict[str, Any]]) -> list[str]:
    return [each["event"] for each in history]


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_an_agent_enters_a_mail_at_the_organism_of_the_token(service: Service, language: str) -> None:
    """The answer is that of `POST /v1/mails`, to the letter."""
    answer = enter(Agent(service), {"language": language})
    online = service.call("POST", "/v1/mails", {"organism_id": "anam", "language": language})
    assert answer.status == online.status == 201
    assert answer.json.keys() == online.json.keys()
    assert answer.headers["Location"] == f"/v1/mails/{answer.json['mail_id']}"
    assert (answer.json["status"], answer.json["organism"]["organism_id"]) == ("draft", "anam")
    draft = service.call("GET", f"/v1/mails/{answer.json['mail_id']}", token=answer.json["access_token"]).json
    assert (draft["channel"], draft["language"]) == ("counter", language)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "language"),
        ({"language": "de"}, "language"),
        ({"language": None}, "language"),
        ({"language": "fr", "organism_id": "adm"}, "organism_id"),
        ({"language": "fr", "channel": "online"}, "channel"),
        ({"language": "fr", "entered_by": "somebody"}, "entered_by"),
    ],
)
def test_a_wrong_body_is_refused_and_nothing_is_written(service: Service, body: object, field: str) -> None:
    before = boto3.client("dynamodb", REGION).scan(TableName=TABLE, Select="COUNT")["Count"]
    refused = enter(Agent(service), body)
    assert (refused.status, [error["field"] for error in refused.json["errors"]]) == (422, [field])
    assert boto3.client("dynamodb", REGION).scan(TableName=TABLE, Select="COUNT")["Count"] == before


def test_who_may_enter_mail(service: Service) -> None:
    """Agents, and programs that may write to the inbox; no operator, no reader, no stranger, no sender."""
    assert enter(program(service)).status == 201
    reader = program(service, scope="mailroom/inbox.read")
    assert (enter(reader).status, enter(reader).json["type"]) == (403, "/problems/scope-missing")
    operator = Agent(service)
    operator.claims = dict(OPERATOR)
    assert (enter(operator).status, enter(operator).json["type"]) == (403, "/problems/not-your-organism")
    nobody = service.call("POST", "/v1/inbox/counter", {"language": "fr"})
    assert (nobody.status, nobody.json["type"]) == (401, "/problems/not-signed-in")
    mail = service.start()
    assert service.call("POST", "/v1/inbox/counter", {"language": "fr"}, token=mail.token).status == 401


def test_no_mail_is_entered_at_a_suspended_or_unknown_organism(service: Service) -> None:
    assert enter(Agent(service, "gone")).status == 404
    agent = Agent(service)
    draft = enter(agent).json
    mail = Mail(draft["mail_id"], draft["access_token"])
    service.write(mail)
    service.identify(mail, NO_CONTACT)
    boto3.client("dynamodb", REGION).update_item(
        TableName=TABLE,
        Key={"pk": {"S": "ORGANISM"}, "sk": {"S": "anam"}},
        UpdateExpression="SET #status = :suspended",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":suspended": {"S": "suspended"}},
    )
    for refused in (enter(agent), service.submit(mail)):
        assert (refused.status, refused.json["type"]) == (409, "/problems/organism-suspended")


@pytest.mark.parametrize("kind", SENDERS)
def test_a_sender_at_the_counter_may_have_no_contact_and_online_none_may(service: Service, kind: str) -> None:
    draft = enter(Agent(service)).json
    at_counter = service.identify(Mail(draft["mail_id"], draft["access_token"]), SENDERS[kind])
    assert at_counter.status == 200, at_counter.body
    assert (at_counter.json["sender"]["email"], at_counter.json["sender"]["phone"]) == (None, None)
    online = service.identify(service.start(), SENDERS[kind])
    assert (online.status, [error["field"] for error in online.json["errors"]]) == (422, ["email", "phone"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"privacy_notice_version": "0"}, "privacy_notice_version"),
        ({"email": "nobody"}, "email"),
        ({"phone": "123"}, "phone"),
        ({"national_id": "AB123456"}, "national_id"),
        ({"last_name": " "}, "last_name"),
    ],
)
def test_whatever_else_is_wrong_is_refused_at_the_counter_too(
    service: Service, change: dict[str, object], field: str
) -> None:
    draft = enter(Agent(service)).json
    refused = service.identify(Mail(draft["mail_id"], draft["access_token"]), NO_CONTACT | change)
    assert (refused.status, [error["field"] for error in refused.json["errors"]]) == (422, [field])


def test_record_receipt_inbox_follow_up_and_both_checks_say_counter(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nadia = Agent(service)
    mail = entered(nadia)
    number = mail.submitted["number"]
    assert number.startswith("ANAM-")
    record = json.loads(stored(f"submissions/{mail.mail_id}.json"))
    assert (record["version"], record["channel"]) == (2, "counter")
    assert "nadia" not in json.dumps(record)

    receipt = stored(f"receipts/{mail.mail_id}.pdf")
    with pikepdf.open(io.BytesIO(receipt)) as pdf:
        assert pdf.attachments["record.json"].get_file().read_bytes() == stored(f"submissions/{mail.mail_id}.json")
    (tmp_path / "receipt.pdf").write_bytes(receipt)
    capsys.readouterr()  # what functions logged
    check_receipt([str(tmp_path / "receipt.pdf"), "--json"])
    offline = json.loads(capsys.readouterr().out)
    assert (offline["seal"]["integrity"], offline["record"]["state"]) == ("intact", "intact")
    assert offline["record"]["said"]["channel"] == "counter"

    public = service.call("GET", f"/v1/receipts/{mail.submitted['verification_code']}")
    assert (public.json["genuine"], public.json["channel"]) == (True, "counter")
    assert "nadia" not in public.body
    sender = service.call("GET", f"/v1/mails/{mail.mail_id}", token=mail.token)
    assert sender.json["channel"] == "counter"
    assert "nadia" not in sender.body

    assert [item["channel"] for item in nadia.list().json["items"]] == ["counter"]
    opened = nadia.open(number).json
    assert (opened["channel"], opened["entered_by"]) == ("counter", "nadia")
    assert (opened["history"][0]["event"], opened["history"][0]["by"]) == ("started", "nadia")
    (entry,) = [item for item in service.items("REGISTER#anam#2026") if item["sk"] != "COUNTER"]
    assert (entry["channel"], entry["entered_by"]) == ("counter", "nadia")


def test_a_mail_sent_online_says_so_and_its_record_is_as_before(service: Service) -> None:
    """As are its items: those from before there were counters have no channel, and read as `online`."""
    mail = service.sent()
    record = json.loads(stored(f"submissions/{mail.mail_id}.json"))
    assert (record["version"], "channel" in record) == (1, False)
    nadia = Agent(service)
    opened = nadia.open(mail.submitted["number"]).json
    assert (opened["channel"], opened["entered_by"], opened["history"][0]["by"]) == ("online", None, None)
    assert [item["channel"] for item in nadia.list().json["items"]] == ["online"]
    assert service.call("GET", f"/v1/mails/{mail.mail_id}", token=mail.token).json["channel"] == "online"
    public = service.call("GET", f"/v1/receipts/{mail.submitted['verification_code']}").json
    assert public["channel"] == "online"
    items = service.items(f"MAIL#{mail.mail_id}") + service.items("REGISTER#anam#2026")
    assert all("channel" not in item and "entered_by" not in item for item in items)


def test_a_sender_without_contact_stops_nothing_and_wakes_nobody(service: Service, operators: Listening) -> None:
    """The desk is alerted; no message is for the sender, which the history says; receipt and slip can be printed."""
    nadia = Agent(service)
    mail = entered(nadia)
    queued = [json.loads(record["body"]) for record in service.queued()]
    assert queued
    assert not [each for each in queued if each["template"].startswith("sender_")]
    number = mail.submitted["number"]
    assert nadia.collect(number).status == 201
    assert nadia.close(number).status == 201
    opened = nadia.open(number).json
    assert {"submitted", "receipt_issued", "organism_alerted", "collected", "answered"} <= set(
        events(opened["history"])
    )
    assert events(opened["history"]).count("sender_not_informed") == 1
    assert (opened["sender"]["reachable_by_email"], opened["sender"]["reachable_by_sms"]) == (False, False)
    receipt = service.call("GET", f"/v1/mails/{mail.mail_id}/receipt", token=mail.token).json
    assert (receipt["status"], bool(receipt["slip"]["url"])) == ("issued", True)
    waiting = [item for item in service.items(f"MAIL#{mail.mail_id}") if item.get("waiting") not in {None, "SCAN"}]
    assert waiting == []
    assert operators.heard() == []


def test_with_contact_details_the_sender_is_informed_as_any_other(service: Service) -> None:
    mail = entered(Agent(service), CITIZEN)
    history = Agent(service).open(mail.submitted["number"]).json["history"]
    assert "sender_informed" in events(history)
    assert "sender_not_informed" not in events(history)


def test_the_slip_alone_leads_a_sender_without_contact_back(service: Service) -> None:
    mail = entered(Agent(service))
    paper = {"number": mail.submitted["number"], "follow_up_code": mail.submitted["follow_up_code"]}
    found = service.call("POST", "/v1/follow-up", paper)
    assert found.status == 200
    shown = service.call("GET", f"/v1/mails/{mail.mail_id}", token=found.json["access_token"]).json
    assert (shown["channel"], shown["number"]) == ("counter", mail.submitted["number"])


def test_a_draft_of_the_counter_lives_a_day_and_is_registered_once(service: Service) -> None:
    with time_machine.travel("2026-11-20T10:00:00Z", tick=False) as clock:
        draft = enter(Agent(service)).json
        assert draft["expires_at"] == "2026-11-21T10:00:00.000Z"
        mail = Mail(draft["mail_id"], draft["access_token"])
        service.write(mail)
        service.identify(mail, NO_CONTACT)
        clock.move_to("2026-11-21T09:59:59Z")
        answers = [service.submit(mail) for _ in range(3)]
        assert [answer.status for answer in answers] == [201, 200, 200]
        assert len({answer.body for answer in answers}) == 1
        late = enter(Agent(service)).json
        clock.move_to("2026-11-22T10:00:00Z")
        gone = Mail(late["mail_id"], late["access_token"])
        assert service.write(gone).status == service.identify(gone, NO_CONTACT).status == 404


def test_the_register_numbers_both_channels_in_one_row_and_its_export_is_whole(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with time_machine.travel("2026-11-21T10:00:00Z", tick=True):
        nadia = Agent(service)
        numbers = [
            service.sent().submitted["number"],
            entered(nadia).submitted["number"],
            service.sent().submitted["number"],
        ]
    publish_head("2026-11-22")
    assert numbers == [f"ANAM-2026-00000{rank}" for rank in (1, 2, 3)]
    command_line = register_kept(service, tmp_path)
    capsys.readouterr()  # what functions logged
    assert check_register(command_line) == RegisterVerdict.WHOLE
    answer = json.loads(capsys.readouterr().out)
    assert (answer["entries"], answer["proven"]) == (3, 3)
    assert "nadia" not in (tmp_path / "register.jsonl").read_text()


def test_a_redirected_mail_stays_one_of_the_counter_and_names_no_agent_of_the_first_organism(service: Service) -> None:
    nadia, other = Agent(service), Agent(service, "adm", "omar")
    mail = entered(nadia)
    assert nadia.redirect(mail.submitted["number"], "adm").status == 201
    (item,) = other.list().json["items"]
    there = other.open(item["number"]).json
    assert (item["channel"], there["channel"], there["entered_by"]) == ("counter", "counter", None)
    assert json.loads(stored(f"submissions/{there['mail_id']}.json"))["channel"] == "counter"
    service.receipt_trigger(there["mail_id"])
    assert stored(f"receipts/{there['mail_id']}.pdf").startswith(b"%PDF")


def test_statistics_count_by_channel_in_all_and_for_each_day(service: Service) -> None:
    nadia = Agent(service)
    for day, online, counter in (("2026-11-20", 1, 2), ("2026-11-22", 0, 1)):
        with time_machine.travel(f"{day}T10:00:00Z", tick=True):
            for _ in range(online):
                service.sent()
            for _ in range(counter):
                entered(nadia)
    counted = nadia.call("GET", "/statistics?from=2026-11-20&to=2026-11-22").json
    assert (counted["total"], counted["by_channel"]) == (4, {"online": 1, "counter": 3})
    assert counted["by_day"] == {"2026-11-20": 3, "2026-11-22": 1}
    assert [(each["day"], each["total"], each["by_channel"]) for each in counted["days"]] == [
        ("2026-11-20", 3, {"online": 1, "counter": 2}),
        ("2026-11-22", 1, {"online": 0, "counter": 1}),
    ]
    for counts in ("by_status", "by_kind", "by_channel"):
        for name, count in counted[counts].items():
            assert sum(day[counts][name] for day in counted["days"]) == count
