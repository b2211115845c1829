"""What watches and measures pages sees each fault that it is there for."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page

from infra.page_headers import pages_policy
from tests.support.browsing import layout, pictures
from tests.support.browsing.axe import axe
from tests.support.browsing.visitors import NARROW, Visitors, visitors
from tests.support.house.house import House

TEXT = "Bureau d’ordre digital, un texte assez long pour ne pas tenir sur une ligne étroite"
HEAD = '<!doctype html><html lang="fr"><meta name="viewport" content="width=device-width"><title>x</title>'


@pytest.fixture
def page(visitors: Visitors) -> Page:
    """An empty page, without the policy of the site's."""
    return visitors.context("fr", device=NARROW).new_page()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('<p style="width: 400px">wide</p>', "wider than the screen: p"),
        ('<div style="overflow-x: auto"><p style="width: 400px">scrolls within</p></div>', None),
        (f'<p style="inline-size: 40px; overflow: hidden; white-space: nowrap">{TEXT}</p>', "cut off: p"),
        (f'<p>{TEXT}</p><p style="position: relative; inset-block-start: -40px">{TEXT}</p>', "lies over"),
        ("<p>one</p><p>two</p>", None),
        (f'<p class="unseen" style="position: absolute; inline-size: 1px; overflow: hidden">{TEXT}</p>', None),
    ],
)
def test_what_is_drawn_badly(page: Page, body: str, said: str | None) -> None:
    page.set_content(HEAD + body)
    found = layout.drawn_badly(page)
    assert any(said in each for each in found) if said else found == []


@pytest.mark.parametrize(
    ("body", "is_small"),
    [
        ('<div><a href="#">a</a></div><div><a href="#">b</a></div>', True),
        ('<p>In a sentence, <a href="#">a</a> <a href="#">b</a> are small.</p>', False),
        ('<p><a href="#">alone</a></p>', False),
        (
            '<label style="display: inline-block; padding: 9px"><input type="checkbox">x</label>',
            False,
        ),
        ('<button style="inline-size: 20px; block-size: 20px">x</button><button>y</button>', True),
    ],
)
def test_small_targets(page: Page, body: str, *, is_small: bool) -> None:
    page.set_content(HEAD + body)
    assert bool(layout.small_targets(page)) is is_small


@pytest.mark.parametrize(
    ("style", "said"),
    [
        ("", None),
        (":focus { outline: none }", "focus without a mark"),
        ("b { position: fixed; inset: 0; background: white }", "focus hidden"),
    ],
)
def test_a_focus_that_cannot_be_seen(page: Page, style: str, said: str | None) -> None:
    page.set_content(f"{HEAD}<style>{style}</style><a href='#x'>x</a><p><button>y</button></p><b>over</b>")
    for found in (layout.focus_faults(page), layout.focus_faults_by_script(page)):
        assert any(said in each for each in found) if said else found == []


def test_what_moves_and_what_has_no_edge(page: Page) -> None:
    page.set_content(
        f"{HEAD}<style>@keyframes k {{ to {{ opacity: 0 }} }} p {{ animation: k 1s infinite }}"
        "button { border: 0 }</style><p>x</p><button>y</button>"
    )
    assert layout.moving(page) == ['moves: p "x"']
    assert layout.without_edge(page) == ['no edge in forced colours: button "y"']


def test_axe_sees_a_fault_under_the_policy_of_the_pages(page: Page, house: House) -> None:
    def answer(body: str) -> None:
        policy = {"Content-Security-Policy": pages_policy(house.storage_url)}
        page.route("**/faulty", lambda route: route.fulfill(body=body, content_type="text/html", headers=policy))
        page.goto("/faulty")

    answer(f"{HEAD}<main><h1>x</h1><input></main>")
    assert [each.partition(":")[0] for each in axe(page)] == ["label"]
    page.unroute_all()
    answer(f"{HEAD}<main><h1>x</h1><label>y <input></label></main>")
    assert axe(page) == []


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("", None),
        ("document.body.innerHTML = '<p>x</p>'", "policy violated: require-trusted-types-for"),
        (
            "document.body.append(Object.assign(new Image(), {src: 'https://elsewhere.example/x.png'}))",
            "foreign request",
        ),
        ("document.cookie = 'a=b; Secure'", "cookie: a"),
        ("console.error('oh')", "console: oh"),
        ("setTimeout(() => { throw new Error('late') })", "uncaught: .*late"),
        ("document.body.append(Object.assign(new Image(), {src: '/assets/none.png'}))", "404 /assets/none.png"),
        ("document.body.style = 'color: red'; document.body.setAttribute('style', 'color: red')", "style-src"),
    ],
)
def test_a_browsers_complaint_fails_the_test(browser: Browser, house: House, script: str, said: str | None) -> None:
    def run() -> None:
        with visitors(browser, site=house.url, storage=house.storage_url) as made:
            page = made.tab("fr", "/fr/about")
            page.route("**/script.js", lambda route: route.fulfill(body=script, content_type="text/javascript"))
            page.evaluate(
                "new Promise(done => { const policy = trustedTypes.createPolicy('lit-html', {createScriptURL: a => a});"
                "const s = document.createElement('script'); s.src = policy.createScriptURL('/script.js');"
                "s.onload = done; document.head.append(s); })"
            )
            for _ in range(100):
                page.wait_for_timeout(100)
                if said is None or re.search(said, "\n".join(made.watch.complaints(made.contexts))):
                    break

    if said is None:
        run()
        return
    with pytest.raises(AssertionError, match=said):
        run()


def drawn(*boxes: tuple[int, int, int, int]) -> Image.Image:
    whole = Image.new("L", (320, 640), 255)
    for box in boxes:
        ImageDraw.Draw(whole).rectangle(box, fill=40)
    png = io.BytesIO()
    whole.save(png, "PNG")
    return pictures._small(png.getvalue())


def test_a_picture_is_known_by_its_parts_not_by_its_letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = tmp_path / "known.png"
    assert "is not known" in pictures.differences(drawn(), known)[0]
    monkeypatch.setenv(pictures.RENEW, "1")
    assert pictures.differences(drawn((0, 0, 100, 100)), known) == []
    monkeypatch.delenv(pictures.RENEW)
    assert pictures.differences(drawn((1, 1, 101, 101)), known) == []
    assert "differs" in pictures.differences(drawn((220, 0, 320, 100)), known)[0]
    assert "as high" in pictures.differences(drawn((0, 0, 100, 100)).resize((128, 300)), known)[0]
