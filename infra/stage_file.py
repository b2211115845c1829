"""A stage's file: read, and every fault of it named with its key."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


class StageError(Exception):
    """A stage does not exist, or cannot be used for this; the message names the file and each key."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A setting that cannot stay as it is."""

    key: str
    """The setting's place in the file; parts are separated by dots."""
    reason: str


def read_toml(path: Path) -> dict[str, Any]:
    """Read the settings of a file. Raises StageError where it is no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StageError(f"{spelled(path)} is no TOML: {error}") from None


def validated[Model: BaseModel](path: Path, values: Mapping[str, Any], model: type[Model]) -> Model:
    """The model with the settings of a file. Raises StageError, which names every fault that they have."""
    require_none(path, faults_of(values, model, path.stem))
    return model.model_validate(values)


def require_none(path: Path, faults: Iterable[Fault]) -> None:
    """Refuse a file that has faults. Raises StageError, which names each."""
    if found := [f"  {fault.key}: {fault.reason}" for fault in faults]:
        raise StageError("\n".join([f"{spelled(path)} cannot be used:", *found]))


def faults_of(values: Mapping[str, Any], model: type[BaseModel], name: str) -> Iterator[Fault]:
    """Name each key that is missing, unknown or wrong, and what was expected of it."""
    if values.get("name", name) != name:
        yield Fault(key="name", reason=f"the file is {name}.toml, and the stage in it {values['name']!r}")
    try:
        model.model_validate(values)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            yield from _described(detail, model)


def _described(detail: "ErrorDetails", model: type[BaseModel]) -> Iterator[Fault]:
    key = ".".join(str(part) for part in detail["loc"])
    found = f"found {detail['input']!r}"
    match detail["type"]:
        case "missing":
            yield missing(key, model)
        case "extra_forbidden":
            yield Fault(key=key, reason="unknown: it is misspelt, or stands in the wrong table")
        case "value_error" if not key:
            for line in str(detail["ctx"]["error"]).splitlines():
                of, _, reason = line.partition(": ")
                yield Fault(key=of, reason=reason)
        case "value_error":
            yield Fault(key=key, reason=f"{detail['ctx']['error']}; {found}")
        case _:
            yield Fault(key=key, reason=f"{detail['msg']}; {found}. {meaning(key, model)}")


def missing(key: str, model: type[BaseModel]) -> Fault:
    """A setting that the file lacks."""
    return Fault(key=key, reason=f"missing. {meaning(key, model)}")


def meaning(key: str, model: type[BaseModel]) -> str:
    """What a setting means: the first sentence of its attribute's docstring, or of the table's that it stands in."""
    first, _, rest = key.partition(".")
    field = model.model_fields.get(first)
    if field is None:
        return ""
    tables = list(_models(field.annotation)) if rest else []
    below = meaning(rest, tables[0]) if tables else ""
    sentence, _, _ = " ".join((field.description or "").split()).partition(". ")
    return below or f"{sentence.rstrip('.')}."


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    candidates = [annotation, *getattr(annotation, "__args__", ())]
    yield from (each for each in candidates if isinstance(each, type) and issubclass(each, BaseModel))


def spelled(path: Path) -> str:
    """The last parts of a stage file's path, as the documents name it."""
    return "/".join(path.parts[-3:])
