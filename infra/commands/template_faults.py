"""cfn-lint on the templates of a synthesis: `make synth` ends with it, and `make deploy` begins with it.

Its configuration, with the reason of each rule that is left out, is `.cfnlintrc.yaml`.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from cfnlint.api import lint_file

from infra.commands.cloud_assembly import templates


def template_faults(linted: Iterable[Path]) -> Iterator[str]:
    """What cfn-lint finds in each template, one line for each finding."""
    for template in linted:
        for found in lint_file(template):
            yield f"{template.name}: {found.rule.id} {'/'.join(map(str, found.path or ()))}: {found.message}"


def main(arguments: Sequence[str]) -> int:
    """Return 0 where the templates that were synthesised into the folder have no fault."""
    linted = templates(Path(arguments[0]))
    faults = list(template_faults(linted))
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    sys.stdout.write(f"cfn-lint: {len(linted)} templates, {len(faults)} findings\n")
    return 0 if linted and not faults else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
