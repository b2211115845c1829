"""The licences of what is deployed: those that a public service may pass on, and nothing unknown.

A package says its licence as an expression (SPDX), or as its author put it. What the latter stands for is written here.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from boolean import Expression
from license_expression import AND, OR, ExpressionError, get_spdx_licensing

ALLOWED = {
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MIT",
    "MIT-0",
    "PSF-2.0",
    "Unlicense",
    # Changes of these files alone have to be published, and none is changed here:
    "MPL-2.0",
    # Used as libraries that lie in a layer as files of their own, so that anyone can put another version there:
    "LGPL-2.1-or-later",
    "LGPL-3.0-only",
}
"""Never AGPL: users of the service over a network could ask for its source; nor GPL, SSPL or a licence by hand."""

_STANDS_FOR = {
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "MIT License": "MIT",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}
"""What authors write, and trove classifiers, by the licence of SPDX that they mean."""

_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
_SPDX = get_spdx_licensing()


@dataclass(frozen=True, kw_only=True)
class Component:
    """A locked package, and its licence as an expression of SPDX; None where it is unknown."""

    name: str
    version: str
    licence: str | None


def locked(lock: Path) -> Iterator[tuple[str, str]]:
    """The names and versions of a hashed file of requirements."""
    yield from _LOCKED.findall(lock.read_text(encoding="utf-8"))


def components(lock: Path) -> tuple[Component, ...]:
    """Find the licence of each package of a lock, in the environment that this runs in.

    A package that is not installed in the locked version counts as unknown.
    """
    return tuple(_component(name, version) for name, version in locked(lock))


def npm_components(lock: Path) -> tuple[Component, ...]:
    """Read the licence of each package of npm's lock that the pages carry: what builds and checks them stays here."""
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    return tuple(
        Component(
            name=path.rpartition("node_modules/")[2], version=one["version"], licence=_as_spdx([one.get("license", "")])
        )
        for path, one in packages.items()
        if path and not one.get("dev")
    )


def refused(found: Iterable[Component], allowed: Iterable[str] = ALLOWED) -> Sequence[Component]:
    """The components whose licence is unknown or is not among those allowed."""
    keys = frozenset(allowed)
    return [one for one in found if not (one.licence and _is_allowed(_SPDX.parse(one.licence), keys))]


def _component(name: str, version: str) -> Component:
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return Component(name=name, version=version, licence=None)
    return Component(name=name, version=version, licence=licence_of(found) if found.version == version else None)


def licence_of(package: Distribution) -> str | None:
    """The licence of a package by its metadata: its expression, else its classifiers, else what its author wrote."""
    metadata = package.metadata
    classifiers = [
        classifier.rpartition(" :: ")[2]
        for classifier in metadata.get_all("Classifier") or []
        if classifier.startswith("License ::")
    ]
    return (
        _as_spdx([metadata.get("License-Expression") or ""])
        or _as_spdx(classifiers)
        or _as_spdx([metadata.get("License") or ""])
    )


def _as_spdx(stated: Sequence[str]) -> str | None:
    """One expression of several statements, which all hold; None where one is not understood."""
    expressions = []
    for statement in stated:
        try:
            expressions.append(_SPDX.parse(_STANDS_FOR.get(statement, statement), validate=True))
        except ExpressionError:
            return None
    if not expressions or None in expressions:
        return None
    return str(expressions[0] if len(expressions) == 1 else AND(*expressions))


def _is_allowed(licence: Expression, allowed: frozenset[str]) -> bool:
    """All parts joined by AND have to be allowed, and one of those joined by OR."""
    match licence:
        case AND():
            return all(_is_allowed(part, allowed) for part in licence.args)
        case OR():
            return any(_is_allowed(part, allowed) for part in licence.args)
        case _:
            return str(licence) in allowed
