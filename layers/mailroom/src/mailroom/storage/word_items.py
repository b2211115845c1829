"""The lists of an inbox's search: for each beginning of a word, the mails that have such a word, in order of arrival.

A mail stands in the list of the first letter, the first three and the first six of each of its words. A search reads
the list of a typed word, the newest mail first, and nothing of other mails; each item holds all words of its mail, so
that the rest of what was typed is compared without reading the mail. Lists of every length would cost three times the
writes; with these, what a list holds beyond what is sought is bounded by the language and not by the register.
"""

from collections.abc import Iterable
from typing import Final

from mailroom.fields.word_forms import forms_of, words_of
from mailroom.storage.item_keys import word_key
from mailroom.storage.table import Item

_LENGTHS: Final = (1, 3, 6)
"""Letters of the beginnings that have a list."""

_OF_ARTICLES: Final = (1, 3)
"""The same for a word with its article: a longer typed one is sought without the article."""

MOST_AT_ONCE: Final = 64
"""Items that the transaction of a registration has room for: DynamoDB takes 100, and a redirection has 12 others. One
mail in some hundreds has more; its items are written a moment later, and it waits until they are."""


def words_in(entry: Item) -> str:
    """The words of a mail that searches compare, each after a blank: subject and sender's name, in each form."""
    words = [*words_of(entry["subject"]), *words_of(entry["sender"]["display_name"])]
    forms = dict.fromkeys(form for word in words for form in forms_of(word))
    return "".join(f" {form}" for form in forms)


def begins_words(typed: Iterable[str], words: str) -> bool:
    """Whether each typed word begins one of the `words`, which `words_in` made."""
    return all(f" {each}" in words for each in typed)


def typed_words(text: str) -> tuple[str, ...]:
    """The words that somebody typed, as `begins_words` takes them: without article, each once, the longest first."""
    meant = dict.fromkeys(forms_of(word)[-1] for word in words_of(text))
    return tuple(sorted(meant, key=len, reverse=True))


def beginning_of(typed: str) -> str:
    """The beginning whose list holds each mail with a word that begins as a typed one."""
    return typed[: max(length for length in _LENGTHS if length <= len(typed))]


def word_items(entry: Item) -> list[Item]:
    """The items by which the mail of a register entry is found."""
    words = words_in(entry)
    keys = (word_key(entry["organism_id"], beginning, entry["arrived"]) for beginning in _beginnings(words.split()))
    return [{"pk": pk, "sk": sk, "words": words} for pk, sk in keys]


def _beginnings(forms: Iterable[str]) -> dict[str, None]:
    return dict.fromkeys(
        form[:length]
        for form in forms
        for length in (_OF_ARTICLES if len(forms_of(form)) > 1 else _LENGTHS)
        if length <= len(form)
    )
