"""A stage's file: read, and every fault of it named with its key."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


class StageError(Exception):
    """A stage does not exist, or its file cannot be used; the message names the file and each key."""


def read_stage_file[Model: BaseModel](path: Path, model: type[Model]) -> Model:
    """Read a stage's file. Raises StageError, which names every fault that the file has."""
    values = read_toml(path)
    faults = [*faults_of(values, model, path.stem)]
    if faults:
        raise StageError(listed(path, faults))
    return model.model_validate(values)


def read_toml(path: Path) -> dict[str, Any]:
    """Read the settings of a file. Raises StageError where it is no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StageError(f"{spelled(path)} is no TOML: {error}") from None


def faults_of(values: Mapping[str, Any], model: type[BaseModel], name: str) -> Iterator[str]:
    """Name each key that is missing, unknown or wrong, and what was expected of it."""
    if values.get("name", name) != name:
        yield f"name: the file is {name}.toml, and the stage in it {values['name']!r}"
    try:
        model.model_validate(values)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            yield from _described(detail, model)


def _described(detail: "ErrorDetails", model: type[BaseModel]) -> Iterator[str]:
    key = ".".join(str(part) for part in detail["loc"])
    meaning = _meaning(model, detail["loc"])
    match detail["type"]:
        case "missing":
            yield f"{key}: missing. {meaning}"
        case "extra_forbidden":
            yield f"{key}: unknown; it is misspelt, or stands in the wrong table"
        case "value_error" if not key:
            yield from str(detail["ctx"]["error"]).splitlines()
        case "value_error":
            yield f"{key}: {detail['ctx']['error']}; found {detail['input']!r}"
        case _:
            yield f"{key}: {detail['msg']}; found {detail['input']!r}. {meaning}"


def _meaning(model: type[BaseModel], location: tuple[int | str, ...]) -> str:
    """What the setting at this place means: the docstring of its attribute."""
    field = model.model_fields.get(str(location[0])) if location else None
    if field is None:
        return ""
    annotation = next((each for each in _models(field.annotation)), None)
    below = _meaning(annotation, location[1:]) if annotation and location[1:] else ""
    return below or " ".join((field.description or "").split())


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    candidates = [annotation, *getattr(annotation, "__args__", ())]
    yield from (each for each in candidates if isinstance(each, type) and issubclass(each, BaseModel))


def listed(path: Path, faults: list[str]) -> str:
    """One message for all the faults of a file."""
    return "\n".join([f"{spelled(path)} cannot be used:", *(f"  {fault}" for fault in faults)])


def spelled(path: Path) -> str:
    """The last parts of a stage file's path, as the documents name it."""
    return "/".join(path.parts[-3:])
