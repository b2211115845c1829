"""The JWT authorizer before the API, as API Gateway plays it: the claims of a token of the user pool, or a refusal."""

import json
import os
import re
from datetime import datetime
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from moto.backends import get_backend
from moto.core.models import DEFAULT_ACCOUNT_ID

from infra.paths import CONTRACT
from tests.support.house.serving import Asked
from tests.support.in_process.service import REGION

_SIGNED_IN: Final = {"agent", "operator"}


class Unauthorized(Exception):  # noqa: N818 - as API Gateway calls it
    """The route asks for a token of the user pool, and none came that is good."""


def claims_of(asked: Asked, now: datetime) -> dict[str, Any] | None:
    """The claims as functions get them; None where the route asks for no token of the pool. Raises Unauthorized."""
    if not _asks_for_token(asked):
        return None
    pool = get_backend("cognito-idp")[DEFAULT_ACCOUNT_ID][REGION].user_pools[os.environ["USER_POOL_ID"]]
    scheme, _, token = asked.headers.get("authorization", "").partition(" ")
    try:
        claims = jwt.decode(token, pool.json_web_key, algorithms=["RS256"]).claims
    except (JoseError, ValueError) as error:
        raise Unauthorized from error
    if scheme.lower() != "bearer" or claims["exp"] < now.timestamp():
        raise Unauthorized
    if os.environ["USER_POOL_CLIENT_ID"] not in {claims.get("aud"), claims.get("client_id")}:
        raise Unauthorized
    return {name: f"[{' '.join(value)}]" if isinstance(value, list) else str(value) for name, value in claims.items()}


def _asks_for_token(asked: Asked) -> bool:
    method, _, path = asked.place.partition(" ")
    for template, methods in _PATHS.items():
        if method.lower() in methods and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            return bool({name for way in methods[method.lower()].get("security", ()) for name in way} & _SIGNED_IN)
    return False


_PATHS: Final[dict[str, Any]] = json.loads(CONTRACT.read_text(encoding="utf-8"))["paths"]
