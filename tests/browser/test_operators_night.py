"""An operator's night at the pages, through the browser: what failed, public bodies, people, a directory in CSV."""

from collections.abc import Iterator

import boto3
import pytest
from playwright.sync_api import Page, expect

from tests.support.browsing.operators import (
    COOKIES,
    DIRECTORY,
    WRONG_DIRECTORY,
    choose_directory,
    empty_queues,
    fail_messages,
    sign_in,
)
from tests.support.browsing.visitors import Visitors
from tests.support.house.house import House
from tests.support.in_process.service import REGION
from tests.support.in_process.user_pool import OPERATOR

pytestmark = pytest.mark.desk


@pytest.fixture
def page(visitors: Visitors, house: House) -> Iterator[Page]:
    """An operator's tab; the queues are empty before and after."""
    assert house.url
    empty_queues()
    visitors.expect_complaint(COOKIES)
    yield visitors.tab("fr")
    empty_queues()


def test_what_failed_is_run_again_after_a_question_that_says_how_many(page: Page) -> None:
    url = fail_messages(3)
    sign_in(page, "fr")
    expect(page.locator("#failed-title")).to_contain_text("3")
    page.locator('[data-action="redrive"]').click()
    expect(page.locator("#redrive-title")).to_contain_text("3")
    assert _waiting_in(url) == 0, "a question changes nothing"
    page.locator('[data-action="sure"]').click()
    expect(page.locator("#redriven")).to_contain_text("3")
    assert _waiting_in(url) == 3


def test_a_public_body_is_enrolled_seen_by_senders_and_its_desk_closed(page: Page, house: House) -> None:
    sign_in(page, "fr")
    page.locator(".sections a").nth(1).click()
    page.locator('a[href="/fr/operations/new-organism"]').click()
    for name, text in {
        "organism_id": "night-office",
        "code": "NIGHT",
        "name_fr": "Office de la nuit",
        "name_ar": "مكتب الليل",
        "emails": "bureau@night.example.org",
    }.items():
        page.locator(f'[name="{name}"]').fill(text)
    page.locator('[name="category"]').select_option("public_establishment")
    expect(page.locator("#receipt-heading [lang=fr] strong")).to_have_text("Office de la nuit")
    expect(page.locator("#receipt-heading [lang=ar] strong")).to_have_text("مكتب الليل")
    page.locator('[data-action="save"]').click()
    expect(page.locator("#done")).to_be_focused()
    page.wait_for_url("**/fr/operations/organisms/night-office")
    assert house.service.call("GET", "/v1/organisms/night-office").json["status"] == "active"
    page.locator('[data-action="suspend"]').click()
    page.locator('[data-action="sure"]').click()
    expect(page.locator('[data-action="resume"]')).to_be_visible()
    assert house.service.call("GET", "/v1/organisms/night-office").json["status"] == "suspended"


def test_a_directory_is_written_only_once_all_of_it_is_right(page: Page, house: House) -> None:
    sign_in(page, "fr", "directory")
    choose_directory(page, WRONG_DIRECTORY)
    rows = page.locator(".rows tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("name_ar")
    expect(rows.nth(1)).to_contain_text("alert_emails")
    assert house.service.call("GET", "/v1/organisms/csv-two").status == 404
    choose_directory(page, DIRECTORY)
    expect(page.locator("#rows-new")).to_have_text("2")
    page.locator('[data-action="load"]').click()
    expect(page.locator("#finished")).to_be_focused()
    assert house.service.call("GET", "/v1/organisms/csv-two").status == 200
    choose_directory(page, DIRECTORY)
    expect(page.locator("#rows-same")).to_have_text("2")
    expect(page.locator('[data-action="load"]')).to_have_count(0)


def test_an_interrupted_directory_goes_on_where_it_stopped(page: Page, house: House) -> None:
    sign_in(page, "fr", "directory")
    choose_directory(page, DIRECTORY.replace("csv-", "cut-").replace("CSV-", "CUT-"))
    house.fail_next("POST /v1/operations/organisms/load", after=True, dropped=True)
    page.locator('[data-action="load"]').click()
    page.locator('[data-action="retry"]').click()
    expect(page.locator("#finished")).to_be_focused()
    assert house.service.call("GET", "/v1/organisms/cut-one").status == 200


def test_a_person_is_invited_and_shut_out_and_operators_cannot_shut_themselves_out(page: Page) -> None:
    sign_in(page, "fr", "people?organism_id=anam")
    page.locator('[name="email"]').fill("invited@anam.example.org")
    page.locator('[data-action="invite"]').click()
    expect(page.locator("#done")).to_contain_text("invited@anam.example.org")
    person = page.locator(".person", has_text="invited@anam.example.org")
    person.locator('[data-action="shut-out"]').click()
    expect(page.locator("#person-question")).to_contain_text("invited@anam.example.org")
    page.locator('[data-action="sure"]').click()
    expect(page.locator("#done")).to_contain_text("invited@anam.example.org")
    page.goto("/fr/operations/people")
    own = page.locator(".person", has_text=OPERATOR.username)
    expect(own).to_contain_text("vous")
    expect(own.locator("button")).to_have_count(0)
    expect(page.locator('.person [data-action="shut-out"]').first).to_be_visible()


def _waiting_in(url: str) -> int:
    found = boto3.client("sqs", REGION).get_queue_attributes(
        QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"]
    )
    return int(found["Attributes"]["ApproximateNumberOfMessages"])
