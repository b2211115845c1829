"""The check of a call to an organism's program: that it comes from the service, unchanged, and now."""

# %% webhook
import base64
import hashlib
import hmac
import time
from collections.abc import Mapping


def is_genuine(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """Whether `body`, byte for byte as it came, was signed with the secret that the operators handed out."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    is_fresh = abs(time.time() - int(headers["webhook-timestamp"])) < 5 * 60
    return is_fresh and any(hmac.compare_digest(each, expected) for each in headers["webhook-signature"].split())
