"""What an operator enrols is what the directory takes: one set of rules, and codes that stay one organism's."""

from typing import Any

import boto3
import pytest

from mailroom.domain.refusals import CodeTaken
from mailroom.organisms.admission import Admission
from mailroom.storage.table import Table
from tests.support.in_process.mishaps import before_transaction, counting
from tests.support.in_process.refused import problem
from tests.support.in_process.service import NEW_ORGANISM as NEW
from tests.support.in_process.service import OPERATOR, REGION, TABLE, Service

DEFAULTS = {
    "reminders": {"after_working_days": 3, "escalate_after_days": 14},
    "sms_to_senders": True,
    "webhook": None,
    "webhook_secret": None,
    "is_test": False,
    "email_suggestions": {},
}


def item(service: Service, organism_id: str) -> dict[str, Any]:
    return next(item for item in service.items("ORGANISM") if item["sk"] == organism_id)


def test_an_organism_joins_and_takes_mail_at_once(service: Service) -> None:
    answer = service.put_organism("cndp", NEW)
    assert answer.status == 201, answer.body
    normalised = {"alerts": {"emails": ["desk@cndp.example"], "phones": ["+212612345678"]}}
    assert answer.json == {"organism_id": "cndp"} | NEW | normalised | DEFAULTS
    assert service.sent("cndp").submitted["number"].startswith("CNDP-")


def test_the_same_again_is_200_and_writes_nothing(service: Service) -> None:
    service.put_organism("cndp", NEW)
    with counting() as calls:
        answer = service.put_organism("cndp", NEW)
    assert answer.status == 200
    assert not {"TransactWriteItems", "PutItem", "UpdateItem"} & set(calls)


def test_what_the_body_leaves_out_gets_its_default(service: Service) -> None:
    service.put_organism("cndp", NEW)
    least = {name: NEW[name] for name in ("code", "category", "name")} | {"alerts": {"emails": ["desk@cndp.example"]}}
    answer = service.put_organism("cndp", least)
    assert answer.status == 200
    assert answer.json["accepts"] == {"national_id": False, "max_attachments": 20, "max_attachment_bytes": 104_857_600}
    assert (answer.json["city"], answer.json["language"], answer.json["alerts"]["phones"]) == (None, "fr", [])


def test_the_directory_finds_unchanged_what_an_operator_enrolled(service: Service) -> None:
    """Both ways in write the same: what one of them enrolled, the other has nothing to say about."""
    row = "organism_id,code,category,name_fr,name_ar,city,language,alert_emails,alert_phones,national_id\n"
    row += (
        "cndp,CNDP,public_establishment,Commission nationale,اللجنة الوطنية,Rabat,ar,desk@cndp.example,0612345678,yes"
    )
    service.put_organism("cndp", NEW)
    assert service.enrol(row) == {"enrolled": 0, "unchanged": 1, "errors": []}


def test_a_suspended_organism_takes_no_new_mail_from_that_moment_on(service: Service) -> None:
    service.put_organism("cndp", NEW)
    ready = service.ready("cndp")
    assert service.put_organism("cndp", NEW | {"status": "suspended"}).json["status"] == "suspended"
    problem(service.call("POST", "/v1/mails", {"organism_id": "cndp", "language": "fr"}), 409, "organism-suspended")
    problem(service.submit(ready), 409, "organism-suspended")
    assert service.put_organism("cndp", NEW).status == 200
    assert service.submit(ready).status == 201


def test_a_suspended_organism_keeps_its_inbox_and_works_on(service: Service) -> None:
    service.put_organism("cndp", NEW)
    number = service.sent("cndp").submitted["number"]
    service.put_organism("cndp", NEW | {"status": "suspended"})
    agent = {"cognito:username": "nadia", "cognito:groups": "[organism:cndp]"}
    listed = service.call("GET", "/v1/inbox", claims=agent)
    assert [mail["number"] for mail in listed.json["items"]] == [number]
    assert service.call("POST", f"/v1/inbox/{number}/collection", claims=agent).status == 201


def test_a_suspension_between_a_submissions_look_and_its_write_is_in_time(service: Service) -> None:
    service.put_organism("cndp", NEW)
    ready = service.ready("cndp")
    with before_transaction(lambda: service.put_organism("cndp", NEW | {"status": "suspended"})):
        problem(service.submit(ready), 409, "organism-suspended")


def test_a_code_can_be_put_right_before_the_first_entry_and_never_after(service: Service) -> None:
    service.put_organism("cndp", NEW | {"code": "CNPD"})
    assert service.put_organism("cndp", NEW).status == 200
    assert service.put_organism("other", NEW | {"code": "CNPD"}).status == 201  # given up, and free again
    service.sent("cndp")
    before = item(service, "cndp")
    problem(service.put_organism("cndp", NEW | {"code": "CNDP2"}), 409, "code-fixed")
    assert item(service, "cndp") == before
    row = "organism_id,code,category,name_fr,name_ar,alert_emails\n"
    row += "cndp,CNDP2,public_establishment,Commission nationale,اللجنة الوطنية,desk@cndp.example"
    assert [(error["row"], error["column"]) for error in service.enrol(row)["errors"]] == [(2, "code")]


def test_a_code_that_changes_while_the_first_mail_comes_is_that_mails_or_stays(service: Service) -> None:
    """Just before the submission's write the code changes: the number begins with the code that holds."""
    service.put_organism("cndp", NEW)
    ready = service.ready("cndp")
    with before_transaction(lambda: service.put_organism("cndp", NEW | {"code": "CNDP2"})):
        assert service.submit(ready).json["number"].startswith("CNDP2-")


def test_a_first_mail_that_comes_while_the_code_changes_keeps_the_code(service: Service) -> None:
    service.put_organism("cndp", NEW)
    ready = service.ready("cndp")
    with before_transaction(lambda: service.submit(ready)):
        problem(service.put_organism("cndp", NEW | {"code": "CNDP2"}), 409, "code-fixed")
    assert item(service, "cndp")["code"] == "CNDP"


def test_another_organisms_code_is_409(service: Service) -> None:
    problem(service.put_organism("cndp", NEW | {"code": "ANAM"}), 409, "code-taken")
    service.put_organism("cndp", NEW)
    problem(service.put_organism("cndp", NEW | {"code": "ANAM"}), 409, "code-taken")


def test_of_two_organisms_that_want_a_code_at_once_one_gets_it(service: Service) -> None:
    with before_transaction(lambda: service.put_organism("first", NEW)):
        problem(service.put_organism("second", NEW), 409, "code-taken")
    assert [item["sk"] for item in service.items("ORGANISM") if item["code"] == "CNDP"] == ["first"]


def test_two_operators_who_enrol_the_same_organism_at_once_leave_one(service: Service) -> None:
    with before_transaction(lambda: service.put_organism("cndp", NEW)):
        assert service.put_organism("cndp", NEW | {"city": "Salé"}).status == 200
    assert item(service, "cndp")["city"] == "Salé"


def test_a_row_of_the_directory_that_comes_too_late_for_its_code_is_refused(service: Service) -> None:
    """The directory was looked at before the other organism took the code: the claim stands all the same."""
    service.put_organism("cndp", NEW)
    admission = Admission(Table(boto3.client("dynamodb", REGION), TABLE))
    with pytest.raises(CodeTaken):
        admission.admit(admission.known()["cndp"].model_copy(update={"organism_id": "late"}))


def test_what_is_known_of_failing_addresses_stays_with_the_addresses_that_stay(service: Service) -> None:
    service.put_organism("cndp", NEW | {"alerts": {"emails": ["old@cndp.example", "desk@cndp.example"]}})
    found = {"reason": "bounce", "since": "2026-11-22T10:00:00.000Z"}
    boto3.resource("dynamodb", REGION).Table(TABLE).update_item(
        Key={"pk": "ORGANISM", "sk": "cndp"},
        UpdateExpression="SET failing = :failing",
        ExpressionAttributeValues={":failing": {"old@cndp.example": found, "desk@cndp.example": found}},
    )
    assert service.put_organism("cndp", NEW).status == 200
    assert item(service, "cndp")["failing"] == {"desk@cndp.example": found}


def test_no_log_line_names_an_address(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    service.put_organism("cndp", NEW)
    service.call("PUT", "/v1/organisms/cndp", NEW | {"alerts": {"emails": ["marked@"]}}, claims=OPERATOR)
    lines = [str(vars(record)) for record in caplog.records]
    assert [line.count("'status': 422") for line in lines[-1:]] == [1]
    assert not [line for line in lines if "cndp.example" in line or "marked@" in line]
