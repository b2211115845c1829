"""A test organism: its register is true, and its mails disturb nobody."""

import pytest

from tests.support.in_process.metrics import metric
from tests.support.in_process.refused import problem
from tests.support.in_process.service import NEW_ORGANISM, TEST_ORGANISM, Service

AGENT = {"token_use": "id", "cognito:username": "nadia", "cognito:groups": "[organism:anam]"}


@pytest.fixture
def enrolled(service: Service) -> Service:
    """The service with the test organism."""
    assert service.put_organism("essai", TEST_ORGANISM).status == 201
    return service


def test_senders_are_not_offered_the_test_organism_and_find_it_by_its_id(enrolled: Service) -> None:
    for query in ("", "?q=essai", "?category=public_establishment&limit=100"):
        found = enrolled.call("GET", f"/v1/organisms{query}").json["items"]
        assert "essai" not in [each["organism_id"] for each in found]
    assert enrolled.call("GET", "/v1/organisms/essai").json["code"] == "ESSAI"


def test_its_mail_is_in_the_register_and_in_no_count(enrolled: Service, capsys: pytest.CaptureFixture[str]) -> None:
    for organism_id in ("essai", "anam"):
        mail = enrolled.sent(organism_id)
        enrolled.receipt_trigger(mail.mail_id)
        output = capsys.readouterr().out
        counted = [1] if organism_id == "anam" else []
        assert metric(output, "MailsSubmitted") == counted
        assert metric(output, "ReceiptsMade") == counted
        assert len(metric(output, "SecondsToReceipt")) == len(counted)


def test_nobody_is_reminded_of_its_mail(enrolled: Service) -> None:
    """Reminders, their escalation and operators' failures read the index alone, where an entry stands that waits."""
    waiting = {}
    for organism_id in ("essai", "anam"):
        enrolled.sent(organism_id)
        (entry,) = [item for item in enrolled.items(f"REGISTER#{organism_id}#2026") if item["sk"].startswith("ENTRY")]
        waiting[organism_id] = entry.get("waiting"), "waiting_since" in entry
    assert waiting == {"essai": (None, False), "anam": ("COLLECTION", True)}


def test_no_mail_of_a_person_is_redirected_to_it(enrolled: Service) -> None:
    mail = enrolled.sent("anam")
    outcome = {"outcome": "redirected", "message": "Chez eux.", "redirect_to": "essai"}
    number = mail.submitted["number"]
    answer = enrolled.call("POST", f"/v1/inbox/{number}/outcome", outcome, claims=AGENT)
    assert [error["field"] for error in problem(answer, 422, "fields-wrong")["errors"]] == ["redirect_to"]


def test_what_has_entries_stays_a_test_organism_or_none(enrolled: Service) -> None:
    """Mail that waits for an agent would otherwise wait for none any more, in silence."""
    assert enrolled.put_organism("essai", TEST_ORGANISM | {"is_test": False}).status == 200
    assert enrolled.put_organism("essai", TEST_ORGANISM).status == 200
    enrolled.sent("essai")
    problem(enrolled.put_organism("essai", TEST_ORGANISM | {"is_test": False}), 409, "test-fixed")
    enrolled.put_organism("cndp", NEW_ORGANISM)
    enrolled.sent("cndp")
    problem(enrolled.put_organism("cndp", NEW_ORGANISM | {"is_test": True}), 409, "test-fixed")


COLUMNS = "organism_id,code,category,name_fr,name_ar,alert_emails,is_test\n"
ROW = "{0},{1},public_establishment,Organisme,هيئة,success@simulator.amazonses.com,{2}\n"


def test_a_directory_enrols_a_test_organism(service: Service) -> None:
    assert service.enrol(COLUMNS + ROW.format("essai", "ESSAI", "Yes") + ROW.format("cndp", "CNDP", ""))["errors"] == []
    found = {item["organism_id"]: item["is_test"] for item in service.items("ORGANISM")}
    assert (found["essai"], found["cndp"]) == (True, False)
    without = (COLUMNS + ROW.format("essai", "ESSAI", "")).replace(",is_test", "").replace(",\n", "\n")
    assert service.enrol(without)["errors"] == []
    assert {item["organism_id"]: item["is_test"] for item in service.items("ORGANISM")}["essai"] is True


@pytest.mark.parametrize(("organism_id", "code", "is_test"), [("essai", "ESSAI", "maybe"), ("anam", "ANAM", "yes")])
def test_a_directory_is_refused_whose_test_column_is_wrong(
    service: Service, organism_id: str, code: str, is_test: str
) -> None:
    service.sent("anam")
    errors = service.enrol(COLUMNS + ROW.format(organism_id, code, is_test))["errors"]
    assert [(error["row"], error["column"]) for error in errors] == [(2, "is_test")]
