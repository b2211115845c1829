"""The slip: a page of its own file, unsealed, with the code that opens the mail. It is kept, and not shown."""

from render_receipt import printed_words
from render_receipt.printed import PrintedSlip
from render_receipt.printed_words import Words
from render_receipt.sheet import BREADTH, GREEN, LEFT, RED, RIGHT, Styles, bilingual, opened, rule
from render_receipt.untrusted import clean
from typeset import MM, Placed, Style, bottom, draw_all, paragraph

_TOP = 20 * MM
_HALF = BREADTH / 2 - 12
_INSET = 10


def render_slip(slip: PrintedSlip) -> bytes:
    """The PDF of a slip; the same slip gives the same bytes."""
    document, styles = opened(printed_words.SLIP, slip.number, language=slip.language, made_at=slip.submitted_at)
    document.add_page()
    title = inset(printed_words.SLIP, styles.title, 0, role="Span")
    top = bottom(title) + 14
    confidential = inset(printed_words.CONFIDENTIAL, styles.notice, top + 6)
    warning = (*confidential, *inset(printed_words.SLIP_WARNING, styles.value, bottom(confidential) + 2))
    with document.structure.within("H1"):
        draw_all(document, title, _TOP)
    rule(document, _TOP + bottom(title) + 6, colour=GREEN, thickness=1.6)
    draw_all(document, (*warning, *facts(slip, styles, bottom(warning) + 22)), _TOP)
    document.frame_box((LEFT, _TOP + top, BREADTH, bottom(warning) - top + 8), RED)
    document.end_page()
    return document.finish()


def inset(words: Words, style: Style, y: float, role: str = "P") -> tuple[Placed, Placed]:
    """Set the same words in French and in Arabic, inside the frame."""
    return bilingual(words, style, _HALF, left=LEFT + _INSET, right=RIGHT - _INSET, y=y, role=role)


def facts(slip: PrintedSlip, styles: Styles, y: float) -> tuple[Placed, ...]:
    """The organism, the number, the code, and how they lead back to the mail."""
    organism = inset(Words(clean(slip.organism_fr), clean(slip.organism_ar)), styles.value, y)
    number = labelled(printed_words.NUMBER, slip.number, styles.number, styles, bottom(organism) + 14)
    code = labelled(printed_words.FOLLOW_UP_CODE, slip.follow_up_code, styles.large_code, styles, bottom(number) + 14)
    how = inset(printed_words.HOW_TO_RETURN, styles.value, bottom(code) + 16)
    address = paragraph(slip.follow_up_url, styles.code, BREADTH, side="centre", at_most=3)
    return (*organism, *number, *code, *how, Placed(address, LEFT, bottom(how) + 6))


def labelled(words: Words, text: str, style: Style, styles: Styles, y: float) -> tuple[Placed, ...]:
    """Set a text in the middle, below its label."""
    label = inset(words, styles.heading, y)
    value = paragraph(text, style, BREADTH, side="centre", at_most=2)
    return (*label, Placed(value, LEFT, bottom(label) + 2))
