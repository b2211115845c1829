"""What a function is told by its environment, typed. Each handler declares its own fields and no more."""

import os
from typing import Self, cast

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """Base of a function's settings: a field `table_name` is read from the variable ``TABLE_NAME``.

    There are no defaults: a variable that is missing stops the function at once instead of hiding.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def read(cls) -> Self:
        """The settings in the environment as it was when they were first asked for: a function's never changes.

        Raises ValidationError naming what is missing.
        """
        known = _READ.get(cls)
        if known is None:
            present = {name: os.environ[name.upper()] for name in cls.model_fields if name.upper() in os.environ}
            known = _READ[cls] = cls.model_validate(present)
        return cast("Self", known)


_READ: dict[type[Settings], Settings] = {}


def forget() -> None:
    """Read all settings anew: for tests, whose environment changes."""
    _READ.clear()
