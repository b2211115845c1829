"""Short ways through the service, for each function those that touch it; one fails when a permission is missing."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from infra.local.sender_client import Sent, until
from tests.permissions.world import LONG_AGO, PROGRAM, PROTECTED, NoticedError, World, fresh, pdf, without_time_stamps

type Probe = Callable[[World], object]

EVENTS = Path(__file__).parents[2] / "events"


def event(operation: str) -> dict[str, Any]:
    """A real event of a function."""
    found: dict[str, Any] = json.loads((EVENTS / f"{operation}.json").read_text())
    return found


def directory(world: World) -> None:
    """The directory is searched, one organism shown."""
    world.ask("GET", "/organisms?q=anam")
    world.ask("GET", "/organisms/anam")


def start(world: World) -> None:
    """A draft begins."""
    world.sender.start("anam")


def four_steps(world: World) -> None:
    """A draft with a file gets letter and sender, and loses another file."""
    started = world.draft(pdf())
    path, token = f"/mails/{started['mail_id']}/attachments", started["access_token"]
    world.ask("DELETE", f"{path}/{world.sender.attach(started, pdf())}", token=token, expect=204)


def submission(world: World) -> None:
    """A mail is sent, and its sealed record is there."""
    mail = world.sent(pdf())
    world.s3.head_object(Bucket=world.bucket, Key=f"submissions/{mail.mail_id}.json")


def follow_up(world: World) -> None:
    """Number and code open an answered mail with its file, receipt and slip."""
    mail = world.answered
    back = world.ask("POST", "/follow-up", json={"number": mail.number, "follow_up_code": mail.follow_up_code})
    shown = world.ask("GET", f"/mails/{mail.mail_id}", token=back["access_token"])
    world.fetch(shown["outcome"]["attachments"][0]["url"])
    receipt = world.ask("GET", f"/mails/{mail.mail_id}/receipt", token=mail.access_token)
    world.fetch(receipt["url"])
    world.fetch(receipt["slip"]["url"])


def draft_followed(world: World) -> None:
    """A draft shows which files arrived."""
    started = world.draft(pdf())
    shown = world.ask("GET", f"/mails/{started['mail_id']}", token=started["access_token"])
    if not shown["attachments"][0]["uploaded"]:
        raise NoticedError("the file is not shown")


def verification(world: World) -> None:
    """Anyone verifies a receipt."""
    world.sender.verify(world.answered)


def statement(world: World) -> None:
    """Anyone gets the signed statement."""
    code = world.answered.verification_code
    world.get(f"/v1/receipts/{code}/statement")


def keys(world: World) -> None:
    """Anyone gets the keys."""
    world.get("/.well-known/jwks.json")


def sealers(world: World) -> None:
    """Anyone gets the seal's certificates."""
    world.get("/.well-known/receipt-sealers")


def heads(world: World) -> None:
    """Anyone gets the newest head."""
    world.invoke("publish_heads", event("publish_heads"))
    (newest, *_) = world.get("/v1/register-heads").json()["items"]
    world.get(newest["url"])


def night(world: World) -> None:
    """The day's head is published, and names the one before it."""
    today = datetime.now(UTC).astimezone().date()
    prefix = "heads/"
    for listed in world.s3.list_objects_v2(Bucket=world.bucket, Prefix=prefix).get("Contents", []):
        if today.isoformat() in listed["Key"]:
            yesterday = listed["Key"].replace(today.isoformat(), (today - timedelta(days=1)).isoformat())
            world.s3.copy_object(
                Bucket=world.bucket, Key=yesterday, CopySource={"Bucket": world.bucket, "Key": listed["Key"]}
            )
            world.s3.delete_object(Bucket=world.bucket, Key=listed["Key"])
    world.invoke("publish_heads", event("publish_heads"))


def open_data(world: World) -> None:
    """Anyone gets the open data of a quarter."""
    world.invoke("publish_open_data", event("publish_open_data"))
    if world.get("/v1/open-data").json()["period"] is None:
        raise NoticedError("no quarter is published")


def quarter(world: World) -> None:
    """The open data of a quarter is published."""
    for listed in world.s3.list_objects_v2(Bucket=world.bucket, Prefix="open_data/").get("Contents", []):
        world.s3.delete_object(Bucket=world.bucket, Key=listed["Key"])
    world.invoke("publish_open_data", event("publish_open_data"))


def made(mail: Sent) -> dict[str, Any]:
    """The event of a sealed record."""
    return {"Records": [{"s3": {"object": {"key": f"submissions/{mail.mail_id}.json"}}}]}


def receipt(world: World) -> None:
    """A receipt is made at once, and looked at again; the organism's program is told."""
    mail = world.sent(pdf(), organism="cndp")
    world.invoke("render_receipt", made(mail))
    world.invoke("render_receipt", made(mail))
    world.invoke("render_receipt", {"slips": [mail.mail_id]})


def receipt_of_locked_files(world: World) -> None:
    """A receipt is made of a mail whose file is locked for longer already."""
    draft = world.draft(pdf())
    world.lock_for_long(f"attachments/{draft['mail_id']}/")
    world.invoke("render_receipt", made(world.sender.submit(draft)))


def receipt_without_files(world: World) -> None:
    """A receipt is lost and replaced by a copy, without a time stamp."""
    mail = world.received()
    for place in ("receipts", "slips"):
        for one in world.s3.list_objects_v2(Bucket=world.bucket, Prefix=f"{place}/{mail.mail_id}").get("Contents", []):
            world.s3.delete_object(Bucket=world.bucket, Key=one["Key"])
    world.invoke("render_receipt", made(mail))


def message(mail_id: str, channel: str, to: str, template: str = "sender_receipt") -> dict[str, Any]:
    """The queue's event of one notification."""
    found = event("send_notification")
    body = {"notification_id": fresh(), "mail_id": mail_id, "template": template, "channel": channel, "to": to}
    found["Records"][0]["body"] = json.dumps(body | {"language": "fr"})
    found["Records"][0]["messageId"] = fresh()
    return found


def messages(world: World) -> None:
    """E-mails and an SMS go out, once each, and the history says so."""
    mail = world.sent()
    world.invoke("send_notification", message(mail.mail_id, "email", f"{fresh()}@usager.example"))
    world.invoke("send_notification", message(mail.mail_id, "sms", "+212661234567"))
    twice = message(mail.mail_id, "email", f"{fresh()}@usager.example")
    world.invoke("send_notification", twice)
    world.invoke("send_notification", twice)
    world.invoke("send_notification", message(mail.mail_id, "email", "bureau-ordre@anam.example.org", "organism_alert"))


def undeliverable(world: World) -> None:
    """A number that gets no SMS is noted; a message that fails is forgotten, so that it may be sent again."""
    mail = world.sent()
    world.invoke("send_notification", message(mail.mail_id, "sms", "+447700900123"))
    world.invoke("send_notification", message(mail.mail_id, "sms", "+447700900124", "organism_alert"))
    world.forget_what_is_being_sent()
    with suppress(NoticedError):
        world.invoke("send_notification", message("none", "email", "a@usager.example"))
    until(lambda: None if world.being_sent() else True, "the failed message to be forgotten", seconds=4)


def codes(world: World) -> None:
    """The codes are replaced, and a slip is asked for."""
    mail = world.received()
    until(lambda: None if "waiting" in world.item(mail) else True, "the mail to be complete", seconds=8)
    world.ask("POST", f"/mails/{mail.mail_id}/codes", token=mail.access_token)
    until(lambda: None if "waiting" in world.item(mail) else True, "the new slip", seconds=8)


def stalled(world: World) -> None:
    """Mails that stopped half-way are moved on: a record, a receipt, a slip, the news of an answer."""
    lost, whole = world.received(), world.received()
    world.s3.delete_object(Bucket=world.bucket, Key=f"submissions/{lost.mail_id}.json")
    world.late(lost, "MAIL", "RECEIPT")
    world.late(whole, "MAIL", "RECEIPT")
    news_late(world, world.answered)
    world.invoke("resume_stalled", event("resume_stalled"))


def words_late(world: World) -> None:
    """A mail that is not in the lists of the search enters them."""
    mail = world.sent()
    (submitted,) = [item["sk"] for item in world.events(mail) if item["event"] == "submitted"]
    world.late(mail, submitted, "WORDS")
    world.invoke("resume_stalled", event("resume_stalled"))
    if any("waiting" in item for item in world.events(mail)):
        raise NoticedError("the mail is in no list")


def stalled_news(world: World) -> None:
    """The news of an answer stopped half-way, its file is locked for longer, and no message reaches its sender."""
    mail = world.answered_mail(world.unreached())
    world.lock_for_long(f"answers/{mail.mail_id}/")
    world.forget_events(mail, "sender_not_informed")
    news_late(world, mail)
    world.invoke("resume_stalled", event("resume_stalled"))


def news_late(world: World, mail: Sent) -> None:
    """Have the messages about a mail's steps wait since long."""
    for item in world.events(mail):
        if item["event"] in {"answered", "collected"}:
            world.late(mail, item["sk"], "NEWS")


def stamps(world: World) -> None:
    """A receipt without a time stamp gets one."""
    with without_time_stamps():
        mail = world.received()
    world.late(mail, "STAMP", "STAMP")
    world.invoke("stamp_receipts", event("stamp_receipts"))
    if world.item(mail, "STAMP"):
        raise NoticedError("the receipt waits on")


def bounce(address: str, template: str, mail: Sent) -> dict[str, Any]:
    """SES's event of an e-mail that came back."""
    found = event("note_bounce")
    found["detail"]["bounce"]["bouncedRecipients"][0]["emailAddress"] = address
    found["detail"]["mail"]["destination"] = [address]
    found["detail"]["mail"]["timestamp"] = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    tags = {"notification_id": [fresh()], "template": [template], "mail_id": [mail.mail_id]}
    found["detail"]["mail"]["tags"] |= tags
    return found


def bounces(world: World) -> None:
    """E-mails come back from an organism's address and from a sender's."""
    mail = world.unreached(by_email=True)
    world.sender.receipt(mail)
    world.table.update_item(
        Key={"pk": "ORGANISM", "sk": "anam"},
        UpdateExpression="SET failing = :none",
        ExpressionAttributeValues={":none": {}},
    )
    world.invoke("note_bounce", bounce("bureau-ordre@anam.example.org", "organism_alert", mail))
    world.invoke("note_bounce", bounce("fatima.zahra@usager.example", "sender_receipt", mail))
    world.table.update_item(
        Key={"pk": "ORGANISM", "sk": "anam"},
        UpdateExpression="SET failing = :none",
        ExpressionAttributeValues={":none": {}},
    )


def enrolment(world: World) -> None:
    """An organism joins by a directory, changes its code, is known; another's code is refused."""
    name = f"x{fresh()[:8]}"
    head = "organism_id,code,category,name_fr,name_ar,city,language,alert_emails,alert_phones\n"
    for code in (name.upper(), f"{name.upper()}Z"):
        row = f"{name},{code[:10]},ministry,Essai,تجربة,,fr,desk@essai.example,\n"
        answer = world.invoke("enrol_organisms", {"csv": head + row})
        if answer["errors"]:
            raise NoticedError(str(answer["errors"]))
    world.table.put_item(Item={"pk": f"CODE#{name.upper()[:8]}Q", "sk": "CODE", "organism_id": "another"})
    try:
        row = f"{name}q,{name.upper()[:8]}Q,ministry,Essai,تجربة,,fr,desk@essai.example,\n"
        world.invoke("enrol_organisms", {"csv": head + row})
    except NoticedError as error:
        if "AccessDenied" in str(error):
            raise


def operator_enrols(world: World) -> None:
    """An operator enrols an organism with a webhook, changes its code; a code that is taken is refused."""
    name = f"y{fresh()[:6]}"
    form = PROGRAM | {"webhook": {"url": world.webhook_url}}
    token = world.operator
    world.ask("PUT", f"/organisms/{name}", token=token, json=form | {"code": name.upper()}, expect=201)
    world.ask("PUT", f"/organisms/{name}", token=token, json=form | {"code": f"{name.upper()}Z"})
    world.ask("PUT", f"/organisms/{name}", token=token, json=form | {"code": "ANAM"}, expect=409)
    world.ask("PUT", "/organisms/anam", token=token, json=form | {"code": "ANAMX"}, expect=409)
    head = "organism_id,code,category,name_fr,name_ar,alert_emails\n"
    file = {"csv": f"{head}{name},ANAM,ministry,Essai,تجربة,desk@essai.example"}
    world.ask("POST", "/operations/organisms/check", token=token, json=file)


def webhook(world: World) -> None:
    """An organism's program is called."""
    mail = world.answered
    body = json.loads(event("call_webhook")["Records"][0]["body"])
    body |= {"mail_id": mail.mail_id, "number": mail.number, "organism_id": "cndp"}
    (url,) = [url for url in world.sqs.list_queues()["QueueUrls"] if url.endswith("-webhooks")]
    got = len(world.calls)
    world.sqs.send_message(QueueUrl=url, MessageBody=json.dumps(body), MessageGroupId="cndp")
    until(lambda: len(world.calls) > got or None, "the call", seconds=4)


def scan(stored: Mapping[str, str], status: str) -> dict[str, Any]:
    """GuardDuty's event."""
    found = event("note_scan")
    found["detail"]["s3ObjectDetails"] |= stored
    found["detail"]["scanResultDetails"]["scanResultStatus"] = status
    return found


def scans(world: World) -> None:
    """Results come for a mail's file, for an answer's, and for one whose finding was lost."""
    mail, answered = world.received(PROTECTED), world.answered
    stored = world.stored(mail)
    world.unknown(mail, stored)
    world.late(mail, "SCAN", "SCAN")
    world.invoke("note_scan", scan(stored, "NO_THREATS_FOUND"))
    answer = world.stored(answered, "answers")
    world.unknown(answered, answer, "answers")
    world.invoke("note_scan", scan(answer, "NO_THREATS_FOUND"))
    world.tag(stored, GuardDutyMalwareScanStatus="NO_THREATS_FOUND", state="draft")
    world.invoke("note_scan", scan(stored, "NO_THREATS_FOUND"))
    world.invoke("note_scan", scan(stored, "THREATS_FOUND"))


def late_scans(world: World) -> None:
    """Scans that never came are asked for again, and settled; operators are told."""
    found, asked, told = (world.received(pdf()) for _ in range(3))
    for mail in (found, asked, told):
        stored = world.stored(mail)
        world.unknown(mail, stored)
        world.late(mail, "SCAN", "SCAN_ASKED" if mail is told else "SCAN")
        finding = {"GuardDutyMalwareScanStatus": "NO_THREATS_FOUND"} if mail is found else {}
        world.tag(stored, state="draft", **finding)
    answering = world.received()
    world.anam.enclose(answering.number, pdf())
    world.tag(world.stored(answering, "answers"), state="draft")
    world.unknown(answering, world.stored(answering, "answers"), "answers")
    world.late(answering, "SCAN#ANSWERS", "SCAN")
    world.invoke("chase_scans", event("chase_scans"))


def reminders(world: World) -> None:
    """An organism is reminded of a mail that waits since long, and operators are told."""
    mail = world.received()
    year, rank = mail.number.split("-")[1:]
    entry = {"pk": f"REGISTER#anam#{year}", "sk": f"ENTRY#{int(rank):09d}"}
    world.table.update_item(
        Key=entry,
        UpdateExpression="SET waiting_since = :ago, submitted_at = :ago REMOVE reminded_at, escalated_at",
        ExpressionAttributeValues={":ago": LONG_AGO},
    )
    world.invoke("remind_organisms", event("remind_organisms"))
    world.table.update_item(Key=entry, UpdateExpression="REMOVE waiting, waiting_since")


def inbox(world: World) -> None:
    """Agents and programs list the inbox, search it, and count it."""
    world.anam.ask("GET", "?limit=5")
    world.anam.ask("GET", "?q=attestation")
    world.anam.ask("GET", "?q=1")
    world.anam.ask("GET", "/counts")
    world.anam.ask("GET", "?status=submitted")
    world.anam.ask("GET", "/statistics")
    world.program.ask("GET", "?limit=5")


def templates(world: World) -> None:
    """An agent and a program write, change, list and delete a template of answers."""
    form = {name: {"fr": "Attestation jointe", "ar": "الشهادة مرفقة"} for name in ("name", "text")}
    for desk in (world.anam, world.program):
        desk.ask("PUT", "/templates/attestation", json=form, expect=201)
        desk.ask("PUT", "/templates/attestation", json=form)
        desk.ask("GET", "/templates")
        desk.ask("DELETE", "/templates/attestation", expect=204)


def counter(world: World) -> None:
    """An agent and a program enter mail that was handed in, by a sender without contact."""
    for desk in (world.anam, world.program):
        started = desk.ask("POST", "/counter", json={"language": "ar"}, expect=201)
        world.sender.identify(started, {"kind": "citizen", "last_name": "العلوي"})


def opened(world: World) -> None:
    """Mails are opened by an agent and a program, one for the first time; files are downloaded, one knowingly."""
    world.anam.ask("GET", f"/{world.sent().number}")
    for desk in (world.anam, world.program):
        mail = world.answered
        (file,) = desk.ask("GET", f"/{mail.number}")["attachments"]
        world.fetch(desk.ask("GET", f"/{mail.number}/attachments/{file['attachment_id']}")["url"])
    mail = world.protected
    (file,) = world.anam.ask("GET", f"/{mail.number}")["attachments"]
    path = f"/{mail.number}/attachments/{file['attachment_id']}?accept_unchecked=true"
    for status in ("NO_THREATS_FOUND", "UNSUPPORTED"):
        world.tag(world.stored(mail), GuardDutyMalwareScanStatus=status, state="submitted")
        world.fetch(world.anam.ask("GET", path)["url"])
    world.tag(world.stored(mail), GuardDutyMalwareScanStatus="NO_THREATS_FOUND", state="submitted")


def collection(world: World) -> None:
    """A mail is collected, by an agent and by a program."""
    world.anam.collect(world.sent().number)
    world.program.collect(world.sent().number)


def outcome(world: World) -> None:
    """A mail is answered with a file, after another was withdrawn; a program rejects one."""
    mail = world.sent()
    withdrawn = world.anam.enclose(mail.number, pdf())
    world.anam.ask("DELETE", f"/{mail.number}/attachments/{withdrawn}", expect=204)
    world.anam.enclose(mail.number, pdf())
    world.anam.close(mail.number, "answered")
    world.program.close(world.sent().number, "rejected", "Non.")


def outcome_with_locked_file(world: World) -> None:
    """A mail is answered with a file that is locked for longer already."""
    mail = world.sent()
    world.anam.enclose(mail.number, pdf())
    world.lock_for_long(f"answers/{mail.mail_id}/")
    world.anam.close(mail.number, "answered")


def redirection(world: World) -> None:
    """A mail goes on to another organism."""
    mail = world.sent(pdf())
    closed = world.anam.close(mail.number, "redirected", "Autre.", redirect_to="commune-rabat")
    there = world.ask("GET", f"/mails/{mail.mail_id}", token=mail.access_token)["outcome"]["redirected_to"]
    back = {"number": there["number"], "follow_up_code": there["follow_up_code"]}
    elsewhere = world.ask("POST", "/follow-up", json=back)["mail_id"]
    if not closed or not world.s3.head_object(Bucket=world.bucket, Key=f"submissions/{elsewhere}.json"):
        raise NoticedError("no record of the other mail")


def session(world: World) -> None:
    """An invited agent signs in on the pages, chooses a password, stays signed in, and signs out."""
    username, first = f"{fresh()}@essai.example", f"Aa1!{fresh()}"
    world.invite(username, first)
    with world.stack.visitor() as browser:
        browser.headers["Origin"] = world.stack.site_url.rstrip("/")

        def call(method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
            answer = browser.request(method, f"/v1/session{path}", json=body).raise_for_status()
            return answer.json() if answer.content else None

        asked = call("POST", "", {"username": username, "password": first})
        call("POST", "/challenge", {"challenge": asked["challenge"], "new_password": f"Aa1!{fresh()}"})
        if call("GET", "")["organism"]["organism_id"] != "anam":
            raise NoticedError("another organism")
        call("DELETE", "")


def people(world: World) -> None:
    """An operator invites the first agent of an organism, finds, shuts out and takes back, and resets the factor."""
    token, organism = world.operator, f"z{fresh()[:6]}"
    world.ask("PUT", f"/organisms/{organism}", token=token, expect=201, json=PROGRAM | {"code": organism.upper()})
    invitation = {"email": f"{organism}@essai.example", "role": "agent", "organism_id": organism}
    person = world.ask("POST", "/operations/people", token=token, expect=201, json=invitation)
    for query in (f"organism_id={organism}", f"q={organism}@"):
        (found,) = world.ask("GET", f"/operations/people?{query}", token=token)["items"]
        if found != person:
            raise NoticedError(f"{query}: another person")
    path = f"/operations/people/{person['person_id']}"
    world.ask("POST", f"{path}/factor-reset", token=token, expect=204)
    world.ask("DELETE", path, token=token, expect=204)
    world.ask("POST", "/operations/people", token=token, expect=200, json=invitation)


def failures(world: World) -> None:
    """Operators see what failed in each queue, and give it back."""
    mail = world.answered
    body = json.loads(message(mail.mail_id, "email", f"{fresh()}@usager.example")["Records"][0]["body"])
    call = json.loads(event("call_webhook")["Records"][0]["body"]) | {"mail_id": mail.mail_id, "organism_id": "anam"}
    arn = "arn:aws:lambda:eu-west-3:000000000000:function:"
    again = {"requestContext": {"condition": "RetriesExhausted"}}
    dead = {
        "notifications-failed": body,
        "webhooks-failed": call,
        "receipts-failed": again | {"requestPayload": made(mail)},
    }
    scanned = again | {"requestPayload": scan(world.stored(mail), "NO_THREATS_FOUND")}
    returned = again | {"requestPayload": bounce("none@usager.example", "sender_receipt", mail)}
    urls = world.sqs.list_queues()["QueueUrls"]

    def put(queue: str, content: Any) -> None:  # noqa: ANN401 - JSON
        (url,) = [url for url in urls if url.endswith(f"-{queue}")]
        names = {"receipts-failed": "render_receipt"}
        if "requestContext" in content:
            operation = names.get(queue) or ("note_scan" if content is scanned else "note_bounce")
            context = again["requestContext"] | {"functionArn": f"{arn}{world.name(operation)}:live"}
            content = content | {"requestContext": context}
        attributes: Any = {"correlation_id": {"DataType": "String", "StringValue": "probe"}}
        world.sqs.send_message(QueueUrl=url, MessageBody=json.dumps(content), MessageAttributes=attributes)

    for queue, content in dead.items():
        put(queue, content)
    put("events-failed", scanned)
    put("events-failed", returned)
    world.late(mail, "SCAN", "UNCHECKED")
    waiting = world.ask("GET", "/operations/failures?limit=100", token=world.operator)["waiting"]
    if mail.number not in {item["number"] for item in waiting["items"]}:
        raise NoticedError("a mail that waits has no number")
    world.ask("GET", "/operations/organisms?q=anam", token=world.operator)
    redriven = world.ask("POST", "/operations/failures/redrive", token=world.operator, expect=202)
    if redriven["redriven"] < 5:
        raise NoticedError(f"{redriven['redriven']} of 5 messages went back")


def scanner(world: World) -> None:
    """The stand-in scans a file."""
    stored = world.stored(world.answered)
    one = {"bucket": {"name": world.bucket}, "object": {"key": stored["objectKey"], "versionId": stored["versionId"]}}
    world.invoke("scan_file", {"Records": [{"s3": one}]})


PROBES: Mapping[str, tuple[Probe, ...]] = {
    "list_organisms": (directory,),
    "start_mail": (start,),
    "write_letter": (four_steps,),
    "identify_sender": (four_steps, counter),
    "attach_file": (four_steps,),
    "submit_mail": (submission,),
    "follow_mail": (follow_up, draft_followed),
    "verify_receipt": (verification,),
    "sign_statement": (statement,),
    "list_keys": (keys,),
    "list_sealers": (sealers,),
    "list_heads": (heads,),
    "publish_heads": (night,),
    "read_open_data": (open_data,),
    "publish_open_data": (quarter,),
    "render_receipt": (receipt, receipt_of_locked_files, receipt_without_files),
    "send_notification": (messages, undeliverable),
    "turn_codes": (codes,),
    "resume_stalled": (words_late, stalled, stalled_news),
    "stamp_receipts": (stamps,),
    "note_bounce": (bounces,),
    "enrol_organisms": (enrolment,),
    "enrol_organism": (operator_enrols,),
    "call_webhook": (webhook,),
    "note_scan": (scans,),
    "chase_scans": (late_scans,),
    "remind_organisms": (reminders,),
    "open_session": (session,),
    "enter_mail": (counter,),
    "list_inbox": (inbox,),
    "keep_templates": (templates,),
    "open_mail": (opened,),
    "collect_mail": (collection,),
    "close_mail": (outcome, redirection, outcome_with_locked_file),
    "manage_people": (people,),
    "operate": (failures,),
    "scan_file": (scanner,),
}
"""The probes of each function that may do anything, the shortest first."""
