"""The receipt holds the record it stands for: whoever has the PDF has all that was sealed."""

import io
import json

import boto3
import pikepdf

from tests.support.in_process.service import BUCKET, REGION, Service, sha256


def kept(key: str) -> bytes:
    return boto3.client("s3", REGION).get_object(Bucket=BUCKET, Key=key)["Body"].read()


def test_the_record_in_the_receipt_is_the_stored_one_to_the_byte(service: Service) -> None:
    mail = service.ready()
    content = b"%PDF-1.7 plan of the house"
    service.attach(mail, content)
    service.submit(mail)
    service.receipt_trigger(mail.mail_id)

    with pikepdf.open(io.BytesIO(kept(f"receipts/{mail.mail_id}.pdf"))) as pdf:
        inside = pdf.attachments["record.json"].get_file().read_bytes()
    assert inside == kept(f"submissions/{mail.mail_id}.json")
    assert sha256(content) in {file["sha256"] for file in json.loads(inside)["attachments"]}
