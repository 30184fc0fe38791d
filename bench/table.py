"""What was measured, as rows: ours, the alternative, their ratio, the aim."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "results" / "latest.json"
_HEADINGS = ("what", "ours", "alternative", "ratio", "aim", "met")


@dataclass(frozen=True)
class Row:
    """One number. `judged` is compared with `limit`: at most it, or at least with `at_least`."""

    what: str
    unit: str
    ours: float
    alternative: float | None = None
    against: str = ""
    """What the alternative is, in a word or two."""
    judged: float | None = None
    limit: float | None = None
    at_least: bool = False
    aim: str = ""
    note: str = ""
    load: float = 0.0
    """Load of the machine when it was measured."""

    @property
    def ratio(self) -> float | None:
        """Ours by the alternative."""
        return self.ours / self.alternative if self.alternative else None

    @property
    def met(self) -> bool | None:
        """Whether the aim was reached; None where there is none."""
        if self.judged is None or self.limit is None:
            return None
        return self.judged >= self.limit if self.at_least else self.judged <= self.limit

    def cells(self) -> Sequence[str]:
        """The row as it is printed."""
        other = _number(self.alternative, self.unit)
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        met = {None: "", True: "yes", False: "NO"}[self.met]
        what = f"{self.what} ({self.note})" if self.note else self.what
        named = f"{other} {self.against}".strip()
        return (what, _number(self.ours, self.unit), named, ratio, self.aim, met)


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f} {unit}"


def load() -> float:
    """Processes that want a core, over the last minute."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else 0.0


def show(rows: Iterable[Row]) -> str:
    """The rows as a Markdown table."""
    lines = [_HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADINGS))]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    head, *shown = (_line(cells, widths) for cells in lines)
    return "\n".join([head, rule, *shown])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"


def machine() -> str:
    """Cores, system and load in a line."""
    return f"{os.cpu_count()} cores, {platform.system()}, load {load()}"


def save(rows: Iterable[Row]) -> Path:
    """Write the rows for other programs; returns where."""
    RESULTS.parent.mkdir(exist_ok=True)
    kept = [{**asdict(row), "ratio": row.ratio, "met": row.met} for row in rows]
    text = json.dumps({"machine": machine(), "rows": kept}, ensure_ascii=False, indent=2)
    RESULTS.write_text(text + "\n", encoding="utf-8")
    return RESULTS
