"""The directory in CSV that enrols many organisms at once: all its rows are checked before the first is written.

Columns: ``organism_id, code, category, name_fr, name_ar, alert_emails``, and, if wanted, ``city, language,
alert_phones``, and ``national_id, is_test`` (``yes`` or ``no``); several addresses in one cell are separated by spaces,
commas or semicolons. Fields without a column stay unchanged. Cells are separated by commas, semicolons or tabs.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mailroom.domain import problems
from mailroom.domain.organism import Organism
from mailroom.domain.refusals import FieldError
from mailroom.fields.text import is_blank
from mailroom.fields.typed import plain, trimmed
from mailroom.organisms.enrolment import Enrolment, NewOrganismId

MOST_ROWS = 5000
"""More than twice the organisms that there are: a hostile file of a megabyte can hold half a million rows."""

_REQUIRED = ("organism_id", "code", "category", "name_fr", "name_ar", "alert_emails")
_YES_OR_NO = ("national_id", "is_test")
_COLUMNS = (*_REQUIRED, "city", "language", "alert_phones", *_YES_OR_NO)
_DELIMITERS = ",;\t"
_DAMAGED = "\ufffd"
"""The replacement character stands where a program read a file in another encoding than its own."""


class _Row(Enrolment):
    organism_id: NewOrganismId


class _Enrolled(NamedTuple):
    row: int
    organism: Organism


class WrongCell(NamedTuple):
    """A cell that is wrong: its row as a spreadsheet counts (the heading is row 1), its column and the error."""

    row: int
    column: str
    code: str
    values: Mapping[str, object] = {}
    """The values that the sentence of that error mentions."""
    value: str | None = None
    """The content of the cell, where it is an id or a code that is taken."""

    def message(self, language: str) -> str:
        """What is wrong and what to do, as a sentence."""
        return problems.field_message(FieldError(self.column, self.code, dict(self.values)), language)


class BadRowsError(Exception):
    """The directory is refused; `cells` names all that is wrong with all rows."""

    def __init__(self, cells: Sequence[WrongCell]) -> None:
        super().__init__(f"{len(cells)} bad cells")
        self.cells = cells

    @property
    def errors(self) -> list[dict[str, object]]:
        """The wrong cells in French, for commands."""
        return [
            {"row": cell.row, "column": cell.column, "message": cell.message("fr")}
            | ({} if cell.value is None else {"value": cell.value})
            for cell in self.cells
        ]


def read_directory(
    text: str, known: Mapping[str, Organism], has_entries: Callable[[str], bool] = lambda _: False
) -> list[Organism]:
    """The organisms of a directory in CSV, with or without a byte-order mark.

    `has_entries` says whether an organism's register holds an entry: its code can no longer change then.

    Raises:
        BadRowsError: a row is wrong; it lists the errors of all rows.

    """
    columns, rows = _table(text.removeprefix("\ufeff"))
    wrong = [
        *(WrongCell(1, name, "missing") for name in _REQUIRED if name not in columns),
        *(WrongCell(1, name, "extra_forbidden") for name in columns if name not in _COLUMNS),
        *(WrongCell(1, name, "duplicate") for name, count in Counter(columns).items() if count > 1),
    ]
    enrolled: list[_Enrolled] = []
    if not wrong:
        if not rows:
            raise BadRowsError([WrongCell(1, "", "file_empty")])
        for number, cells in rows:
            found = {name: trimmed(cell) for name, cell in zip(columns, cells, strict=False)}
            if further := cells[len(columns) :]:
                found["extra"] = trimmed(" ".join(further))
            damaged = [WrongCell(number, name, "not_utf8") for name, cell in found.items() if _DAMAGED in cell]
            try:
                row = _Row.model_validate(_values(found, known))
            except ValidationError as refusal:
                names = {cell.column for cell in damaged}
                wrong += [*damaged, *(cell for cell in _wrong_cells(number, refusal) if cell.column not in names)]
            else:
                wrong += damaged
                enrolled.append(_Enrolled(number, row.of(row.organism_id)))
        wrong += _doubles(enrolled)
        wrong += _taken(enrolled, known, has_entries)
    if wrong:
        raise BadRowsError(sorted(wrong, key=lambda cell: cell.row))
    return [each.organism for each in enrolled]


def _table(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The headings, and the rows that are not blank, each with its number."""
    heading = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=heading.count), strict=True)
    columns: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    try:
        for number, cells in enumerate(reader, start=1):
            if number == 1:
                columns = [trimmed(name) for name in cells]
            elif not all(map(is_blank, cells)):
                if len(rows) == MOST_ROWS:
                    raise BadRowsError([WrongCell(number, "", "too_many_rows", {"most": MOST_ROWS})])
                rows.append((number, cells + [""] * (len(columns) - len(cells))))
    except csv.Error as error:
        raise BadRowsError([WrongCell(reader.line_num, "", "csv")]) from error
    return columns, rows


_PLACES = {
    "name_fr": "name.fr",
    "name_ar": "name.ar",
    "alert_emails": "alerts.emails",
    "alert_phones": "alerts.phones",
    "national_id": "accepts.national_id",
}
"""Where a column's cell stands in an enrolment; the other columns are named as their field is."""

_COLUMN_OF = {place: column for column, place in _PLACES.items()}
_ANSWERS = {"yes": True, "no": False}


def _values(found: Mapping[str, str], known: Mapping[str, Organism]) -> dict[str, Any]:
    """The row as an enrolment; fields without a column come from the organism as it is enrolled."""
    former = known.get(found.get("organism_id", ""))
    values: dict[str, Any] = {"name": {}, "alerts": {}, "accepts": {}}
    if former is not None:
        values |= former.model_dump(
            include={"status", "reminders", "sms_to_senders", "webhook", "city", "language", "is_test"}
        )
        values["accepts"] = former.accepts.model_dump()
        values["alerts"]["phones"] = former.alerts.phones
    for column, text in found.items():
        place, _, name = _PLACES.get(column, column).rpartition(".")
        within = values[place] if place else values
        within.pop(name, None)
        if text:
            within[name] = _parsed(column, text)
    return values


def _parsed(column: str, text: str) -> object:
    if column in {"alert_emails", "alert_phones"}:
        return tuple(re.split(r"[\s,;،]+", text))
    return _ANSWERS.get(plain(text).lower(), text) if column in _YES_OR_NO else text


def _wrong_cells(number: int, refusal: ValidationError) -> Iterator[WrongCell]:
    """The first error of each cell, in the order of the columns: a wrong address makes its list wrong too."""
    wrong: dict[str, ErrorDetails] = {}
    for found in refusal.errors():
        place = tuple(str(part) for part in found["loc"])
        wrong.setdefault(_COLUMN_OF.get(".".join(place[:2]), place[0]), found)
    for column in sorted(wrong, key=lambda name: _COLUMNS.index(name) if name in _COLUMNS else len(_COLUMNS)):
        found = wrong[column]
        if column in _YES_OR_NO:
            yield WrongCell(number, column, "literal_error", {"expected": "yes, no"})
        else:
            values = {name: str(value).replace(" or ", ", ") for name, value in (found.get("ctx") or {}).items()}
            yield WrongCell(number, column, found["type"], values)


def _doubles(enrolled: list[_Enrolled]) -> Iterator[WrongCell]:
    for column in ("organism_id", "code"):
        seen: set[str] = set()
        for row, organism in enrolled:
            value = str(getattr(organism, column))
            if value in seen:
                yield WrongCell(row, column, "duplicate", value=value)
            seen.add(value)


def _taken(
    enrolled: list[_Enrolled], known: Mapping[str, Organism], has_entries: Callable[[str], bool]
) -> Iterator[WrongCell]:
    """Codes that belong to another organism, and what cannot change for organisms that have register entries."""
    owners = {organism.code: organism.organism_id for organism in known.values()}
    for row, organism in enrolled:
        former = known.get(organism.organism_id)
        if owners.get(organism.code, organism.organism_id) != organism.organism_id:
            yield WrongCell(row, "code", "code_taken", value=organism.code)
        elif former is not None and former.code != organism.code and has_entries(organism.organism_id):
            yield WrongCell(row, "code", "code_fixed", value=organism.code)
        elif former is not None and former.is_test != organism.is_test and has_entries(organism.organism_id):
            yield WrongCell(row, "is_test", "test_fixed")
