"""The foot of the last page: what the receipt means, and how it is checked."""

from render_receipt import printed_words
from render_receipt.printed import PrintedReceipt
from render_receipt.printed_words import Words
from render_receipt.sheet import BREADTH, GREEN, LEFT, RIGHT, Block, Styles, bilingual, rule
from typeset import MM, Document, Placed, bottom, column, draw_all, paragraph

_QR = 30 * MM
_SEAL = 43 * MM
_GAP = 12
_MIDDLE_X = LEFT + _QR + _GAP
_MIDDLE = BREADTH - _QR - _SEAL - 2 * _GAP
_HALF = (_MIDDLE - _GAP) / 2


class ClosingPart:
    """The foot of one receipt: its meaning, then the QR code, the explanations and the seal, then the address."""

    def __init__(self, receipt: PrintedReceipt, styles: Styles) -> None:
        self._receipt = receipt
        self._styles = styles

    def block(self, *, with_numbers: bool) -> Block:
        """All of it; `with_numbers` where the page shows a character by its number in Unicode."""
        meaning = self.meaning(with_numbers=with_numbers)
        panel_top = bottom(meaning) + 9
        panel, seal = self.panel(panel_top), self.seal(panel_top)
        address = self.address(max(bottom((*panel, *seal)) + 1, panel_top + _QR) + 5)

        def draw(document: Document, top: float) -> None:
            rule(document, top, colour=GREEN, thickness=0.6)
            draw_all(document, meaning, top)
            url = self._receipt.verification_url
            said = f"{printed_words.QR.fr}\xa0: {url} — {printed_words.QR.ar}"
            document.draw_qr(url, said=said, language="fr", at=(LEFT, top + panel_top), side=_QR)
            frame_height = max(_QR, bottom(seal) - panel_top + 4)
            document.frame_box((RIGHT - _SEAL, top + panel_top, _SEAL, frame_height), GREEN)
            draw_all(document, (*panel, *seal, *address), top)

        return Block(bottom(address) + 2, draw)

    def meaning(self, *, with_numbers: bool) -> tuple[Placed, ...]:
        """What the receipt attests and what it does not, and what else the file holds."""
        meaning = printed_words.MEANING
        if self._receipt.letter_kind == "complaint":
            meaning = Words(*(text + more for text, more in zip(meaning, printed_words.COMPLAINT, strict=True)))
        notes = (printed_words.ENCLOSED, printed_words.UNPRINTABLE) if with_numbers else (printed_words.ENCLOSED,)
        half = (BREADTH - 2 * _GAP) / 2
        left, right = (
            [paragraph(text, self._styles.plain, half), *(paragraph(note, self._styles.small, half) for note in small)]
            for text, *small in zip(meaning, *notes, strict=True)
        )
        return (*column(left, LEFT, 6), *column(right, RIGHT - half, 6))

    def panel(self, top: float) -> tuple[Placed, ...]:
        """How the receipt is checked, and how the mail is followed."""
        verify = self.explained(printed_words.VERIFY, printed_words.HOW_TO_VERIFY, top - 3)
        follow = self.explained(printed_words.FOLLOW, printed_words.HOW_TO_FOLLOW, bottom(verify) + 5)
        return (*verify, *follow)

    def explained(self, heading: Words, text: Words, y: float) -> tuple[Placed, ...]:
        """A heading with its explanation, in both languages."""
        left, right = (
            (paragraph(title, self._styles.heading, _HALF, role="H2"), paragraph(body, self._styles.plain, _HALF))
            for title, body in zip(heading, text, strict=True)
        )
        return (*column(left, _MIDDLE_X, y), *column(right, _MIDDLE_X + _MIDDLE - _HALF, y))

    def seal(self, top: float) -> tuple[Placed, ...]:
        """What the frame of the seal says: viewers show the seal itself in a panel."""
        french, arabic = (
            (
                paragraph(title, self._styles.heading, _SEAL - 10, side="centre", role="H2"),
                paragraph(text, self._styles.small, _SEAL - 10, side="centre"),
            )
            for title, text in zip(printed_words.SEAL, printed_words.SEALED, strict=True)
        )
        x = RIGHT - _SEAL + 5
        above = column(french, x, top + 4)
        return (*above, *column(arabic, x, bottom(above) + 4))

    def address(self, top: float) -> tuple[Placed, ...]:
        """The verification code and the address that the QR code holds."""
        third = BREADTH / 3
        fr, ar = bilingual(printed_words.VERIFICATION_CODE, self._styles.heading, third, y=top + 2)
        code = paragraph(self._receipt.verification_code, self._styles.code, third, side="centre", at_most=2)
        url = paragraph(self._receipt.verification_url, self._styles.digest, BREADTH, side="centre", at_most=3)
        return (fr, Placed(code, LEFT + third, top), ar, Placed(url, LEFT, top + code.height + 1))
