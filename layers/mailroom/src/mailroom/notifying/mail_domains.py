"""Detection of domains that accept no e-mail, by DNS within a second and a half.

Only a certain "no" counts: the domain does not exist, has neither a mail exchanger nor an address (RFC 5321, 5.1), or
says that it takes no mail (RFC 7505). Where DNS is slow, fails or is not there, the domain is taken as good.
"""

import time
from functools import cache

from dns.exception import DNSException
from dns.resolver import NXDOMAIN, LRUCache, NoAnswer, Resolver

SECONDS = 1.5
"""How long all questions about one domain may take together."""


@cache
def system_resolver() -> Resolver | None:
    """The resolver that the machine is set up with; None where it has none."""
    try:
        resolver = Resolver()
    except (DNSException, OSError):
        return None
    resolver.cache = LRUCache(1_000)
    return resolver


def takes_no_mail(domain: str, resolver: Resolver | None) -> bool:
    """Whether it is certain that no e-mail can reach the domain."""
    if resolver is None:
        return False
    until = time.monotonic() + SECONDS
    try:
        name = domain.encode("idna").decode() + "."
        try:
            answer = resolver.resolve(name, "MX", lifetime=SECONDS)
            return all(str(exchanger.exchange) == "." for exchanger in answer)
        except NoAnswer:
            return not any(_has(name, kind, resolver, until) for kind in ("A", "AAAA"))
    except NXDOMAIN:
        return True
    except (DNSException, OSError, UnicodeError):
        return False


def _has(name: str, kind: str, resolver: Resolver, until: float) -> bool:
    try:
        resolver.resolve(name, kind, lifetime=max(0.05, until - time.monotonic()))
    except NoAnswer:
        return False
    return True
