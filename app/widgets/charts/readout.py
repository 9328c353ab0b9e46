"""What a chart says in a sentence and as rows, for those who read it rather than see it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

import numpy as np

from app.time_axis import Span, format_clock_seconds
from app.widgets.charts.reduction import Floats, value_at
from app.widgets.charts.specs import ChartSpec, HeatSpec, SeriesKind, Unit
from app.widgets.charts.units import value_label

Data = Mapping[str, tuple[Floats, Floats]]
_NOTHING: tuple[Floats, Floats] = (np.empty(0), np.empty(0))


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """A series as a column: its key in the data, its name, and what its numbers are."""

    key: str
    name: str
    unit: Unit


@dataclass(frozen=True, slots=True, eq=False)
class ReadRows:
    """A row for each moment at which anything was measured, newest first; NaN where a series has nothing then.

    `at_s` are Unix seconds, `values` has a row a moment and a column a series.
    """

    columns: tuple[ReadColumn, ...]
    at_s: Floats
    values: Floats

    def text(self, row: int, column: int) -> str:
        """A value as the legend would show it."""
        return value_label(self.columns[column].unit, float(self.values[row, column]))


def read_columns(spec: ChartSpec | HeatSpec) -> tuple[ReadColumn, ...]:
    """The series of a chart, in the order of its legend."""
    if isinstance(spec, HeatSpec):
        return tuple(ReadColumn(row.key, row.name, spec.unit) for row in spec.rows)
    return tuple(ReadColumn(one.key, one.name, one.unit or spec.unit) for one in spec.series)


def read_rows(spec: ChartSpec | HeatSpec, data: Data, span: Span) -> ReadRows:
    """The values of a stretch of time."""
    columns = read_columns(spec)
    parts = [_within(data.get(column.key, _NOTHING), span) for column in columns]
    at_s = np.unique(np.concatenate([x for x, _ in parts])) if parts else np.empty(0)
    values = np.full((len(at_s), len(columns)), np.nan)
    for place, (x, y) in enumerate(parts):
        values[np.searchsorted(at_s, x), place] = y
    return ReadRows(columns, at_s[::-1], values[::-1])


def sentence(spec: ChartSpec | HeatSpec, data: Data, span: Span, clock_offset_s: float) -> str:
    """A chart’s newest values, and since when one is beyond the threshold (“; P99 above 800 ms since 03:07:12”)."""
    told = [
        f"{column.name} {value_label(column.unit, value)}"
        for column in read_columns(spec)
        if isfinite(value := value_at(*data.get(column.key, _NOTHING), span.end_s))
    ]
    words = f"{spec.title}: {', '.join(told) or 'nothing measured'}"
    if isinstance(spec, ChartSpec):
        words += _beyond(spec, data, span, clock_offset_s)
    return words


def _beyond(spec: ChartSpec, data: Data, span: Span, clock_offset_s: float) -> str:
    if spec.threshold is None:
        return ""
    limit = value_label(spec.unit, spec.threshold.value)
    for series in reversed(spec.series):
        if series.kind in (SeriesKind.LINE, SeriesKind.AREA):
            x, y = _within(data.get(series.key, _NOTHING), span)
            above = y > spec.threshold.value
            if len(x) and above[-1]:
                first = int(np.flatnonzero(~above)[-1]) + 1 if not above.all() else 0
                since = format_clock_seconds(float(x[first]), clock_offset_s)
                return f"; {series.name} above {limit} since {'before ' if not first else ''}{since}"
    return f"; nothing above {limit}"


def _within(series: tuple[Floats, Floats], span: Span) -> tuple[Floats, Floats]:
    x, y = series
    first, end = np.searchsorted(x, span.start_s), np.searchsorted(x, span.end_s, side="right")
    return x[first:end], y[first:end]
