"""What holds for every test."""

import zoneinfo

import pytest

from mailroom.settings import Settings

# Casablanca's offset is the one of the locked tzdata, as in Lambda, whatever this machine believes.
zoneinfo.reset_tzpath(to=())


@pytest.fixture(autouse=True)
def new_process() -> None:
    """Begin each test as a new process does: it has read no settings, made no clients and keeps nothing."""
    Settings.reset()
