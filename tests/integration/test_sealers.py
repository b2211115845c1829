"""Whose seal receipts bear is published, signed by the statements' key, old certificates too."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from mailroom.check import command
from mailroom.check.findings import ReceiptVerdict
from mailroom.domain import clock
from mailroom.settings import Settings
from tests.support.in_process.seals import install_unchecked, seal
from tests.support.in_process.service import BUCKET, PUBLIC_URL, REGION, Service
from tests.support.in_process.signing import checked, keys_of
from tests.support.signed.authorities import authority

PATH = "/.well-known/receipt-sealers"


def published(service: Service) -> dict[str, Any]:
    Settings.reset()
    answer = service.call("GET", PATH)
    assert answer.status == 200, answer.body
    assert answer.headers["Content-Type"] == "application/jose"
    header, payload = checked(answer.body, keys_of(service))
    assert header["typ"] == "receipt-sealers+jwt"
    return payload


def test_the_seals_certificate_is_published_with_its_subject_and_digests(service: Service) -> None:
    document = published(service)
    assert (document["version"], document["iss"]) == (1, PUBLIC_URL)
    (one,) = document["sealers"]
    assert one["subject"] == "CN=Sceau d'essai,O=Bureau d'Ordre Digital,C=MA"
    assert one["current"] is True
    assert one["certificate"].startswith("-----BEGIN CERTIFICATE-----")
    assert service.call("GET", PATH).headers["Cache-Control"] == "public, max-age=300"


def test_a_certificate_that_was_renewed_stays_published_as_an_old_one(service: Service) -> None:
    (before,) = published(service)["sealers"]
    renewed = authority().certify(seal().public_key, "Sceau renouvelé", begins=clock.now(), lasts=timedelta(days=9))
    seal().install(renewed)
    seal().install(renewed)
    new, old = published(service)["sealers"]
    assert (new["subject"].partition(",")[0], new["current"]) == ("CN=Sceau renouvelé", True)
    assert old == before | {"current": False}
    assert new["key_sha256"] == old["key_sha256"]


def test_what_is_no_certificate_hides_none_of_the_others(service: Service) -> None:
    install_unchecked(b"spoilt")
    assert [one["current"] for one in published(service)["sealers"]] == [False]


def test_what_lies_beside_the_seals_certificates_is_not_published(service: Service) -> None:
    other = authority().certify(seal().public_key, "Un autre", begins=clock.now(), lasts=timedelta(days=9))
    boto3.client("s3", REGION).put_object(Bucket=BUCKET, Key="seal/bod-seal.pem.old", Body=other)
    assert len(published(service)["sealers"]) == 1


def test_the_published_document_is_all_that_a_check_needs_beside_the_authority(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mail = service.sent()
    service.receipt_trigger(mail.mail_id)
    receipt = boto3.client("s3", REGION).get_object(Bucket=BUCKET, Key=f"receipts/{mail.mail_id}.pdf")
    keys, statement = (
        keys_of(service),
        service.call("GET", f"/v1/receipts/{mail.submitted['verification_code']}/statement"),
    )
    files = {
        "receipt.pdf": receipt["Body"].read(),
        "sealers.jose": service.call("GET", PATH).body.encode(),
        "statement.jose": statement.body.encode(),
        "ca.pem": authority().certificate.public_bytes(Encoding.PEM),
        "jwks.json": json.dumps(keys).encode(),
        "others.json": json.dumps({"keys": keys["keys"][1:]}).encode(),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    at = {name: str(tmp_path / name) for name in files}
    known = [at["receipt.pdf"], "--trust", at["ca.pem"]]
    assert command.main([*known, "--sealer", at["sealers.jose"], "--keys", at["jwks.json"]]) == ReceiptVerdict.GENUINE
    assert command.main(known) == ReceiptVerdict.SEALER_NOT_CHECKED
    for bad, why in (
        (["--sealer", at["sealers.jose"]], "--keys"),
        (["--sealer", at["sealers.jose"], "--keys", at["others.json"]], "not signed"),
        (["--sealer", at["statement.jose"], "--keys", at["jwks.json"]], "another kind"),
        (["--sealer", at["sealers.jose"], "--keys", at["ca.pem"]], "no public keys"),
    ):
        capsys.readouterr()
        with pytest.raises(SystemExit) as refused:
            command.main([*known, *bad])
        assert refused.value.code == 2
        assert why in capsys.readouterr().err
