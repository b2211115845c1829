"""The foot of the last page: what the receipt means, and how it is checked."""

from render_receipt import printed_words
from render_receipt.printed import PrintedReceipt
from typeset.document import Document
from typeset.paragraphs import (
    BREADTH,
    GREEN,
    LEFT,
    MM,
    RIGHT,
    Block,
    Paragraph,
    Placed,
    Style,
    Styles,
    bottom,
    column,
    draw_all,
    draw_qr,
    frame,
    paragraph,
    rule,
)

_QR = 30 * MM
_SEAL = 43 * MM
_GAP = 12
_MIDDLE_X = LEFT + _QR + _GAP
_MIDDLE = BREADTH - _QR - _SEAL - 2 * _GAP
_HALF = (_MIDDLE - _GAP) / 2


def closing(record: PrintedReceipt, styles: Styles, *, with_numbers: bool) -> Block:
    """Say what the receipt is and is not, and how to check it; leave the seal its place."""
    meaning = _meaning(record, styles, with_numbers=with_numbers)
    panel_top = bottom(meaning) + 9
    panel, seal = _panel(styles, panel_top), _seal(styles, panel_top)
    address = _address(record, styles, max(bottom((*panel, *seal)) + 1, panel_top + _QR) + 5)

    def draw(document: Document, top: float) -> None:
        rule(document, top, colour=GREEN, thickness=0.6)
        draw_all(document, meaning, top)
        said = f"{printed_words.QR.fr}\xa0: {record.verification_url} — {printed_words.QR.ar}"
        draw_qr(document, record.verification_url, said, at=(LEFT, top + panel_top), side=_QR)
        frame(document, (RIGHT - _SEAL, top + panel_top, _SEAL, max(_QR, bottom(seal) - panel_top + 4)))
        draw_all(document, (*panel, *seal, *address), top)

    return Block(bottom(address) + 2, draw)


def _meaning(record: PrintedReceipt, styles: Styles, *, with_numbers: bool) -> tuple[Placed, ...]:
    half = (BREADTH - 2 * _GAP) / 2
    fr, ar = printed_words.MEANING
    if record.letter_kind == "complaint":
        fr, ar = fr + printed_words.COMPLAINT.fr, ar + printed_words.COMPLAINT.ar
    left = [paragraph(fr, styles.plain, half), paragraph(printed_words.ENCLOSED.fr, styles.small, half)]
    right = [paragraph(ar, styles.plain, half), paragraph(printed_words.ENCLOSED.ar, styles.small, half)]
    if with_numbers:
        left.append(paragraph(printed_words.UNPRINTABLE.fr, styles.small, half))
        right.append(paragraph(printed_words.UNPRINTABLE.ar, styles.small, half))
    return (*column(left, LEFT, 6), *column(right, RIGHT - half, 6))


def _panel(styles: Styles, top: float) -> tuple[Placed, ...]:
    right_x = _MIDDLE_X + _MIDDLE - _HALF
    verify = (
        *column(_told(printed_words.VERIFY.fr, printed_words.HOW_TO_VERIFY.fr, styles), _MIDDLE_X, top - 3),
        *column(_told(printed_words.VERIFY.ar, printed_words.HOW_TO_VERIFY.ar, styles), right_x, top - 3),
    )
    below = bottom(verify) + 5
    follow = (
        *column(_told(printed_words.FOLLOW.fr, printed_words.HOW_TO_FOLLOW.fr, styles), _MIDDLE_X, below),
        *column(_told(printed_words.FOLLOW.ar, printed_words.HOW_TO_FOLLOW.ar, styles), right_x, below),
    )
    return (*verify, *follow)


def _address(record: PrintedReceipt, styles: Styles, top: float) -> tuple[Placed, ...]:
    fr, ar = printed_words.VERIFICATION_CODE
    third = BREADTH / 3
    code = paragraph(record.verification_code, styles.code, third, side="centre", at_most=2)
    url = paragraph(record.verification_url, styles.digest, BREADTH, side="centre", at_most=3)
    return (
        Placed(paragraph(fr, styles.heading, third), LEFT, top + 2),
        Placed(code, LEFT + third, top),
        Placed(paragraph(ar, styles.heading, third), RIGHT - third, top + 2),
        Placed(url, LEFT, top + code.height + 1),
    )


def _told(heading: str, text: str, styles: Styles) -> tuple[Paragraph, ...]:
    return (paragraph(heading, styles.heading, _HALF, role="H2"), paragraph(text, styles.plain, _HALF))


def _seal(styles: Styles, top: float) -> tuple[Placed, ...]:
    def set_in(text: str, style: Style, role: str) -> Paragraph:
        return paragraph(text, style, _SEAL - 10, side="centre", role=role)

    x, y = RIGHT - _SEAL + 5, top + 4
    fr = [set_in(printed_words.SEAL.fr, styles.heading, "H2"), set_in(printed_words.SEALED.fr, styles.small, "P")]
    ar = [set_in(printed_words.SEAL.ar, styles.heading, "H2"), set_in(printed_words.SEALED.ar, styles.small, "P")]
    french = column(fr, x, y)
    return (*french, *column(ar, x, bottom(french) + 4))
