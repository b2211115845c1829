"""The emulator's process: started with a clean environment, ended so that it saves its state."""

import os
import shutil
import signal
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from infra.commands.local_run import description
from infra.local.certificate import ensure_certificate
from infra.local.interpreter import ensure_interpreter
from infra.local.masked_log import keep_masked
from infra.local.place import HOST, UNPACKED, LocalPlace, Ports
from infra.paths import LOCAL, private

_SECONDS_TO_START = 60
_SECONDS_TO_STOP = 30
_SECONDS_UNPACKED_IS_KEPT = 24 * 3600
PLACE_OF_RUN = LocalPlace(folder=LOCAL / "cloud", logs=LOCAL / "logs")
"""Where the cloud of this checkout's `make run` keeps its state."""
_LAUNCHER = Path(__file__).with_name("launcher.py")


class CloudError(Exception):
    """The local cloud did not start, or ended by itself."""


@dataclass(frozen=True, kw_only=True)
class Cloud:
    """A running local cloud."""

    place: LocalPlace
    ports: Ports
    region: str
    process: subprocess.Popen[bytes] | None
    """The emulator; None when another command started it."""

    @property
    def endpoint_url(self) -> str:
        """The address of every AWS API."""
        return f"https://localhost:{self.ports.gateway}"

    @property
    def site_url(self) -> str:
        """The address of the pages and the API, which links in messages and receipts begin with."""
        return f"https://localhost:{self.ports.site}"

    @property
    def time_stamps_url(self) -> str:
        """The address of the time stamp authority for tests, which the mail catcher serves."""
        return f"http://{HOST}:{self.ports.mail_catcher}/timestamp"

    def save(self) -> None:
        """Ask the emulator to save its state now, so that a kill loses nothing."""
        if self.process:
            self.process.send_signal(signal.SIGUSR1)

    def check(self) -> None:
        """Raise CloudError when the emulator has ended by itself."""
        if self.process and self.process.poll() is not None:
            raise CloudError(f"The local cloud ended by itself: see {log_of(self.place)}.")


def attached_cloud() -> Cloud:
    """Return the cloud of the `make run` that is up. Raises NotRunningError."""
    run = description()
    ports = Ports(
        gateway=urlsplit(run["endpoint_url"]).port or 0,
        smtp=0,
        mail_catcher=urlsplit(run["emails_url"]).port or 0,
        site=urlsplit(run["site_url"]).port or 0,
    )
    return Cloud(place=PLACE_OF_RUN, ports=ports, region=run["region"], process=None)


def log_of(place: LocalPlace) -> Path:
    """The emulator's log."""
    return place.logs / "cloud.log"


@contextmanager
def running_cloud(place: LocalPlace, ports: Ports, region: str) -> Iterator[Cloud]:
    """Run the emulator on its saved state, and stop it at the end. Raises CloudError."""
    ensure_certificate(place.tls)
    shutil.rmtree(place.temporary, ignore_errors=True)
    for folder in (place.logs, place.temporary, UNPACKED):
        private(folder)
    for stale in UNPACKED.iterdir():
        if time.time() - stale.stat().st_mtime > _SECONDS_UNPACKED_IS_KEPT:
            shutil.rmtree(stale)
    interpreter = ensure_interpreter()
    process = subprocess.Popen(
        [str(interpreter.python), "-P", str(_LAUNCHER), str(interpreter.emulator)],
        env=_environment(place, ports, region),
        cwd=place.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # Ctrl-C reaches this process alone, which stops the emulator in order
        umask=0o077,  # the state holds tokens and mails
    )
    keep_masked(process, log_of(place))
    cloud = Cloud(place=place, ports=ports, region=region, process=process)
    try:
        _wait_until_ready(cloud)
        yield cloud
    finally:
        _stop(process)


def _environment(place: LocalPlace, ports: Ports, region: str) -> dict[str, str]:
    # Functions inherit all of it: nothing of the developer's environment may be here.
    authority = str(place.ca_file)
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "TMPDIR": str(place.temporary),
        "SSL_CERT_FILE": authority,
        "AWS_CA_BUNDLE": authority,
        "REQUESTS_CA_BUNDLE": authority,
        "AWS_EC2_METADATA_DISABLED": "true",
        "USE_SSL": "1",
        "AUTH": "true",
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(ports.gateway),
        "MINISTACK_REGION": region,
        "MINISTACK_SSL_CERT": str(place.tls / "server.pem"),
        "MINISTACK_SSL_KEY": str(place.tls / "server.key"),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(place.state),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(place.objects),
        "SMTP_HOST": f"{HOST}:{ports.smtp}",
        "LOG_LEVEL": "INFO",
    }


def _wait_until_ready(cloud: Cloud) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    context = ssl.create_default_context(cafile=str(cloud.place.ca_file))
    with httpx.Client(base_url=cloud.endpoint_url, verify=context, trust_env=False) as client:
        while time.monotonic() < deadline:
            cloud.check()
            try:
                if client.get("/_ministack/ready").is_success:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
    raise CloudError(f"The local cloud did not start within {_SECONDS_TO_START} s.")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    try:
        os.killpg(process.pid, signal.SIGKILL)  # workers that outlived it
    except ProcessLookupError:
        return
