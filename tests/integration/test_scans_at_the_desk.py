"""What is known of files decides what agents, other organisms and senders get, from the event to the download."""

import json

import pytest

from tests.integration.test_scans import TEXT, drafted, waits, warned
from tests.support.in_process.agents import Agent
from tests.support.in_process.scanning import note, result, scanned
from tests.support.in_process.service import Mail, Service
from tests.support.samples.files_of_each_type import EICAR, HONEST


def sent(service: Service, content: bytes, **changes: object) -> tuple[Mail, str]:
    mail, key = drafted(service, content, **changes)
    mail.submitted = service.submit(mail).json
    return mail, key


@pytest.mark.parametrize(
    ("content", "declared", "status"),
    [(HONEST["pdf"], {}, 200), (EICAR, TEXT, 410)],
    ids=["clean", "malware"],
)
def test_agents_get_a_file_once_it_is_known_to_be_clean_and_never_a_dangerous_one(
    service: Service, content: bytes, declared: dict[str, object], status: int
) -> None:
    mail, key = sent(service, content, **declared)
    agent, number, attachment_id = Agent(service), mail.submitted["number"], key.rpartition("/")[2]
    assert agent.download(number, attachment_id).status == 409
    note(result(key, "FAILED"))
    assert agent.download(number, attachment_id).status == 409
    note(scanned(key))
    assert agent.download(number, attachment_id).status == status


def test_where_a_mail_went_on_to_the_file_is_known_too_and_its_new_desk_is_warned(service: Service) -> None:
    mail, key = sent(service, EICAR, **TEXT)
    number = mail.submitted["number"]
    for here, there in (("anam", "adm"), ("adm", "cnss")):
        redirected = Agent(service, here).redirect(number, there)
        assert redirected.status == 201, redirected.body
        number = redirected.json["outcome"]["redirected_to"]["number"]
    note(scanned(key))
    desks = ("anam", "adm", "cnss")
    assert set(warned(service)) == {f"bureau-ordre@{desk}.example.org" for desk in desks}
    assert len({json.loads(each["body"])["mail_id"] for each in service.queued()}) == 3
    assert Agent(service, "cnss").download(number, key.rpartition("/")[2]).status == 410
    assert waits(service, mail) == []


def test_a_file_that_was_flagged_before_is_told_to_the_desk_a_mail_goes_on_to(service: Service) -> None:
    mail, key = sent(service, EICAR, **TEXT)
    note(scanned(key))
    there = Agent(service).redirect(mail.submitted["number"], "adm").json["outcome"]["redirected_to"]
    assert Agent(service, "adm").open(there["number"]).json["attachments"][0]["check"] == "refused"
    entries = service.items(f"REGISTER#adm#{there['number'].split('-')[1]}")
    (mail_id,) = [entry["mail_id"] for entry in entries if entry["sk"] != "COUNTER"]
    service.receipt_trigger(mail_id)
    assert warned(service).count("bureau-ordre@adm.example.org") == 1


def test_logs_of_scans_hold_ids_alone(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    _, key = sent(service, EICAR, file_name="Zanzibar.txt", media_type="text/plain")
    event = scanned(key)
    caplog.clear()
    note(event)
    (line,) = [vars(record) for record in caplog.records]
    assert (line["scan"], line["attachment_id"]) == ("infected", key.rpartition("/")[2])
    said = json.dumps(line, default=str)
    assert not [word for word in ("Zanzibar", "Amina", "attestation", "anam.example.org") if word in said]
