"""The follow-up page shows what became of the mail, with the answer's files, and leads on where it was redirected."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.fakes.fake_api import Answer, FakeApi, Request
from tests.support.samples.followed_mail import MAIL_ID, NUMBER, SHA256, fill, mail, opened

THERE: dict[str, Any] = {
    "organism_id": "adm",
    "number": "ADM-2026-000007",
    "name": {"fr": "Autoroutes du Maroc", "ar": "الطرق السيارة"},
    "follow_up_code": "7Q2M-4C9T-XV3E-8KHA",
}


def closed(api: FakeApi, **changed: object) -> dict[str, Any]:
    outcome = {
        "outcome": "answered",
        "message": "Bonjour,\n\nشهادتكم مرفقة.\n<b>Cordialement</b>",
        "at": "2026-07-23T09:00:00.000Z",
        "redirected_to": None,
        "attachments": [file("1", "شهادة.pdf", f"{api.url}/answer.pdf"), file("2", "annexe.pdf", None)],
    } | changed
    return mail(status=outcome["outcome"], outcome=outcome, redirected_from=None)


def file(attachment_id: str, file_name: str, url: str | None) -> dict[str, Any]:
    return {
        "attachment_id": attachment_id,
        "file_name": file_name,
        "media_type": "application/pdf",
        "size": 2048,
        "sha256": SHA256,
        "url": url,
        "expires_at": "2099-01-01T00:00:00.000Z" if url else None,
    }


def test_the_answer_is_read_as_it_was_written_and_only_clean_files_can_be_had(tab: Page, api: FakeApi) -> None:
    opened(tab, api, found=closed(api))
    shown = tab.locator("#outcome")
    expect(shown).to_contain_text("Suite donnée à votre courrier")
    expect(shown).to_contain_text("23 juillet 2026 à 10:00 (UTC+01:00)")
    expect(tab.locator("#outcome-message")).to_have_text("Bonjour,\n\nشهادتكم مرفقة.\n<b>Cordialement</b>")
    expect(shown.get_by_role("button", name="Télécharger")).to_have_count(1)
    expect(shown.locator("li").nth(1)).to_contain_text("annexe.pdf")
    expect(shown.locator("li").nth(1)).to_contain_text("le contrôle de sécurité de ce fichier n’est pas terminé")


def test_of_a_blocked_file_the_page_says_why_and_never_to_come_back(tab: Page, api: FakeApi) -> None:
    """It will not come: whoever is told to come back comes back for ever."""
    why = {"fr": "Un logiciel malveillant a été trouvé. Demandez-le à l’organisme.", "ar": "عُثر على برنامج ضار."}

    def worded(request: Request) -> Answer:
        found = closed(api)
        reason = why[request.language]
        found["outcome"]["attachments"][1] |= {"check": "refused", "reason": reason}
        found["attachments"][0] |= {"check": "refused", "reason": reason}
        return Answer(200, found if request.method == "GET" else {"mail_id": MAIL_ID, "access_token": "t"})

    opened(tab, api, "")
    api.answers = worded
    fill(tab)
    for line in (tab.locator("#outcome-files li").nth(1), tab.locator("#mail-attachments li")):
        expect(line).to_contain_text(why["fr"])
        expect(line).not_to_contain_text("Revenez plus tard")
    tab.get_by_role("button", name="العربية").click()
    expect(tab.locator("#outcome-files li").nth(1)).to_contain_text(why["ar"])
    expect(tab.locator("#mail-attachments li")).to_contain_text(why["ar"])


def test_each_paragraph_of_the_answer_reads_in_its_own_direction(tab: Page, api: FakeApi) -> None:
    """Else the full stop of a French one stands before it when the letter begins in Arabic, and the reverse."""
    first, second = "شهادتكم مرفقة.", "Cordialement."
    opened(tab, api, found=closed(api, message=f"{first}\n{second}"))
    expect(tab.locator("#outcome-message")).to_be_visible()
    french, arabic = (
        tab.evaluate(
            """([begin, end]) => {
                const text = document.getElementById("outcome-message").firstChild;
                return [begin, end].map(at => {
                    const letter = document.createRange();
                    letter.setStart(text, at);
                    letter.setEnd(text, at + 1);
                    return letter.getBoundingClientRect().left;
                });
            }""",
            ends,
        )
        for ends in ([len(first) + 1, len(first) + len(second)], [0, len(first) - 1])
    )
    assert french[0] < french[1]
    assert arabic[0] > arabic[1]


def test_a_mail_that_waits_shows_no_outcome(tab: Page, api: FakeApi) -> None:
    opened(tab, api)
    expect(tab.get_by_role("heading", name=NUMBER)).to_be_visible()
    expect(tab.locator("#outcome")).to_be_hidden()


def test_a_download_asks_for_a_new_address_and_leaves_the_mail_on_the_page(tab: Page, api: FakeApi) -> None:
    """The one that came with the page was good for a minute."""
    opened(tab, api, found=closed(api))
    expect(tab.locator("#outcome")).to_be_visible()
    known = api.answers

    def later(request: Request) -> Answer:
        if request.path == "/fresh.pdf":
            headers = {
                "Content-Type": "application/octet-stream",
                "Content-Disposition": 'attachment; filename="a.pdf"',
            }
            return Answer(200, b"%PDF-1.7 answer", headers)
        if request.path == f"/v1/mails/{MAIL_ID}":
            return Answer(200, closed(api, attachments=[file("1", "شهادة.pdf", f"{api.url}/fresh.pdf")]))
        return known(request)

    api.answers = later
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Télécharger شهادة.pdf").click()
    assert download.value.url == f"{api.url}/fresh.pdf"
    assert download.value.suggested_filename == "a.pdf"
    expect(tab.get_by_role("heading", name=NUMBER)).to_be_visible()


@pytest.mark.parametrize("url", [None, "javascript:alert(1)"])
def test_an_address_that_is_none_is_not_followed(tab: Page, api: FakeApi, url: str | None) -> None:
    opened(tab, api, found=closed(api))
    expect(tab.locator("#outcome")).to_be_visible()
    api.answers = lambda _: Answer(200, closed(api, attachments=[file("1", "شهادة.pdf", url)]))
    tab.get_by_role("button", name="Télécharger شهادة.pdf").click()
    expect(tab.get_by_role("alert")).to_contain_text("Ce fichier n’est pas disponible")
    expect(tab.get_by_role("heading", name=NUMBER)).to_be_visible()


def test_a_redirected_mail_is_followed_where_it_went(tab: Page, api: FakeApi) -> None:
    opened(tab, api, found=closed(api, outcome="redirected", redirected_to=THERE, attachments=[]))
    expect(tab.locator("#outcome")).to_contain_text("Autoroutes du Maroc (ADM-2026-000007)")
    came_from = {name: THERE[name] for name in ("organism_id", "name")} | {"number": "ANAM-2026-000001"}
    arrived = mail(number=THERE["number"], redirected_from=came_from, outcome=None)

    def there(request: Request) -> Answer:
        if request.path == "/v1/follow-up":
            assert THERE["follow_up_code"] in request.body
            return Answer(200, {"mail_id": "new", "access_token": "another"})
        assert (request.path, request.authorization) == ("/v1/mails/new", "Bearer another")
        return Answer(200, arrived)

    api.answers = there
    tab.get_by_role("button", name="Suivre le courrier dans cet organisme").click()
    expect(tab.get_by_role("heading", name="ADM-2026-000007")).to_be_visible()
    expect(tab.locator("#mail-facts")).to_contain_text("Transmis par")
    expect(tab.locator("#outcome")).to_be_hidden()


def test_closing_the_mail_leaves_nothing_of_its_outcome(tab: Page, api: FakeApi) -> None:
    opened(tab, api, found=closed(api, redirected_to=THERE))
    tab.get_by_role("button", name="Fermer ce courrier").click()
    content = tab.locator("main").text_content() or ""
    for word in ("Cordialement", "شهادة", "ADM-2026-000007", THERE["follow_up_code"]):
        assert word not in content


@pytest.mark.parametrize(("language", "title"), [("العربية", "مآل مراسلتكم"), ("English", "Outcome of your mail")])
def test_the_outcome_is_told_in_the_readers_language(tab: Page, api: FakeApi, language: str, title: str) -> None:
    opened(tab, api, found=closed(api))
    tab.get_by_role("button", name=language).click()
    expect(tab.locator("#outcome")).to_contain_text(title)
