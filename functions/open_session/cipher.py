"""Texts that leave the service and come back in a cookie: enciphered by KMS, each for one purpose.

The key never leaves KMS. The purpose is part of the encryption context, so that the text of one cookie is worth nothing
in another, and the function's role allows no other purpose.
https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html
"""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

type Purpose = Literal["session", "challenge"]

_NOT_OURS = frozenset({"InvalidCiphertextException", "IncorrectKeyException"})
"""KMS's answers to a text that was enciphered otherwise, changed, or made up."""
_MOST_CHARACTERS = 4096
"""A browser keeps no longer cookie."""


@dataclass(frozen=True, kw_only=True)
class Cipher:
    """Enciphers with one key of KMS."""

    kms: "KMSClient"
    key: str

    def enciphered(self, purpose: Purpose, content: dict[str, Any]) -> str:
        """`content` as text that a cookie can hold."""
        answer = self.kms.encrypt(
            KeyId=self.key,
            Plaintext=json.dumps(content, separators=(",", ":")).encode(),
            EncryptionContext={"purpose": purpose},
        )
        return base64.urlsafe_b64encode(answer["CiphertextBlob"]).decode().rstrip("=")

    def deciphered(self, purpose: Purpose, text: str) -> dict[str, Any] | None:
        """The content of a text that was enciphered for this purpose; None for any other text."""
        if not text or len(text) > _MOST_CHARACTERS:
            return None
        try:
            blob = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            answer = self.kms.decrypt(KeyId=self.key, CiphertextBlob=blob, EncryptionContext={"purpose": purpose})
        except (binascii.Error, ValueError):
            return None
        except ClientError as error:
            if error.response["Error"]["Code"] in _NOT_OURS:
                return None
            raise
        content: dict[str, Any] = json.loads(answer["Plaintext"])
        return content
