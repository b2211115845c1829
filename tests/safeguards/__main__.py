"""`python -m tests.safeguards`: take each safeguard away in turn, and name the test that fails.

Words after it choose the safeguards whose name, place or test holds one of them. Exits with 1 where one could be taken
away unnoticed.
"""

import sys

from tests.safeguards.runner import take_away_each
from tests.safeguards.table import SAFEGUARDS


def main(words: list[str]) -> int:
    """Return 0 when a test noticed each safeguard that was taken away."""
    chosen = [
        each
        for each in SAFEGUARDS
        if not words or any(word in f"{each.name} {each.place} {each.test}" for word in words)
    ]
    removals = take_away_each([each for each in chosen if each.test])
    for each in chosen:
        if each.backed_by:
            sys.stdout.write(f"  kept by more than it  {each.name}: {each.backed_by}\n")
    sys.stdout.write(f"{removals.summary()}\n")
    return 0 if removals.all_noticed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
