"""What a browser shows at an address where no page is, in the reader's language."""

import json
import re
from functools import cache
from html import escape
from pathlib import Path

from mailroom.domain import problems

_LANGUAGE = re.compile(r"/(ar|fr|en)(?:/|$)")


def language_of(path: str, accept_language: str) -> str:
    """The language that the address begins with, else the best by `Accept-Language`."""
    found = _LANGUAGE.match(path)
    return found[1] if found else problems.language_of(accept_language)


@cache
def page_not_found(language: str, site: str) -> str:
    """A page that names those there are, under the address `site`. It uses their style sheet, and reads without."""
    words = json.loads((Path(__file__).parent / "words" / f"{language}.json").read_text(encoding="utf-8"))
    said = {key: escape(text) for key, text in words.items()}
    start = f"{escape(site)}/{language}/"
    links = {"send": start, "follow": f"{start}follow", "verify": f"{start}verify"}
    items = "".join(f'<li><a href="{address}">{said[name]}</a></li>\n' for name, address in links.items())
    return f"""<!doctype html>
<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{escape(site)}/style.css">
<title>{said["title"]} – {said["service"]}</title>
</head>
<body>
<main id="main">
<h1>{said["title"]}</h1>
<p>{said["text"]}</p>
<ul>
{items}</ul>
</main>
</body>
</html>
"""
