"""Requests that are made to break who reads them."""

import json
import time

import pytest

from tests.support.in_process.service import LETTER, Mail, Service

DEEP = "[" * 100_000 + "]" * 100_000


@pytest.fixture(scope="module")
def draft(shared_service: Service) -> Mail:
    return shared_service.start("anam")


BODIES = {
    "deep lists": DEEP,
    "deep objects": '{"a":' * 50_000 + "1" + "}" * 50_000,
    "a long number": '{"size": ' + "9" * 200_000 + "}",
    "a number of the size of a galaxy": '{"size": 1e999999}',
    "not a number": '{"size": NaN}',
    "one field twice": '{"kind": "request", "kind": "complaint"}',
    "half a letter": '{"subject": "\\ud800"}',
    "another encoding": json.dumps(LETTER).encode("utf-16"),
    "bytes that are no text": b"\xff\xfe\x00",
    "a megabyte": "{" + " " * 1_000_000 + "}",
    "many fields": json.dumps({f"field-{rank}": 1 for rank in range(5000)}),
    "a prototype": '{"__proto__": {"admin": true}, "__class__": "x"}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_that_breaks_the_reader(shared_service: Service, draft: Mail, body: str | bytes) -> None:
    """A stranger wants a function to fall over, to eat its memory or its time, or to show its insides."""
    before = shared_service.items(f"MAIL#{draft.mail_id}")
    started = time.process_time()
    answer = shared_service.call("PUT", f"/v1/mails/{draft.mail_id}/letter", raw=body, token=draft.token)
    assert time.process_time() - started < 5
    assert answer.status in {400, 413, 422}, answer.body[:200]
    assert "Traceback" not in answer.body
    assert len(answer.body) < 50_000
    assert shared_service.items(f"MAIL#{draft.mail_id}") == before


@pytest.mark.parametrize(
    "text", ["Objet\r\nBcc: all@example.ma", "Objet\nSuite", "Objet\r", "Objet\x0bSuite", "Objet\x85", "Objet\u2028"]
)
def test_a_subject_that_goes_on_in_the_next_line(shared_service: Service, draft: Mail, text: str) -> None:
    """A stranger wants a line of their own among the headers of an e-mail (CRLF)."""
    answer = shared_service.write(draft, subject=text)
    assert answer.status == 422
    assert [error["field"] for error in answer.json["errors"]] == ["subject"]


@pytest.mark.parametrize("header", ["fr\r\nSet-Cookie: a=b", "x" * 10_000, "ar;q=NaN", "*;q=1e400", "\x00"])
def test_a_language_that_is_none(shared_service: Service, header: str) -> None:
    """A stranger wants a header of the answer, by the language that is asked for."""
    answer = shared_service.call("GET", "/v1/nothing", headers={"Accept-Language": header})
    assert answer.status == 404
    assert answer.headers["Content-Language"] in {"ar", "fr", "en"}
    assert all("\n" not in value and "\r" not in value for value in answer.headers.values())
