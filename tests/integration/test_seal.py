"""The seal in the chain: what stops it loses no mail and is told, and the receipt comes when it is mended."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from infra.commands.seal_certificates import ChainError
from render_receipt.pades import SealError
from tests.support.in_process.mishaps import counting, refusing
from tests.support.in_process.seals import install_unchecked, seal
from tests.support.in_process.service import BUCKET, REGION, Mail, Service, sha256
from tests.support.signed.authorities import authority, checked, long_lasting

OTHER = ec.generate_private_key(ec.SECP256R1()).public_key()
DAY = timedelta(days=1)


def receipt(mail: Mail) -> bytes:
    answer = boto3.client("s3", REGION).get_object(Bucket=BUCKET, Key=f"receipts/{mail.mail_id}.pdf")
    return answer["Body"].read()


def is_issued(service: Service, mail: Mail) -> bool:
    return service.call("GET", f"/v1/mails/{mail.mail_id}/receipt", token=mail.token).status == 200


def test_a_receipt_is_sealed_by_the_key_in_kms(service: Service) -> None:
    mail = service.sent()
    service.receipt_trigger(mail.mail_id)
    assert checked(receipt(mail)).bottom_line


@pytest.mark.parametrize("code", ["ThrottlingException", "KMSInternalException", "KeyUnavailableException"])
def test_a_receipt_that_kms_does_not_seal_comes_later_and_the_mail_waits_for_it(service: Service, code: str) -> None:
    mail = service.sent()
    with refusing("Sign", code), pytest.raises(Exception, match=code):
        service.receipt_trigger(mail.mail_id)
    assert not is_issued(service, mail)
    (item,) = [each for each in service.items(f"MAIL#{mail.mail_id}") if each["sk"] == "MAIL"]
    assert item["waiting"] == "RECEIPT"
    service.receipt_trigger(mail.mail_id)
    assert is_issued(service, mail)
    assert checked(receipt(mail)).bottom_line


def _expired() -> bytes:
    return authority().certify(seal().public_key, "Sceau", begins=datetime.now(UTC) - 9 * DAY, lasts=DAY)


def _not_yet_valid() -> bytes:
    return authority().certify(seal().public_key, "Sceau", begins=datetime.now(UTC) + DAY, lasts=DAY)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (_expired, "certificate_expired"),
        (_not_yet_valid, "certificate_not_yet_valid"),
        (lambda: long_lasting(OTHER), "certificate_not_of_this_key"),
        (lambda: b"", "certificate_unreadable"),
    ],
)
def test_a_certificate_that_does_not_fit_issues_nothing_tells_operators_and_can_be_mended(
    service: Service,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    make: Callable[[], bytes],
    reason: str,
) -> None:
    mail = service.sent()
    install_unchecked(make())
    with pytest.raises(SealError, match=reason):
        service.receipt_trigger(mail.mail_id)
    told = [vars(record)["reason"] for record in caplog.records if record.getMessage() == "receipt not sealed"]
    assert told == [reason]
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    assert [line["ReceiptsNotSealed"] for line in printed if "ReceiptsNotSealed" in line] == [[1.0]]
    assert not is_issued(service, mail)
    assert service.queued() == []

    seal().install(long_lasting(seal().public_key))
    service.receipt_trigger(mail.mail_id)
    assert checked(receipt(mail)).bottom_line


def test_without_any_certificate_it_says_so(service: Service) -> None:
    mail = service.sent()
    boto3.client("s3", REGION).delete_object(Bucket=BUCKET, Key="seal/bod-seal.pem")
    with pytest.raises(SealError, match="no_certificate"):
        service.receipt_trigger(mail.mail_id)


def test_the_trigger_twice_at_once_leaves_one_sealed_receipt_and_its_digest(service: Service) -> None:
    mail = service.sent()
    together = threading.Barrier(2, timeout=20)

    def both_have_sealed(_request: object) -> bool:
        together.wait()
        return False

    with refusing("Sign", "Never", when=both_have_sealed):
        runs = [threading.Thread(target=service.receipt_trigger, args=(mail.mail_id,)) for _ in range(2)]
        for run in runs:
            run.start()
        for run in runs:
            run.join()
    answer = service.call("GET", f"/v1/mails/{mail.mail_id}/receipt", token=mail.token)
    assert answer.json["sha256"] == sha256(receipt(mail))
    statement = service.call("GET", f"/v1/receipts/{mail.submitted['verification_code']}")
    assert statement.json["receipt_sha256"] == sha256(receipt(mail))
    versions = boto3.client("s3", REGION).list_object_versions(Bucket=BUCKET, Prefix="receipts/")["Versions"]
    assert len(versions) == 1


def test_what_was_sealed_before_is_not_sealed_again(service: Service) -> None:
    """A run that died after it stored the receipt: the next finds it, and KMS is not asked."""
    mail = service.sent()
    with refusing("TransactWriteItems", "ThrottlingException"), pytest.raises(Exception, match="Throttling"):
        service.receipt_trigger(mail.mail_id)
    before = receipt(mail)
    with counting() as calls:
        service.receipt_trigger(mail.mail_id)
    assert "Sign" not in calls
    assert receipt(mail) == before
    assert is_issued(service, mail)


@pytest.mark.usefixtures("service")
def test_a_request_for_a_certificate_is_signed_by_the_key_itself() -> None:
    wanted = x509.load_pem_x509_csr(seal().request())
    assert wanted.is_signature_valid
    assert wanted.public_key() == seal().public_key


@pytest.mark.usefixtures("service")
def test_certificates_that_do_not_fit_are_not_installed() -> None:
    good = long_lasting(seal().public_key)
    for chain, why in (
        (_expired(), "not now"),
        (_not_yet_valid(), "not now"),
        (long_lasting(OTHER), "not of this stage's key"),
        (b"nothing", "no certificate"),
        (good + good, "was not issued by"),
    ):
        with pytest.raises(ChainError, match=why):
            seal().install(chain)
