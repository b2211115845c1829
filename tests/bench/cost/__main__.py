"""`python -m tests.bench.cost <folder of the synthesised example>`: count, and write docs/cost.md."""

import json
import sys
from pathlib import Path

from tests.bench.cost.counts import keep
from tests.bench.cost.measuring import count
from tests.bench.cost.page import page
from tests.bench.cost.things import priced

PAGE = Path(__file__).parents[3] / "docs/cost.md"


def main() -> None:
    """Count the life of mails in this process, and the things in the templates of the folder named."""
    templates = [json.loads(path.read_text()) for path in sorted(Path(sys.argv[1]).glob("*.template.json"))]
    counts, things = count(), priced(templates)
    keep(counts, things)
    PAGE.write_text(page(counts, things))
    sys.stdout.write(f"Written: {PAGE.name}\n")


if __name__ == "__main__":
    main()
