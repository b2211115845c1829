"""The page `docs/cost.md`, made of the counts and the prices alone: `make cost` counts again and writes it."""

from tests.bench.cost import bill, keeping_files, limits
from tests.bench.cost.bill import PRICES, Line
from tests.bench.cost.counting import FILE_BYTES
from tests.bench.cost.counts import Counts
from tests.bench.tables import table

AIM = 1_100
"""US dollars for a million mails with two files, without SMS."""
SMS_PARTS = 2 * 2
"""Two SMS for each mail, in two parts each: Arabic leaves 67 letters to a part."""


def page(counts: list[Counts], things: dict[str, int]) -> str:
    """The whole page, in Markdown."""
    usual = next(each for each in counts if each.files == 2)
    sections = {
        "A million mails, once": _bills(counts) + _changes(usual),
        "SMS": _sms(),
        "Ten years": _kept(counts),
        "A stage that nobody uses, by the month": _stage(things),
        "The limits of an account": _limits(usual),
    }
    return _head(usual) + "".join(f"\n## {title}\n\n{text}\n" for title, text in sections.items())


def _head(usual: Counts) -> str:
    return f"""# What it costs

<!-- Written by `make cost`: change the counts or the prices, not this page. -->

US dollars at list prices of {PRICES["as_of"]}, without free tiers, taxes or support. The
[prices](../tests/bench/cost/prices.toml) are written down from memory: check them before a budget is decided on. The
[counts](../tests/bench/cost/counts.json) are taken while the real functions run: a mail's whole life with its receipt,
four e-mails, a collection and an answer; a file has {FILE_BYTES // 1_000_000} MB.
`make cost` counts again and writes this page; `make test` fails where it says otherwise.

**A million mails with two files: {_dollars(bill.total(bill.of_a_million(usual)))} without SMS.**
The aim is {_dollars(AIM)}.
"""


def _changes(usual: Counts) -> str:
    """What changed this bill since the review of the first templates, and why it is above the aim."""
    lines = {line.what: line.dollars for line in bill.of_a_million(usual)}
    scans = sum(dollars for what, dollars in lines.items() if what.startswith("GuardDuty"))
    kept = keeping_files.of_a_million(usual)
    return f"""

**Why it is above the aim.** Two prices of AWS, for scans and e-mails, are {_dollars(scans + lines["SES: e-mails"])}
of it, and each stands for a promise: every file is scanned, and four messages say what became of a mail. What changed
the bill since the first review, about 1,530 US$ once and 63 a month for each million mails kept:

- files move to Glacier Instant Retrieval after {keeping_files.DAYS_ON_STANDARD} days: {kept.later_month:,.0f} US$
  a month from the fourth on, {kept.ten_years:,.0f} in ten years instead of {kept.ten_years_on_standard:,.0f};
- files of drafts that were never sent are gone after two days, and the firewall bounds who can make them;
- `sms` is a switch of each stage: off, it takes away over 99 % of the whole bill.

What would bring it further: files downloaded through the distribution, whose first TB of a month is free
({_dollars(lines["Bytes to the Internet"])}); one counter instead of three for the caps of a message; no e-mail about a
collection where the answer follows within the hour."""


def _bills(counts: list[Counts]) -> str:
    by_files = {each.files: {line.what: line for line in bill.of_a_million(each)} for each in counts}
    order = sorted({what for lines in by_files.values() for what in lines}, key=lambda what: -_of(by_files[2], what))
    rows = [
        (
            what,
            *(f"{lines[what].units:.4g}" if what in lines else "—" for lines in by_files.values()),
            _unit(by_files, what),
            *(f"{_of(lines, what):,.0f}" for lines in by_files.values()),
        )
        for what in order
    ]
    sums = [f"**{bill.total(list(lines.values())):,.0f}**" for lines in by_files.values()]
    rows.append(("**all**", "", "", "", "", *sums))
    heads = [f"{files} files" for files in by_files]
    return table(("", *heads, "for each mail", *(f"US$, {head}" for head in heads)), rows)


def _of(lines: dict[str, Line], what: str) -> float:
    return lines[what].dollars if what in lines else 0


def _unit(by_files: dict[int, dict[str, Line]], what: str) -> str:
    return next(lines[what].unit for lines in by_files.values() if what in lines)


def _sms() -> str:
    each = SMS_PARTS * PRICES["sms"]["part"]
    return (
        f"Two SMS for each mail, in two parts each, would add {_dollars(each * bill.MILLION)} to a million mails. "
        "A stage's file switches them off (`sms`), and caps them by number, organism and month."
    )


def _kept(counts: list[Counts]) -> str:
    rows = []
    for each in counts:
        kept = keeping_files.of_a_million(each)
        figures = (kept.first_month, kept.later_month, kept.ten_years, kept.ten_years_on_standard)
        rows.append((str(each.files), *(f"{figure:,.0f}" for figure in figures)))
    return (
        f"A million mails in one Region. Files of 128 KB or more move to Glacier Instant Retrieval after "
        f"{keeping_files.DAYS_ON_STANDARD} days; files of drafts that were never sent are gone after two days.\n\n"
        + table(("files", "first month", "a month from the fourth on", "ten years", "ten years without the move"), rows)
        + "\n\nThe second copy of the files costs as much again, and once 0.02 US$ for each GB that is copied."
    )


def _stage(things: dict[str, int]) -> str:
    found = keeping_files.of_a_stage(things)
    rows = [(name.replace("_", " "), str(number), f"{dollars:,.2f}") for name, number, dollars in found]
    rows.append(("**all**", "", f"**{sum(dollars for _, _, dollars in found):,.2f}**"))
    return (
        table(("", "number", "US$ a month"), rows)
        + "\n\nSnapshots of functions add about 38 US$ (`infra/functions/snap_start.py`); backups, what they hold."
    )


def _limits(usual: Counts) -> str:
    rows = []
    for limit in limits.of(usual, seconds_of_functions=usual.gb_seconds):
        needed = (f"{limit.for_each_mail * rate:,.0f}" for rate in limits.RATES)
        rows.append((limit.what, f"{limit.granted:,.0f}", f"{limit.reached_at():.2g}", *needed, limit.raise_by))
    heads = ("limit", "a new account has", "enough for mails a second", *(f"needed at {rate}" for rate in limits.RATES))
    return "The one that is met first stands at the top.\n\n" + table((*heads, "raise it by"), rows)


def _dollars(amount: float) -> str:
    return f"{amount:,.0f} US$"
