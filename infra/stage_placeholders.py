"""Values that stand for one to come: reserved names, made-up accounts, and words that stand for a value to come."""

import re
from collections.abc import Iterator

_WORDS = {
    *("todo", "tbd", "tba", "fixme", "xx", "xxx", "xxxx", "changeme", "placeholder", "dummy", "lorem", "foo", "foobar"),
    *("example", "exemple", "unset", "none", "null"),
}
"""A word of a value, between signs: `todo@…`, `bureau-ordre-example-files`."""
_PHRASES = (
    *("change-me", "replace-me", "fill-me", "to-do", "a-completer", "a-remplir", "a-definir", "a-renseigner"),
    *("your-domain", "your-account", "yourdomain", "votre-domaine", "my-domain", "mydomain"),
)
_RESERVED_ENDS = ("example", "test", "invalid", "localhost", "local", "internal", "lan", "onion", "arpa")
"""The last parts of names that the public DNS never has: RFC 2606, RFC 6761, RFC 6762, and ICANN's `internal`."""
_ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")
_COUNTED = ("0123456789" * 3, "9876543210" * 3)


def is_placeholder(text: str) -> bool:
    """Whether a value stands for one to come, or is made up."""
    if not text.strip() or re.search(r"…|\.\.\.|[<>{}]", text):
        return True
    return _has_such_a_word(text) or _has_a_reserved_name(text) or any(map(is_made_up, _ACCOUNT.findall(text)))


def is_made_up(account: str) -> bool:
    """Whether these 12 digits are of documents and not of an account: 123456789012, 111122223333, 000000000000.

    A true account looks so less often than once in half a million.
    """
    return (
        len(set(account)) <= 2  # noqa: PLR2004 - 000000000000, 121212121212
        or re.fullmatch(r"(\d)\1{3}(\d)\2{3}(\d)\3{3}", account) is not None
        or any(account == account[:period] * (12 // period) for period in (3, 4, 6))
        or any(account in counted for counted in _COUNTED)
        or account.startswith(("123456789", "012345678", "987654321"))
    )


def placeholders(key: str, value: object) -> Iterator[tuple[str, str]]:
    """The placeholders in a setting and in what it contains: each one's key, and the text."""
    match value:
        case str() if is_placeholder(value):
            yield key, value
        case dict():
            for name, part in value.items():
                yield from placeholders(f"{key}.{name}" if key else str(name), part)
        case list() | tuple():
            for place, part in enumerate(value):
                yield from placeholders(f"{key}.{place}", part)
        case _:
            return


def _has_such_a_word(text: str) -> bool:
    plain = text.lower().translate(str.maketrans("àâéèêî", "aaeeei"))
    words = [word for word in re.split(r"[^a-z0-9]+", plain) if word]
    joined = "-".join(words)
    return not _WORDS.isdisjoint(words) or any(each in joined for each in _PHRASES)


def _has_a_reserved_name(text: str) -> bool:
    host = re.sub(r"^.*(@|://)", "", text).partition("/")[0].partition(":")[0].lower()
    return host == "localhost" or ("." in host and host.rpartition(".")[2] in _RESERVED_ENDS)
