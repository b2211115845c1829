"""`make pages`: the bucket holds the pages and no others, as the distribution is to serve them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import boto3
import pytest
from moto import mock_aws

from infra.commands.deployed import NotDeployedError
from infra.commands.publish_pages import CACHE_CONTROL, publish
from infra.paths import PAGES

REGION: Final = "eu-west-3"
BUCKET = "pages-of-a-test"


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[boto3.Session]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        yield boto3.Session(region_name=REGION)


@pytest.fixture
def distribution(session: boto3.Session) -> str:
    """The edge stack as it is deployed: its outputs name a bucket and a distribution."""
    session.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    made = session.client("cloudfront").create_distribution(
        DistributionConfig={
            "CallerReference": "test",
            "Comment": "",
            "Enabled": True,
            "Origins": {
                "Quantity": 1,
                "Items": [
                    {
                        "Id": "o",
                        "DomainName": "x.example",
                        "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"},
                    }
                ],
            },
            "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only"},
        }
    )
    distribution: str = made["Distribution"]["Id"]
    outputs = {"PagesBucketName": {"Value": BUCKET}, "DistributionId": {"Value": distribution}}
    template = {"Resources": {"T": {"Type": "AWS::SNS::Topic"}}, "Outputs": outputs}
    session.client("cloudformation").create_stack(StackName="BureauOrdre-dev-Edge", TemplateBody=json.dumps(template))
    return distribution


def test_every_page_is_there_with_its_type(session: boto3.Session, distribution: str) -> None:
    publish(session, "dev")
    s3 = session.client("s3")
    for path in PAGES.iterdir():
        found = s3.get_object(Bucket=BUCKET, Key=path.name)
        assert found["Body"].read() == path.read_bytes()
        assert found["ContentType"] == f"text/{path.suffix.removeprefix('.')}; charset=utf-8"
        assert found["CacheControl"] == CACHE_CONTROL
    (invalidation,) = session.client("cloudfront").list_invalidations(DistributionId=distribution)["InvalidationList"][
        "Items"
    ]
    assert invalidation["Status"]


def test_a_page_that_is_gone_is_removed_and_the_others_stay(
    session: boto3.Session, distribution: str, tmp_path: Path
) -> None:
    assert distribution
    (tmp_path / "ar").mkdir()
    (tmp_path / "ar/index.html").write_text("<!doctype html>")
    (tmp_path / "logo.svg").write_text("<svg/>")
    session.client("s3").put_object(Bucket=BUCKET, Key="old.html", Body=b"old")
    assert publish(session, "dev", tmp_path) == ["put ar/index.html", "put logo.svg", "removed old.html"]
    kept = session.client("s3").list_objects_v2(Bucket=BUCKET)["Contents"]
    assert [each["Key"] for each in kept] == ["ar/index.html", "logo.svg"]


def test_a_stage_without_a_domain_is_told_so(session: boto3.Session) -> None:
    with pytest.raises(NotDeployedError, match="no public address"):
        publish(session, "dev")
