"""Tables in Markdown, and the marks of aims."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def mark(aim: str, reached: object) -> str:
    """An aim, and whether it was reached."""
    return f"{aim} {'✓' if reached else '✗'}"
