"""Step 3 as people really are: with one name, without e-mail, from abroad. Their mail goes the whole way."""

import json
from typing import Any

import boto3
import pytest

from tests.support.in_process.agents import Agent
from tests.support.in_process.refused import problem, wrong_fields
from tests.support.in_process.service import BUCKET, CITIZEN, NEW_ORGANISM, REGION, Service

ENTERPRISE: dict[str, object] = {
    "kind": "enterprise",
    "legal_name": "Atlas SARL",
    "contact_name": "Omar",
    **{name: CITIZEN[name] for name in ("email", "phone", "sms", "privacy_notice_version")},
}
ABROAD = {"country": "FR", "number": "552 100 554 R.C.S. Paris"}


def without(sender: dict[str, object], *names: str) -> dict[str, object]:
    return {name: value for name, value in sender.items() if name not in names}


PEOPLE: dict[str, tuple[dict[str, object], str, list[str]]] = {
    "one name": (without(CITIZEN, "first_name"), "العلوي", ["email", "sms"]),
    "no e-mail": (without(CITIZEN, "email"), "Amina العلوي", ["sms"]),
    "no telephone": (without(CITIZEN, "phone"), "Amina العلوي", ["email"]),
    "a telephone at home alone": (without(CITIZEN, "email") | {"phone": "0537712345"}, "Amina العلوي", []),
    "an enterprise from abroad": (ENTERPRISE | {"foreign_registration": ABROAD}, "Atlas SARL", ["email", "sms"]),
}


@pytest.mark.parametrize(("sender", "name", "channels"), PEOPLE.values(), ids=PEOPLE)
def test_mail_of_everybody_is_registered_received_collected_and_closed(
    shared_service: Service, sender: dict[str, object], name: str, channels: list[str]
) -> None:
    mail = shared_service.start()
    shared_service.write(mail)
    given = shared_service.identify(mail, sender)
    assert given.status == 200, given.body
    number = shared_service.submit(mail).json["number"]
    shared_service.receipt_trigger(mail.mail_id)
    path = f"/v1/mails/{mail.mail_id}"
    assert shared_service.call("GET", f"{path}/receipt", token=mail.token).json["status"] == "issued"

    agent = Agent(shared_service)
    assert agent.list("?limit=1").json["items"][0]["sender"] == {"kind": sender["kind"], "display_name": name}
    seen = agent.open(number).json["sender"]
    absent = {"first_name", "email", "phone", "ice", "sms"} - sender.keys()
    assert all(seen[field] is None for field in absent)
    assert agent.collect(number).status == 201
    assert agent.close(number).status == 201
    assert shared_service.call("GET", path, token=mail.token).json["status"] == "answered"
    told = [message for message in map(body, shared_service.queued()) if message["mail_id"] == mail.mail_id]
    assert {message["channel"] for message in told if message["template"].startswith("sender_")} <= set(channels)
    assert {message["channel"] for message in told if message["template"] == "sender_receipt"} <= set(channels)


def body(record: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(record["body"])
    return found


@pytest.mark.parametrize("nothing", [None, "", "  ", "\u200f"])
def test_one_way_to_be_reached_is_needed_and_both_fields_say_so(shared_service: Service, nothing: str | None) -> None:
    mail = shared_service.start()
    for sender in (CITIZEN | {"email": nothing, "phone": nothing}, without(CITIZEN, "email", "phone")):
        answer = shared_service.identify(mail, sender)
        assert wrong_fields(answer) == ["email", "phone"]
        messages = {error["message"] for error in answer.json["errors"]}
        assert messages == {"Donnez une adresse électronique ou un numéro de téléphone\u00a0: l’un des deux suffit."}


def test_all_that_is_wrong_is_said_at_once(shared_service: Service) -> None:
    mail = shared_service.start()
    sender = CITIZEN | {"email": None, "phone": None, "privacy_notice_version": "0"}
    assert wrong_fields(shared_service.identify(mail, sender)) == ["email", "phone", "privacy_notice_version"]


def test_the_record_holds_no_way_to_reach_anybody_and_masks_a_number_from_abroad(shared_service: Service) -> None:
    mail = shared_service.start()
    shared_service.write(mail)
    shared_service.identify(mail, ENTERPRISE | {"foreign_registration": ABROAD, "sms": True})
    assert shared_service.submit(mail).status == 201
    record = boto3.client("s3", REGION).get_object(Bucket=BUCKET, Key=f"submissions/{mail.mail_id}.json")
    sender = json.loads(record["Body"].read())["sender"]
    assert sender["foreign_registration"] == {"country": "FR", "number": "55" + "•" * 20 + "is"}
    assert not sender.keys() & {"email", "phone", "sms", "address", "ice"}


def test_the_wish_for_sms_is_kept_and_may_be_left_out(shared_service: Service) -> None:
    mail = shared_service.start()
    for sms in (True, False):
        assert shared_service.identify(mail, CITIZEN | {"sms": sms}).json["sender"]["sms"] is sms
    for nothing in (None, ""):
        assert shared_service.identify(mail, CITIZEN | {"sms": nothing}).json["sender"]["sms"] is None
    assert wrong_fields(shared_service.identify(mail, CITIZEN | {"sms": "yes"})) == ["sms"]
    problem(shared_service.submit(mail), 409, "steps-missing")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("amina@gmail.con", "amina@gmail.com"),
        (" amina@HOTMIAL.fr\u200f", "amina@hotmail.fr"),
        ("a@menara.m", "a@menara.ma"),
    ],
)
def test_a_mistyped_domain_is_taken_and_the_one_that_may_be_meant_is_told(
    shared_service: Service, typed: str, meant: str
) -> None:
    mail = shared_service.start()
    for _ in range(2):
        sender = shared_service.identify(mail, CITIZEN | {"email": typed}).json["sender"]
        assert sender["email_suggestion"] == meant
        assert sender["email"].partition("@")[0] == meant.partition("@")[0]
    stored = next(item for item in shared_service.items(f"MAIL#{mail.mail_id}") if item["sk"] == "MAIL")
    assert "email_suggestion" not in stored["sender"]
    assert shared_service.identify(mail, CITIZEN | {"email": meant}).json["sender"]["email_suggestion"] is None
    assert shared_service.identify(mail, CITIZEN | {"email": None}).json["sender"]["email_suggestion"] is None


def test_an_operator_is_told_of_mistyped_domains_of_a_desk(shared_service: Service) -> None:
    """Mail would wait there for somebody who is never alerted."""
    desk = {"emails": ["bureau@gmial.com", "desk@exemple.ma"]}
    body = NEW_ORGANISM | {"code": "MISTYPED", "alerts": desk}
    answer = shared_service.put_organism("mistyped", body).json
    assert answer["email_suggestions"] == {"bureau@gmial.com": "bureau@gmail.com"}
    assert answer["alerts"]["emails"] == desk["emails"]
