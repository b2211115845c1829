"""The firewall of the local stage: the limits of `infra/door.py`, counted in memory."""

import time
from collections import deque
from collections.abc import Callable, Mapping

from infra.door import RATE_RULES, RATE_SECONDS, TOO_FAST, FirewallRefusal, is_too_large, too_large

type Limits = Mapping[str, int]
"""Requests of one address in five minutes, by the name of the rule: the stage's `callers`."""


class LocalFirewall:
    """Refuses what WAF would refuse in AWS, but for its managed rules, which only AWS knows.

    The proxy listens on this machine alone: few addresses ever come, so that their times fit into memory.
    """

    def __init__(self, limits: Limits, now: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._now = now
        self._times: dict[tuple[str, str], deque[float]] = {}
        """When each address sent a request that counts, by rule; no more of them than one above the limit."""

    def refusal(self, address: str, method: str, path: str, content_length: str) -> FirewallRefusal | None:
        """Why a request is refused; None for one that may pass. Refused requests count too, as in WAF."""
        over = [self._is_over(rule.name, address) for rule in RATE_RULES if rule.counts(method, path)]
        if any(over):
            return TOO_FAST
        return too_large(path) if is_too_large(content_length) else None

    def _is_over(self, rule: str, address: str) -> bool:
        limit = self._limits[rule]
        times = self._times.setdefault((rule, address), deque(maxlen=limit + 1))
        now = self._now()
        times.append(now)
        while times[0] <= now - RATE_SECONDS:
            times.popleft()
        return len(times) > limit
