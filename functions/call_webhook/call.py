"""One HTTPS call to a name that strangers chose: pinned to numbers that were looked at, bounded, its answer unread."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from http import HTTPStatus

from mailroom.fields.web_address import Place

CONNECT_SECONDS = 5.0
"""For the connection to one address, and for each thing that the other side says."""

WHOLE_SECONDS = 15.0
"""For the whole call, all addresses together: a server that says a letter now and then is cut off."""


class CallFailedError(Exception):
    """The call was not taken: `reason` is a kind of error or a status, and quotes nothing that came back."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Pinned(http.client.HTTPSConnection):
    """A connection to an address that was looked at, whatever the host's name says by now.

    The certificate has to be the name's all the same (SNI and check), and the header ``Host`` names it.
    """

    def __init__(self, place: Place, address: str, until: float) -> None:
        self._trust = ssl.create_default_context()
        super().__init__(place.host, place.port, timeout=CONNECT_SECONDS, context=self._trust)
        self._address = address
        self._until = until
        self._timer: threading.Timer | None = None
        self.was_cut_off = False

    def connect(self) -> None:
        """Connect to the address, and see that this call ends."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        plain = socket.create_connection((self._address, self.port), min(CONNECT_SECONDS, left))
        plain.settimeout(CONNECT_SECONDS)
        self._timer = threading.Timer(max(self._until - time.monotonic(), 0), self._cut_off)
        self._timer.daemon = True
        self.sock = plain
        self._timer.start()
        self.sock = self._trust.wrap_socket(plain, server_hostname=self.host)

    def close(self) -> None:
        """Close, and call the cutting off."""
        if self._timer is not None:
            self._timer.cancel()
        super().close()

    def _cut_off(self) -> None:
        self.was_cut_off = True
        # A thread that waits for this socket finds its end; closing it could hand its number to another socket.
        try:
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
        except OSError:
            return


def call(place: Place, addresses: list[str], body: str, headers: Mapping[str, str]) -> None:
    """Post `body` to the first of `addresses` that answers for the name, and be content with any status of 200 to 299.

    Only where no secure connection comes about is the next one tried: what was sent may have been taken, whatever is
    answered. No redirect is followed.

    Raises:
        CallFailedError: no server there, no good certificate, no answer in time, or another status.

    """
    connection = _connected(place, addresses)
    sent = {"Content-Type": "application/json", "User-Agent": "BureauOrdre/1", "Connection": "close", **headers}
    try:
        connection.request("POST", place.target, body.encode(), sent)
        # The answer's body is never read: however large, it is not fetched.
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise CallFailedError(type(error).__name__) from error
    finally:
        connection.close()
    if connection.was_cut_off:
        # What had come of the answer until then can look like a whole one.
        raise CallFailedError("too slow")
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise CallFailedError(str(status))


def _connected(place: Place, addresses: list[str]) -> _Pinned:
    until = time.monotonic() + WHOLE_SECONDS
    failure: OSError = TimeoutError()
    for address in addresses:
        connection = _Pinned(place, address, until)
        try:
            connection.connect()
        except OSError as error:
            connection.close()
            failure = error
        else:
            return connection
    raise CallFailedError(type(failure).__name__) from failure
