"""The follow-up page in a real browser: a sender comes back with number and code."""

import threading

import pytest
from playwright.sync_api import Page, expect

from tests.support.fakes.fake_api import Answer, FakeApi
from tests.support.samples.followed_mail import CODE, MAIL_ID, NUMBER, fill, mail, opened, wait_for


def test_number_and_code_show_the_mail_and_what_became_of_it(tab: Page, api: FakeApi) -> None:
    opened(tab, api, "")
    fill(tab)
    expect(tab.get_by_role("heading", name=NUMBER)).to_be_focused()
    shown = tab.locator("#mail")
    expect(shown).to_contain_text("Enregistré")
    expect(shown).to_contain_text("Agence nationale de l'assurance maladie")
    expect(shown).to_contain_text("Demande d'attestation رقم 45/2025")
    expect(shown).to_contain_text("شهادة السكنى.pdf")
    expect(shown).to_contain_text("47 Ko")
    expect(tab.locator("#mail-history li")).to_have_count(3)
    expect(tab.locator("#form")).to_be_hidden()


def test_times_are_moroccos_whatever_the_devices_with_ramadans_offset(tab: Page, api: FakeApi) -> None:
    opened(tab, api)
    expect(tab.locator("#mail-facts")).to_contain_text("23 juillet 2026 à 00:30 (UTC+01:00)")
    started = tab.locator("#mail-history li").first
    expect(started).to_contain_text("1 mars 2026 à 23:10 (UTC+00:00)")


def test_the_link_of_the_email_opens_the_mail_and_leaves_the_address_bar(tab: Page, api: FakeApi) -> None:
    opened(tab, api)
    expect(tab.get_by_role("heading", name=NUMBER)).to_be_visible()
    assert tab.url == f"{api.url}/suivi"
    assert not [line for line in api.lines if CODE in line]
    tab.go_back()
    assert CODE not in tab.url


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("  anam-٢٠٢٦-٠٠٠٠٠١ ", " k4zp\u201190wd\u20113rtb\u20116ymj "),
        ("\u2066anam–۲۰۲۶–۰۰۰۰۰۱\u2069", "\ufeffk4zp—۹۰wd−3rtb-6ymj\u200b"),
        ("ＡＮＡＭ－２０２６－０００００１", "\u200fＫ４ＺＰ-90wd-3rtb-6ymj\u00ad\u00a0"),
    ],
)
def test_what_is_typed_from_paper_is_read_as_it_is_meant(tab: Page, api: FakeApi, number: str, code: str) -> None:
    opened(tab, api, "")
    fill(tab, number, code)
    expect(tab.get_by_role("heading", name=NUMBER)).to_be_visible()


def test_a_field_left_empty_is_named_and_nothing_is_asked(tab: Page, api: FakeApi) -> None:
    opened(tab, api, "")
    fill(tab, code="")
    expect(tab.get_by_text("Saisissez le code de suivi.")).to_be_visible()
    expect(tab.get_by_label("Code de suivi")).to_be_focused()
    expect(tab.get_by_label("Code de suivi")).to_have_attribute("aria-invalid", "true")
    assert api.requests == []


def test_a_wrong_pair_says_what_to_check_and_keeps_what_was_typed(tab: Page, api: FakeApi) -> None:
    opened(tab, api, "")
    fill(tab, code="AAAA")
    expect(tab.get_by_role("alert")).to_contain_text("ne vont pas ensemble")
    expect(tab.get_by_role("button", name="Réessayer")).to_be_hidden()
    expect(tab.get_by_label("Numéro d’ordre")).to_have_value(NUMBER)
    expect(tab.locator("#mail")).to_be_hidden()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(0, dropped=True), "Pas de connexion"),
        (Answer(429, {"message": "Too Many Requests"}), "Trop de demandes"),
        (Answer(503, {}), "Rien n’est perdu"),
        (Answer(502, b"<html>bad gateway"), "Rien n’est perdu"),
        (Answer(200, b"not json"), "Pas de connexion"),
    ],
)
def test_what_may_pass_can_be_tried_again(tab: Page, api: FakeApi, answer: Answer, words: str) -> None:
    opened(tab, api, "")
    works, api.answers = api.answers, lambda _: answer
    fill(tab)
    expect(tab.get_by_role("alert")).to_contain_text(words)
    api.answers = works
    tab.get_by_role("button", name="Réessayer").click()
    expect(tab.get_by_role("heading", name=NUMBER)).to_be_visible()
    expect(tab.locator("#problem")).to_be_hidden()


def test_progress_is_shown_while_the_service_works(tab: Page, api: FakeApi) -> None:
    opened(tab, api, "")
    works, answered = api.answers, threading.Event()
    api.answers = lambda request: Answer(**vars(works(request)) | {"delay": answered})
    fill(tab)
    expect(tab.get_by_role("status")).to_have_text("Recherche en cours…")
    expect(tab.get_by_role("button", name="Voir mon courrier")).to_be_disabled()
    answered.set()
    expect(tab.get_by_role("status")).to_have_text("")


@pytest.mark.parametrize("late", ["/v1/follow-up", f"/v1/mails/{MAIL_ID}"])
def test_an_answer_that_comes_after_another_link_was_opened_is_not_shown(tab: Page, api: FakeApi, late: str) -> None:
    opened(tab, api, "")
    works, answered = api.answers, threading.Event()
    api.answers = lambda request: Answer(**vars(works(request)) | {"delay": answered if request.path == late else None})
    fill(tab)
    expect(tab.get_by_role("status")).to_have_text("Recherche en cours…")
    wait_for(tab, api, late)
    api.answers = works
    tab.evaluate("window.location.hash = '#OTHER-2026-000001/AAAA'")
    expect(tab.get_by_role("alert")).to_contain_text("ne vont pas ensemble")
    answered.set()
    tab.wait_for_timeout(300)
    expect(tab.locator("#mail")).to_be_hidden()


def test_html_in_a_subject_or_a_file_name_is_shown_as_it_was_typed(tab: Page, api: FakeApi) -> None:
    hostile = "<img src=x onerror=\"document.title='broken'\"><script>1</script>"
    attachment = mail()["attachments"][0] | {"file_name": f"{hostile}.pdf"}
    found = mail(letter={"kind": "request", "subject": hostile, "body": ""}, attachments=[attachment])
    opened(tab, api, found=found)
    expect(tab.locator("#mail-facts")).to_contain_text(hostile)
    expect(tab.locator("#mail-attachments")).to_contain_text(hostile)
    assert tab.locator("main img, main script").count() == 0
    assert "broken" not in tab.title()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("collected", "En cours de traitement"),
        ("answered", "Réponse donnée"),
        ("redirected", "Transmis à un autre organisme"),
        ("rejected", "Non accepté"),
    ],
)
def test_each_status_is_told_in_words(tab: Page, api: FakeApi, status: str, words: str) -> None:
    opened(tab, api, found=mail(status=status, attachments=[]))
    expect(tab.locator("#mail-status")).to_have_text(words)
    expect(tab.locator("#mail-attachments")).to_have_text("Aucune pièce jointe.")
    expect(tab.locator("#mail-next")).not_to_contain_text("next_")
