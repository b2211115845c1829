"""A name server on this machine that answers as a test says, to a real resolver."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
from dns.resolver import Resolver

Zone = dict[tuple[str, str], list[str] | dns.rcode.Rcode | None]
"""By domain and type: records, a return code, or None, where the server keeps silent. Other names do not exist."""


@contextmanager
def name_server(zone: Zone) -> Iterator[Resolver]:
    """A resolver that asks only this server."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        serving = threading.Thread(target=_serve, args=(listening, zone), daemon=True)
        serving.start()
        resolver = Resolver(configure=False)
        resolver.nameservers = ["127.0.0.1"]
        resolver.port = listening.getsockname()[1]
        yield resolver
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", listening.getsockname())
        serving.join(timeout=5)


def _serve(listening: socket.socket, zone: Zone) -> None:
    names = {name for name, _ in zone}
    while (received := listening.recvfrom(4096))[0]:
        asked, whence = dns.message.from_wire(received[0]), received[1]
        question = asked.question[0]
        name, kind = question.name.to_text().rstrip("."), question.rdtype.name
        answer = dns.message.make_response(asked)
        answer.flags |= dns.flags.RA
        known = zone.get((name, kind), [])
        if known is None or (name, "*") in zone:
            continue
        if isinstance(known, dns.rcode.Rcode):
            answer.set_rcode(known)
        elif name not in names:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif known:
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *known))
        listening.sendto(answer.to_wire(), whence)
