"""What the demo says: rich on a terminal, plain lines elsewhere."""

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

STYLES = {"completed": "green", "running": "cyan", "skipped": "yellow", "failed": "red", "timeout": "red"}


class Teller:
    def __init__(self) -> None:
        self._rich = Console(highlight=False) if sys.stdout.isatty() else None

    def head(self, text: str) -> None:
        self._say(text, "bold")

    def line(self, text: str) -> None:
        self._say(f"  {text}", "")

    def warn(self, text: str) -> None:
        self._say(f"  {text}", "yellow")

    def state(self, title: str, state: str, note: str = "") -> None:
        if self._rich is None:
            self._plain(f"  {title}: {state}{f' ({note})' if note else ''}")
        else:
            shown = Text.assemble("  ", (f"{title:<18}", "bold"), (f"{state:<10}", STYLES.get(state, "dim")), note)
            self._rich.print(shown)

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        if self._rich is not None:
            drawn = Table(*columns, header_style="dim", box=None, pad_edge=False, padding=(0, 3, 0, 2))
            for row in rows:
                drawn.add_row(*row)
            self._rich.print(drawn)
            return
        widths = [max(len(row[index]) for row in [columns, *rows]) for index in range(len(columns))]
        for row in [columns, *rows]:
            self._plain("  " + "  ".join(f"{text:<{width}}" for text, width in zip(row, widths, strict=True)).rstrip())

    def ask(self, name: str, default: Any, description: str) -> str:
        """An empty answer means the default."""
        shown = f" [{default}]" if default is not None else ""
        return input(f"  {name}{shown}  {description}: ").strip()

    def _say(self, text: str, style: str) -> None:
        if self._rich is None:
            self._plain(text)
        else:
            self._rich.print(Text(text, style))

    def _plain(self, text: str) -> None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def seconds_between(begin: str | None, end: str | None) -> str:
    if not begin or not end:
        return "–"
    return f"{(datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds():.2f} s"


def shown(item: Mapping[str, Any]) -> str:
    """A metric in a few words."""
    data = item["data"]
    if item["type"] == "float":
        return "not a finite number" if data["value"] is None else f"{data['value']:g}"
    if item["type"] in ("line chart", "histogram"):
        curves = [f"{y['title']} {len(y['value'])} values, last {y['value'][-1:]}" for y in data["y_axis"]]
        return "; ".join(curves)
    if item["type"] == "table":
        return f"{len(data['row_labels']['value'])} × {len(data['col_labels']['value'])} cells"
    return ", ".join(f"{label} {value}" for label, value in zip(data["labels"], data["cell_value"][0], strict=True))
