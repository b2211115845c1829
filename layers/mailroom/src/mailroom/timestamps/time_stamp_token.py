"""Time stamp tokens (RFC 3161): what is asked for, and whether what came back is it."""

import asyncio
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from asn1crypto import algos, cms, tsp
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import InvalidCertificateError

from mailroom.domain import clock
from mailroom.signatures.cms import encoded, is_exact_time_stamp
from mailroom.timestamps.refusal import NoStampError

LARGEST_TOKEN = 10 * 1024
"""Bytes of a token for which a seal leaves room. Public authorities' have 2 to 7 KB, certificates included."""

CLOCKS_DIFFER = timedelta(minutes=10)
"""How far an authority's time may be from ours: each may be five minutes off. What is further off would mislead."""

_GRANTED = {"granted", "granted_with_mods"}


class _Response(tsp.TimeStampResp):  # type: ignore[misc]  # asn1crypto carries no types
    """An answer. A refusal brings no token (RFC 3161, 2.4.2), which asn1crypto does not know."""

    _fields: ClassVar = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]


@dataclass(frozen=True)
class Token:
    """A token that was looked at (a CMS in DER), and the time that it states."""

    content: bytes
    at: datetime


@dataclass(frozen=True)
class Question:
    """A request for a time stamp of `message`: the authority gets its SHA-256 and nothing else."""

    message: bytes
    nonce: int = field(default_factory=lambda: secrets.randbits(64))

    @property
    def digest(self) -> bytes:
        """What is to be stamped."""
        return hashlib.sha256(self.message).digest()

    def written(self) -> bytes:
        """The request (DER). The authority's certificate is to be in the token, so that it can be checked off line."""
        imprint = {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}), "hashed_message": self.digest}
        asked = {"version": "v1", "message_imprint": imprint, "nonce": self.nonce, "cert_req": True}
        return bytes(tsp.TimeStampReq(asked).dump())

    def token_in(self, answer: bytes) -> Token:
        """The token in an authority's answer.

        Its signature is checked with the certificate that it carries, which must be one for time stamps. Trust in that
        certificate is not checked here: the stage names the authority, and a check of the receipt judges its issuer.

        Raises:
            NoStampError: there is none, it is not of this question, or it would not hold.

        """
        try:
            return self._token_in(answer)
        except NoStampError:
            raise
        except InvalidCertificateError:
            raise NoStampError("not_certified") from None
        except Exception:  # noqa: BLE001 - asn1crypto and pyHanko raise nearly anything at what a stranger may answer
            raise NoStampError("unreadable") from None

    def _token_in(self, answer: bytes) -> Token:
        said = _Response.load(answer, strict=True)
        if said["status"]["status"].native not in _GRANTED:
            raise NoStampError("refused")
        token: cms.ContentInfo = said["time_stamp_token"]
        content = encoded(token)
        if len(content) > LARGEST_TOKEN:
            raise NoStampError("too_large")
        stated = token["content"]["encap_content_info"]["content"].parsed
        at = stated["gen_time"].native
        if stated["nonce"].native != self.nonce:
            raise NoStampError("wrong_nonce")
        if stated["message_imprint"]["hash_algorithm"]["algorithm"].native != "sha256":
            raise NoStampError("wrong_digest")
        if stated["message_imprint"]["hashed_message"].native != self.digest:
            raise NoStampError("wrong_digest")
        if abs(at - clock.now()) > CLOCKS_DIFFER:
            raise NoStampError("wrong_time")
        if not self._holds(token, at):
            raise NoStampError("not_certified")
        if not is_exact_time_stamp(content):  # `mailroom.check` would call the receipt damaged
            raise NoStampError("not_exact")
        return Token(content, at)

    def _holds(self, token: cms.ContentInfo, at: datetime) -> bool:
        certificates = [each.chosen for each in token["content"]["certificates"]]
        if not certificates:
            return False
        # Each certificate that it carries is taken for a root: whether it holds is asked, not who stands behind it.
        context = ValidationContext(trust_roots=certificates, allow_fetching=False, moment=at)
        found = validate_tst_signed_data(token["content"], context, lambda _: self.digest)
        status = TimestampSignatureStatus(**asyncio.run(found))
        # of a root, pyHanko does not ask what it may be used for
        status.default_usage_constraints().validate(status.signing_cert)
        return bool(status.intact and status.valid and status.trusted)
