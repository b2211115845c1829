"""What an operator changes about an organism, and what that does to drafts and mails under way."""

import boto3

from mailroom.domain import clock
from mailroom.organisms.directory import Directory
from mailroom.settings import Settings
from mailroom.storage.table import Table
from tests.support.in_process.mishaps import counting, refusing
from tests.support.in_process.refused import everything_about, problem, wrong_fields
from tests.support.in_process.service import CITIZEN, REGION, TABLE, Service

HEADING = "organism_id,code,category,name_fr,name_ar,city,language,alert_emails,alert_phones"


def change(service: Service, organism_id: str, path: str, value: str | int) -> None:
    """An operator changes what is kept about an organism."""
    key = {"pk": "ORGANISM", "sk": organism_id}
    names = {f"#{position}": name for position, name in enumerate(path.split("."))}
    boto3.resource("dynamodb", REGION).Table(TABLE).update_item(
        Key=key,
        UpdateExpression=f"SET {'.'.join(names)} = :value",
        ExpressionAttributeNames=names,
        ExpressionAttributeValues={":value": value},
    )
    assert service.items("ORGANISM")


def test_a_refused_submission_leaves_register_and_draft_alone(service: Service) -> None:
    mail = service.start("mi")
    before = everything_about(service, mail.mail_id)
    service.submit(mail)
    assert everything_about(service, mail.mail_id) == before
    assert service.items(f"REGISTER#mi#{clock.register_year(clock.now())}") == []


def test_a_suspended_organism_takes_no_mail_at_start_nor_at_submission(service: Service) -> None:
    mail, sent = service.ready(), service.sent()
    change(service, "anam", "status", "suspended")
    problem(service.call("POST", "/v1/mails", {"organism_id": "anam", "language": "fr"}), 409, "organism-suspended")
    before = everything_about(service, mail.mail_id)
    problem(service.submit(mail), 409, "organism-suspended")
    assert everything_about(service, mail.mail_id) == before

    again = service.submit(sent)
    assert (again.status, again.json) == (200, sent.submitted)


def test_a_national_id_is_taken_only_where_it_is_enabled_and_shown_masked(service: Service) -> None:
    refused = service.start()
    answer = service.identify(refused, CITIZEN | {"national_id": "ab123456"})
    assert wrong_fields(answer) == ["national_id"]

    change(service, "anam", "accepts.national_id", value=True)
    mail = service.start()
    service.write(mail)
    shown = [
        service.identify(mail, CITIZEN | {"national_id": "ab123456"}),
        service.write(mail),
        service.call("GET", f"/v1/mails/{mail.mail_id}", token=mail.token),
        service.submit(mail),
        service.call("GET", f"/v1/mails/{mail.mail_id}", token=mail.token),
    ]
    for answer in shown:
        assert answer.status in {200, 201}
        assert "AB123456" not in answer.body
    assert shown[-1].json["sender"]["national_id"] == "AB••••56"
    stored = next(item for item in service.items(f"MAIL#{mail.mail_id}") if item["sk"] == "MAIL")
    assert stored["sender"]["national_id"] == "AB123456"


def test_what_an_organism_takes_is_fixed_when_the_draft_starts(service: Service) -> None:
    change(service, "anam", "accepts.max_attachments", 1)
    change(service, "anam", "accepts.max_attachment_bytes", 10)
    mail = service.start()
    problem(service.announce(mail, b"x" * 11), 413, "attachment-too-large")
    assert service.announce(mail, b"x" * 10).status == 201
    problem(service.announce(mail, b"x"), 409, "too-many-attachments")


def test_suspended_organisms_are_absent_from_the_list_and_say_so_themselves(service: Service) -> None:
    change(service, "anam", "status", "suspended")
    assert "anam" not in service.call("GET", "/v1/organisms?limit=100").body
    assert service.call("GET", "/v1/organisms/anam").json["status"] == "suspended"
    problem(service.call("GET", "/v1/organisms/none"), 404, "organism-not-found")


def test_a_directory_with_one_bad_row_changes_nothing(service: Service) -> None:
    before = service.items("ORGANISM")
    good = "new,NEW,ministry,Nouveau ministère,وزارة جديدة,,fr,a@exemple.ma,"
    answer = service.enrol("\n".join([HEADING, good, good.replace("new,NEW", "other,OTHER").replace("@", "")]))
    assert (answer["enrolled"], answer["unchanged"]) == (0, 0)
    assert [(error["row"], error["column"]) for error in answer["errors"]] == [(3, "alert_emails")]
    assert service.items("ORGANISM") == before


def test_loading_the_same_directory_again_writes_nothing(service: Service) -> None:
    row = "new,NEW,ministry,Nouveau ministère,وزارة جديدة,Rabat,ar,a@exemple.ma b@exemple.ma,0612345678"
    assert service.enrol(f"{HEADING}\n{row}\n") == {"enrolled": 1, "unchanged": 0, "errors": []}
    with counting() as calls:
        assert service.enrol(f"{HEADING}\n{row}\n") == {"enrolled": 0, "unchanged": 1, "errors": []}
    assert set(calls) == {"Query"}
    assert service.start("new").mail_id


def test_a_directory_can_not_take_a_code_away_from_another_organism(service: Service) -> None:
    answer = service.enrol(f"{HEADING}\nnew,ANAM,ministry,Nouveau,وزارة,,fr,a@exemple.ma,\n")
    assert [error["column"] for error in answer["errors"]] == ["code"]


def test_a_sender_is_told_to_try_again_while_the_key_of_tokens_can_not_be_had(service: Service) -> None:
    mail = service.start()
    Settings.reset()
    with refusing("GetSecretValue", "ThrottlingException"):
        problem(service.write(mail), 503, "try-again")
    assert service.write(mail).status == 200


def test_a_sender_sees_an_organism_as_soon_as_it_is_enrolled_and_as_it_stands_now(service: Service) -> None:
    path = "/v1/organisms/newly"
    assert service.call("GET", path).status == 404
    new = "newly,NEW,ministry,Nouveau ministère,وزارة جديدة,,fr,courrier@nouveau.example,"
    assert service.enrol(f"{HEADING}\n{new}\n")["errors"] == []
    assert service.call("GET", path).json["status"] == "active"
    change(service, "newly", "status", "suspended")
    assert service.call("GET", path).json["status"] == "suspended"
    for nobodys in ("x" * 65, "é" * 5000, "%00", "ORGANISM"):
        problem(service.call("GET", f"/v1/organisms/{nobodys}"), 404, "organism-not-found")


def test_a_new_organisms_code_on_a_slip(service: Service) -> None:
    """It is found once the organism is enrolled, and looked for every two seconds at most."""
    ticks = [0.0]
    directory = Directory(Table(boto3.client("dynamodb"), TABLE), ticks=lambda: ticks[0])
    with counting() as calls:
        assert directory.by_code("NEW") == []
        assert [directory.by_code("NEW") for _ in range(10)] == [[]] * 10
    assert len(calls) == 1
    assert service.enrol(f"{HEADING}\nnewly,NEW,ministry,Nouveau,جديدة,,fr,courrier@nouveau.example,\n")["errors"] == []
    ticks[0] += 2.1
    assert [found.organism_id for found in directory.by_code("NEW")] == ["newly"]
