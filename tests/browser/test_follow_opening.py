"""The follow-up page: a sender comes back with number and code, or by a link."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.support.browsing.followed import Followed, asked, changed, fill, kept, opened, sent, wait_until_asked
from tests.support.browsing.visitors import Visitors
from tests.support.house.house import House

RETURN = "POST /v1/follow-up"


@pytest.fixture(scope="module")
def followed(house: House) -> Iterator[Followed]:
    yield from kept(house, file_name="شهادة السكنى.pdf", subject="Demande d'attestation رقم 45/2025")


def test_number_and_code_show_the_mail_and_what_became_of_it(visitors: Visitors, followed: Followed) -> None:
    page = visitors.tab("fr", "/fr/follow")
    fill(page, followed.number, followed.code)
    expect(page.get_by_role("heading", name=followed.number)).to_be_focused()
    shown = page.locator("#mail")
    for words in (
        "Enregistré",
        "Agence nationale de l'assurance maladie",
        "Demande d'attestation رقم 45/2025",
        "شهادة السكنى.pdf",
        "13 octets",
        "Contrôle de sécurité : rien à signaler.",
        "N’envoyez pas votre courrier une deuxième fois",
    ):
        expect(shown).to_contain_text(words)
    expect(page.locator("#mail-history li").first).to_contain_text("Courrier commencé")
    expect(page.locator("#mail-history")).to_contain_text("Accusé de réception établi")
    expect(page.locator("#form")).to_have_count(0)
    assert followed.number not in page.title()


def test_contact_details_are_masked(visitors: Visitors, followed: Followed) -> None:
    page = visitors.tab("fr")
    opened(page, "fr", followed.behind)
    expect(page.locator("#mail-contact")).to_contain_text("a…@e….ma")
    expect(page.locator("#mail-contact")).to_contain_text("+2126••••••78")
    assert "amina.alaoui" not in page.content()


def test_times_are_moroccos_whatever_the_devices_with_ramadans_offset(
    visitors: Visitors, house: House, followed: Followed
) -> None:
    page = visitors.tab("fr")

    def times(mail: dict[str, object]) -> None:
        mail["submitted_at"] = "2026-07-22T23:30:00.123Z"
        mail["history"] = [{"event": "started", "at": "2026-03-01T23:10:00.000Z"}]

    changed(page, house, times)
    opened(page, "fr", followed.behind)
    expect(page.locator("#mail-facts")).to_contain_text("23 juillet 2026 à 00:30 (UTC+01:00)")
    expect(page.locator("#mail-history li").first).to_contain_text("1 mars 2026 à 23:10 (UTC+00:00)")


def test_a_link_opens_the_mail_and_leaves_the_address_and_the_history(
    visitors: Visitors, house: House, followed: Followed
) -> None:
    page = visitors.tab("fr", "/fr/about")
    opened(page, "fr", followed.behind)
    assert page.url == f"{visitors.url}/fr/follow"
    assert not [request for request in house.requests if followed.code in request.target]
    page.go_back()
    assert followed.code not in page.url
    page.go_forward()
    assert followed.code not in page.url


@pytest.mark.complaint(20)
@pytest.mark.parametrize("digits", ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "０１２３４５６７８９"])
@pytest.mark.parametrize(
    "written",
    [str.lower, lambda text: f"\u2066 {text.replace('-', '–')}\u2069\u00a0", lambda text: text.replace("-", " ")],
    ids=["small letters", "marks and dashes", "blanks"],
)
def test_what_is_typed_from_paper_is_read_as_it_is_meant(
    visitors: Visitors, followed: Followed, digits: str, written: Callable[[str], str]
) -> None:
    typed = str.maketrans("0123456789", digits)
    page = visitors.tab("fr", "/fr/follow")
    fill(page, written(followed.number.translate(typed)), written(followed.code.translate(typed)))
    expect(page.get_by_role("heading", name=followed.number)).to_be_visible()


def test_a_whole_link_may_be_pasted_into_the_first_field(visitors: Visitors, followed: Followed) -> None:
    page = visitors.tab("fr", "/fr/follow")
    fill(page, f"https://bod.example/suivi#{followed.behind}", "")
    expect(page.get_by_role("heading", name=followed.number)).to_be_visible()


@pytest.mark.parametrize(
    ("number", "code", "faults"),
    [
        ("ANAM-2026-000001", "", ["Saisissez le code de suivi."]),
        ("\u200b ", "K4ZP", ["Saisissez le numéro d’ordre."]),
        ("", "", ["Saisissez le numéro d’ordre.", "Saisissez le code de suivi."]),
    ],
)
def test_an_empty_field_is_named_in_the_summary_and_nothing_is_asked(
    visitors: Visitors, house: House, number: str, code: str, faults: list[str]
) -> None:
    page = visitors.tab("fr", "/fr/follow")
    fill(page, number, code)
    expect(page.locator("#errors")).to_be_focused()
    expect(page.locator("#errors li")).to_have_text(faults)
    assert page.title().startswith("Erreur")
    page.locator("#errors a").first.click()
    wrong = page.locator('[aria-invalid="true"]')
    expect(wrong).to_have_count(len(faults))
    expect(wrong.first).to_be_focused()
    assert asked(house, RETURN) == 0


@pytest.mark.parametrize("code", ["AAAA-AAAA-AAAA-AAAA", "A", "<script>", "x" * 60])
def test_a_wrong_pair_says_what_to_check_and_keeps_what_was_typed(
    visitors: Visitors, followed: Followed, code: str
) -> None:
    page = visitors.tab("fr", "/fr/follow")
    fill(page, followed.number, code)
    expect(page.get_by_role("alert").filter(has_text="ne vont pas ensemble")).to_be_visible()
    expect(page.locator('[data-action="retry"]')).to_have_count(0)
    expect(page.locator('[name="number"]')).to_have_value(followed.number)
    expect(page.locator('[name="follow_up_code"]')).to_have_value(code)
    expect(page.locator("#mail")).to_have_count(0)


def test_what_the_api_finds_wrong_stands_beside_its_field(visitors: Visitors, followed: Followed) -> None:
    page = visitors.tab("fr", "/fr/follow")
    fill(page, "x" * 200, followed.code)
    expect(page.locator("#number-wrong")).to_contain_text("60")
    expect(page.locator('[name="number"]')).to_have_attribute("aria-invalid", "true")


@pytest.mark.complaint(6)
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"dropped": True}, "Rien n’est perdu"),
        ({"status": 429, "retry_after": 7}, "Attendez 7 secondes"),
        ({"status": 503, "retry_after": 5}, "Rien n’est perdu"),
        ({"status": 500}, "Rien n’est perdu"),
        ({"status": 404, "foreign": True}, "Pas de connexion"),
        ({"status": 200, "foreign": True}, "Pas de connexion"),
    ],
)
def test_what_may_pass_can_be_tried_again(
    visitors: Visitors, house: House, followed: Followed, fault: dict[str, int], words: str
) -> None:
    page = visitors.tab("fr", "/fr/follow")
    house.fail_next(RETURN, **fault)  # type: ignore[arg-type]  # keywords of a fault
    page.clock.install()
    fill(page, followed.number, followed.code)
    expect(page.locator("#problem")).to_contain_text(words)
    expect(page.locator("#problem")).to_contain_text("La page réessaie d’elle-même.")
    page.locator('[data-action="retry"]').click()
    expect(page.get_by_role("heading", name=followed.number)).to_be_visible()
    expect(page.locator("#problem")).to_have_count(0)


@pytest.mark.complaint(6)
def test_the_page_tries_again_by_itself_as_late_as_the_service_asks(
    visitors: Visitors, house: House, followed: Followed
) -> None:
    page = visitors.tab("fr", "/fr/follow")
    house.fail_next(RETURN, status=429, retry_after=30)
    page.clock.install()
    fill(page, followed.number, followed.code)
    expect(page.locator("#problem")).to_contain_text("Attendez 30 secondes")
    page.clock.run_for(29_000)
    assert asked(house, RETURN) == 1
    page.clock.run_for(10_000)
    expect(page.get_by_role("heading", name=followed.number)).to_be_visible()


def test_without_a_network_the_page_says_so_and_goes_on_when_it_is_back(visitors: Visitors, followed: Followed) -> None:
    page = visitors.tab("fr", "/fr/follow")
    page.clock.install()
    page.context.set_offline(True)
    fill(page, followed.number, followed.code)
    expect(page.locator("#problem")).to_contain_text("Pas de connexion")
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name=followed.number)).to_be_visible()


def test_progress_is_shown_and_a_second_press_asks_nothing(
    visitors: Visitors, house: House, followed: Followed
) -> None:
    page = visitors.tab("fr", "/fr/follow")
    house.delay_next(RETURN, 1.0)
    fill(page, followed.number, followed.code)
    expect(page.locator("#progress")).to_have_text("Recherche en cours…")
    button = page.locator('[data-action="follow"]')
    expect(button).to_have_attribute("aria-disabled", "true")
    button.click(force=True)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=followed.number)).to_be_visible()
    expect(page.locator("#progress")).to_have_text("")
    assert asked(house, RETURN) == 1


def test_a_slow_network_is_named(visitors: Visitors, house: House, followed: Followed) -> None:
    page = visitors.tab("fr", "/fr/follow")
    page.clock.install()
    house.delay_next(RETURN, 1.5)
    fill(page, followed.number, followed.code)
    page.clock.run_for(4500)
    expect(page.locator("#progress")).to_have_text("Le réseau est lent. La recherche continue…")
    expect(page.get_by_role("heading", name=followed.number)).to_be_visible()


@pytest.mark.parametrize("late", ["the code", "the mail"])
def test_an_answer_that_comes_after_another_link_was_opened_is_not_shown(
    visitors: Visitors, house: House, followed: Followed, late: str
) -> None:
    page = visitors.tab("fr", "/fr/follow")
    place = RETURN if late == "the code" else f"GET {followed.path}"
    house.delay_next(place, 0.8)
    fill(page, followed.number, followed.code)
    wait_until_asked(page, house, place, 1)
    page.evaluate("location.hash = '#OTHER-2026-000001/AAAA'")
    expect(page.get_by_role("alert").filter(has_text="Ce lien n’ouvre plus aucun courrier")).to_be_visible()
    page.wait_for_timeout(1000)
    expect(page.locator("#mail")).to_have_count(0)
    assert "45/2025" not in page.content()


def test_a_link_that_ended_leads_to_the_slip(visitors: Visitors, followed: Followed) -> None:
    page = visitors.tab("fr", f"/fr/follow#{followed.number}/AAAA-AAAA-AAAA-AAAA")
    expect(page.locator("#problem")).to_contain_text("Ce lien n’ouvre plus aucun courrier")
    expect(page.locator('[name="number"]')).to_have_value(followed.number)
    expect(page.locator('[name="follow_up_code"]')).to_have_value("")
    fill(page, followed.number, followed.code)
    expect(page.get_by_role("heading", name=followed.number)).to_be_visible()


def test_a_link_without_its_code_asks_for_it(visitors: Visitors, house: House, followed: Followed) -> None:
    page = visitors.tab("fr", f"/fr/follow#{followed.number}")
    expect(page.locator("#errors")).to_contain_text("Saisissez le code de suivi.")
    expect(page.locator('[name="number"]')).to_have_value(followed.number)
    assert asked(house, RETURN) == 0


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("draft", ("Brouillon", "pour l’envoyer")),
        ("submitted", ("Enregistré", "Un agent va traiter votre courrier")),
        ("collected", ("En cours de traitement", "Nous vous écrirons")),
        ("answered", ("Réponse donnée", "Lisez la réponse")),
        ("redirected", ("Transmis à un autre organisme", "Vous n’avez rien à faire")),
        ("rejected", ("Non accepté", "chikaya.ma")),
    ],
)
def test_each_status_is_told_in_words_with_what_comes_next(
    visitors: Visitors, house: House, followed: Followed, status: str, said: tuple[str, str]
) -> None:
    page = visitors.tab("fr")
    changed(page, house, lambda mail: mail.update(status=status, attachments=[]))
    opened(page, "fr", followed.behind)
    expect(page.locator("#mail-status")).to_have_text(said[0])
    expect(page.locator("#mail-next")).to_contain_text(said[1])
    expect(page.locator("#mail-holder")).to_contain_text("Agence nationale de l'assurance maladie")
    expect(page.locator("#mail-attachments")).to_have_text("Aucune pièce jointe.")
    assert not re.search(r"(now|next|status|event)_", page.locator("main").inner_text())


def test_a_step_that_the_page_does_not_know_breaks_nothing(
    visitors: Visitors, house: House, followed: Followed
) -> None:
    page = visitors.tab("fr")
    changed(page, house, lambda mail: mail["history"].append({"event": "archived", "at": "2026-11-27T10:00:00.000Z"}))
    opened(page, "fr", followed.behind)
    expect(page.locator("#mail-history li").last).to_contain_text("Autre étape")


def test_mail_that_was_handed_in_at_the_counter_says_so(visitors: Visitors, house: House, followed: Followed) -> None:
    page = visitors.tab("fr")
    changed(page, house, lambda mail: mail.update(channel="counter"))
    opened(page, "fr", followed.behind)
    expect(page.locator("#mail-facts")).to_contain_text("Au guichet de l’organisme")


def test_a_complaint_is_led_to_its_own_way_too(visitors: Visitors, house: House) -> None:
    page = visitors.tab("fr")
    opened(page, "fr", sent(house, kind="complaint").behind)
    expect(page.locator("#mail")).to_contain_text("le portail national chikaya.ma")
