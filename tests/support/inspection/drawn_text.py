"""The text of a PDF's first page: as it stands on the page, and as a reader copies it."""

from typing import Any

import pypdfium2


def from_left(pdf: bytes) -> str:
    """The signs of a page of one line, from the left to the right, without blanks."""
    page: Any = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    signs = [(page.get_charbox(index)[0], page.get_text_range(index, 1)) for index in range(page.count_chars())]
    return "".join(sign for _, sign in sorted(signs, key=lambda pair: pair[0]) if sign.strip())


def copied(pdf: bytes) -> str:
    """The text that a reader copies from a page, with plain blanks."""
    text: str = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    return text.strip().replace("\xa0", " ")
