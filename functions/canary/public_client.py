"""Requests as a sender's program makes them: over TLS, each on a connection of its own, within the time of the run."""

import http.client
import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

REQUEST_SECONDS = 10.0
"""For the connection, and for each thing that the other side says."""

_MOST_BYTES = 4 * 1024**2
"""More than any answer or receipt; what is longer is cut, and its digest then differs."""

_PRODUCT = "bureau-ordre-canary"


class NoAnswerError(Exception):
    """No answer came: `reason` is a kind of error, and quotes nothing."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    """By names in lowercase."""
    body: bytes


class PublicClient:
    """The public address, for so many seconds."""

    def __init__(self, public_url: str, *, seconds: float) -> None:
        self._public_url = public_url.rstrip("/")
        self._until = time.monotonic() + seconds
        self._trust = ssl.create_default_context()

    @property
    def seconds_left(self) -> float:
        """How long the run may still take."""
        return self._until - time.monotonic()

    def call(self, method: str, path: str, *, values: object = None, token: str | None = None) -> Answer:
        """Send a request to the API, with values as JSON. Raises NoAnswerError."""
        headers = {"Accept": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        body = None
        if values is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(values).encode()
        return self.exchange(method, f"{self._public_url}{path}", headers=headers, body=body)

    def exchange(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """Send a request to any address over TLS, and follow no redirection. Raises NoAnswerError."""
        place, seconds = urlsplit(url), min(REQUEST_SECONDS, self.seconds_left)
        if place.scheme != "https" or place.hostname is None:
            raise NoAnswerError("not an address over TLS")
        if seconds <= 0:
            raise NoAnswerError("the time of the run is up")
        target = f"{place.path or '/'}?{place.query}" if place.query else place.path or "/"
        connection: Any = None
        try:
            connection = http.client.HTTPSConnection(place.hostname, place.port, timeout=seconds, context=self._trust)
            connection.request(method, target, body=body, headers={"User-Agent": _PRODUCT, **headers})
            answer = connection.getresponse()
            names = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, names, answer.read(_MOST_BYTES))
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NoAnswerError(type(error).__name__) from None
        finally:
            if connection is not None:
                connection.close()
