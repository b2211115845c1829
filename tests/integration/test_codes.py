"""New codes for a mail: the old ones and every link end at once, and nobody is locked out by two who turn at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

import render_receipt.handler
import resume_stalled.handler
from mailroom.domain import clock
from mailroom.domain.reach import Way
from render_receipt.issuing import ReceiptNotMadeError
from tests.support.in_process.agents import Agent
from tests.support.in_process.codes import (
    by_link,
    by_slip,
    come,
    link_code,
    not_mine,
    receipt_of,
    seen_by,
    slips_made,
    turn,
)
from tests.support.in_process.mishaps import before_transaction, refusing, taking
from tests.support.in_process.service import Mail, Service, context


@pytest.fixture
def mail(service: Service) -> Mail:
    """A mail whose receipt was made."""
    sent = service.sent()
    service.receipt_trigger(sent.mail_id)
    return sent


def everything(service: Service, mail: Mail, *tokens: str) -> list[int]:
    """What each token gets on each route of a mail."""
    path = f"/v1/mails/{mail.mail_id}"
    routes = [
        ("GET", path, None),
        ("GET", f"{path}/receipt", None),
        ("POST", f"{path}/submission", None),
        ("PUT", f"{path}/letter", {"kind": "other", "subject": "a", "body": ""}),
        ("POST", f"{path}/codes", None),
    ]
    return [service.call(method, route, body, token=token).status for token in tokens for method, route, body in routes]


def test_turned_codes_open_the_mail_and_all_earlier_ones_have_ended(service: Service, mail: Mail) -> None:
    number = mail.submitted["number"]
    codes = [mail.submitted["follow_up_code"], link_code(mail), link_code(mail, channel="sms")]
    tokens = [mail.token, by_slip(service, mail), by_link(service, mail), by_link(service, mail, "sms")]
    turned = turn(service, mail)
    assert (turned.status, turned.json.keys()) == (200, {"access_token", "follow_up_code"})
    assert [come(service, number, code).status for code in codes] == [404] * 3
    assert set(everything(service, mail, *tokens)) <= {401, 403}
    assert [seen_by(service, mail, token).status for token in tokens] == [401] * 4
    new = turned.json["access_token"]
    assert seen_by(service, mail, new).json["sender"]["email"] == "amina.alaoui@exemple.ma"
    assert come(service, number, turned.json["follow_up_code"]).status == 200
    assert come(service, number, link_code(mail)).status == 200, "messages that go out from now on"


def test_sending_again_after_the_turn_answers_the_codes_in_force(service: Service, mail: Mail) -> None:
    new = turn(service, mail).json
    again = service.call("POST", f"/v1/mails/{mail.mail_id}/submission", token=new["access_token"])
    assert (again.status, again.json) == (200, mail.submitted | {"follow_up_code": new["follow_up_code"]})


def test_codes_can_be_turned_time_and_again_and_never_come_back(service: Service, mail: Mail) -> None:
    token, seen = mail.token, [mail.submitted["follow_up_code"]]
    for _ in range(4):
        new = turn(service, mail, token).json
        token = new["access_token"]
        seen.append(new["follow_up_code"])
    assert len(set(seen)) == 5
    assert [come(service, mail.submitted["number"], code).status for code in seen] == [404] * 4 + [200]


def test_who_has_only_the_slip_turns_codes_and_goes_on_seeing_masked_details(service: Service, mail: Mail) -> None:
    new = turn(service, mail, by_slip(service, mail)).json
    assert "…" in seen_by(service, mail, new["access_token"]).json["sender"]["email"]
    assert turn(service, mail, new["access_token"]).status == 200


@pytest.mark.parametrize("way", ["email", "sms"])
def test_a_messages_link_is_not_enough_to_turn_codes(service: Service, mail: Mail, way: Way) -> None:
    """Who lives at a mistyped address would lock the sender out."""
    refused = turn(service, mail, by_link(service, mail, way))
    assert (refused.status, refused.json["type"]) == (403, "/problems/not-by-code")
    assert seen_by(service, mail, mail.token).status == 200


def test_a_messages_link_shows_no_slip(service: Service, mail: Mail) -> None:
    """The slip bears the code that turns all others, and a link may have gone to a stranger."""
    assert receipt_of(service, mail, by_slip(service, mail))["slip"]
    assert receipt_of(service, mail, by_link(service, mail))["slip"] is None
    assert receipt_of(service, mail, by_link(service, mail, "sms"))["slip"] is None


@pytest.mark.parametrize("by", [by_slip, by_link])
def test_a_code_on_paper_writes_no_draft(service: Service, mail: Mail, by: Callable[[Service, Mail], str]) -> None:
    """What it opens is for reading."""
    letter = {"kind": "other", "subject": "a", "body": ""}
    assert service.call("PUT", f"/v1/mails/{mail.mail_id}/letter", letter, token=by(service, mail)).status == 401


def test_a_draft_has_nothing_to_turn(service: Service) -> None:
    draft = service.ready()
    for act in (turn(service, draft), not_mine(service, draft, draft.token)):
        assert (act.status, act.json["type"]) == (409, "/problems/not-yet-submitted")
    assert service.submit(draft).status == 201


def test_of_two_who_turn_at_once_one_wins_and_the_others_token_has_ended(service: Service, mail: Mail) -> None:
    won = []
    slip = by_slip(service, mail)
    with before_transaction(lambda: won.append(turn(service, mail, slip))):
        lost = turn(service, mail)
    assert (won[0].status, lost.status) == (200, 401)
    assert come(service, mail.submitted["number"], won[0].json["follow_up_code"]).status == 200


KEY, OTHER_KEY = "0b7c1f5e-6f0e-4b52-9a6e-2f1d3c4b5a69", "another-key-of-a-thief"


@pytest.mark.parametrize("who", ["sender", "slip"])
def test_who_lost_the_answer_gets_it_again_by_the_requests_key(service: Service, mail: Mail, who: str) -> None:
    token = mail.token if who == "sender" else by_slip(service, mail)
    first = turn(service, mail, token, key=KEY)
    assert first.status == 200
    again = turn(service, mail, token, key=KEY)
    assert (again.status, again.json) == (200, first.json)
    assert come(service, mail.submitted["number"], first.json["follow_up_code"]).status == 200
    assert seen_by(service, mail, token).status == 401, "the key opens nothing else"


@pytest.mark.parametrize("key", [None, OTHER_KEY, KEY.upper()])
def test_who_has_only_the_old_code_gets_no_new_ones(service: Service, mail: Mail, key: str | None) -> None:
    slip = by_slip(service, mail)
    assert turn(service, mail, key=KEY).status == 200
    assert turn(service, mail, key=key).status == 401
    assert turn(service, mail, slip, key=KEY).status == 401, "the key is its sender's, with the code that came with it"


def test_without_a_key_nothing_is_given_again(service: Service, mail: Mail) -> None:
    assert turn(service, mail).status == 200
    assert turn(service, mail).status == 401


def test_a_key_is_good_until_the_codes_are_replaced_once_more(service: Service, mail: Mail) -> None:
    new = turn(service, mail, key=KEY).json["access_token"]
    assert turn(service, mail, new).status == 200
    assert turn(service, mail, key=KEY).status == 401


def test_a_key_does_not_bring_back_a_slip_that_was_said_to_be_a_strangers(service: Service, mail: Mail) -> None:
    slip = by_slip(service, mail)
    new = turn(service, mail, slip, key=KEY).json["access_token"]
    assert not_mine(service, mail, new).status == 204
    assert turn(service, mail, slip, key=KEY).status == 401


def test_two_requests_with_one_key_at_once_turn_codes_once(service: Service, mail: Mail) -> None:
    won = []
    with before_transaction(lambda: won.append(turn(service, mail, key=KEY))):
        lost = turn(service, mail, key=KEY)
    assert (lost.status, lost.json) == (200, won[0].json)


@pytest.mark.parametrize("key", ["short", "x" * 101])
def test_a_key_that_could_be_guessed_is_refused_and_nothing_is_turned(service: Service, mail: Mail, key: str) -> None:
    assert turn(service, mail, key=key).status == 422
    assert seen_by(service, mail, mail.token).status == 200


def test_a_stranger_who_says_not_mine_at_the_same_moment_is_no_hindrance(service: Service, mail: Mail) -> None:
    link = by_link(service, mail)
    with before_transaction(lambda: not_mine(service, mail, link)):
        turned = turn(service, mail)
    assert turned.status == 200
    seen = seen_by(service, mail, turned.json["access_token"])
    assert (seen.status, seen.json["sender"]["reachable_by_email"]) == (200, False)


def test_the_old_slip_is_no_longer_offered_and_a_new_one_is_made(service: Service, mail: Mail) -> None:
    old = receipt_of(service, mail, mail.token)
    with taking("Invoke", {"StatusCode": 202}):  # it has not run yet
        new = service.call("POST", f"/v1/mails/{mail.mail_id}/codes", token=mail.token).json["access_token"]
    assert receipt_of(service, mail, new)["slip"] is None
    render_receipt.handler.handler({"slips": [mail.mail_id]}, context("render_receipt"))
    made = receipt_of(service, mail, new)
    assert made["slip"]["url"].partition("?")[0] != old["slip"]["url"].partition("?")[0], "old addresses lead nowhere"
    assert made["sha256"] == old["sha256"]
    assert service.items(f"MAIL#{mail.mail_id}")
    assert not [item for item in service.items(f"MAIL#{mail.mail_id}") if item.get("waiting") == "SLIP"]


def test_making_the_new_slip_tells_nobody_again(service: Service, mail: Mail) -> None:
    before = len(service.queued())
    turn(service, mail)
    assert len(service.queued()) == before


def test_a_slip_that_could_not_be_asked_for_is_made_by_the_schedule(service: Service, mail: Mail) -> None:
    with refusing("Invoke", "TooManyRequestsException"):
        new = service.call("POST", f"/v1/mails/{mail.mail_id}/codes", token=mail.token)
    assert new.status == 200
    later = time_machine.travel(clock.now() + timedelta(minutes=10), tick=False)
    with later, slips_made() as invoked:
        resume_stalled.handler.handler({}, context())
    assert len(invoked) == 1
    assert receipt_of(service, mail, new.json["access_token"])["slip"]


def test_a_slip_asked_for_before_the_receipt_is_made_later(service: Service) -> None:
    sent = service.sent()
    with taking("Invoke", {"StatusCode": 202}):
        new = service.call("POST", f"/v1/mails/{sent.mail_id}/codes", token=sent.token).json["access_token"]
    with pytest.raises(ReceiptNotMadeError):
        render_receipt.handler.handler({"slips": [sent.mail_id]}, context("render_receipt"))
    service.receipt_trigger(sent.mail_id)
    assert receipt_of(service, sent, new)["slip"]


def test_the_codes_of_a_redirected_mail_are_turned_with_it(service: Service, mail: Mail) -> None:
    """Its first mail shows the way in, and so did every link to that. To ask again with the key turns none of them."""
    Agent(service).redirect(mail.submitted["number"], "adm")
    there = seen_by(service, mail, mail.token).json["outcome"]["redirected_to"]
    path, headers = f"/v1/mails/{mail.mail_id}/codes", {"Idempotency-Key": KEY}
    with taking("Invoke", {"StatusCode": 202}):
        answers = [service.call("POST", path, token=mail.token, headers=headers) for _ in range(2)]
    assert answers[0].json == answers[1].json
    new = answers[0].json["access_token"]
    assert come(service, there["number"], there["follow_up_code"]).status == 404
    shown = seen_by(service, mail, new).json["outcome"]["redirected_to"]
    back = come(service, there["number"], shown["follow_up_code"])
    assert back.status == 200
