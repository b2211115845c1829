"""The terminal's output: one line for each step, with the seconds it took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

_WIDTH_WHEN_PIPED = 110


class Progress:
    """Prints to the terminal, with a spinner while a step runs."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, soft_wrap=True)
        if not self._console.is_terminal:
            self._console = Console(highlight=False, width=_WIDTH_WHEN_PIPED, soft_wrap=True)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Show a step while it runs, then its seconds, or a cross when it raises."""
        started = time.monotonic()
        mark = "[red]✗[/]"
        try:
            with self._console.status(escape(name)):
                yield
            mark = "[green]✓[/]"
        finally:
            seconds = time.monotonic() - started
            self._console.print(f"{mark} {escape(name)} [dim]{seconds:.1f} s[/]")

    def heading(self, text: str) -> None:
        """Begin a part."""
        self._console.print(f"\n[bold]{escape(text)}[/]")

    def say(self, text: str) -> None:
        """Print a line."""
        self._console.print(escape(text))

    def fail(self, text: str) -> None:
        """Print a failure."""
        self._console.print(f"[red]{escape(text)}[/]")

    def table(self, rows: dict[str, str]) -> None:
        """Print names and values in two columns."""
        table = Table(box=None, show_header=False, pad_edge=False)
        table.add_column(style="dim", no_wrap=True)
        table.add_column(overflow="fold")
        for name, value in rows.items():
            table.add_row(escape(name), escape(value))
        self._console.print(table)

    def letter(self, title: str, text: str) -> None:
        """Print a message that was sent, in a frame."""
        panel = Panel(escape(text.strip()), title=escape(title), title_align="left")
        self._console.print(panel, soft_wrap=False)
