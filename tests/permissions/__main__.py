"""`python -m tests.permissions`: take each permission away in turn on a local cloud, and name the probe that fails.

Words after it choose the permissions whose text holds one of them. `results.md` gets what was found of those tried.
Exits with 1 where a permission could be taken away unnoticed and `unenforced` does not say why.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.local.agent_client import AgentClient
from infra.local.assembly import current_assembly
from infra.local.place import ANY_PORTS, LocalPlace
from infra.local.progress import Progress
from infra.local.running import running_stack
from infra.local.sender_client import SenderClient
from tests.permissions.removal import Removals
from tests.permissions.world import PROGRAM, World
from tests.support.in_process.receiver import listening
from tests.support.inspection.synthesised import read_template


@contextmanager
def prepared() -> Iterator[World]:
    """A local cloud with what the probes need."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        place = LocalPlace(folder=folder, logs=folder / "logs")
        with running_stack(place, ANY_PORTS, Progress()) as stack, stack.client() as api, stack.storage() as storage:
            sender = SenderClient(api, storage)
            tls = stack.ca_file.parent
            with listening(tls / "server.pem", key=tls / "server.key") as program:
                world = World(
                    stack=stack,
                    api=api,
                    storage=storage,
                    sender=sender,
                    anam=AgentClient(sender, storage, stack.sign_in(stack.people.agents["anam"]).id_token),
                    program=AgentClient(sender, storage, stack.machine_token()),
                    operator=stack.sign_in(stack.people.operator).id_token,
                    webhook_url=program.url,
                    calls=program.received,
                )
                form = PROGRAM | {"webhook": {"url": program.url}}
                world.ask("PUT", "/organisms/cndp", token=world.operator, json=form, expect=201)
                yield world


def main(words: list[str]) -> int:
    """Return 0 when each permission was noticed, or its reason is known."""
    began = time.monotonic()
    with prepared() as world:
        removals = Removals(world, read_template(current_assembly().folder, "local"))
        removals.take_each_away(words)
    minutes = (time.monotonic() - began) / 60
    sys.stdout.write(f"{removals.summary()}, {minutes:.1f} minutes\n")
    return 0 if removals.all_known else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
