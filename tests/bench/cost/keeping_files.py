"""What it costs to keep mails for ten years, and what a stage costs while nobody sends."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.bench.cost.bill import MILLION, PRICES
from tests.bench.cost.counting import FILE_BYTES
from tests.bench.cost.counts import Counts

YEARS = 10
DAYS_ON_STANDARD = 90
"""Then the lifecycle moves an object to Glacier Instant Retrieval, which answers as fast and costs a fifth."""
SMALLEST_MOVED = 131_072
"""Bytes. Glacier Instant Retrieval bills each object as at least 128 KB, so that smaller ones stay where they are."""
RECEIPT_BYTES, SLIP_BYTES, RECORD_BYTES = 60_000, 25_000, 2_500
TABLE_BYTES = 9_000
"""All items of a mail, with what the indexes repeat of them."""
_GB = 1_000_000_000
_DAYS_OF_A_MONTH = 365 / 12


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What a million mails cost while they are kept, in US dollars."""

    first_month: float
    later_month: float
    """Once the files have moved."""
    ten_years: float
    ten_years_on_standard: float
    """The same, were nothing moved."""


def of_a_million(counts: Counts) -> Kept:
    """Bytes of files, receipts and items, in one Region; the copy in a second one costs as much again for files."""
    month = PRICES["month"]
    files_gb = counts.files * FILE_BYTES / _GB * MILLION
    small_gb = (RECEIPT_BYTES + SLIP_BYTES + RECORD_BYTES) / _GB * MILLION
    table = TABLE_BYTES / _GB * MILLION * (month["table_gb"] + month["table_continuous_backup_gb"])
    small = small_gb * month["s3_standard_gb"] + table
    standard, instant = files_gb * month["s3_standard_gb"], files_gb * month["s3_instant_gb"]
    months, before = YEARS * 12, DAYS_ON_STANDARD / _DAYS_OF_A_MONTH
    moving = counts.files * MILLION * month["s3_transition"]
    return Kept(
        first_month=small + standard,
        later_month=small + instant,
        ten_years=small * months + standard * before + instant * (months - before) + moving,
        ten_years_on_standard=(small + standard) * months,
    )


def of_a_stage(things: Mapping[str, int]) -> list[tuple[str, int, float]]:
    """What exists of a stage, how many of it, and what all of these cost in a month, in US dollars."""
    month = PRICES["month"]
    return [(name, number, number * month[name]) for name, number in things.items() if number]
