"""Words that come after a letter's first field: all come, and none that is said before."""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from infra.site import later_words, weights
from infra.site.build import build
from infra.site.check import directory
from infra.site.words import LANGUAGES, Language, Words, flat, words

EVERY: Final[Words] = {
    "write": {"title": "a", "kind": "b", "kind_reply": "c", "kind_other": "d"},
    "frame": {"month_1": "e", "retry": "f"},
    "contact": {"title": "g", "email": "h"},
}


@pytest.mark.parametrize(
    ("script", "keys"),
    [
        ('say("write.title")', {"write.title"}),
        ("say('contact.email')", {"contact.email"}),
        ("say(`frame.retry`)", {"frame.retry"}),
        ("say(`write.kind_${a}`)", {"write.kind_reply", "write.kind_other"}),
        ('say("frame.month_"+a)', {"frame.month_1"}),
        ("say(`contact.${a}`)", {"contact.title", "contact.email"}),
        ('say("write.kind")', {"write.kind"}),
        ('say("write.kinds")', set()),
        ("a.write.title", set()),
    ],
)
def test_a_script_says_the_words_whose_keys_stand_in_it(script: str, keys: set[str]) -> None:
    assert set(flat(later_words.said([script], EVERY))) == keys


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages as they are published at first."""
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    made = tmp_path_factory.mktemp("built") / "pages"
    build(made, organisms=directory())
    return made


def data(pages: Path, language: Language) -> dict[str, Any]:
    """What the first page holds for its script."""
    text = (pages / language / "index.html").read_text("utf-8")
    found = re.search(r'id="page-data">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    read: dict[str, Any] = json.loads(found[1])
    return read


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_and_the_file_beside_it_have_every_word_once(pages: Path, language: Language) -> None:
    first = flat(data(pages, language)["words"])
    later = flat(json.loads((pages / data(pages, language)["later"]["address"].removeprefix("/")).read_text("utf-8")))
    sections = later_words.SECTIONS["send"]
    assert first.keys() & later.keys() == set()
    assert first | later == flat({section: words(language)[section] for section in sections})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_desk_that_is_linked_to_directly_is_weighed_and_within_the_budget(pages: Path, language: Language) -> None:
    (weight,) = (each for each in weights.weights(pages) if each.page == f"{language}/<desk>")
    assert weight.critical <= weights.CRITICAL
    assert list(weight.faults) == []
