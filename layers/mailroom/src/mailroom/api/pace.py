"""A pace for each caller: one who asks too fast is refused, and takes nothing from others.

The gateway's own limit is one for all callers of a route, so that a single one could use it up for a country. This one
is kept in the memory of the process: it costs no call, and a caller whom several processes serve gets the pace of each,
up to the gateway's limit. An address is a trace of a person: it is kept in mind for the pace, and nowhere else.
"""

import ipaddress
import math
import time
from collections.abc import Callable

_MOST_CALLERS = 10_000
"""Addresses that are kept in mind, a megabyte or two. Beyond, the longest idle are forgotten first."""

_PREFIX_OF_IPV6 = 64
"""Bits that a household or an office has for itself: what follows them anyone there may choose."""


class Pace:
    """So many requests a second from each address, and so many at once before (GCRA, ATM Forum TM 4.0, 4.4.2)."""

    def __init__(self, rate: float, burst: int, now: Callable[[], float] = time.monotonic) -> None:
        self._interval = 1 / rate
        self._slack = (burst - 1) * self._interval
        self._now = now
        self._due: dict[str, float] = {}
        """By address: when its next request would come if it kept the pace from the first one on."""

    def seconds_until_next(self, address: str) -> int:
        """0 for a request that may be served, which counts it; else how long to wait, and it does not count."""
        now, caller = self._now(), _caller(address)
        due = max(self._due.pop(caller, now), now)
        early = due - now - self._slack
        # Put last again: the first in the dictionary is then the longest idle one.
        self._due[caller] = due if early > 0 else due + self._interval
        if len(self._due) > _MOST_CALLERS:
            del self._due[next(iter(self._due))]
        return max(0, math.ceil(early))


def _caller(address: str) -> str:
    """Who asks, as far as an address tells."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network((address, _PREFIX_OF_IPV6), strict=False))
