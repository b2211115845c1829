"""The main job over HTTP alone, as `make run` does it, and what went out."""

import httpx
import pypdfium2
import pytest
import zxingcpp

from infra.local.local_stack import LocalStack
from infra.local.samples import LETTER, ORGANISM, SENDER, a_jpeg, a_pdf
from infra.local.sender_client import SenderClient, Sent, until


@pytest.fixture(scope="module")
def sent(sender: SenderClient) -> Sent:
    """A mail with two attachments, submitted."""
    started = sender.start(ORGANISM, "ar")
    sender.write(started)
    sender.attach(started, a_pdf())
    sender.attach(started, a_jpeg())
    sender.identify(started)
    return sender.submit(started)


def test_the_receipt_comes_and_its_qr_leads_to_the_verification(
    sender: SenderClient, stack: LocalStack, sent: Sent
) -> None:
    page = pypdfium2.PdfDocument(sender.receipt(sent))[0]
    text = page.get_textpage().get_text_range()
    assert sent.number in text
    assert sent.verification_code in text
    assert a_pdf().name in text
    codes = zxingcpp.read_barcodes(page.render(scale=3).to_pil())
    assert [code.text for code in codes] == [f"{stack.site_url}/v1/receipts/{sent.verification_code}"]
    assert httpx.get(codes[0].text, verify=False, trust_env=False).json()["number"] == sent.number  # noqa: S501 - on this machine


def test_everyone_is_told_once_and_in_their_language(sender: SenderClient, stack: LocalStack, sent: Sent) -> None:
    sender.follow(sent)

    def both() -> bool | None:
        return True if len([mail for mail in stack.emails() if sent.number in mail.subject + mail.text]) >= 2 else None

    until(both, "both e-mails")
    emails = {mail.to[0]: mail for mail in stack.emails() if sent.number in mail.subject + mail.text}
    assert set(emails) == {"bureau-ordre@anam.example.org", SENDER["email"]}
    to_organism, to_sender = emails["bureau-ordre@anam.example.org"], emails[SENDER["email"]]
    assert LETTER["subject"] in to_organism.text
    assert "إشعار" in to_sender.text
    assert f"/suivi#{sent.number}/" in to_sender.text
    assert f"/s#{sent.number}/" in to_sender.text, "where a stranger ends the link"
    assert sent.follow_up_code not in to_sender.text, "the slip's code is not the link's"
    texts = [message for message in stack.sms() if sent.number in message.text]
    assert sorted(message.to for message in texts) == ["+212600000001", SENDER["phone"]]
    assert all(LETTER["subject"] not in message.text for message in texts)


def test_the_history_and_the_public_statement_agree(sender: SenderClient, sent: Sent) -> None:
    sender.receipt(sent)
    mail = sender.follow(sent)
    statement = sender.verify(sent)
    events = [entry["event"] for entry in mail["history"]]
    assert events[:3] == ["started", "submitted", "receipt_issued"]
    assert sorted(events[3:]) == ["organism_alerted", "sender_informed"]
    assert [entry["event"] for entry in statement["history"]] == events[1:]
    assert all(attachment["uploaded"] for attachment in mail["attachments"])
    assert "subject" not in str(statement)


def test_health_contract_and_unknown_addresses(api: httpx.Client) -> None:
    assert api.get("/v1/health").json()["status"] == "ok"
    assert "/v1/mails/{mail_id}/submission" in api.get("/v1/openapi.json").json()["paths"]
    unknown = api.get("/v1/nothing", headers={"Accept-Language": "ar"})
    assert unknown.status_code == 404
    assert unknown.headers["Content-Type"] == "application/problem+json"
    refused = api.delete("/v1/organisms")
    assert refused.status_code == 405
    assert "GET" in refused.headers["Allow"]


def test_pages_of_other_origins_may_call_the_api(api: httpx.Client) -> None:
    asked = {"Origin": "http://localhost:5173", "Access-Control-Request-Method": "PUT"}
    preflight = api.options(
        "/v1/mails/x/letter", headers=asked | {"Access-Control-Request-Headers": "authorization,content-type"}
    )
    assert preflight.status_code in {200, 204}
    assert preflight.headers["Access-Control-Allow-Origin"] in {"*", asked["Origin"]}
    answer = api.get("/v1/organisms?limit=1", headers={"Origin": asked["Origin"]})
    assert "etag" in answer.headers["Access-Control-Expose-Headers"].lower()


@pytest.mark.parametrize(
    "path", ["/v1/organisms", "/v1/organisms/anam", "/.well-known/jwks.json", "/v1/register-heads"]
)
def test_whoever_holds_the_current_answer_is_told_so_and_gets_nothing_twice(api: httpx.Client, path: str) -> None:
    first = api.get(path)
    assert first.status_code == 200
    again = api.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
