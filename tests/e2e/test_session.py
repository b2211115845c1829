"""Signing in on the pages of the local stage: the emulator's Cognito and KMS, with IAM on, behind the site's door.

The local stage asks for no second factor; its steps are tried in `tests/integration/test_session.py`.
"""

from collections.abc import Iterator

import httpx
import pytest

from infra.commands.accounts import Accounts
from infra.commands.deployed import described
from infra.local.assembly import STAGE
from infra.local.local_stack import LocalStack
from infra.local.people import Person
from infra.local.sender_client import until

CHOSEN = "Chosen-by-me-2026"


@pytest.fixture
def browser(stack: LocalStack) -> Iterator[httpx.Client]:
    """Keeps cookies, and sends the `Origin` of the site's own pages."""
    with stack.visitor() as client:
        client.headers["Origin"] = stack.site_url.rstrip("/")
        yield client


def sign_in(browser: httpx.Client, person: Person) -> httpx.Response:
    return browser.post("/v1/session", json={"username": person.username, "password": person.password})


def test_an_agent_signs_in_and_the_cookie_opens_the_inbox_and_nothing_past_the_door(
    stack: LocalStack, api: httpx.Client, browser: httpx.Client
) -> None:
    signed_in = sign_in(browser, stack.people.agents["anam"])
    assert signed_in.status_code == 200, signed_in.text
    person = signed_in.json()
    assert (person["state"], person["role"], person["organism"]["organism_id"]) == ("signed_in", "agent", "anam")
    assert browser.get("/v1/inbox").status_code == 200
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    assert api.get("/v1/inbox", headers={"Cookie": cookie}).status_code == 401
    assert (
        browser.post("/v1/inbox/ANAM-2026-000001/collection", headers={"Origin": "https://evil.ma"}).status_code == 403
    )


def test_a_session_is_renewed_and_what_was_signed_out_renews_nothing(stack: LocalStack, browser: httpx.Client) -> None:
    sign_in(browser, stack.people.operator)
    assert browser.get("/v1/session").json()["role"] == "operator"
    kept = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    assert browser.delete("/v1/session").status_code == 204
    assert browser.get("/v1/session").status_code == 401
    assert browser.get("/v1/session", headers={"Cookie": kept}).json()["type"] == "/problems/session-ended"


def test_wrong_names_and_wrong_passwords_get_one_answer(stack: LocalStack, browser: httpx.Client) -> None:
    agent = stack.people.agents["anam"]
    answers = [
        browser.post("/v1/session", json={"username": name, "password": "Wrong-of-all-2026"}).json()
        for name in (agent.username, "nobody@anam.example.org")
    ]
    for answer in answers:
        del answer["instance"]
    assert answers[0] == answers[1]
    assert answers[0]["type"] == "/problems/sign-in-refused"


def test_a_first_password_and_a_forgotten_one_are_replaced(stack: LocalStack, browser: httpx.Client) -> None:
    accounts = Accounts(where=described(stack.session(), STAGE))
    username, first = "invited@anam.example", "First-of-all-2026"
    accounts.admit_agent("anam", username)
    pool = stack.session().client("cognito-idp")
    pool.admin_set_user_password(
        UserPoolId=stack.outputs["UserPoolId"], Username=username, Password=first, Permanent=False
    )
    asked = sign_in(browser, Person(username=username, password=first)).json()
    assert asked["state"] == "new_password"
    weak = browser.post("/v1/session/challenge", json={"challenge": asked["challenge"], "new_password": "weak"})
    assert (weak.status_code, {each["field"] for each in weak.json()["errors"]}) == (422, {"new_password"})
    strong = browser.post("/v1/session/challenge", json={"challenge": asked["challenge"], "new_password": CHOSEN})
    assert strong.json()["state"] == "signed_in"
    browser.cookies.clear()

    assert browser.post("/v1/session/forgotten", json={"username": "nobody@anam.example"}).status_code == 202
    assert browser.post("/v1/session/forgotten", json={"username": username}).status_code == 202
    until(lambda: [email for email in stack.emails() if username in email.to][1:] or None, "the code by e-mail")
    given = {"username": username, "code": "654321", "new_password": f"{CHOSEN}-2"}
    wrong = browser.post("/v1/session/reset", json=given | {"code": "000000"})
    assert (wrong.status_code, wrong.json()["type"]) == (401, "/problems/code-wrong")
    assert browser.post("/v1/session/reset", json=given).status_code == 204
    assert sign_in(browser, Person(username=username, password=f"{CHOSEN}-2")).status_code == 200


def test_the_version_of_an_organism_goes_through_the_door_both_ways(stack: LocalStack, browser: httpx.Client) -> None:
    """Else an operator's page would overwrite what another operator changed meanwhile."""
    sign_in(browser, stack.people.operator)
    form = {
        "code": "VERSIONS",
        "category": "ministry",
        "name": {"fr": "Ministère d’essai", "ar": "وزارة التجربة"},
        "city": "Rabat",
        "status": "active",
        "alerts": {"emails": ["bureau@essai.example"], "phones": []},
        "language": "fr",
    }
    browser.put("/v1/organisms/versions", json=form).raise_for_status()
    read = browser.get("/v1/operations/organisms/versions").headers["ETag"]
    first = browser.put("/v1/organisms/versions", json=form | {"city": "Fès"}, headers={"If-Match": read})
    assert first.status_code == 200
    assert first.headers["ETag"] != read
    late = browser.put("/v1/organisms/versions", json=form | {"city": "Oujda"}, headers={"If-Match": read})
    assert (late.status_code, browser.get("/v1/operations/organisms/versions").json()["city"]) == (412, "Fès")
    weakened = f"W/{first.headers['ETag']}"  # as CloudFront does where it compresses
    assert (
        browser.put("/v1/organisms/versions", json=form | {"city": "Safi"}, headers={"If-Match": weakened}).status_code
        == 200
    )
