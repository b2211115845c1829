"""The house in which pages are tried answers as AWS does."""

import hashlib
import json
import ssl
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.house.faults import STORAGE
from tests.support.house.house import House
from tests.support.in_process.service import CITIZEN, LETTER

CONTENT = b"a,b\n1,2\n"


@pytest.fixture(scope="module")
def client(house: House) -> Iterator[httpx.Client]:
    trusted = ssl.create_default_context(cafile=str(house.tls / "ca.pem"))
    with httpx.Client(base_url=house.url, verify=trusted, trust_env=False, headers={"Origin": house.url}) as made:
        yield made


class Sender:
    """A sender's program."""

    def __init__(self, client: httpx.Client, organism_id: str = "anam") -> None:
        self.client = client
        started = client.post("/v1/mails", json={"organism_id": organism_id, "language": "fr"}).json()
        self.path = f"/v1/mails/{started['mail_id']}"
        self.token = {"Authorization": f"Bearer {started['access_token']}"}

    def ask(self, method: str, path: str = "", body: object = None) -> httpx.Response:
        return self.client.request(method, self.path + path, json=body, headers=self.token)

    def announced(self, content: bytes = CONTENT) -> dict[str, Any]:
        digest = hashlib.sha256(content).hexdigest()
        body = {"file_name": "é ش.csv", "media_type": "text/csv", "size": len(content), "sha256": digest}
        upload: dict[str, Any] = self.ask("POST", "/attachments", body).json()["upload"]
        return upload

    def put(self, upload: dict[str, Any], content: bytes = CONTENT, **changed: str) -> httpx.Response:
        return self.client.put(upload["url"], content=content, headers=upload["headers"] | changed)

    def written(self) -> "Sender":
        assert self.ask("PUT", "/letter", LETTER).status_code == 200
        assert self.ask("PUT", "/sender", CITIZEN).status_code == 200
        return self


def test_a_mail_goes_its_whole_way_and_its_receipt_comes_by_itself(client: httpx.Client, house: House) -> None:
    sender = Sender(client).written()
    assert sender.put(sender.announced()).status_code == 200
    number = sender.ask("POST", "/submission").json()["number"]
    house.settle()
    issued = sender.ask("GET", "/receipt")
    assert issued.json()["status"] == "issued"
    assert client.get(issued.json()["url"]).content.startswith(b"%PDF")
    assert sender.ask("GET").json()["attachments"][0]["check"] == "clean"
    assert any(number in message.text and f"{house.url}/suivi#" in message.text for message in house.messages)


@pytest.mark.parametrize(
    ("content", "changed", "status"),
    [
        (CONTENT[:-1], {}, 403),
        (CONTENT[:-1] + b"x", {}, 400),
        (CONTENT, {"Content-Type": "text/plain"}, 403),
        (CONTENT, {"x-amz-tagging": "state=submitted"}, 403),
        (CONTENT, {"If-None-Match": ""}, 403),
        (CONTENT, {}, 200),
    ],
)
def test_storage_takes_the_announced_bytes_and_headers_alone(
    client: httpx.Client, content: bytes, changed: dict[str, str], status: int
) -> None:
    sender = Sender(client)
    assert sender.put(sender.announced(), content, **changed).status_code == status


def test_storage_takes_a_file_once_and_no_file_late(client: httpx.Client, house: House) -> None:
    sender = Sender(client)
    upload = sender.announced()
    assert [sender.put(upload).status_code for _ in range(2)] == [200, 412]
    late = sender.announced()
    house.ahead = house.ahead.resolution * 16 * 60 * 10**6
    assert sender.put(late).status_code == 403


def test_storage_lets_pages_of_the_site_alone_put_and_read_the_refusal(client: httpx.Client, house: House) -> None:
    sender = Sender(client)
    upload = sender.announced()
    asks = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type,x-amz-tagging"}
    good = client.options(upload["url"], headers=asks)
    assert good.status_code == 200
    assert good.headers["Access-Control-Allow-Headers"] == asks["Access-Control-Request-Headers"]
    assert client.options(upload["url"], headers=asks | {"Origin": "https://elsewhere.example"}).status_code == 403
    # the desk reads files to preview them
    assert client.options(upload["url"], headers=asks | {"Access-Control-Request-Method": "GET"}).status_code == 200
    assert client.options(upload["url"], headers=asks | {"Access-Control-Request-Method": "DELETE"}).status_code == 403
    refused = sender.put(upload, CONTENT[:-1])
    assert refused.headers["Access-Control-Allow-Origin"] == house.url


def test_an_answer_lost_after_the_work_was_done(client: httpx.Client, house: House) -> None:
    sender = Sender(client).written()
    house.fail_next("POST /v1/mails/{id}/submission", after=True, dropped=True)
    lost = sender.ask("POST", "/submission")
    assert (lost.status_code, lost.headers["Content-Type"]) == (502, "text/html; charset=utf-8")
    again = sender.ask("POST", "/submission")
    assert (again.status_code, again.json()["status"]) == (200, "submitted")


def test_refusals_for_now_in_the_readers_language(client: httpx.Client, house: House) -> None:
    house.fail_next("GET /v1/organisms", status=429, retry_after=7)
    refused = client.get("/v1/organisms", headers={"Accept-Language": "en"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "7")
    assert refused.json()["title"] == "Too many requests"
    house.fail_next("GET /v1/organisms", status=404, foreign=True)
    assert client.get("/v1/organisms").headers["Content-Type"] == "text/html"
    assert client.get("/v1/organisms").status_code == 200


def test_storage_may_fail_and_be_slow(client: httpx.Client, house: House) -> None:
    sender = Sender(client)
    upload = sender.announced()
    house.fail_next(STORAGE, status=503)
    assert sender.put(upload).status_code == 503
    house.fail_next(STORAGE, dropped=True, after=True)
    with pytest.raises(httpx.RemoteProtocolError):
        sender.put(upload)
    house.delay_next(STORAGE, 0.3)
    begun = time.monotonic()
    assert sender.put(upload).status_code == 412
    assert time.monotonic() - begun >= 0.3


@pytest.mark.parametrize(
    ("says", "check"), [("THREATS_FOUND", "refused"), ("NO_THREATS_FOUND", "clean"), ("UNSUPPORTED", "unchecked")]
)
def test_a_scan_says_what_a_test_lets_it_say(client: httpx.Client, house: House, says: str, check: str) -> None:
    house.chain.scans = says
    sender = Sender(client)
    sender.put(sender.announced())
    house.settle()
    assert sender.ask("GET").json()["attachments"][0]["check"] == check


def test_a_receipt_may_be_held_back(client: httpx.Client, house: House) -> None:
    house.chain.hold_receipts()
    sender = Sender(client).written()
    assert sender.ask("POST", "/submission").status_code == 201
    house.settle()
    assert sender.ask("GET", "/receipt").status_code == 202
    house.chain.let_receipts_go()
    house.settle()
    assert sender.ask("GET", "/receipt").status_code == 200


def test_the_pages_come_through_the_proxy_with_the_policy_that_names_storage(
    client: httpx.Client, house: House
) -> None:
    policy = client.get("/", follow_redirects=True).headers["Content-Security-Policy"]
    assert f"connect-src 'self' {house.storage_url}" in policy


def test_what_was_asked_is_noted(client: httpx.Client, house: House) -> None:
    client.post("/v1/mails", json={"organism_id": "closed", "language": "fr"})
    asked = house.requests[-1]
    assert asked.place == "POST /v1/mails"
    assert json.loads(asked.body) == {"organism_id": "closed", "language": "fr"}
