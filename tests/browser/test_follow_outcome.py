"""The follow-up page shows what became of the mail, with the answer's files, and leads on where it was redirected."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browsing.followed import Followed, asked, changed, opened, sent, wait_until_asked
from tests.support.browsing.visitors import Language, Visitors
from tests.support.house.house import House
from tests.support.in_process.agents import scanned

MESSAGE = "Bonjour,\n\nشهادتكم مرفقة.\n<b>Cordialement</b>"


@pytest.fixture(scope="module")
def answered(house: House) -> Iterator[Followed]:
    """A mail whose answer has one file, of which the scan says that it is clean; each test finds it as new."""
    house.begin_again()
    followed = sent(house)
    agent = house.agent()
    agent.attach(followed.mail)
    assert agent.close(followed.number, message=MESSAGE).status == 201
    with house.keeping():
        yield followed


def download(page: Page) -> Locator:
    return page.locator('#outcome-files a[data-action="download"]')


def test_the_answer_is_read_as_it_was_written(visitors: Visitors, answered: Followed) -> None:
    page = visitors.tab("fr")
    opened(page, "fr", answered.behind)
    expect(page.locator("#outcome")).to_contain_text("Suite donnée à votre courrier")
    assert page.locator("#outcome-message").evaluate("element => element.textContent") == MESSAGE
    expect(page.locator("#outcome-at time")).to_be_visible()
    expect(page.locator("#mail-status")).to_have_text("Réponse donnée")


@pytest.mark.complaint(25)
def test_a_download_is_a_link_that_one_presses_and_leaves_the_mail_on_the_page(
    visitors: Visitors, answered: Followed
) -> None:
    page = visitors.tab("fr")
    opened(page, "fr", answered.behind)
    expect(download(page)).to_have_accessible_name("Télécharger réponse.pdf")
    with page.expect_download() as started:
        download(page).click()
    assert started.value.suggested_filename == "réponse.pdf"
    expect(page.get_by_role("heading", name=answered.number)).to_be_visible()


@pytest.mark.complaint(25)
def test_the_links_address_is_renewed_before_it_ends_while_somebody_is_there(
    visitors: Visitors, house: House, answered: Followed
) -> None:
    page = visitors.tab("fr")
    page.clock.install()
    opened(page, "fr", answered.behind)
    expect(download(page)).to_be_visible()
    before = asked(house, f"GET {answered.path}")
    page.clock.run_for(50_000)
    wait_until_asked(page, house, f"GET {answered.path}", before + 1)
    expect(download(page)).to_be_visible()


def test_after_minutes_without_a_touch_one_press_renews_the_link(
    visitors: Visitors, house: House, answered: Followed
) -> None:
    page = visitors.tab("fr")
    page.clock.install()
    opened(page, "fr", answered.behind)
    expect(download(page)).to_be_visible()
    page.clock.fast_forward(20 * 60_000)
    prepare = page.locator('#outcome-files [data-action="prepare-download"]')
    expect(prepare).to_be_visible()
    before = asked(house, f"GET {answered.path}")
    prepare.click()
    expect(download(page)).to_be_focused()
    expect(page.locator("#live")).to_contain_text("appuyez de nouveau")
    assert asked(house, f"GET {answered.path}") == before + 1


@pytest.mark.parametrize("url", [None, "javascript:alert(1)", "data:text/html,x"])
def test_an_address_that_is_none_is_no_link(
    visitors: Visitors, house: House, answered: Followed, url: str | None
) -> None:
    page = visitors.tab("fr")
    changed(page, house, lambda mail: mail["outcome"]["attachments"][0].update(url=url))
    opened(page, "fr", answered.behind)
    expect(download(page)).to_have_count(0)
    page.locator('#outcome-files [data-action="prepare-download"]').click()
    expect(page.get_by_role("alert").filter(has_text="Ce fichier n’est pas disponible")).to_be_visible()
    expect(page.get_by_role("heading", name=answered.number)).to_be_visible()


@pytest.mark.parametrize("scan", ["infected", "protected", "not_allowed"])
def test_of_a_file_that_will_not_come_the_page_says_why_and_whom_to_ask(
    visitors: Visitors, house: House, scan: str
) -> None:
    """It will not come: who is told to come back comes back for ever."""
    followed = sent(house)
    agent = house.agent()
    attachment_id = agent.attach(followed.mail)
    assert agent.close(followed.number, message=MESSAGE).status == 201
    scanned(followed.mail, attachment_id, scan, "answers")
    page = visitors.tab("fr")
    opened(page, "fr", followed.behind)
    line = page.locator("#outcome-files li")
    expect(line).to_contain_text("Demandez-le à l’organisme")
    expect(line).not_to_contain_text("Revenez plus tard")
    expect(line.locator("a, button")).to_have_count(0)


def test_of_a_file_that_is_being_checked_the_page_says_to_come_back(
    visitors: Visitors, house: House, answered: Followed
) -> None:
    page = visitors.tab("fr")
    unknown = {"check": "pending", "reason": None, "url": None, "expires_at": None}
    changed(page, house, lambda mail: mail["outcome"]["attachments"][0].update(unknown))
    opened(page, "fr", answered.behind)
    line = page.locator("#outcome-files li")
    expect(line).to_contain_text("le contrôle de sécurité de ce fichier n’est pas terminé")
    expect(line.locator("a, button")).to_have_count(0)


@pytest.mark.parametrize(
    ("scan", "words"),
    [
        ("infected", "Fichier bloqué"),
        ("protected", "Contenu non contrôlé"),
        (None, "Contrôle de sécurité en cours."),
        ("clean", "rien à signaler"),
    ],
)
def test_the_check_of_each_attachment_is_told(visitors: Visitors, house: House, scan: str | None, words: str) -> None:
    followed = sent(house, file_name="plan.pdf", check=None)
    if scan is not None:
        scanned(followed.mail, followed.attached[0], scan)
    page = visitors.tab("fr")
    opened(page, "fr", followed.behind)
    expect(page.locator("#mail-attachments li")).to_contain_text(words)


@pytest.mark.parametrize(
    ("language", "words"), [("ar", "عُثر في هذا الملف على برنامج ضار"), ("en", "Malware was found")]
)
def test_reasons_are_in_the_readers_language(
    visitors: Visitors,
    house: House,
    language: Language,
    words: str,
) -> None:
    followed = sent(house, file_name="plan.pdf", check=None)
    scanned(followed.mail, followed.attached[0], "infected")
    page = visitors.tab(language)
    opened(page, language, followed.behind)
    expect(page.locator("#mail-attachments li")).to_contain_text(words)


def test_a_mail_that_waits_shows_no_outcome(visitors: Visitors, house: House) -> None:
    page = visitors.tab("fr")
    opened(page, "fr", sent(house).behind)
    expect(page.locator("#outcome")).to_have_count(0)


def test_a_redirected_mail_is_followed_where_it_went_in_one_press(visitors: Visitors, house: House) -> None:
    followed = sent(house)
    there = house.agent().redirect(followed.number, "adm")
    assert there.status == 201, there.body
    page = visitors.tab("fr")
    opened(page, "fr", followed.behind)
    expect(page.locator("#mail-holder")).not_to_contain_text("assurance maladie")
    expect(page.locator("#elsewhere")).to_contain_text("ADM-2026-")
    page.locator('[data-action="follow-there"]').click()
    expect(page.get_by_role("heading", name="ADM-2026-")).to_be_focused()
    expect(page.locator("#mail-facts")).to_contain_text("Transmis par")
    expect(page.locator("#mail-facts")).to_contain_text(followed.number)
    expect(page.locator("#outcome")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("heading", name="ADM-2026-")).to_be_visible()


def test_news_that_come_while_the_page_is_open_are_said(visitors: Visitors, house: House) -> None:
    followed = sent(house)
    page = visitors.tab("fr")
    page.clock.install()
    opened(page, "fr", followed.behind)
    house.agent().collect(followed.number)
    page.clock.fast_forward(2 * 60_000)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#mail-status")).to_have_text("En cours de traitement")
    expect(page.locator("#live")).to_contain_text("Du nouveau")
