"""One question to a time stamp authority over HTTP (RFC 3161, 3.4), with limits on the time and size of the answer.

A timeout of a socket bounds each wait and not their sum, and none bounds the look-up of a name. So the exchange is
made in a thread of its own, which is left to itself when its time is up. It is made with `http.client`, which is
loaded anyway: there is one call and no pool, and its socket can be taken to cut it off.
"""

import http.client
import socket
import ssl
import threading
import urllib.parse
from functools import cache
from http import HTTPStatus

from mailroom.timestamps.refusal import NoStampError, NoStampReason

WHOLE_SECONDS = 1.5
"""For the whole exchange, from the look-up of the name to the last byte: no receipt waits longer for its time stamp."""

LARGEST_ANSWER = 16 * 1024
"""Bytes of an answer that are read; the largest token that is taken is smaller."""

_HEADERS = {
    "Content-Type": "application/timestamp-query",
    "Accept": "application/timestamp-reply",
    "User-Agent": "BureauOrdre/1",
    "Connection": "close",
}


def answer_to(question: bytes, url: str) -> bytes:
    """What the authority at `url` answers, as it is.

    Raises:
        NoStampError: no connection, no valid certificate, another status than 200, too large, or too late.

    """
    exchange = _Exchange(question, url)
    running = threading.Thread(target=exchange.run, daemon=True)
    running.start()
    running.join(WHOLE_SECONDS)
    if running.is_alive():
        exchange.cut_off()
        raise NoStampError("too_slow")
    if exchange.answer is None:
        raise NoStampError(exchange.failure)
    return exchange.answer


class _Exchange:
    def __init__(self, question: bytes, url: str) -> None:
        self.answer: bytes | None = None
        self.failure: NoStampReason = "unreachable"
        self._question = question
        place = urllib.parse.urlsplit(url)
        self._path = urllib.parse.urlunsplit(("", "", place.path or "/", place.query, ""))
        self._connection = _connection(place)
        self._was_cut_off = False

    def run(self) -> None:
        """Ask, and leave the answer or what failed."""
        try:
            self._connection.connect()
            if self._was_cut_off:
                return
            self._connection.request("POST", self._path, self._question, _HEADERS)
            # A redirect counts as another status: the stage's settings alone name the authority.
            answer = self._connection.getresponse()
            if answer.status != HTTPStatus.OK:
                self.failure = "not_ok"
                return
            content = answer.read(LARGEST_ANSWER + 1)
            if len(content) > LARGEST_ANSWER:
                self.failure = "too_large"
                return
            self.answer = content
        except TimeoutError:
            self.failure = "too_slow"
        except (OSError, http.client.HTTPException):
            self.failure = "unreachable"
        finally:
            self._connection.close()

    def cut_off(self) -> None:
        """Shut the socket down, so that the thread that waits for it ends soon."""
        self._was_cut_off = True
        try:
            # closing it could hand its number to somebody else's
            socket.socket.shutdown(self._connection.sock, socket.SHUT_RDWR)
        except (OSError, TypeError):
            return  # there is no socket yet: the thread looks by itself once it has one


def _connection(place: urllib.parse.SplitResult) -> http.client.HTTPConnection:
    host = place.hostname or ""
    if place.scheme == "http":  # on the local stage alone: `infra.stage` refuses it elsewhere
        return http.client.HTTPConnection(host, place.port, timeout=WHOLE_SECONDS)
    return http.client.HTTPSConnection(host, place.port, timeout=WHOLE_SECONDS, context=_trust())


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()
