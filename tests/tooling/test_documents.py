"""The README and the pages of `docs/`: short, linked, and true where they name things."""

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.support.inspection.documents import (
    PAGES,
    README,
    ROOT,
    WAYS,
    anchor,
    blocks,
    headings,
    inline,
    quoted,
    rows,
    section,
    tokens,
)

MOST_BYTES = 12 * 1024
ALL = [
    path
    for path in sorted(ROOT.rglob("*.md"))
    if not any(part.startswith(".") or part == "node_modules" for part in path.relative_to(ROOT).parts)
]
_PATH = re.compile(r"(?:functions|infra|layers|tests|events|docs)/[\w./-]*")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def links(page: Path) -> list[str]:
    """Every address in a page: links, pictures, and pictures written as HTML."""
    found = [str(token.attrs[key]) for token in inline(page) for key in ("href", "src") if key in token.attrs]
    html = [token.content for token in (*tokens(page), *inline(page)) if token.type in {"html_block", "html_inline"}]
    return found + re.findall(r'(?:src|href)="([^"]+)"', "".join(html))


def test_a_newcomer_can_read_the_readme() -> None:
    assert len(README.read_bytes()) <= MOST_BYTES


def test_the_readme_leads_to_every_page() -> None:
    linked = {(README.parent / link.partition("#")[0]).resolve() for link in links(README)}
    assert set(PAGES) - {README} <= linked


def test_the_readme_names_each_package_of_the_layer() -> None:
    layer = ROOT / "layers/mailroom/src/mailroom"
    packages = {path.name for path in layer.iterdir() if any(path.glob("*.py"))}
    named = {part.strip("/") for cells in rows(section(README, "Find your way")) for part in quoted(cells[0])}
    assert packages <= named


def test_every_other_markdown_file_is_linked_from_a_page() -> None:
    linked = {(page.parent / link.partition("#")[0]).resolve() for page in PAGES for link in links(page)}
    assert set(ALL) - {README} <= linked


@pytest.mark.parametrize("page", ALL, ids=name)
def test_links_lead_to_files_and_headings_that_exist(page: Path) -> None:
    for link in links(page):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, fragment = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not fragment or fragment in map(anchor, headings(target)), link


@pytest.mark.parametrize("page", ALL, ids=name)
def test_files_and_folders_that_are_named_exist(page: Path) -> None:
    named = {token.content for token in inline(page) if token.type == "code_inline" and _PATH.fullmatch(token.content)}
    assert {each for each in named if not (ROOT / each).exists()} == set()


@pytest.mark.parametrize("page", ALL, ids=name)
def test_a_heading_stands_once_in_a_page(page: Path) -> None:
    """Two headings of one name have anchors that change places when one of them moves."""
    counted = Counter(map(anchor, headings(page)))
    assert [heading for heading, times in counted.items() if times > 1] == []


def test_nothing_is_said_twice() -> None:
    said: Counter[str] = Counter()
    for page in PAGES:
        text = " ".join(page.read_text(encoding="utf-8").split())
        said.update(sentence for sentence in re.split(r"(?<=[.:;|])\s", text) if len(sentence) > 60)
    assert [sentence for sentence, times in said.items() if times > 1] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_each_block_of_commands_says_how_it_is_checked(page: Path) -> None:
    assert [block.place for block in blocks(page) if block.way not in WAYS] == []
