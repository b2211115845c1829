"""pyHanko by a side door: a seal needs a few of its modules, and its packages' own imports bring all the others.

What they would bring is validation, revocation and an HTTP client, over a quarter of the work of a cold start. So while
the few are imported, their packages stand there empty. Whoever imports these packages later gets them whole.
"""

import sys
from collections.abc import Iterator
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
    empty = [package for package in _PACKAGES if package not in sys.modules]
    for package in empty:
        sys.modules[package] = _empty(package)
    # What the few ask of a package itself: they never use the one, and the other is in a module of its own.
    if "pyhanko_certvalidator" in empty:
        validator = Later("pyhanko_certvalidator", "CertificateValidator")
        sys.modules["pyhanko_certvalidator"].__dict__["CertificateValidator"] = validator
    if "pyhanko.sign.timestamps" in empty:
        api = import_module("pyhanko.sign.timestamps.api")
        sys.modules["pyhanko.sign.timestamps"].__dict__["TimeStamper"] = api.TimeStamper
    try:
        yield
    finally:
        for package in empty:
            del sys.modules[package]


def _empty(package: str) -> ModuleType:
    spec = find_spec(package)
    if spec is None:
        raise ModuleNotFoundError(package, name=package)
    return module_from_spec(spec)  # made, not run
