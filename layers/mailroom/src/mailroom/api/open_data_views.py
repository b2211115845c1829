"""Open data as the API answers it: JSON for programs, CSV for spreadsheets."""

import csv
import io
from typing import Annotated, Any

from pydantic import Field

from mailroom.api.mail_views import View
from mailroom.domain.open_data import SMALLEST_SHOWN
from mailroom.domain.organism import Bilingual

_MASKED = f"Null where it is under {SMALLEST_SHOWN}, or where it would give such a count away."
Count = Annotated[int | None, Field(description=_MASKED, examples=[128])]
Hours = Annotated[
    int | None,
    Field(description=f"Whole hours. Null where fewer than {SMALLEST_SHOWN} mails have waited so.", examples=[26]),
]
Day = Annotated[str, Field(examples=["2026-07-01"], json_schema_extra={"format": "date"})]


class OpenDataPeriod(View):
    """A quarter in Casablanca; both days are included."""

    quarter: Annotated[str, Field(examples=["2026-Q3"])]
    first: Annotated[Day, Field(alias="from")]
    last: Annotated[Day, Field(alias="to", examples=["2026-09-30"])]


class ReceivedCounts(View):
    """The mails that arrived in the period. Both channels are null unless both counts may be shown."""

    total: Count
    online: Count
    counter: Count


class OrganismFigures(View):
    """The figures of one organism."""

    organism_id: Annotated[str, Field(examples=["anam"])]
    name: Bilingual
    received: ReceivedCounts
    answered: Annotated[Count, Field(description=f"Those of them that were answered. {_MASKED}")]
    median_hours_to_collection: Hours
    median_hours_to_outcome: Hours


class OpenData(View):
    """Counts and median waiting times of each organism in one quarter, by French name. Nothing tells of a person."""

    period: Annotated[OpenDataPeriod | None, Field(description="Null before the first quarter is published.")]
    quarters: Annotated[
        list[str], Field(description="The published quarters, the newest first.", examples=[["2026-Q3", "2026-Q2"]])
    ]
    organisms: list[OrganismFigures]


def open_data(edition: dict[str, Any] | None, quarters: list[str]) -> OpenData:
    """One edition as the contract has it, or the answer before there is any."""
    if edition is None:
        return OpenData(period=None, quarters=quarters, organisms=[])
    return OpenData(
        period=OpenDataPeriod.model_validate({name: edition[name] for name in ("quarter", "from", "to")}),
        quarters=quarters,
        organisms=[_organism(**organism) for organism in edition["organisms"]],
    )


def _organism(organism_id: str, name: dict[str, str], figures: dict[str, int | None]) -> OrganismFigures:
    counts = {channel: figures[channel] for channel in ReceivedCounts.model_fields}
    others = {name: value for name, value in figures.items() if name not in counts}
    return OrganismFigures.model_validate(
        {"organism_id": organism_id, "name": name, "received": counts, **others},
    )


_COLUMNS = (
    "Trimestre / الفصل",
    "Du / من",
    "Au / إلى",
    "Identifiant / المعرف",
    "Organisme (français) / الهيئة (بالفرنسية)",
    "Organisme (arabe) / الهيئة (بالعربية)",
    "Courriers reçus / المراسلات الواردة",
    "Reçus en ligne / الواردة عبر الإنترنت",
    "Reçus au guichet / الواردة في الشباك",
    "Réponses données / المراسلات المجاب عنها",
    "Délai médian de prise en charge (heures) / وسيط أجل التسلم (بالساعات)",
    "Délai médian de la suite donnée (heures) / وسيط أجل المآل (بالساعات)",
)
_BYTE_ORDER_MARK = "\ufeff"
"""Excel takes a CSV without it for one in Windows' own encoding."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is a formula to a spreadsheet: https://owasp.org/www-community/attacks/CSV_Injection."""


def open_data_csv(data: OpenData) -> str:
    """The same as CSV (RFC 4180), its header in French and Arabic; a masked value is an empty cell."""
    written = io.StringIO(_BYTE_ORDER_MARK)
    written.seek(0, io.SEEK_END)
    rows = csv.writer(written)
    rows.writerow(_COLUMNS)
    period = data.period
    for one in data.organisms if period else ():
        of_period = (period.quarter, period.first, period.last) if period else ()
        names = (one.organism_id, *(_as_text(name) for name in (one.name.fr, one.name.ar)))
        received = (one.received.total, one.received.online, one.received.counter)
        medians = (one.median_hours_to_collection, one.median_hours_to_outcome)
        rows.writerow((*of_period, *names, *received, one.answered, *medians))
    return written.getvalue()


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
