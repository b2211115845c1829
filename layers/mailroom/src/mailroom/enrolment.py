"""Enrolment: how organisms join, checked row by row from a directory in CSV.

Columns: ``organism_id, code, category, name_fr, name_ar, city, language, alert_emails, alert_phones, national_id``;
several addresses in one cell are separated by spaces.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mailroom import problems
from mailroom.identifiers import Email, Phone
from mailroom.organism import Accepts, Alerts, Bilingual, Category, Code, Organism, OrganismId
from mailroom.refusals import FieldError
from mailroom.text import Name, is_arabic

_REQUIRED = ("organism_id", "code", "category", "name_fr", "name_ar", "alert_emails")
_COLUMNS = (*_REQUIRED, "city", "language", "alert_phones", "national_id")


class BadRowsError(Exception):
    """The directory was refused; `errors` names each bad row (the heading is row 1), its column and what is wrong."""

    def __init__(self, errors: list[dict[str, object]]) -> None:
        super().__init__(f"{len(errors)} bad cells")
        self.errors = errors


class Row(BaseModel):
    """One organism as a row of the directory gives it."""

    model_config = ConfigDict(extra="forbid")

    organism_id: OrganismId
    code: Code
    category: Category
    name_fr: Name
    name_ar: Name
    city: Name | None = None
    language: Literal["ar", "fr"] = "fr"
    alert_emails: Annotated[tuple[Email, ...], Field(min_length=1, max_length=10)]
    alert_phones: Annotated[tuple[Phone, ...], Field(max_length=10)] = ()
    national_id: Literal["yes", "no"] = "no"

    def organism(self, known: Organism | None) -> Organism:
        """The organism of this row; what the directory does not say stays as it was."""
        accepts = (known.accepts if known else Accepts()).model_copy(update={"national_id": self.national_id == "yes"})
        return Organism(
            organism_id=self.organism_id,
            code=self.code,
            category=self.category,
            name=Bilingual(fr=self.name_fr, ar=self.name_ar),
            city=self.city,
            status=known.status if known else "active",
            language=self.language,
            alerts=Alerts(emails=self.alert_emails, phones=self.alert_phones),
            accepts=accepts,
        )


def read_directory(text: str, known: Mapping[str, Organism]) -> list[Organism]:
    """The organisms of a directory in CSV, with commas or semicolons, with or without a byte-order mark.

    Raises:
        BadRowsError: a row is wrong; all that is wrong with all rows is in it.

    """
    columns, rows = _table(text.removeprefix("\ufeff"))
    errors = list(_wrong_columns(columns))
    organisms: list[Organism] = []
    if not errors:
        for number, cells in enumerate(rows, start=2):
            try:
                row = Row.model_validate(_values(cells))
            except ValidationError as refusal:
                # The first error of each cell: a wrong address makes its list too short besides.
                wrong = {str(found["loc"][0]): found["type"] for found in reversed(refusal.errors())}
                errors += [_error(number, column, code) for column, code in reversed(wrong.items())]
            else:
                errors += _names_astray(number, row)
                organisms.append(row.organism(known.get(row.organism_id)))
        errors += _doubles(organisms)
        errors += _taken(organisms, known)
    if errors:
        raise BadRowsError(errors)
    return organisms


def _table(text: str) -> tuple[list[str], list[dict[str | None, str | list[str] | None]]]:
    heading = text.partition("\n")[0]
    delimiter = ";" if heading.count(";") > heading.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = [name.strip() for name in reader.fieldnames or ()]
        reader.fieldnames = columns
        return columns, [dict(row) for row in reader]
    except csv.Error as error:
        raise BadRowsError([_error(reader.line_num, "", "other")]) from error


def _wrong_columns(columns: list[str]) -> Iterator[dict[str, object]]:
    yield from (_error(1, name, "missing") for name in _REQUIRED if name not in columns)
    yield from (_error(1, name, "extra_forbidden") for name in columns if name not in _COLUMNS)
    yield from (_error(1, name, "duplicate") for name, count in Counter(columns).items() if count > 1)


def _values(cells: Mapping[str | None, str | list[str] | None]) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, cell in cells.items():
        if not cell or (isinstance(cell, str) and not cell.strip()):
            continue
        text = cell if isinstance(cell, str) else " ".join(cell)
        values[name or "extra"] = tuple(text.split()) if name in {"alert_emails", "alert_phones"} else text.strip()
    return values


def _names_astray(number: int, row: Row) -> list[dict[str, object]]:
    astray = []
    if is_arabic(row.name_fr):
        astray.append(_error(number, "name_fr", "other"))
    if not is_arabic(row.name_ar):
        astray.append(_error(number, "name_ar", "other"))
    return astray


def _doubles(organisms: list[Organism]) -> list[dict[str, object]]:
    errors = []
    for column in ("organism_id", "code"):
        counted = Counter(str(getattr(organism, column)) for organism in organisms)
        errors += [{**_error(0, column, "duplicate"), "value": value} for value, count in counted.items() if count > 1]
    return errors


def _taken(organisms: list[Organism], known: Mapping[str, Organism]) -> list[dict[str, object]]:
    """Codes that can't be given: a code begins register numbers, so it is one organism's, and for good."""
    owners = {organism.code: organism.organism_id for organism in known.values()}
    errors = []
    for organism in organisms:
        if owners.get(organism.code, organism.organism_id) != organism.organism_id:
            errors.append({**_error(0, "code", "duplicate"), "value": organism.code})
        if organism.organism_id in known and known[organism.organism_id].code != organism.code:
            errors.append({**_error(0, "code", "code_fixed"), "value": organism.code})
    return errors


def _error(row: int, column: str, code: str) -> dict[str, object]:
    return {"row": row, "column": column, "message": problems.field_message(FieldError(column, code), "fr")}
