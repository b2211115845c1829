"""The foot of the last page: what the receipt means, how it is checked, and the slip."""

from render_receipt import wording
from render_receipt.document import Document, shade
from render_receipt.receipt import Receipt
from render_receipt.sheet import (
    BREADTH,
    GREEN,
    GREY,
    HEIGHT,
    LEFT,
    MM,
    RIGHT,
    WIDTH,
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
from render_receipt.wording import Words

_QR = 30 * MM
_SEAL = 43 * MM
_GAP = 12
_MIDDLE_X = LEFT + _QR + _GAP
_MIDDLE = BREADTH - _QR - _SEAL - 2 * _GAP
_HALF = (_MIDDLE - _GAP) / 2
_SLIP_TEXT = 150


def closing(record: Receipt, styles: Styles, *, with_numbers: bool) -> Block:
    """Say what the receipt is and is not, and how to check it; leave the seal its place."""
    meaning = _meaning(record, styles, with_numbers=with_numbers)
    panel_top = bottom(meaning) + 9
    panel, seal = _panel(styles, panel_top), _seal(styles, panel_top)
    address = _address(record, styles, max(bottom((*panel, *seal)) + 1, panel_top + _QR) + 5)

    def draw(document: Document, top: float) -> None:
        rule(document, top, colour=GREEN, thickness=0.6)
        draw_all(document, meaning, top)
        said = f"{wording.QR.fr}\xa0: {record.verification_url} — {wording.QR.ar}"
        draw_qr(document, record.verification_url, said, at=(LEFT, top + panel_top), side=_QR)
        frame(document, (RIGHT - _SEAL, top + panel_top, _SEAL, max(_QR, bottom(seal) - panel_top + 4)))
        draw_all(document, (*panel, *seal, *address), top)

    return Block(bottom(address) + 2, draw)


def slip(record: Receipt, styles: Styles) -> Block:
    """Make the part to tear off: the follow-up code, which opens the whole mail, is here alone."""
    scissors = Placed(paragraph("✂", styles.scissors, 20), 12, -9.5)
    cut = _cut_line(styles)
    body = _slip_body(record, styles)
    height = bottom(body) + 18

    def draw(document: Document, top: float) -> None:
        y = HEIGHT - top
        document.decorate(f"{shade(GREY)} RG 0.8 w [4 3] 0 d 0 {y:.2f} m {WIDTH:.2f} {y:.2f} l S")
        with document.repeating():
            draw_all(document, (scissors,), top)
        draw_all(document, cut, top)
        draw_all(document, body, top)

    return Block(height, draw)


def _meaning(record: Receipt, styles: Styles, *, with_numbers: bool) -> tuple[Placed, ...]:
    half = (BREADTH - 2 * _GAP) / 2
    fr, ar = wording.MEANING
    if record.letter_kind == "complaint":
        fr, ar = fr + wording.COMPLAINT.fr, ar + wording.COMPLAINT.ar
    left = [paragraph(fr, styles.plain, half), paragraph(wording.ENCLOSED.fr, styles.small, half)]
    right = [paragraph(ar, styles.plain, half), paragraph(wording.ENCLOSED.ar, styles.small, half)]
    if with_numbers:
        left.append(paragraph(wording.UNPRINTABLE.fr, styles.small, half))
        right.append(paragraph(wording.UNPRINTABLE.ar, styles.small, half))
    return (*column(left, LEFT, 6), *column(right, RIGHT - half, 6))


def _panel(styles: Styles, top: float) -> tuple[Placed, ...]:
    right_x = _MIDDLE_X + _MIDDLE - _HALF
    verify = (
        *column(_told(wording.VERIFY.fr, wording.HOW_TO_VERIFY.fr, styles), _MIDDLE_X, top - 3),
        *column(_told(wording.VERIFY.ar, wording.HOW_TO_VERIFY.ar, styles), right_x, top - 3),
    )
    below = bottom(verify) + 5
    follow = (
        *column(_told(wording.FOLLOW.fr, wording.HOW_TO_FOLLOW.fr, styles), _MIDDLE_X, below),
        *column(_told(wording.FOLLOW.ar, wording.HOW_TO_FOLLOW.ar, styles), right_x, below),
    )
    return (*verify, *follow)


def _address(record: Receipt, styles: Styles, top: float) -> tuple[Placed, ...]:
    fr, ar = wording.VERIFICATION_CODE
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
    fr = [set_in(wording.SEAL.fr, styles.heading, "H2"), set_in(wording.SEALED.fr, styles.small, "P")]
    ar = [set_in(wording.SEAL.ar, styles.heading, "H2"), set_in(wording.SEALED.ar, styles.small, "P")]
    french = column(fr, x, y)
    return (*french, *column(ar, x, bottom(french) + 4))


def _cut_line(styles: Styles) -> tuple[Placed, ...]:
    half = BREADTH / 2 - 20
    fr, ar = wording.DETACH
    return (
        Placed(paragraph(fr, styles.plain, half), LEFT, 1.5),
        Placed(paragraph(ar, styles.plain, half), RIGHT - half, 1.5),
    )


def _slip_body(record: Receipt, styles: Styles) -> tuple[Placed, ...]:
    middle_x, middle = LEFT + _SLIP_TEXT + 10, BREADTH - 2 * (_SLIP_TEXT + 10)
    code = paragraph(record.follow_up_code, styles.large_code, middle, side="centre", at_most=2)
    number = paragraph(record.number, styles.strong, middle, side="centre", at_most=2)
    labels = _pair(wording.FOLLOW_UP_CODE, styles, middle_x, middle, 17)
    address = paragraph(record.follow_up_url, styles.digest, BREADTH, side="centre", at_most=2)
    placed = (
        *column(_slip_side(0, styles), LEFT, 17),
        *column(_slip_side(1, styles), RIGHT - _SLIP_TEXT, 17),
        *labels,
        *column((code, number), middle_x, bottom(labels)),
    )
    return (*placed, Placed(address, LEFT, bottom(placed) + 5))


def _slip_side(language: int, styles: Styles) -> tuple[Paragraph, ...]:
    return (
        paragraph(
            f"{wording.SLIP[language]} · {wording.CONFIDENTIAL[language]}",
            styles.heading,
            _SLIP_TEXT,
            role="H2",
        ),
        paragraph(wording.SLIP_WARNING[language], styles.plain, _SLIP_TEXT),
    )


def _pair(words: Words, styles: Styles, x: float, width: float, y: float) -> tuple[Placed, ...]:
    """Set two labels on one line, around its middle."""
    half = width / 2 - 5
    return (
        Placed(paragraph(words.fr, styles.small, half, side="right"), x, y),
        Placed(paragraph(words.ar, styles.small, half, side="left"), x + width - half, y),
    )
