"""What a function is told by its environment, typed. Each handler declares its own fields and no more."""

import os
from typing import Self

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """Base of a function's settings: a field `table_name` is read from the variable ``TABLE_NAME``.

    There are no defaults: a variable that is missing stops the function at once instead of hiding.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def read(cls) -> Self:
        """The settings in the environment. Raises ValidationError naming what is missing."""
        present = {name: os.environ[name.upper()] for name in cls.model_fields if name.upper() in os.environ}
        return cls.model_validate(present)
