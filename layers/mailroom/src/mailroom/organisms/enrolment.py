"""Enrolment: the description of an organism that joins, and the directory in CSV that enrols many at once.

One model holds the rules for both ways in. Columns of the directory: ``organism_id, code, category, name_fr, name_ar,
alert_emails``, and, if wanted, ``city, language, alert_phones``, and ``national_id, is_test`` (``yes`` or ``no``);
several addresses in one cell are separated by spaces, commas or semicolons. Fields without a column stay unchanged.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from mailroom.domain import problems
from mailroom.domain.organism import (
    ACTIVE,
    RESERVED_IDS,
    Accepts,
    Alerts,
    Bilingual,
    Category,
    Code,
    Organism,
    OrganismId,
    OrganismStatus,
    Reminders,
    Webhook,
)
from mailroom.domain.refusals import FieldError, FieldsWrong
from mailroom.fields import web_address
from mailroom.fields.email_address import Email
from mailroom.fields.forms import FilledIn, Form
from mailroom.fields.telephone import Phone
from mailroom.fields.text import Name, is_arabic
from mailroom.fields.typed import plain, trimmed

_REQUIRED = ("organism_id", "code", "category", "name_fr", "name_ar", "alert_emails")
_YES_OR_NO = ("national_id", "is_test")
_COLUMNS = (*_REQUIRED, "city", "language", "alert_phones", *_YES_OR_NO)
_MOST_ADDRESSES = 10

type Cells = Mapping[str | None, str | list[str] | None]


def without_arabic(name: str) -> str:
    """Refuse a French name that holds Arabic letters."""
    if is_arabic(name):
        raise PydanticCustomError("arabic_astray", "Arabic")
    return name


def with_arabic(name: str) -> str:
    """Refuse an Arabic name without Arabic letters."""
    if not is_arabic(name):
        raise PydanticCustomError("arabic_expected", "no Arabic")
    return name


def at_least_one(emails: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse an organism without an e-mail address for alerts."""
    if not emails:
        raise PydanticCustomError("no_alert_address", "nobody to alert")
    return emails


def not_reserved(organism_id: str) -> str:
    """Refuse an identifier that is the name of a page."""
    if organism_id in RESERVED_IDS:
        raise PydanticCustomError("organism_id_reserved", "the name of a page")
    return organism_id


NewOrganismId = Annotated[OrganismId, AfterValidator(not_reserved)]


class Names(Bilingual):
    """The Arabic and French names of an organism, each in its script."""

    fr: Annotated[Name, AfterValidator(without_arabic), Field(examples=["Agence nationale de l'assurance maladie"])]
    ar: Annotated[Name, AfterValidator(with_arabic), Field(examples=["الوكالة الوطنية للتأمين الصحي"])]


class Desk(Alerts):
    """Where the organism is alerted when mail arrives.

    At least one address is required, so that no mail waits unseen.
    """

    emails: Annotated[tuple[Email, ...], FilledIn, Field(max_length=_MOST_ADDRESSES), AfterValidator(at_least_one)]
    phones: Annotated[tuple[Phone, ...], FilledIn, Field(max_length=_MOST_ADDRESSES)] = ()


class Enrolment(Form):
    """The description of an organism, given at enrolment."""

    code: Annotated[Code, Field(examples=["ANAM"], description="The prefix of the organism's register numbers.")]
    category: Category
    name: Names
    city: Name | None = None
    status: OrganismStatus = ACTIVE
    alerts: Desk
    accepts: Accepts = Accepts()
    language: Literal["ar", "fr"] = "fr"
    reminders: Reminders = Reminders()
    sms_to_senders: Annotated[bool, Field(strict=True)] = True
    webhook: Webhook | None = None
    is_test: Annotated[
        bool, Field(strict=True, description="Whether only tests write to it: the list for senders leaves it out.")
    ] = False

    def of(self, organism_id: str) -> Organism:
        """The organism with that id."""
        values = self.model_dump(include=set(Enrolment.model_fields))
        return Organism.model_validate({"organism_id": organism_id} | values)


class _Row(Enrolment):
    organism_id: NewOrganismId


class _Enrolled(NamedTuple):
    row: int
    organism: Organism


class BadRowsError(Exception):
    """The directory is refused; `errors` names each wrong row (the heading is row 1), its column and the error."""

    def __init__(self, errors: list[dict[str, object]]) -> None:
        super().__init__(f"{len(errors)} bad cells")
        self.errors = errors


def read_directory(
    text: str, known: Mapping[str, Organism], has_entries: Callable[[str], bool] = lambda _: False
) -> list[Organism]:
    """The organisms of a directory in CSV, with commas or semicolons, with or without a byte-order mark.

    `has_entries` says whether an organism's register holds an entry: its code can no longer change then.

    Raises:
        BadRowsError: a row is wrong; it lists the errors of all rows.

    """
    columns, rows = _table(text.removeprefix("\ufeff"))
    errors = [
        *(_error(1, name, "missing") for name in _REQUIRED if name not in columns),
        *(_error(1, name, "extra_forbidden") for name in columns if name not in _COLUMNS),
        *(_error(1, name, "duplicate") for name, count in Counter(columns).items() if count > 1),
    ]
    enrolled: list[_Enrolled] = []
    if not errors:
        for number, cells in enumerate(rows, start=2):
            try:
                row = _Row.model_validate(_values(cells, columns, known))
            except ValidationError as refusal:
                errors += _wrong_cells(number, refusal)
            else:
                enrolled.append(_Enrolled(number, row.of(row.organism_id)))
        errors += _doubles(enrolled)
        errors += _taken(enrolled, known, has_entries)
    if errors:
        raise BadRowsError(sorted(errors, key=lambda error: int(str(error["row"]))))
    return [each.organism for each in enrolled]


def _table(text: str) -> tuple[list[str], list[dict[str | None, str | list[str] | None]]]:
    heading = text.partition("\n")[0]
    delimiter = ";" if heading.count(";") > heading.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = [trimmed(name) for name in reader.fieldnames or ()]
        reader.fieldnames = columns
        return columns, [dict(row) for row in reader]
    except csv.Error as error:
        raise BadRowsError([_error(reader.line_num, "", "other")]) from error


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


def _values(cells: Cells, columns: list[str], known: Mapping[str, Organism]) -> dict[str, Any]:
    """The row as an enrolment; fields without a column come from the organism as it is enrolled."""
    found = {
        # A row longer than its heading has a list of further cells.
        name or "extra": trimmed(" ".join(cell) if isinstance(cell, list) else cell or "")
        for name, cell in cells.items()
    }
    former = known.get(found.get("organism_id", ""))
    values: dict[str, Any] = {"name": {}, "alerts": {}, "accepts": {}}
    if former is not None:
        values |= former.model_dump(
            include={"status", "reminders", "sms_to_senders", "webhook", "city", "language", "is_test"}
        )
        values["accepts"] = former.accepts.model_dump()
        values["alerts"]["phones"] = former.alerts.phones
    for column in (*columns, *({"extra"} & found.keys())):
        place, _, name = _PLACES.get(column, column).rpartition(".")
        within = values[place] if place else values
        within.pop(name, None)
        if text := found[column]:
            within[name] = _parsed(column, text)
    return values


def _parsed(column: str, text: str) -> object:
    if column in {"alert_emails", "alert_phones"}:
        return tuple(re.split(r"[\s,;،]+", text))
    return _ANSWERS.get(plain(text).lower(), text) if column in _YES_OR_NO else text


def _wrong_cells(number: int, refusal: ValidationError) -> Iterator[dict[str, object]]:
    """The first error of each cell, in the order of the columns: a wrong address makes its list wrong too."""
    wrong: dict[str, ErrorDetails] = {}
    for found in refusal.errors():
        place = tuple(str(part) for part in found["loc"])
        wrong.setdefault(_COLUMN_OF.get(".".join(place[:2]), place[0]), found)
    for column in sorted(wrong, key=lambda name: _COLUMNS.index(name) if name in _COLUMNS else len(_COLUMNS)):
        found = wrong[column]
        if column in _YES_OR_NO:
            yield _error(number, column, "literal_error", expected="yes, no")
        else:
            values = {name: str(value).replace(" or ", ", ") for name, value in (found.get("ctx") or {}).items()}
            yield _error(number, column, found["type"], **values)


def _doubles(enrolled: list[_Enrolled]) -> Iterator[dict[str, object]]:
    for column in ("organism_id", "code"):
        seen: set[str] = set()
        for row, organism in enrolled:
            value = str(getattr(organism, column))
            if value in seen:
                yield {**_error(row, column, "duplicate"), "value": value}
            seen.add(value)


def _taken(
    enrolled: list[_Enrolled], known: Mapping[str, Organism], has_entries: Callable[[str], bool]
) -> Iterator[dict[str, object]]:
    """Codes that belong to another organism, and what cannot change for organisms that have register entries."""
    owners = {organism.code: organism.organism_id for organism in known.values()}
    for row, organism in enrolled:
        former = known.get(organism.organism_id)
        if owners.get(organism.code, organism.organism_id) != organism.organism_id:
            yield {**_error(row, "code", "code_taken"), "value": organism.code}
        elif former is not None and former.code != organism.code and has_entries(organism.organism_id):
            yield {**_error(row, "code", "code_fixed"), "value": organism.code}
        elif former is not None and former.is_test != organism.is_test and has_entries(organism.organism_id):
            yield _error(row, "is_test", "test_fixed")


def _error(row: int, column: str, code: str, **values: object) -> dict[str, object]:
    message = problems.field_message(FieldError(column, code, values), "fr")
    return {"row": row, "column": column, "message": message}


def require_reachable(webhook: Webhook, *, loopback: bool) -> None:
    """Raise FieldsWrong for a webhook whose name has no public address; with `loopback`, this machine's own will do."""
    try:
        web_address.reachable(webhook.url, loopback=loopback)
    except web_address.NotReachableError:
        raise FieldsWrong(FieldError("webhook.url", "not_reachable")) from None
