"""pyHanko by a side door: a seal needs a few of its modules, and its packages' own imports bring all the others.

What they would bring is validation, revocation and an HTTP client, over a quarter of the work of a cold start. So while
the few are imported, their packages stand there empty. Whoever imports these packages later gets them whole.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from types import ModuleType

from mailroom.later import Later

_PACKAGES = (
    "pyhanko.sign",
    "pyhanko.sign.timestamps",
    "pyhanko.sign.signers",
    "pyhanko.sign.validation",
    "pyhanko_certvalidator",
)


@contextmanager
def side_door() -> Iterator[None]:
    """Modules of pyHanko that are imported here come without the others, unless those are there already."""
    empty: dict[str, ModuleType] = {}
    try:
        for package in _PACKAGES:
            if package not in sys.modules:
                sys.modules[package] = empty[package] = _empty(package)
        _offer_what_is_asked_of(empty)
        yield
    finally:
        for package in empty:
            del sys.modules[package]


def _offer_what_is_asked_of(empty: Mapping[str, ModuleType]) -> None:
    """What the few import from a package itself: the one they never use, and the other is in a module of its own."""
    if validator := empty.get("pyhanko_certvalidator"):
        validator.__dict__["CertificateValidator"] = Later("pyhanko_certvalidator", "CertificateValidator")
    if timestamps := empty.get("pyhanko.sign.timestamps"):
        timestamps.__dict__["TimeStamper"] = import_module("pyhanko.sign.timestamps.api").TimeStamper


def _empty(package: str) -> ModuleType:
    spec = find_spec(package)
    if spec is None:
        raise ModuleNotFoundError(package, name=package)
    return module_from_spec(spec)  # made, not run
