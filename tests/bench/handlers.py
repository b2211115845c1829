"""Handlers against the bare calls they make, (a) cold and (b) warm, each in a sandbox of its own."""

import json
import os
import pickle
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.lambdas import REGION, Deployed
from tests.bench.recording import Scene
from tests.support.in_process.service import BUCKET, IDEMPOTENCY, SECRET, TABLE

_SANDBOX = Path(__file__).with_name("sandbox.py")
_NS = 1e6
"""Nanoseconds in a millisecond."""


class SandboxError(Exception):
    """A handler answered otherwise than when it was recorded: its time means nothing."""


@dataclass(frozen=True, kw_only=True)
class Duel:
    """Milliseconds of a handler and of the bare calls, medians of interleaved rounds."""

    scene: Scene
    handler: float
    bare: float
    operations: tuple[str, ...] = ()
    """What a warm handler asks of AWS."""

    cpu_ratio: float | None = None
    """The same ratio in CPU time, of cold starts: steadier where other programs share the machine."""

    @property
    def ratio(self) -> float:
        """How many times the bare calls' time the handler takes."""
        return self.handler / self.bare

    @property
    def own(self) -> float:
        """Milliseconds that are the handler's own."""
        return self.handler - self.bare


@dataclass(frozen=True, kw_only=True)
class Sandboxes:
    """Starts sandboxes whose AWS is the stub."""

    deployed: Deployed
    scenes: Sequence[Scene]
    stub: str
    folder: Path
    """Holds the stub's certificate and the orders."""

    def cold(self, scene: Scene, rounds: int) -> Duel:
        """Import and first request, each sample in a fresh interpreter."""
        samples: dict[str, list[dict[str, Any]]] = {"handler": [], "bare": []}
        for _ in range(rounds):
            for what, taken in samples.items():
                taken.append(self._run(scene, what))
        total, cpu = (
            {what: [each[of] for each in taken] for what, taken in samples.items()} for of in ("total", "cpu")
        )
        cpu_ratio = median(cpu["handler"]) / median(cpu["bare"])
        return replace(_duel(scene, total["handler"], total["bare"]), cpu_ratio=cpu_ratio)

    def warm(self, scene: Scene, rounds: int) -> Duel:
        """Requests to a function that has served others before."""
        figures = self._run(scene, "warm", rounds=rounds)
        return _duel(scene, figures["handler"], figures["bare"], figures["operations"])

    def _run(self, scene: Scene, what: str, **more: object) -> dict[str, Any]:
        function = self.deployed.functions[scene.folder]
        number = self.scenes.index(scene)
        order = {"what": what, "folder": scene.folder, "path": function.path, "status": scene.status, **more}
        order["scene"] = str(self._written(scene, number))
        done = subprocess.run(
            [str(self.deployed.python), str(_SANDBOX), json.dumps(order)],
            env=self._environment(function.environment, f"{self.stub}/{number}"),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            check=True,
        )
        figures: dict[str, Any] = json.loads(done.stdout)
        if figures["status"] != scene.status:
            raise SandboxError(f"{scene.route}: {figures['status']}, not {scene.status}")
        return figures

    def _written(self, scene: Scene, number: int) -> Path:
        path = self.folder / f"scene-{number}.pickle"
        calls = [(call.service, call.operation, call.parameters, call.signs_only) for call in scene.calls]
        path.write_bytes(pickle.dumps((scene.event, calls)))
        return path

    def _environment(self, deployed: Mapping[str, str], endpoint: str) -> dict[str, str]:
        return {
            **deployed,
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_CA_BUNDLE": str(self.folder / "ca.pem"),
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_EC2_METADATA_DISABLED": "true",
            # The names under which the answers were recorded, even where the stage fixes a name.
            "TABLE_NAME": TABLE,
            "IDEMPOTENCY_TABLE_NAME": IDEMPOTENCY,
            "BUCKET_NAME": BUCKET,
            "TOKENS_SECRET": SECRET,
        }


def _duel(scene: Scene, handler: Sequence[float], bare: Sequence[float], operations: Sequence[str] = ()) -> Duel:
    names = ("".join(word.capitalize() for word in operation.split("_")) for operation in operations)
    return Duel(scene=scene, handler=median(handler) / _NS, bare=median(bare) / _NS, operations=tuple(names))
