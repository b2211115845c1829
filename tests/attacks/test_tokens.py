"""Tokens and codes that were never given out, or for something else."""

import base64
import hashlib
import hmac
import json

import pytest

from mailroom.domain.codes import Codes
from mailroom.mails.tokens import Tokens
from tests.support.in_process.service import Mail, Service


@pytest.fixture(scope="module")
def victim(shared_service: Service) -> Mail:
    return shared_service.sent("anam")


def forged(mail: Mail) -> dict[str, str]:
    """What a stranger can make of all that is public of a mail, and of other mails' tokens."""
    guessed = base64.urlsafe_b64encode(hmac.digest(b"", mail.mail_id.encode(), hashlib.sha256)).decode().rstrip("=")
    return {
        "the mail's id": mail.mail_id,
        "an HMAC under no key": guessed,
        "the follow-up code": mail.submitted["follow_up_code"],
        "the verification code": mail.submitted["verification_code"],
        "the number": mail.submitted["number"],
        "a good one, cut": mail.token[:-1],
        "a good one, longer": mail.token + "A",
        "a good one in another case": mail.token.swapcase(),
        "a good one with a blank inside": f"{mail.token[:5]} {mail.token[5:]}",
        "a token without a signature": ".".join(
            base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
            for part in ({"alg": "none"}, {"sub": mail.mail_id})
        )
        + ".",
        "letters that look alike": mail.token.replace("a", "а").replace("e", "е").replace("o", "о") + "а",
        "a thousand letters": "A" * 8000,
    }


def test_a_token_that_was_never_given_out(shared_service: Service, victim: Mail) -> None:
    """A stranger wants a mail opened by a token made of what is public, or of a token that was cut or stretched."""
    answers = {
        name: shared_service.call("GET", f"/v1/mails/{victim.mail_id}", token=token)
        for name, token in forged(victim).items()
    }
    assert {name: answer.status for name, answer in answers.items()} == dict.fromkeys(answers, 401)
    assert len({answer.body for answer in answers.values()}) == 1, "nothing tells how near a guess was"


def test_whether_a_mail_exists(shared_service: Service, victim: Mail) -> None:
    """A stranger with a list of ids wants to know which of them are mails."""
    ids = (victim.mail_id, "0199a0e2-6a0b-7c55-9e0f-0b6d7f3f8a11", "no-id")
    assert len({shared_service.call("GET", f"/v1/mails/{one}", token="A" * 43).body for one in ids}) == 1


@pytest.mark.parametrize("wrong", ["verification", "other mail's", "none", "cut", "number twice"])
def test_a_follow_up_with_the_wrong_pair(shared_service: Service, victim: Mail, wrong: str) -> None:
    """Whoever is shown a receipt wants into the mail with the number and a code that is printed for all to see."""
    code = {
        "verification": victim.submitted["verification_code"],
        "other mail's": shared_service.sent("anam").submitted["follow_up_code"],
        "none": "0",
        "cut": victim.submitted["follow_up_code"][:-1],
        "number twice": victim.submitted["number"],
    }[wrong]
    answer = shared_service.call(
        "POST", "/v1/follow-up", {"number": victim.submitted["number"], "follow_up_code": code}
    )
    assert answer.status in {404, 422}
    assert victim.mail_id not in answer.body


def test_a_token_that_another_purpose_made() -> None:
    """A stranger wants one purpose's code to be another's: each is an HMAC over its own name."""
    tokens, mail_id = Tokens(b"k" * 64), "0199a0e2-6a0b-7c55-9e0f-0b6d7f3f8a11"
    assert tokens.holder(mail_id, tokens.follow_up_code(mail_id)) is None
    assert tokens.came_by(mail_id, tokens.verification_code(mail_id), Codes()) is None
    assert tokens.holder(mail_id, tokens.access_token(f"{mail_id}x")) is None
    assert Tokens(b"").holder(mail_id, tokens.access_token(mail_id)) is None


def test_a_token_in_the_address(shared_service: Service, victim: Mail) -> None:
    """Whoever reads logs wants tokens sent in addresses, where every machine on the way keeps them."""
    for name in ("access_token", "token", "authorization"):
        assert shared_service.call("GET", f"/v1/mails/{victim.mail_id}?{name}={victim.token}").status == 401
