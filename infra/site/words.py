"""The words of the pages: one file for each language, and the types that their keys get.

A word is a text, or where it says a number, one text for each plural category of the language (CLDR).
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Literal, cast

from infra.site.places import GENERATED, WORDS

type Language = Literal["ar", "fr", "en"]
type Word = str | dict[str, str]
type Section = dict[str, Word]
type Words = dict[str, Section]

LANGUAGES: tuple[Language, ...] = ("ar", "fr", "en")
DIRECTIONS: Mapping[Language, str] = {"ar": "rtl", "fr": "ltr", "en": "ltr"}
PLURALS: Mapping[Language, frozenset[str]] = {
    "ar": frozenset({"zero", "one", "two", "few", "many", "other"}),
    "fr": frozenset({"one", "many", "other"}),
    "en": frozenset({"one", "other"}),
}
"""The plural categories of each language: https://cldr.unicode.org/index/cldr-spec/plural-rules."""

AMAZIGH = WORDS / "zgh.json"
"""Terms that a speaker of standard Amazigh vouched for, with who did; no other is shown."""

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def words(language: Language) -> Words:
    """The words of a language: section, then key."""
    return cast("Words", json.loads((WORDS / f"{language}.json").read_text(encoding="utf-8")))


def amazigh() -> dict[str, str]:
    """The reviewed Amazigh terms, by what they name."""
    return {key: term["text"] for key, term in json.loads(AMAZIGH.read_text(encoding="utf-8")).items()}


def flat(every: Words) -> dict[str, Word]:
    """The words by their whole key, such as `send.next`."""
    return {f"{section}.{key}": word for section, keys in every.items() for key, word in keys.items()}


def placeholders(word: Word) -> set[str]:
    """The names of the values that a word has places for."""
    texts = [word] if isinstance(word, str) else list(word.values())
    return {name for text in texts for name in _PLACEHOLDER.findall(text)}


def write_types() -> None:
    """Write the type of the keys and their values, so that a missing word fails the build."""
    lines = "".join(f"  {json.dumps(key)}: {names};\n" for key, names in _typed(flat(words("fr"))))
    GENERATED.mkdir(exist_ok=True)
    (GENERATED / "words.ts").write_text(
        "// Made by infra.site.words from site/words/fr.json.\n"
        f"export interface WordValues {{\n{lines}}}\nexport type WordKey = keyof WordValues;\n",
        encoding="utf-8",
    )


def _typed(every: Mapping[str, Word]) -> Iterator[tuple[str, str]]:
    for key, word in sorted(every.items()):
        names = placeholders(word) | (set() if isinstance(word, str) else {"count"})
        kinds = "; ".join(f"{name}: {'number' if name == 'count' else 'string | number'}" for name in sorted(names))
        yield key, f"{{ {kinds} }}" if kinds else "Record<never, never>"
