"""Audit what is locked: known weaknesses, licences, and a bill of materials for each layer (`make audit`).

Weaknesses are looked up on the internet (OSV; npm's registry), the rest is in the locks. Exits with 1 where something
is found, and with 2 where something could not be looked up: not knowing is not passing.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from infra.commands.bill_of_materials import bill_of_materials
from infra.commands.licences import components, npm_components, refused
from infra.paths import LAYERS, LOCAL, ROOT

ACCEPTED: Mapping[str, str] = {}
"""Weaknesses that do not matter here: the advisory's id, and why. Each is looked at again when the lock changes."""
_OSV = "https://api.osv.dev/v1/query"


class NotLookedUpError(Exception):
    """The advisories could not be reached; the message says which, and why."""


def layer_locks() -> dict[str, Path]:
    """The locks of what is deployed, by the layer's name."""
    return {lock.parent.name: lock for lock in sorted(LAYERS.glob("*/requirements.txt"))}


def locks() -> tuple[Path, ...]:
    """Every lock whose packages run somewhere: the layers', and what builds, checks and deploys with credentials."""
    return (*layer_locks().values(), *sorted((ROOT / "infra/local").glob("*.txt")), ROOT / "requirements-dev.txt")


def weaknesses(lock: Path, service: str = _OSV) -> Iterator[str]:
    """Each package of a lock that has a known weakness. Raises NotLookedUpError."""
    command = ("pip_audit", "--format=json", "--desc=off", "--progress-spinner=off", "--vulnerability-service=osv")
    ignored = [f"--ignore-vuln={advisory}" for advisory in ACCEPTED]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            *command,
            f"--osv-url={service}",
            "--require-hashes",
            "--disable-pip",
            *ignored,
            "-r",
            lock,
        ],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    report = _parsed(done.stdout)
    if not report:
        last = done.stderr.strip().splitlines()[-1:] or ["no answer"]
        raise NotLookedUpError(f"{_named(lock)}: the advisories ({service}) could not be reached: {last[0]}")
    for package in report["dependencies"]:
        if "skip_reason" in package:
            raise NotLookedUpError(f"{_named(lock)}: {package['name']}: {package['skip_reason']}")
        for found in package["vulns"]:
            repaired = ", ".join(found["fix_versions"]) or "none yet"
            yield f"{_named(lock)}: {package['name']} {package['version']}: {found['id']}; repaired in: {repaired}"


def npm_weaknesses(folder: Path = ROOT) -> Iterator[str]:
    """Each package of npm's lock that has a known weakness. Raises NotLookedUpError."""
    done = subprocess.run(
        [Path(sys.executable).with_name("npm"), "audit", "--json"],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    report = _parsed(done.stdout)
    if "vulnerabilities" not in report:
        reason = report.get("message") or done.stderr.strip() or "no answer"
        raise NotLookedUpError(f"package-lock.json: the advisories of npm's registry could not be reached: {reason}")
    for name, found in report["vulnerabilities"].items():
        yield f"package-lock.json: {name} {found['range']}: {found['severity']}"


def licence_faults() -> Iterator[str]:
    """Each deployed package, and each library of the pages, whose licence is unknown or not allowed."""
    found = {_named(lock): components(lock) for lock in layer_locks().values()}
    found["package-lock.json"] = npm_components(ROOT / "package-lock.json")
    for lock, parts in found.items():
        for part in refused(parts):
            yield f"{lock}: {part.name} {part.version}: licence {part.licence or 'unknown'}"


def write_bills(folder: Path) -> Iterator[Path]:
    """Write the bill of materials of each layer, and yield where."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lock in layer_locks().items():
        path = folder / f"{name}.cdx.json"
        path.write_text(bill_of_materials(name, components(lock)), encoding="utf-8")
        yield path


def main(arguments: Sequence[str]) -> int:
    """Return 0 where nothing was found, 1 where something was, 2 where something could not be looked up."""
    parser = argparse.ArgumentParser(description="Audit what is locked.")
    parser.add_argument("--service", default=_OSV, help="where OSV's advisories are asked, or a mirror of them")
    service = parser.parse_args(arguments).service
    found, unknown = list(licence_faults()), list[str]()
    for path in write_bills(LOCAL / "audit"):
        sys.stdout.write(f"{path.relative_to(ROOT)}: written\n")
    for look_up in (*((lambda lock=lock: weaknesses(lock, service)) for lock in locks()), npm_weaknesses):
        try:
            found += look_up()
        except NotLookedUpError as error:
            unknown.append(str(error))
    for line in (*found, *unknown):
        sys.stderr.write(f"{line}\n")
    sys.stdout.write(f"audit: {len(found)} found, {len(unknown)} not looked up\n")
    return 1 if found else 2 if unknown else 0


def _named(lock: Path) -> str:
    return str(lock.relative_to(ROOT)) if lock.is_relative_to(ROOT) else lock.name


def _parsed(text: str) -> dict[str, Any]:
    try:
        read: dict[str, Any] = json.loads(text)
    except ValueError:
        return {}
    return read


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
