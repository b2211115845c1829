"""pyHanko by a side door: a seal needs a few of its modules, and its packages' own imports bring all the others.

What they would bring is validation, revocation and an HTTP client, a quarter of the work of a cold start. So while the
few are imported, their packages stand there empty. Whoever imports these packages later gets them whole.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec, module_from_spec

_PACKAGES = ("pyhanko.sign", "pyhanko.sign.timestamps", "pyhanko.sign.signers", "pyhanko.sign.validation")
_EXPECTED = (("pyhanko.sign.timestamps", "api", "TimeStamper"),)
"""What the few ask of a package, and in which of its modules it is."""


@contextmanager
def side_door() -> Iterator[None]:
    """Modules of pyHanko's signing that are imported here come without the others, unless those are there already."""
    if _PACKAGES[0] in sys.modules:
        yield
        return
    for package in _PACKAGES:
        spec = find_spec(package)
        if spec is None:
            raise ModuleNotFoundError(package, name=package)
        sys.modules[package] = module_from_spec(spec)  # made, not run
    for package, module, name in _EXPECTED:
        setattr(sys.modules[package], name, getattr(import_module(f"{package}.{module}"), name))
    try:
        yield
    finally:
        for package in _PACKAGES:
            del sys.modules[package]
