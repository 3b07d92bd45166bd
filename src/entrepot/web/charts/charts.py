"""Charts: what a page shows as a picture, as a sentence and as a table, all three made from the same numbers.

A page builds a `Chart`, and `web/parts/chart.html` shows it. `charts.js` draws what `Chart.drawn` says; who cannot see
the picture reads `summary`, or opens the table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from django.utils import formats
from django.utils.functional import Promise

Kind = Literal["stacked", "bars", "lines", "steps"]
Cell = str | float | Decimal | None


@dataclass(frozen=True, slots=True)
class Point:
    """One value. `label`: what it belongs to, a day or a moment; `cause`: why it is so; `at`: its place in time.

    `tick`: a shorter label for the axis. Without `at` the points stand at equal distances. A `value` of None is not
    known, and not drawn.
    """

    label: str
    value: float | None
    cause: str = ""
    at: datetime | None = None
    tick: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """A line, or the bars of one colour."""

    name: str
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the axis of time."""

    label: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Table:
    """The same numbers to read. The first column names its row."""

    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture of numbers. All series have the same points; `table` is made of them where none is given.

    `key` is the element's id, once on a page. `unit` is written at the axis, `note` below; `empty` stands instead where
    there is nothing to draw.
    """

    key: str
    title: str | Promise
    kind: Kind
    unit: str | Promise
    series: Sequence[Series]
    summary: str
    axis: str | Promise
    cause_word: str | Promise = ""
    ticks: Sequence[Tick] = ()
    note: str = ""
    empty: str | Promise = ""
    written: Table | None = None

    @property
    def has_points(self) -> bool:
        """Whether there is anything to draw."""
        return any(point.value is not None for series in self.series for point in series.points)

    @property
    def table(self) -> Table:
        """The numbers as rows: a column for each series, and one for the causes where there are any."""
        if self.written is not None:
            return self.written
        first = self.series[0].points if self.series else ()
        head = [str(self.axis), *(series.name for series in self.series)]
        rows: list[list[Cell]] = [
            [point.label, *(series.points[place].value for series in self.series)] for place, point in enumerate(first)
        ]
        if self.cause_word:
            head.append(str(self.cause_word))
            rows = [[*row, point.cause] for row, point in zip(rows, first, strict=True)]
        return Table(head, rows)

    @property
    def drawn(self) -> Mapping[str, Any]:
        """What the script is told."""
        first = self.series[0].points if self.series else ()
        facts: dict[str, Any] = {
            "kind": self.kind,
            "unit": str(self.unit),
            "labels": [point.label for point in first],
            "short": [point.tick or point.label for point in first],
            "causes": [point.cause for point in first] if any(point.cause for point in first) else [],
            "series": [
                {"name": series.name, "values": [point.value for point in series.points]} for series in self.series
            ],
        }
        if first and first[0].at is not None:
            facts["at"] = [_milliseconds(point.at) for point in first]
            facts["ticks"] = [{"label": tick.label, "at": _milliseconds(tick.at)} for tick in self.ticks]
        return facts


def _milliseconds(at: datetime | None) -> int:
    return round(at.timestamp() * 1000) if at else 0


def written(value: float, places: int = 0) -> str:
    """A number as a sentence says it, in the reader's way."""
    return formats.number_format(round(value, places), decimal_pos=places, use_l10n=True, force_grouping=True)
