"""The cookies of a session. `__Host-` has browsers keep them to this very host and over TLS; no script sees them.

The door reads the first one (`infra/session_door.py`): the names are fixed there too, and a test holds them together.
"""

from collections.abc import Mapping
from typing import Any, Final

from aws_lambda_powertools.shared.cookies import Cookie, SameSite

from mailroom.api.request import header

ID_TOKEN: Final = "__Host-session"  # noqa: S105 - a name
"""The ID token, which the door sends on as `Authorization`."""
RENEWAL: Final = "__Host-renewal"
"""What renews it, enciphered."""
CHALLENGE: Final = "__Host-challenge"
"""The state of a sign-in between two of its steps, enciphered."""


def cookie(name: str, value: str, seconds: int) -> Cookie:
    """A cookie that lives so long."""
    return Cookie(name, value, path="/", max_age=seconds, http_only=True, secure=True, same_site=SameSite.STRICT_MODE)


def gone(name: str) -> Cookie:
    """What makes a browser forget a cookie."""
    return cookie(name, "", 0)


def sent(event: Mapping[str, Any]) -> dict[str, str]:
    """The cookies of a request: API Gateway lists them, and the local cloud leaves them in their header."""
    given = event.get("cookies") or header(event, "cookie").split(";")
    pairs = (each.strip().partition("=") for each in given)
    return {name: value for name, _, value in pairs if value}
