"""`make pages`: the bucket holds the pages as the distribution is to serve them, and assets of the last ones."""

import json
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import boto3
import httpx
import pytest
from moto import mock_aws

from infra.commands import publish_pages
from infra.commands.deployed import NotDeployedError
from infra.commands.desks import Desk, desks
from infra.commands.publish_pages import KEPT_DAYS, build_and_publish, publish
from infra.stage import Stage

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
    outputs = {
        "PagesBucketName": {"Value": BUCKET},
        "DistributionId": {"Value": distribution},
        "DistributionDomainName": {"Value": "d1.cloudfront.example"},
    }
    template = {"Resources": {"T": {"Type": "AWS::SNS::Topic"}}, "Outputs": outputs}
    session.client("cloudformation").create_stack(StackName="BureauOrdre-dev-Edge", TemplateBody=json.dumps(template))
    return distribution


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    write(folder, FIRST)
    return folder


FIRST = {
    "ar/index.html": "<!doctype html>",
    "assets/send-ABCD1234.js": "first",
    "assets/font-ABCD1234.woff2": "font",
    "service-worker.js": "worker",
    "app-ar.webmanifest": "{}",
}


def write(folder: Path, files: Mapping[str, str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def keys(session: boto3.Session) -> set[str]:
    return {each["Key"] for each in session.client("s3").list_objects_v2(Bucket=BUCKET)["Contents"]}


@pytest.mark.parametrize(
    ("key", "media_type", "cache_control"),
    [
        ("ar/index.html", "text/html; charset=utf-8", "public, max-age=0, s-maxage=300, must-revalidate"),
        ("assets/send-ABCD1234.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
        ("assets/font-ABCD1234.woff2", "font/woff2", "public, max-age=31536000, immutable"),
        ("service-worker.js", "text/javascript; charset=utf-8", "no-cache"),
        ("app-ar.webmanifest", "application/manifest+json", "public, max-age=0, s-maxage=300, must-revalidate"),
    ],
)
def test_every_file_is_there_with_its_type_and_for_as_long_as_it_is_kept(  # noqa: PLR0913, PLR0917 - one row of the table
    session: boto3.Session, distribution: str, pages: Path, key: str, media_type: str, cache_control: str
) -> None:
    publish(session, "dev", pages)
    found = session.client("s3").get_object(Bucket=BUCKET, Key=key)
    assert found["Body"].read().decode() == FIRST[key]
    assert (found["ContentType"], found["CacheControl"]) == (media_type, cache_control)
    (invalidation,) = session.client("cloudfront").list_invalidations(DistributionId=distribution)["InvalidationList"][
        "Items"
    ]
    assert invalidation["Status"]


@pytest.mark.usefixtures("distribution")
def test_assets_come_first_and_pages_last(session: boto3.Session, pages: Path) -> None:
    """A page must not name a script that is not there yet."""
    lines = publish(session, "dev", pages)
    assert lines == [
        "put assets/font-ABCD1234.woff2",
        "put assets/send-ABCD1234.js",
        "put app-ar.webmanifest",
        "put service-worker.js",
        "put ar/index.html",
    ]


@pytest.mark.usefixtures("distribution")
def test_a_page_that_is_gone_is_removed_and_the_others_stay(session: boto3.Session, pages: Path) -> None:
    session.client("s3").put_object(Bucket=BUCKET, Key="ar/old.html", Body=b"old")
    assert publish(session, "dev", pages)[-1] == "removed ar/old.html"
    assert keys(session) == FIRST.keys()


@pytest.mark.usefixtures("distribution")
def test_assets_of_before_stay_for_pages_that_are_open_in_a_browser(session: boto3.Session, pages: Path) -> None:
    """The last publication may be months ago: the days count from the one that left the asset out."""
    day = datetime(2026, 1, 1, tzinfo=UTC)
    publish(session, "dev", pages, now=lambda: day)
    write(pages, {"ar/index.html": "<!doctype html>", "assets/send-NEWER234.js": "second"})
    day += timedelta(days=200)
    publish(session, "dev", pages, now=lambda: day)
    left = {"assets/send-ABCD1234.js", "assets/font-ABCD1234.woff2"}
    assert keys(session) == {"ar/index.html", "assets/send-NEWER234.js", *left}
    day += timedelta(days=KEPT_DAYS - 1)
    publish(session, "dev", pages, now=lambda: day)
    assert keys(session) >= left
    day += timedelta(days=2)
    assert publish(session, "dev", pages, now=lambda: day)[-2:] == [f"removed {key}" for key in sorted(left)]
    assert keys(session) == {"ar/index.html", "assets/send-NEWER234.js"}


@pytest.mark.usefixtures("distribution")
def test_an_asset_that_comes_back_counts_as_new(session: boto3.Session, pages: Path) -> None:
    for times, files in enumerate((FIRST, {"ar/index.html": ""}, FIRST, {"ar/index.html": ""})):
        day = datetime(2026, 1, 1, tzinfo=UTC) + times * timedelta(days=KEPT_DAYS - 1)
        write(pages, files)
        publish(session, "dev", pages, now=partial(datetime.fromtimestamp, day.timestamp(), UTC))
    assert "assets/send-ABCD1234.js" in keys(session)


@pytest.mark.usefixtures("distribution")
def test_a_file_of_an_unknown_kind_stops_the_publication(session: boto3.Session, pages: Path) -> None:
    """Under a wrong type browsers refuse a script, or show a download."""
    (pages / "notes.docx").write_text("")
    with pytest.raises(KeyError, match="docx"):
        publish(session, "dev", pages)


@pytest.mark.usefixtures("distribution")
def test_the_pages_are_built_with_the_desks_of_the_stage(
    session: boto3.Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    desk = {
        "organism_id": "anam",
        "code": "ANAM",
        "category": "public_establishment",
        "name": {"fr": "ANAM & Cie", "ar": "الوكالة"},
        "city": None,
    }

    def listed(client: httpx.Client) -> list[Desk]:
        asked.append(str(client.base_url))
        return [desk]

    monkeypatch.setattr(publish_pages, "desks", listed)
    said: list[str] = []
    stage = Stage.load("dev").model_copy(update={"domain": "courrier.example.ma"})
    build_and_publish(session, stage, say=said.append, pages=tmp_path / "built")
    assert asked == ["https://courrier.example.ma"]
    for page in ("fr/index.html", "fr/desks.html"):
        text = session.client("s3").get_object(Bucket=BUCKET, Key=page)["Body"].read().decode()
        assert 'data-organism="anam"' in text
        assert "ANAM &amp; Cie" in text
    assert "put unavailable.html" in said


@pytest.mark.usefixtures("distribution")
def test_where_the_desks_cannot_be_had_the_pages_are_published_and_it_is_said(
    session: boto3.Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def unreachable(client: httpx.Client) -> list[Desk]:
        asked.append(str(client.base_url))
        raise httpx.ConnectError("no address")

    monkeypatch.setattr(publish_pages, "desks", unreachable)
    said: list[str] = []
    stage = Stage.load("dev").model_copy(update={"domain": "courrier.example.ma"})
    build_and_publish(session, stage, say=said.append, pages=tmp_path / "built")
    assert asked == ["https://courrier.example.ma", "https://d1.cloudfront.example"]
    assert any("without script" in line for line in said)
    assert "ar/index.html" in keys(session)


def test_all_desks_are_read_page_by_page() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        first = "cursor" not in request.url.params
        items = [{"organism_id": "a"}] if first else [{"organism_id": "b"}]
        return httpx.Response(200, json={"items": items, "next_cursor": "more" if first else None})

    with httpx.Client(base_url="https://api.example", transport=httpx.MockTransport(answer)) as client:
        assert [desk["organism_id"] for desk in desks(client)] == ["a", "b"]


def test_a_stage_without_a_domain_is_told_so(session: boto3.Session) -> None:
    with pytest.raises(NotDeployedError, match="no pages"):
        publish(session, "dev")
