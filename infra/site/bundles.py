"""The scripts and the style sheet, bundled by esbuild under names that hold their digest."""

import base64
import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from infra import door
from infra.paths import ROOT
from infra.site.places import SOURCES, STYLE, run_node

BROWSERS = "chrome109,firefox115,safari15.4"
"""The oldest browsers in which everything works."""
ENTRIES = (("send", "follow", "verify", "open-data"), ("desk", "operations"))
"""One script for each page that moves; further files in `src/` are reached from them. The public's pages share parts
with each other, and those of agents and operators: parts for all would be many, and small."""
OPENING: Final = ("browser", "wizard")
"""The modules that an entry imports when it runs and waits for before the first field takes a letter: what keeps a
letter on the device, and the letter itself at a desk that is linked to directly. Others come afterwards."""
WORKERS = ("hash-worker",)
"""Scripts that a page starts beside itself: `src/files/<name>.ts`."""
STYLES = ("main", "whole")
"""The sheets: of the public's pages, and with that of charts, agents and operators."""
FONTS = "*.woff2"
DECODERS = ("jbig2_nowasm_fallback.js", "openjpeg_nowasm_fallback.js")
"""What pdf.js loads for a picture of JBIG2 or JPEG 2000 where no WebAssembly may run."""


@dataclass(frozen=True, kw_only=True)
class Asset:
    """A file that a page loads."""

    address: str
    integrity: str


@dataclass(frozen=True, kw_only=True)
class Script:
    """An entry with the chunks that it always loads, so that the page can ask for all of them at once."""

    entry: Asset
    chunks: tuple[Asset, ...]
    all_chunks: tuple[str, ...]
    """The addresses of these and of the chunks that it loads only when asked."""
    opening: tuple[str, ...]
    """The addresses of the scripts that must be there before the first field takes a letter, the entry's included."""

    @property
    def ahead(self) -> Sequence[str]:
        """Those of them that the page does not name: the entry asks for all at once, where it will need them."""
        named = {self.entry.address, *(chunk.address for chunk in self.chunks)}
        return [address for address in self.opening if address not in named]


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The files of the preview: its frame's script and style, and the engine that the desk hands over."""

    frame: Asset
    style: Asset
    engine: Asset


@dataclass(frozen=True, kw_only=True)
class Bundles:
    """What the templates and the service worker need to know."""

    style: Asset
    whole_style: Asset
    """The style with that of charts, and of agents' and operators' pages."""
    scripts: Mapping[str, Script]
    workers: Mapping[str, str]
    """The address of each worker."""
    every: tuple[str, ...]
    """The addresses of all assets."""
    preview: Preview


class BundlingError(Exception):
    """esbuild refused the sources; it said why."""


def bundle(destination: Path) -> Bundles:
    """Bundle into `destination/assets`. Raises BundlingError."""
    groups = [[name for name in group if (SOURCES / f"{name}.ts").exists()] for group in ENTRIES]
    workers = [name for name in WORKERS if (SOURCES / f"files/{name}.ts").exists()]
    public, *others = [[str(SOURCES / f"{name}.ts") for name in group] for group in groups]
    beside = [
        *(str(SOURCES / f"files/{name}.ts") for name in workers),
        *(str(STYLE / f"{name}.css") for name in STYLES),
    ]
    outputs = {
        path: output
        for sources in ([*public, *beside], *others)
        if sources
        for path, output in _esbuild(
            *sources,
            "--splitting",
            "--format=esm",
            f"--outdir={destination / 'assets'}",
            "--outbase=site",
            "--entry-names=[name]-[hash]",
            "--chunk-names=part-[name]-[hash]",
            "--asset-names=[name]-[hash]",
            "--public-path=/assets",
            "--loader:.woff2=file",
            "--legal-comments=none",
        )["outputs"].items()
    }
    made = {Path(path).name: output for path, output in outputs.items()}
    entries = {Path(output["entryPoint"]).name: name for name, output in made.items() if "entryPoint" in output}

    def named(name: str) -> Asset:
        return asset(destination, f"{door.ASSETS}{name}")

    def script(name: str) -> Script:
        entry = entries[f"{name}.ts"]
        chunks = _imported(made, entry, {"import-statement"})
        return Script(
            entry=named(entry),
            chunks=tuple(map(named, chunks)),
            all_chunks=tuple(
                f"/assets/{each}" for each in _imported(made, entry, {"import-statement", "dynamic-import"})
            ),
            opening=tuple(f"/assets/{each}" for each in _opening(made, [entry, *chunks])),
        )

    return Bundles(
        style=named(entries["main.css"]),
        whole_style=named(entries["whole.css"]),
        scripts={name: script(name) for group in groups for name in group},
        workers={name: f"/assets/{entries[f'{name}.ts']}" for name in workers},
        every=tuple(f"/assets/{name}" for name in sorted(made)),
        preview=_preview(destination),
    )


def _preview(destination: Path) -> Preview:
    """Bundle what runs in the preview's frame, apart from the pages: no chunk is shared with them."""
    folder = destination / door.PREVIEW_ASSETS
    meta = _esbuild(
        *(str(SOURCES / "preview" / f"{name}.ts") for name in ("frame", "engine")),
        str(STYLE / "preview.css"),
        "--format=iife",
        f"--outdir={folder}",
        "--entry-names=[name]-[hash]",
        "--legal-comments=none",
    )
    made = {Path(each["entryPoint"]).name: Path(name).name for name, each in meta["outputs"].items()}
    (folder / "decoders").mkdir()
    for name in DECODERS:
        shutil.copyfile(ROOT / "node_modules" / "pdfjs-dist" / "wasm" / name, folder / "decoders" / name)
    frame, engine, style = (
        asset(destination, door.PREVIEW_ASSETS + made[name]) for name in ("frame.ts", "engine.ts", "preview.css")
    )
    return Preview(frame=frame, style=style, engine=engine)


def asset(destination: Path, key: str) -> Asset:
    """The file at that key of the pages, as a page names it."""
    digest = hashlib.sha384((destination / key).read_bytes()).digest()
    return Asset(address=f"/{key}", integrity=f"sha384-{base64.b64encode(digest).decode()}")


def _imported(made: Mapping[str, Any], entry: str, kinds: set[str]) -> list[str]:
    """The names of the chunks that an entry imports, at first or second hand."""
    found: dict[str, None] = {}
    waiting = [entry]
    while waiting:
        for each in made[waiting.pop()]["imports"]:
            name = Path(each["path"]).name
            if each["kind"] in kinds and name not in found:
                found[name] = None
                waiting.append(name)
    return list(found)


def _opening(made: Mapping[str, Any], first: Sequence[str]) -> list[str]:
    """The names of an entry's first scripts, and of those of `OPENING` that they import, at first or second hand."""
    asked = [
        Path(each["path"]).name for name in first for each in made[name]["imports"] if each["kind"] == "dynamic-import"
    ]
    waited_for = [name for name in asked if Path(made[name]["entryPoint"]).stem in OPENING]
    further = [each for name in waited_for for each in (name, *_imported(made, name, {"import-statement"}))]
    return list(dict.fromkeys([*first, *further]))


def service_worker(destination: Path, kept: Mapping[str, object]) -> None:
    """Bundle the service worker, which knows what it keeps for use without a network."""
    _esbuild(
        str(SOURCES / "service-worker.ts"),
        "--format=iife",
        f"--define:KEPT={json.dumps(kept)}",
        f"--outfile={destination / 'service-worker.js'}",
    )


def _esbuild(*arguments: str) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        meta = Path(folder) / "meta.json"
        done = run_node(
            "esbuild",
            *arguments,
            "--bundle",
            "--minify",
            "--charset=utf8",
            f"--target={BROWSERS}",
            f"--metafile={meta}",
            "--log-level=warning",
        )
        if done.returncode:
            raise BundlingError(done.stderr)
        read: dict[str, Any] = json.loads(meta.read_text())
        return read
