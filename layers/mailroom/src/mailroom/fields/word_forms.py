"""The words of a text as searches compare them: folded, in each form that somebody may type."""

import re

from mailroom.fields.text import folded

_WORD = re.compile(r"[^\W_]+")
_DOTTED = re.compile(r"\b(?:[^\W_]\.){2,}")
"""O.N.S.S.A. is one word."""

_ARTICLE = re.compile("[وف]?(?:[بك]?ال|لل)(.{2,})")
"""The article, also grown together with a conjunction or a preposition: ال، لل، وال، بال، كال، فال، ولل."""


def words_of(text: str) -> list[str]:
    """The folded words of a text: whatever is neither a letter nor a digit parts them."""
    return _WORD.findall(folded(_DOTTED.sub(lambda dotted: dotted[0].replace(".", ""), text)))


def forms_of(word: str) -> tuple[str, ...]:
    """A word as it stands, and without the Arabic article."""
    article = None if word.isascii() else _ARTICLE.fullmatch(word)
    return (word, article[1]) if article else (word,)
