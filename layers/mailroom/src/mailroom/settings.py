"""The settings of one process, typed, and the registry of everything that a process keeps."""

import os
from typing import Self, cast

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """Base: a field `table_name` is read from the variable ``TABLE_NAME``. Each handler declares its own fields.

    No setting has a default: a variable that is missing stops the function at once.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def current(cls) -> Self:
        """The one object of this class in the process. Its settings are those of the environment at the first call.

        Raises pydantic's ValidationError, which names each variable that is missing or of the wrong type.
        """
        if cls not in _CURRENT:
            present = {name: os.environ[name.upper()] for name in cls.model_fields if name.upper() in os.environ}
            _CURRENT[cls] = cls.model_validate(present)
        return cast("Self", _CURRENT[cls])

    @staticmethod
    def reset() -> None:
        """Drop the objects of all classes with all that they keep, as a new process would. For tests."""
        _CURRENT.clear()


_CURRENT: dict[type[Settings], Settings] = {}
