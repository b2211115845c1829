"""Tokens and codes of a mail: HMACs of its id and a version, so nothing is stored that could leak from the table."""

import base64
import hashlib
import hmac
import re
from typing import get_args

from mailroom.domain.codes import Codes, Holder, Kind
from mailroom.domain.reach import Way
from mailroom.fields.typed import SIGNS_AROUND, as_digits, plain

_CODE_BITS = 80
"""Bits of a typed code: 16 characters; a thousand guesses a second for a century find nothing."""

_CROCKFORD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
"""RFC 4648 base32 to Crockford's: no I, L, O or U, which are misread on paper."""


_VERSION = re.compile(r"0|[1-9][0-9]{0,8}")

_SEPARATORS = re.compile(rf"[\s{re.escape(SIGNS_AROUND)}]+")


class Tokens:
    """Makes and checks what proves that somebody may act on a mail.

    `access_token` opens one mail to its sender's program; `follow_up_code`, printed on the receipt's slip, brings
    the sender back with only the paper in hand; `link_code` stands in the links that messages carry;
    `verification_code` shows anyone that a receipt is genuine and no more.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def access_token(self, mail_id: str, holder: Holder = Holder("access")) -> str:  # noqa: B008 - it is frozen
        """The token of `holder`: 43 characters of base64url, after kind and version unless it is a draft's first."""
        if holder == Holder("access"):
            return self._token("access", mail_id)
        named = f"{holder.kind}.{holder.version}"
        return f"{named}.{self._token(f'token.{named}', mail_id)}"

    def follow_up_code(self, mail_id: str, version: int = 0) -> str:
        """Sixteen characters in groups of four, easy to type from paper."""
        return self._code(f"follow-up.{version}" if version else "follow-up", mail_id)

    def link_code(self, mail_id: str, way: Way, version: int = 0) -> str:
        """The same for the links of the messages that go one way: e-mail or SMS."""
        return self._code(f"link.{way}.{version}", mail_id)

    def verification_code(self, mail_id: str) -> str:
        """Sixteen characters in groups of four; it may be shown to anyone."""
        return self._code("verification", mail_id)

    def holder(self, mail_id: str, access_token: str) -> Holder | None:
        """Who holds that token of the mail, found out in constant time; None where no such token was ever given.

        Whether its version is in force is for the mail to say (`Codes.admit`): no forged token costs a read.
        """
        holder = _named(access_token)
        expected = self.access_token(mail_id, holder).encode()
        return holder if hmac.compare_digest(expected, access_token.encode(errors="replace")) else None

    def came_by(self, mail_id: str, code: str, codes: Codes) -> Holder | None:
        """Who comes with `code`, as somebody typed it, while `codes` are in force; found out in constant time."""
        typed, found = as_printed(code).encode(), None
        in_force: dict[Kind, str] = {
            "slip": self.follow_up_code(mail_id, codes.slip),
            "email": self.link_code(mail_id, "email", codes.email),
            "sms": self.link_code(mail_id, "sms", codes.sms),
        }
        for kind, one in in_force.items():
            if hmac.compare_digest(one.encode(), typed):
                found = Holder(kind, codes.version(kind))
        return found

    def _token(self, purpose: str, mail_id: str) -> str:
        return base64.urlsafe_b64encode(self._digest(purpose, mail_id)).decode().rstrip("=")

    def pseudonym(self, address: str) -> str:
        """32 hexadecimal digits that stand for an address: without the key nothing leads back to it."""
        return self._digest("address", address).hex()[:32]

    def _code(self, purpose: str, mail_id: str) -> str:
        short = self._digest(purpose, mail_id)[: _CODE_BITS // 8]
        return as_printed(base64.b32encode(short).decode().translate(_CROCKFORD))

    def _digest(self, purpose: str, mail_id: str) -> bytes:
        return hmac.digest(self._key, f"{purpose}:{mail_id}".encode(), hashlib.sha256)


def _named(access_token: str) -> Holder:
    """Who a token says that it was given to, which may be a lie."""
    kind, _, rest = access_token.partition(".")
    version = rest.partition(".")[0]
    for known in get_args(Kind):
        if kind == known and _VERSION.fullmatch(version):
            return Holder(known, int(version))
    return Holder("access")


def as_printed(code: str) -> str:
    """A typed code as it stands on the receipt: capitals, misread letters put right, groups of four.

    Blanks, dashes and invisible marks make no difference; what is in no code becomes a question mark.
    """
    bare = as_digits(_SEPARATORS.sub("", plain(code)).upper()).encode("ascii", "replace").decode()
    return "-".join(bare[start : start + 4] for start in range(0, len(bare), 4))
