"""The folder of a local cloud, and the ports it listens on."""

import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

from infra.paths import LOCAL

TOOLS = LOCAL / "tools"
ASSEMBLIES = LOCAL / "assemblies"
UNPACKED = LOCAL / "unpacked"
HOST = "127.0.0.1"


@dataclass(frozen=True, kw_only=True)
class LocalPlace:
    """One local cloud's folder; several may run beside each other, each with its own."""

    folder: Path
    logs: Path

    @property
    def state(self) -> Path:
        """The emulator's state, all but the objects of S3."""
        return self.folder / "state"

    @property
    def objects(self) -> Path:
        """The objects of S3."""
        return self.folder / "s3"

    @property
    def temporary(self) -> Path:
        """The emulator's temporary files; emptied at each start."""
        return self.folder / "tmp"

    @property
    def tls(self) -> Path:
        """The certificate, its key, and the authority that signed it."""
        return self.folder / "tls"

    @property
    def ca_file(self) -> Path:
        """The authority that clients of this cloud trust."""
        return self.tls / "ca.pem"

    @property
    def seal(self) -> Path:
        """The test authority of the seal and of the time stamps; it outlives the cloud's state."""
        return self.folder / "seal"

    @property
    def seal_ca_file(self) -> Path:
        """The authority that is trusted when this cloud's receipts are checked."""
        return self.seal / "ca.pem"

    @property
    def sealer_file(self) -> Path:
        """The certificate that this cloud's receipts are sealed under, and that a check expects."""
        return self.seal / "sealer.pem"

    @property
    def emails(self) -> Path:
        """One .eml file for each e-mail that was sent."""
        return self.folder / "emails"

    @property
    def people(self) -> Path:
        """The passwords of users, and the program's client."""
        return self.folder / "people.json"

    @property
    def pages(self) -> Path:
        """The built pages, with the desks of this cloud."""
        return self.folder / "pages"

    @property
    def deployment(self) -> Path:
        """What is deployed: the digest of its sources, and the stack's outputs."""
        return self.folder / "deployed.json"

    def forget(self) -> None:
        """Remove the cloud's state, so that it starts empty."""
        for folder in (self.state, self.objects, self.emails):
            shutil.rmtree(folder, ignore_errors=True)
        for file in (self.deployment, self.people):
            file.unlink(missing_ok=True)


@dataclass(frozen=True, kw_only=True)
class Ports:
    """Four ports of 127.0.0.1."""

    gateway: int
    """The AWS APIs and the project's own, over TLS."""
    smtp: int
    """The mail catcher's SMTP, to which SES sends."""
    mail_catcher: int
    """The mail catcher's pages, and the time stamp authority, over HTTP."""
    site: int
    """The pages and the API behind one address, over TLS."""


USUAL_PORTS = Ports(gateway=4566, smtp=1025, mail_catcher=8025, site=8443)
ANY_PORTS = Ports(gateway=0, smtp=0, mail_catcher=0, site=0)


def free_ports(wanted: Ports) -> Ports:
    """Return the ports wanted where they are free, others where they are taken or zero."""
    return Ports(
        gateway=_free_port(wanted.gateway),
        smtp=_free_port(wanted.smtp),
        mail_catcher=_free_port(wanted.mail_catcher),
        site=_free_port(wanted.site),
    )


def _free_port(wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            name: tuple[str, int] = probe.getsockname()
            return name[1]
    raise OSError("No port of 127.0.0.1 is free.")
