"""The table that `make bench` prints: what was measured, what its budget is, and their ratio."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement. `budget` None: a figure to compare others with."""

    what: str
    value: float
    unit: str
    budget: float | None = None


@dataclass
class Report:
    """Rows in order of measurement, printed as they come."""

    rows: list[Row] = field(default_factory=list)

    def section(self, title: str) -> None:
        print(f"\n{title}\n{'-' * len(title)}", flush=True)

    def add(self, what: str, value: float, unit: str, budget: float | None = None) -> None:
        row = Row(what, value, unit, budget)
        self.rows.append(row)
        print(_line(row), flush=True)

    def over_budget(self) -> list[Row]:
        return [row for row in self.rows if row.budget is not None and row.value > row.budget]


def _line(row: Row) -> str:
    shown = f"{row.what:<72} {_number(row.value):>9} {row.unit:<6}"
    if row.budget is None:
        return shown.rstrip()
    verdict = "ok" if row.value <= row.budget else "OVER"
    ratio = f"{row.value / row.budget:5.2f} ×" if row.budget else " " * 7
    return f"{shown} budget {_number(row.budget):>7}  {ratio} {verdict}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 or value == int(value) else f"{value:.3g}"
