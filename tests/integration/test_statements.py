"""What is said of a receipt can be kept: signed, and checked by anyone with the published keys."""

import base64
import json

import boto3
import pytest
import time_machine
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import ECKey

from mailroom.settings import Settings
from tests.support.in_process.mishaps import refusing
from tests.support.in_process.service import PUBLIC_URL, REGION, Service
from tests.support.in_process.signing import NAMES, checked, keys_of

NOW = "2026-11-22T10:15:30Z"


def statement(service: Service, code: str) -> str:
    answer = service.call("GET", f"/v1/receipts/{code}/statement")
    assert answer.status == 200, answer.body
    assert answer.headers["Content-Type"] == "application/jose"
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.body


def test_the_signed_statement_is_the_very_one_that_is_shown_and_says_who_says_it_and_when(service: Service) -> None:
    code = service.sent().submitted["verification_code"]
    with time_machine.travel(NOW, tick=False):
        header, payload = checked(statement(service, code), keys_of(service))
    shown = service.call("GET", f"/v1/receipts/{code}").json
    assert payload == shown | {"iss": PUBLIC_URL, "iat": 1795342530}
    assert header == {"alg": "ES256", "kid": keys_of(service)["keys"][0]["kid"], "typ": "receipt-statement+jwt"}


def test_it_holds_nothing_of_a_person(service: Service) -> None:
    code = service.sent().submitted["verification_code"]
    _, payload = checked(statement(service, code), keys_of(service))
    assert set(payload) == {
        "genuine", "number", "organism", "submitted_at", "channel", "sender_kind", "attachments", "record_sha256",
        "entry_sha256", "receipt_sha256", "versions", "copies", "history", "iss", "iat",
    }  # fmt: skip


def test_one_changed_letter_shows(service: Service) -> None:
    signed = statement(service, service.sent().submitted["verification_code"])
    header, payload, signature = signed.split(".")
    whole = json.loads(base64.urlsafe_b64decode(payload + "=="))
    forged = base64.urlsafe_b64encode(json.dumps(whole | {"number": "ANAM-2026-000009"}).encode()).decode().rstrip("=")
    with pytest.raises(BadSignatureError):
        checked(f"{header}.{forged}.{signature}", keys_of(service))


def test_many_signatures_are_all_of_the_length_that_jose_wants(service: Service) -> None:
    """DER leaves out leading zeros and adds one before a high bit: among so many there are both."""
    code = service.sent().submitted["verification_code"]
    keys = keys_of(service)
    for _ in range(64):
        signed = statement(service, code)
        checked(signed, keys)
        assert len(base64.urlsafe_b64decode(signed.rpartition(".")[2] + "==")) == 64


def test_a_statement_of_another_environment_is_not_signed_by_our_keys(service: Service) -> None:
    signed = statement(service, service.sent().submitted["verification_code"])
    stranger = ECKey.generate_key("P-256").as_dict(private=False)
    with pytest.raises((JoseError, ValueError)):
        checked(signed, {"keys": [stranger]})


def test_the_published_keys_hold_those_that_sign_no_more(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key turns: what the old one signed is checked with the keys that are published afterwards."""
    code = service.sent().submitted["verification_code"]
    monkeypatch.setenv("SIGNING_KEY", f"alias/{NAMES[1]}")
    old = statement(service, code)
    monkeypatch.setenv("SIGNING_KEY", f"alias/{NAMES[0]}")
    Settings.reset()
    kids = [checked(signed, keys_of(service))[0]["kid"] for signed in (statement(service, code), old)]
    assert kids == [key["kid"] for key in keys_of(service)["keys"]]
    assert len(set(kids)) == 2


def test_a_key_is_named_by_its_thumbprint_and_nothing_private_is_published(service: Service) -> None:
    for key in keys_of(service)["keys"]:
        assert set(key) == {"kty", "crv", "x", "y", "alg", "use", "kid"}
        assert ECKey.import_key({name: key[name] for name in ("kty", "crv", "x", "y")}).thumbprint() == key["kid"]


def test_the_keys_can_be_cached_and_asked_for_again(service: Service) -> None:
    first = service.call("GET", "/.well-known/jwks.json")
    assert first.headers["Cache-Control"] == "public, max-age=300"
    again = service.call("GET", "/.well-known/jwks.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, "")


@pytest.mark.parametrize("code", ["7Q2M-4C9T-XV3E-8KHA", "x", "0" * 200])
def test_an_unknown_code_has_no_statement(service: Service, code: str) -> None:
    answer = service.call("GET", f"/v1/receipts/{code}/statement")
    assert answer.status == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.json["type"], answer.json["genuine"]) == ("/problems/receipt-not-found", False)


@pytest.mark.parametrize("operation", ["Sign", "GetPublicKey"])
@pytest.mark.parametrize("code", ["ThrottlingException", "KMSInternalException"])
def test_a_key_store_that_is_busy_says_try_again(service: Service, operation: str, code: str) -> None:
    mail = service.sent()
    with refusing(operation, code):
        answer = service.call("GET", f"/v1/receipts/{mail.submitted['verification_code']}/statement")
    assert answer.status == 503
    assert answer.headers["Retry-After"]


def test_a_key_on_another_curve_is_refused_before_anything_is_signed(service: Service) -> None:
    """The wrong key behind the alias, as after a mistake in the deployment."""
    kms = boto3.client("kms", REGION)
    other = kms.create_key(KeySpec="ECC_NIST_P384", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    kms.update_alias(AliasName=f"alias/{NAMES[0]}", TargetKeyId=other)
    mail = service.sent()
    assert service.call("GET", f"/v1/receipts/{mail.submitted['verification_code']}/statement").status == 500
