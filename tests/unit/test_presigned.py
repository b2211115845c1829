"""The host of presigned addresses: browsers and signatures hold to it, so that it must be the bucket's regional one.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html ("Temporary request redirection"),
https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
"""

from urllib.parse import urlsplit

import pytest

from mailroom.domain.letter import Attachment
from mailroom.process import WithBucket
from mailroom.settings import Settings

MAIL_ID = "0199c0de-0000-7000-8000-000000000001"
ATTACHMENT = Attachment(
    attachment_id="0199c0de-0000-7000-8000-000000000002",
    file_name="plan.pdf",
    media_type="application/pdf",
    size=1,
    sha256="0" * 64,
)
REGIONS = (
    *("eu-west-3", "eu-central-1", "us-east-1", "us-west-2"),
    *("eu-south-1", "eu-south-2", "af-south-1", "me-south-1", "me-central-1", "il-central-1"),  # opened after 2019
)
ENDPOINTS = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3")


@pytest.fixture(autouse=True)
def _account(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function's environment in AWS."""
    for name in ENDPOINTS:
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_SESSION_TOKEN": "token",
        "AWS_REGION": "eu-west-3",
        "AWS_DEFAULT_REGION": "eu-west-3",
        "BUCKET_NAME": "bureau-ordre-prod-files-2b97f5",
    }.items():
        monkeypatch.setenv(name, value)
    Settings.reset()


def addresses() -> list[str]:
    """One presigned address of each kind: a PUT, and the GET of a file and of a receipt."""
    files = WithBucket.current().files
    stored = ATTACHMENT.model_copy(update={"version_id": "v1"})
    downloads = files.download(MAIL_ID, stored), files.receipt_download(MAIL_ID)
    return [files.upload(MAIL_ID, ATTACHMENT).url, *(download.url for download in downloads)]


@pytest.mark.parametrize("region", REGIONS)
def test_presigned_addresses_name_the_buckets_host_in_its_region(monkeypatch: pytest.MonkeyPatch, region: str) -> None:
    monkeypatch.setenv("AWS_REGION", region)
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    host = f"bureau-ordre-prod-files-2b97f5.s3.{region}.amazonaws.com"
    for address in addresses():
        assert urlsplit(address).hostname == host
        assert f"%2F{region}%2Fs3%2Faws4_request" in address


@pytest.mark.parametrize("variable", ENDPOINTS)
@pytest.mark.parametrize("endpoint", ["https://localhost:4566", "https://127.0.0.1:4566"])
def test_a_forced_endpoint_keeps_its_one_host(monkeypatch: pytest.MonkeyPatch, variable: str, endpoint: str) -> None:
    """The local cloud's certificate and resolver know no host for each bucket."""
    monkeypatch.setenv(variable, endpoint)
    for address in addresses():
        assert address.startswith(f"{endpoint}/bureau-ordre-prod-files-2b97f5/")
