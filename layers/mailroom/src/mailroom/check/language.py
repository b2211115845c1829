"""The language in which a check answers."""

import locale
import os

LANGUAGES = ("ar", "fr", "en")
DEFAULT_LANGUAGE = "fr"


def language_of_this_machine() -> str:
    """The language of the locale, if it is one of ours; French otherwise."""
    asked = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    name = next(filter(None, asked), None) or locale.getlocale()[0] or ""
    language = name[:2].lower()  # fr_MA.UTF-8, or French_Morocco on Windows
    return language if language in LANGUAGES else DEFAULT_LANGUAGE
