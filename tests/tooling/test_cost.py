"""docs/cost.md is what the counts and the prices say, and the counts are what a mail asks for today."""

import pytest

from tests.bench.cost import bill
from tests.bench.cost.counts import Counts, kept
from tests.bench.cost.measuring import count
from tests.bench.cost.page import page
from tests.support.in_process.service import ROOT

_MAILS, _THINGS = kept()


def test_the_page_is_made_of_the_counts_and_the_prices() -> None:
    assert (ROOT / "docs/cost.md").read_text(encoding="utf-8") == page(_MAILS, _THINGS)


def test_mails_ask_aws_for_what_the_page_counts() -> None:
    for counted, written in zip(count(), _MAILS, strict=True):
        assert not counted.differs_from(written), f"run `make cost`: {counted} is not {written}"


@pytest.mark.parametrize(("name", "more"), [("emails", 1), ("s3_writes", 1), ("write_units", 6), ("invocations", -1)])
def test_a_count_that_is_off_is_seen(name: str, more: int) -> None:
    written = _MAILS[0]
    counted = Counts(**(vars(written) | {name: getattr(written, name) + more}))
    assert counted.differs_from(written) == [name]


def test_the_bill_of_a_mail_without_files_has_no_line_for_files() -> None:
    lines = {line.what for line in bill.of_a_million(_MAILS[0])}
    assert not {what for what in lines if "files" in what or "GuardDuty" in what}
