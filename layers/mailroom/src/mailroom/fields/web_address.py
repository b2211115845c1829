"""Web addresses that the service is asked to call: their allowed form, and the addresses that may be reached.

A caller who chooses an address could make the service call its own neighbours (server-side request forgery). So an
address has one strict form, the service looks up the host's name, every IP address of the name must be public, and the
connection goes to an IP address that was checked: looked up again, the name might lead elsewhere.
"""

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from mailroom.fields.text import Line

type Address = IPv4Address | IPv6Address
type LookUp = Callable[[str, int], Iterable[str]]

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_FORM = re.compile(
    # The last label begins with a letter, so that no way of writing an IP address is a name.
    rf"https://(?P<host>(?:{_LABEL}\.)*[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?)(?::(?P<port>[1-9][0-9]{{0,4}}))?"
    r"(?P<target>/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*(?:\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?)?",
    re.ASCII,
)
_HTTPS = 443
_FIRST_FREE_PORT, _LAST_PORT = 1024, 65535
_LONGEST_HOST = 253

_ROUTED_V6 = ipaddress.IPv6Network("2000::/3")
_TUNNELS_TO_V4 = (ipaddress.IPv6Network("2001::/32"), ipaddress.IPv6Network("2002::/16"))
"""Teredo and 6to4: an IPv4 address in disguise. So are mapped ones and NAT64's, which lie outside 2000::/3."""
_DOCUMENTATION_V6 = ipaddress.IPv6Network("3fff::/20")
_RELAYS_V4 = ipaddress.IPv4Network("192.88.99.0/24")


class NotReachableError(Exception):
    """The host's name is not known, or one of its addresses is not public."""


class Place(NamedTuple):
    """An address of the web in its parts; `target` is the path with its query."""

    host: str
    port: int
    target: str


def place_of(url: str) -> Place | None:
    """The parts of an ``https`` address without user, fragment or IP address; None for any other text."""
    match = _FORM.fullmatch(url)
    if match is None or len(match["host"]) > _LONGEST_HOST:
        return None
    port = int(match["port"] or _HTTPS)
    if port != _HTTPS and not _FIRST_FREE_PORT <= port <= _LAST_PORT:
        return None
    return Place(match["host"], port, match["target"] or "/")


def parse_web_address(url: str) -> str:
    """An address of the allowed form; PydanticCustomError for another text."""
    if place_of(url) is None:
        raise PydanticCustomError("web_address", "web address")
    return url


WebAddress = Annotated[Line, StringConstraints(max_length=500), AfterValidator(parse_web_address)]
"""``https://`` and a host's name in small letters, with a port from 1024 on if another than 443, a path and a query."""


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet and nothing else in disguise (IANA's special registries)."""
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if isinstance(address, IPv4Address):
        return address not in _RELAYS_V4
    return address in _ROUTED_V6 and not any(address in net for net in (*_TUNNELS_TO_V4, _DOCUMENTATION_V6))


def look_up(host: str, port: int) -> list[str]:
    """The addresses that a host's name has now. Raises OSError where it has none."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def reachable(url: str, *, loopback: bool, look_up: LookUp = look_up) -> tuple[Place, list[str]]:
    """Where an address leads, and the numbers under which it may be called, IPv4 first.

    One private number refuses all of them, since the caller may aim at it. Every returned number may be called.
    `loopback` admits this machine itself, for the local stage.

    Raises:
        NotReachableError: the address is of another form, its name is unknown, or has a number that may not be called.

    """
    place = place_of(url)
    if place is None:
        raise NotReachableError
    try:
        addresses = {ipaddress.ip_address(text.partition("%")[0]) for text in look_up(place.host, place.port)}
    except (OSError, UnicodeError) as error:
        raise NotReachableError from error
    if not addresses or not all(is_public(one) or (loopback and one.is_loopback) for one in addresses):
        raise NotReachableError
    return place, [str(one) for one in sorted(addresses, key=lambda one: (one.version, int(one)))]
