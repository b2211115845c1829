"""boto3's clients, each made once for all tests: moto is behind them all, and making one takes as long as ten calls."""

import os
from functools import cache
from typing import Any

import boto3
import pytest


class _Session(boto3.Session):
    """A session that makes no client twice."""

    def __init__(self, region: str) -> None:
        super().__init__(region_name=region)
        self._made: dict[str, Any] = {}

    def client(self, service_name: Any, *_: object, **more: Any) -> Any:  # noqa: ANN401 - any client
        options = {name: getattr(value, "_user_provided_options", value) for name, value in more.items()}
        asked = f"{service_name} {options}"
        if asked not in self._made:
            self._made[asked] = super().client(service_name, **more)
        return self._made[asked]


@cache
def session(region: str) -> boto3.Session:
    """The session of all tests in a region."""
    return _Session(region)


def share_clients(patch: pytest.MonkeyPatch) -> None:
    """Let `boto3.client` give everybody the same ones."""

    def client(service: str, region_name: str | None = None, **more: object) -> Any:  # noqa: ANN401 - any client
        make: Any = session(region_name or os.environ["AWS_DEFAULT_REGION"]).client
        return make(service, **more)

    patch.setattr(boto3, "client", client)
