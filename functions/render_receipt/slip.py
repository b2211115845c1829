"""The slip: a page of its own, unsealed, with the code that opens the mail. It is kept, and not shown."""

from render_receipt import printed_words
from render_receipt.printed import PrintedSlip
from render_receipt.printed_words import Words
from render_receipt.untrusted import clean
from typeset.document import Document
from typeset.fonts import load
from typeset.paragraphs import (
    BREADTH,
    GREEN,
    LEFT,
    MM,
    RED,
    RIGHT,
    Placed,
    Style,
    Styles,
    bottom,
    column,
    draw_all,
    frame,
    paragraph,
    rule,
)

_TOP = 20 * MM
_HALF = BREADTH / 2 - 12
_INSET = 10


def render_slip(slip: PrintedSlip) -> bytes:
    """The PDF of a slip; the same slip gives the same bytes."""
    faces = load()
    styles = Styles.of(faces)
    document = Document(
        faces,
        title=f"{printed_words.SLIP.fr} {slip.number} — {printed_words.SLIP.ar}",
        language="ar" if slip.language == "ar" else "fr",
        made_at=slip.submitted_at,
    )
    document.add_page()
    title = _both(printed_words.SLIP, styles.title, 0, role="Span")
    warning = _warning(styles, bottom(title) + 14)
    facts = _facts(slip, styles, bottom(warning) + 22)
    with document.structure.within("H1"):
        draw_all(document, title, _TOP)
    rule(document, _TOP + bottom(title) + 6, colour=GREEN, thickness=1.6)
    draw_all(document, (*warning, *facts), _TOP)
    top = bottom(title) + 14
    frame(document, (LEFT, _TOP + top, BREADTH, bottom(warning) - top + 8), RED)
    document.end_page()
    return document.finish()


def _both(words: Words, style: Style, y: float, role: str = "P") -> tuple[Placed, ...]:
    """Set the same words on the left in French and on the right in Arabic."""
    fr, ar = (paragraph(text, style, _HALF, role=role) for text in words)
    return (Placed(fr, LEFT + _INSET, y), Placed(ar, RIGHT - _INSET - _HALF, y))


def _warning(styles: Styles, y: float) -> tuple[Placed, ...]:
    confidential = _both(printed_words.CONFIDENTIAL, styles.notice, y + 6)
    return (*confidential, *_both(printed_words.SLIP_WARNING, styles.value, bottom(confidential) + 2))


def _facts(slip: PrintedSlip, styles: Styles, y: float) -> tuple[Placed, ...]:
    organism = _both(Words(clean(slip.organism_fr), clean(slip.organism_ar)), styles.value, y)
    number = _labelled(printed_words.NUMBER, slip.number, styles.number, styles, bottom(organism) + 14)
    code = _labelled(printed_words.FOLLOW_UP_CODE, slip.follow_up_code, styles.large_code, styles, bottom(number) + 14)
    how = _both(printed_words.HOW_TO_RETURN, styles.value, bottom(code) + 16)
    address = paragraph(slip.follow_up_url, styles.code, BREADTH, side="centre", at_most=3)
    return (*organism, *number, *code, *how, Placed(address, LEFT, bottom(how) + 6))


def _labelled(words: Words, text: str, style: Style, styles: Styles, y: float) -> tuple[Placed, ...]:
    labels = _both(words, styles.heading, y)
    value = paragraph(text, style, BREADTH, side="centre", at_most=2)
    return (*labels, *column([value], LEFT, bottom(labels) + 2))
