"""The settings of one process, typed, and the registry of everything that a process keeps."""

import os
from typing import Any, Self, cast, get_type_hints

from pydantic import create_model


class Settings:
    """Base: the attribute `table_name: str` is read from the variable ``TABLE_NAME``. Each handler declares its own.

    No setting has a default: a variable that is missing stops the function at once. The classes are plain, and only the
    one that is used is made a model of pydantic: models of all parts of `process` would lengthen each cold start.
    """

    @classmethod
    def declared(cls) -> dict[str, Any]:
        """The settings of this class and its bases by name, with their types."""
        return get_type_hints(cls, include_extras=True)

    @classmethod
    def current(cls) -> Self:
        """The one object of this class in the process. Its settings are those of the environment at the first call.

        Raises pydantic's ValidationError, which names each variable that is missing or of the wrong type.
        """
        if cls not in _CURRENT:
            fields: dict[str, Any] = {name: (kind, ...) for name, kind in cls.declared().items()}
            model = create_model(cls.__name__, **fields)
            present = {name: os.environ[name.upper()] for name in model.model_fields if name.upper() in os.environ}
            made = cls()
            vars(made).update(dict(model.model_validate(present)))
            _CURRENT[cls] = made
        return cast("Self", _CURRENT[cls])

    @staticmethod
    def reset() -> None:
        """Drop the objects of all classes with all that they keep, as a new process would.

        For tests, and for the copies of a process that SnapStart makes.
        """
        _CURRENT.clear()


_CURRENT: dict[type[Settings], Settings] = {}
