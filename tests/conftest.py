"""What holds for every test."""

import zoneinfo
from collections.abc import Iterator
from typing import Any

import pytest

from mailroom import settings

# Casablanca's offset is the one of the locked tzdata, as in Lambda, whatever this machine believes.
zoneinfo.reset_tzpath(to=())


class _Forgetful(dict[Any, Any]):
    """Keeps nothing."""

    def __setitem__(self, _key: object, _value: object) -> None:
        """Forget it at once."""


@pytest.fixture(scope="session", autouse=True)
def settings_follow_the_environment() -> Iterator[None]:
    """A function's environment never changes; that of a test does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "_READ", _Forgetful())
        yield
