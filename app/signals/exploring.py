"""Any metric as a chart: which of its series make a line, and how their values are put together. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from app.theme import Token
from app.widgets.charts import ChartSpec, SeriesKind, SeriesSpec, Threshold, Unit
from app.widgets.charts.reduction import Floats
from protos.drill.v1.records import Metric

TITLE_LENGTH = 20
MOST_LINES = 6
"""More would tangle."""
HELD_S = 10.0
"""A value stands for so long until the next one comes: exporters send every few seconds."""
ALL, EACH = "(all)", "(each)"
"""How to group: all series together, or each by itself; anything else is an attribute."""
PART_WORDS: Mapping[str, str] = {
    "p50": "P50",
    "p95": "P95",
    "p99": "P99",
    "mean": "Mean",
    "per_s": "Per second",
}
_INKS = (Token.P95, Token.RATE, Token.P99, Token.P50, Token.TEXT2, Token.BASELINE)


class Together(StrEnum):
    """How the values of one line's series become one."""

    SUM = "sum"
    MEAN = "mean"
    HIGHEST = "highest"
    LOWEST = "lowest"


_PUT: Mapping[Together, Callable[[Floats], Floats]] = {
    Together.SUM: lambda table: np.nansum(table, axis=0),
    Together.MEAN: lambda table: np.nanmean(table, axis=0),
    Together.HIGHEST: lambda table: np.nanmax(table, axis=0),
    Together.LOWEST: lambda table: np.nanmin(table, axis=0),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explored chart: its name, and the series that it is made of."""

    label: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explored:
    """A chart that somebody chose. `part` is empty for metrics without parts; `left_out` lines did not fit."""

    metric: str
    part: str
    unit: Unit
    together: Together
    group: str
    lines: tuple[Line, ...]
    left_out: int = 0

    @property
    def key(self) -> str:
        """What tells this chart from others."""
        return f"{self.metric}|{self.part}|{self.group}|{self.together}"

    @property
    def names(self) -> tuple[str, ...]:
        """Every series that it needs."""
        return tuple(dict.fromkeys(name for line in self.lines for name in line.names))

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """Each series with words for it: `billing: queue.length`; where a line has several, their own names."""
        figure = f" {PART_WORDS[self.part]}" if self.part in PART_WORDS else ""
        return tuple(
            (name, f"{line.label}: {self.metric}{figure}" if len(line.names) == 1 else name)
            for line in self.lines
            for name in line.names
        )

    @property
    def caption(self) -> str:
        """How it was made, in a few words."""
        words = [PART_WORDS[self.part]] if self.part in PART_WORDS else []
        if any(len(line.names) > 1 for line in self.lines):
            words.append(str(self.together))
        if self.group not in (ALL, EACH):
            words.append(f"by {self.group}")
        if self.left_out:
            words.append(f"{self.left_out} more not shown")
        return ", ".join(words)

    def line_key(self, line: Line) -> str:
        """The key of a line's values in a chart's data."""
        return f"{self.key}|{line.label}"


def default_together(metric: Metric, part: str) -> Together:
    """What adds up is summed up; of percentiles nothing but the worst is true for several."""
    if part in ("p50", "p95", "p99"):
        return Together.HIGHEST
    return Together.SUM if part == "per_s" or metric.kind == "counter" else Together.MEAN


def allowed_together(part: str) -> tuple[Together, ...]:
    """The mean or sum of percentiles is a number without a meaning: it is not offered."""
    if part in ("p50", "p95", "p99"):
        return (Together.HIGHEST, Together.LOWEST)
    return tuple(Together)


def attributes_of(metric: Metric) -> tuple[str, ...]:
    """What the series of a metric can be grouped by: attributes with more than one value."""
    values: dict[str, set[str]] = {}
    for series in metric.series:
        for key, value in series.attributes.items():
            values.setdefault(key, set()).add(str(value))
    return tuple(key for key, found in values.items() if len(found) > 1)


def explore(metric: Metric, part: str, group: str, together: Together) -> Explored:
    """A chart of a metric."""
    members: dict[str, list[str]] = {}
    for series in metric.series:
        members.setdefault(_label(metric, series.attributes, group), []).append(
            f"{series.base}|{part}" if part else series.base
        )
    lines = tuple(Line(label, tuple(names)) for label, names in sorted(members.items()))
    unit = Unit.PER_SECOND if part == "per_s" else Unit(metric.unit)
    left_out = max(0, len(lines) - MOST_LINES)
    return Explored(metric.name, part, unit, together, group, lines[:MOST_LINES], left_out)


def _label(metric: Metric, attributes: Mapping[str, Any], group: str) -> str:
    if group == ALL:
        return "all" if len(metric.series) > 1 else " ".join(map(str, attributes.values())) or metric.name
    if group == EACH:
        varying = attributes_of(metric)
        return " ".join(str(attributes[key]) for key in varying if key in attributes) or metric.name
    return str(attributes.get(group, "(none)"))


def chart_of(explored: Explored, services: frozenset[str], threshold: Threshold | None = None) -> ChartSpec:
    """The chart as the stack draws it. A line that is named by a service has its colour."""
    series = tuple(
        SeriesSpec(
            key=explored.line_key(line),
            name=line.label,
            colour=line.label if line.label in services else _INKS[place % len(_INKS)],
            kind=SeriesKind.AREA if len(explored.lines) == 1 else SeriesKind.LINE,
        )
        for place, line in enumerate(explored.lines)
    )
    return ChartSpec(
        title=short_name(explored.metric),
        caption=explored.caption,
        unit=explored.unit,
        series=series,
        threshold=threshold,
        at_least=_LEAST.get(explored.unit, 1.0),
        share=85,
    )


def short_name(metric: str) -> str:
    """A metric's name as it fits above a chart: its last words tell most."""
    words = metric.split(".")
    while len(words) > 1 and len(".".join(words)) > TITLE_LENGTH:
        words.pop(0)
    short = ".".join(words)
    return short if short == metric else f"…{short}"


_LEAST: Mapping[Unit, float] = {Unit.PERCENT: 100.0, Unit.MILLISECONDS: 1.0}


def combined(samples: Sequence[tuple[Floats, Floats]], together: Together) -> tuple[Floats, Floats]:
    """The values of several series as one, at every moment at which any of them has a value."""
    samples = [one for one in samples if len(one[0])]
    if len(samples) <= 1:
        return samples[0] if samples else (np.empty(0), np.empty(0))
    moments = np.unique(np.concatenate([at for at, _ in samples]))
    table = np.array([_held(at, values, moments) for at, values in samples])
    known = np.isfinite(table).any(axis=0)
    return moments[known], _PUT[together](table[:, known])


def _held(at: Floats, values: Floats, moments: Floats) -> Floats:
    """A series' newest value at each moment, as long as it stands."""
    place = np.searchsorted(at, moments, "right") - 1
    held = np.where(place >= 0, values[np.maximum(place, 0)], np.nan)
    return np.where(moments - at[np.maximum(place, 0)] <= HELD_S, held, np.nan)


def values_of(
    explored: Explored, data: Mapping[str, tuple[Floats, Floats]]
) -> dict[str, tuple[Floats, Floats]]:
    """The data of a chart's lines, from the series that are known."""
    return {
        explored.line_key(line): combined(
            [data[name] for name in line.names if name in data], explored.together
        )
        for line in explored.lines
    }


def to_kept(explored: Explored) -> dict[str, Any]:
    """A chart as it is kept on disk."""
    return asdict(explored)


def from_kept(value: Any) -> Explored | None:
    """A chart that was kept; None where it cannot be read any more."""
    try:
        lines = tuple(Line(str(one["label"]), tuple(map(str, one["names"]))) for one in value["lines"])
        return Explored(
            metric=str(value["metric"]),
            part=str(value["part"]),
            unit=Unit(value["unit"]),
            together=Together(value["together"]),
            group=str(value["group"]),
            lines=lines[:MOST_LINES],
            left_out=int(value["left_out"]),
        )
    except (KeyError, TypeError, ValueError):
        return None
