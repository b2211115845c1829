"""The things that docs/cost.md bills by the month are those of the rehearsal's templates."""

import json
from pathlib import Path

from tests.bench.cost.counts import kept
from tests.bench.cost.measuring import MEMORY_MB, memory_of
from tests.bench.cost.things import priced
from tests.support.inspection.synthesised import Synthesised


def test_the_page_counts_the_things_that_a_stage_has(assembly: Path) -> None:
    templates = [json.loads(path.read_text()) for path in assembly.rglob("BureauOrdre-prod*.template.json")]
    _, things = kept()
    assert priced(templates) == things, "run `make cost`"


def test_the_page_bills_functions_with_the_memory_that_they_have(prod: Synthesised) -> None:
    memory = {operation: function["MemorySize"] for operation, function in prod.functions().items()}
    assert memory_of(memory) == MEMORY_MB
