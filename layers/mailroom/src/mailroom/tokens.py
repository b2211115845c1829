"""Tokens and codes of a mail: HMACs of its id, so nothing is stored and nothing can leak from the table."""

import base64
import hashlib
import hmac
import re

from mailroom.typed import as_digits, plain

_CODE_BITS = 80
"""Bits of a typed code: 16 characters; a thousand guesses a second for a century find nothing."""

_CROCKFORD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
"""RFC 4648 base32 to Crockford's: no I, L, O or U, which are misread on paper."""


_SEPARATORS = re.compile(r"[-\s._/]+")


class Tokens:
    """Makes and checks what proves that somebody may act on a mail.

    `access_token` opens one mail to its sender's program; `follow_up_code`, printed on the receipt's slip, brings
    the sender back with only the paper in hand; `verification_code` shows anyone that a receipt is genuine and no more.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def access_token(self, mail_id: str) -> str:
        """43 characters of base64url."""
        return base64.urlsafe_b64encode(self._digest("access", mail_id)).decode().rstrip("=")

    def follow_up_code(self, mail_id: str) -> str:
        """Sixteen characters in groups of four, easy to type from paper."""
        return self._code("follow-up", mail_id)

    def verification_code(self, mail_id: str) -> str:
        """Sixteen characters in groups of four; it may be shown to anyone."""
        return self._code("verification", mail_id)

    def opens(self, mail_id: str, access_token: str) -> bool:
        """Whether `access_token` is that mail's, found out in constant time."""
        return hmac.compare_digest(self.access_token(mail_id).encode(), access_token.encode(errors="replace"))

    def follows(self, mail_id: str, follow_up_code: str) -> bool:
        """Whether `follow_up_code`, as somebody typed it, is that mail's, found out in constant time."""
        return hmac.compare_digest(self.follow_up_code(mail_id).encode(), as_printed(follow_up_code).encode())

    def _code(self, purpose: str, mail_id: str) -> str:
        short = self._digest(purpose, mail_id)[: _CODE_BITS // 8]
        return as_printed(base64.b32encode(short).decode().translate(_CROCKFORD))

    def _digest(self, purpose: str, mail_id: str) -> bytes:
        return hmac.digest(self._key, f"{purpose}:{mail_id}".encode(), hashlib.sha256)


def as_printed(code: str) -> str:
    """A typed code as it stands on the receipt: capitals, misread letters put right, groups of four.

    Blanks, dashes and invisible marks make no difference; what is in no code becomes a question mark.
    """
    bare = as_digits(_SEPARATORS.sub("", plain(code)).upper()).encode("ascii", "replace").decode()
    return "-".join(bare[start : start + 4] for start in range(0, len(bare), 4))
