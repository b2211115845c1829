"""Parts of libraries that are brought in when they are used: a cold start is not to pay for what it may never need."""

import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pkgutil import resolve_name
from types import ModuleType


class Later:
    """Stands for what a module holds: a class, a function or another module."""

    def __init__(self, module: str, name: str) -> None:
        self._module = module
        self._name = name

    def _real(self) -> object:
        return resolve_name(f"{self._module}.{self._name}")

    def __getattr__(self, name: str) -> object:
        return getattr(self._real(), name)

    def __call__(self, *given: object, **named: object) -> object:
        """Call it, or make one of its class."""
        return self._real()(*given, **named)  # type: ignore[operator]  # a class or a function

    def __instancecheck__(self, instance: object) -> bool:
        """Nothing is an instance of a class that is not there yet."""
        return self._module in sys.modules and isinstance(instance, self._real())  # type: ignore[arg-type]  # a class


class _Module(ModuleType):
    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        stands = sys.modules.get(self.__name__) is self
        return Later(self.__name__, name) if stands else getattr(resolve_name(self.__name__), name)


@contextmanager
def brought_later(modules: Iterable[str]) -> Iterator[None]:
    """What is imported here gets stand-ins for these modules, unless they are there already.

    Afterwards whoever uses one of them, or imports it, has the real one. A class can't be derived from a stand-in.
    """
    stands = {name: _Module(name) for name in modules if name not in sys.modules}
    sys.modules.update(stands)
    try:
        yield
    finally:
        for name in stands:
            del sys.modules[name]


class _Pattern:
    """A regular expression that is compiled when it is first used."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._source = pattern
        self._flags = flags

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._source, self._flags)

    def __getattr__(self, name: str) -> object:
        return getattr(self._compiled, name)


@contextmanager
def patterns_compiled_later() -> Iterator[None]:
    """Regular expressions of modules that are imported here are compiled when they are first used.

    Only for modules that use them by their own methods: the functions of `re` know no stand-ins.
    """
    compile_now = re.compile
    re.compile = _Pattern  # type: ignore[assignment]  # it stands for what it makes
    try:
        yield
    finally:
        re.compile = compile_now
