"""The scripts and the style sheet, bundled by esbuild under names that hold their digest."""

import base64
import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from infra import door
from infra.paths import ROOT
from infra.site.places import SOURCES, STYLE, run_node

BROWSERS = "chrome109,firefox115,safari15.4"
"""The oldest browsers in which everything works."""
ENTRIES = ("send", "follow", "verify", "desk", "operations", "open-data")
"""One script for each page that moves; further files in `src/` are reached from them."""
WORKERS = ("hash-worker",)
"""Scripts that a page starts beside itself: `src/files/<name>.ts`."""
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
    names = [name for name in ENTRIES if (SOURCES / f"{name}.ts").exists()]
    workers = [name for name in WORKERS if (SOURCES / f"files/{name}.ts").exists()]
    meta = _esbuild(
        *(str(SOURCES / f"{name}.ts") for name in names),
        *(str(SOURCES / f"files/{name}.ts") for name in workers),
        str(STYLE / "main.css"),
        "--splitting",
        "--format=esm",
        f"--outdir={destination / 'assets'}",
        "--outbase=site",
        "--entry-names=[name]-[hash]",
        "--chunk-names=part-[hash]",
        "--asset-names=[name]-[hash]",
        "--public-path=/assets",
        "--loader:.woff2=file",
        "--legal-comments=none",
    )
    made = {Path(path).name: output for path, output in meta["outputs"].items()}
    entries = {Path(output["entryPoint"]).name: name for name, output in made.items() if "entryPoint" in output}

    def asset(name: str) -> Asset:
        return _asset(destination, f"{door.ASSETS}{name}")

    def script(name: str) -> Script:
        entry = entries[f"{name}.ts"]
        return Script(
            entry=asset(entry),
            chunks=tuple(map(asset, _imported(made, entry, {"import-statement"}))),
            all_chunks=tuple(
                f"/assets/{each}" for each in _imported(made, entry, {"import-statement", "dynamic-import"})
            ),
        )

    return Bundles(
        style=asset(entries["main.css"]),
        scripts={name: script(name) for name in names},
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
        _asset(destination, door.PREVIEW_ASSETS + made[name]) for name in ("frame.ts", "engine.ts", "preview.css")
    )
    return Preview(frame=frame, style=style, engine=engine)


def _asset(destination: Path, key: str) -> Asset:
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
