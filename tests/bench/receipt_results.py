"""(d) as rows of the summary, and as a section."""

from collections.abc import Iterable, Sequence

from tests.bench.receipts import OURS, SEALED, Receipts
from tests.bench.tables import mark, table

AIM_SEALED, AIM_CPU, AIM_LAYER = 1.5, 1.5, 60

_NAMES = {
    OURS: "fpdf2 and our page",
    SEALED: "**the same, sealed**",
    "reportlab": "ReportLab",
    "weasyprint": "WeasyPrint",
    "typst": "typst",
}


def summary_rows(receipts: Receipts | None) -> Iterable[Sequence[str]]:
    """The rows of the summary; none where nothing was measured."""
    if receipts is None:
        return
    engines = {engine.name: engine for engine in receipts.engines}
    ours, sealed = engines[OURS], engines[SEALED]
    for rival in receipts.engines:
        if rival not in (ours, sealed):
            aim = mark("< 1", ours.warm < rival.warm) if rival.name == "weasyprint" else ""
            measured = f"{ours.warm / rival.warm:.2f} ×, cold {ours.cold / rival.cold:.2f} ×"
            yield f"(d) a receipt's page, warm, over {_NAMES[rival.name]}", measured, aim
    if typst := engines.get("typst"):
        ratio = sealed.warm / typst.warm
        measured = f"{ratio:.2f} ×, and one call of KMS"
        yield (
            "(d) made and sealed, warm, over typst's page unsealed",
            measured,
            mark(f"≤ {AIM_SEALED}", ratio <= AIM_SEALED),
        )
    yield (
        "(d) made and sealed: CPU of a cold start",
        f"{sealed.cpu:.2f} s",
        mark(f"≤ {AIM_CPU} s", sealed.cpu <= AIM_CPU),
    )
    size = receipts.layer_megabytes
    yield "(d) the receipt's layer, unzipped", f"{size:.1f} MB", mark(f"< {AIM_LAYER} MB", size < AIM_LAYER)


def section(receipts: Receipts | None) -> str:
    """The section, empty where nothing was measured."""
    if receipts is None:
        return ""
    rows = [
        (_NAMES[each.name], f"{each.cold:.0f}", f"{each.cpu:.2f}", f"{each.warm:.1f}", f"{each.kilobytes:.0f}")
        for each in receipts.engines
    ]
    return (
        "## (d) The receipt's page\n\n"
        "The same words, fonts and QR code, another number and subject each time; cold is import, fonts and first page "
        "in a fresh process, all engines with their bytecode at hand. Ours holds the record and is PDF/A, the others "
        "are neither, and take its words from modules that import nothing of fpdf2 or HarfBuzz. "
        "Sealed is the whole function with its handler, cold "
        "with nothing at hand but boto3 and its layers; a key of the process stands for the one in KMS, "
        f"and its signature, {receipts.signing:.2f} ms here, is not in the figures.\n\n"
        + table(("engine", "cold, ms", "cold CPU, s", "warm, ms", "PDF, KB"), rows)
    )
