"""What a stack of charts shows, as data. No Qt widget and no pyqtgraph is needed to build these."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.theme import Status, Token


class Unit(StrEnum):
    """What the numbers of a chart are. Values arrive in this unit: durations in milliseconds, money in cents."""

    MILLISECONDS = "ms"
    PER_SECOND = "per_s"
    CENTS = "cents"
    PERCENT = "percent"
    MEGABYTES = "mb"
    COUNT = "count"


class SeriesKind(StrEnum):
    """How a series is drawn. `BARS` of one chart stand on each other; `BELOW` hangs from the zero line."""

    LINE = "line"
    AREA = "area"
    BARS = "bars"
    BELOW = "below"
    LEGEND_ONLY = "legend_only"


@dataclass(frozen=True, slots=True)
class SeriesSpec:
    """One series: its key in the data, its name in the legend, and its colour: a token or a service's name.

    `magnified` draws a BELOW series so many times larger than the others; its labels show true values.
    `unit` overrides the chart's unit in the legend; `suffix` follows the axis labels of a BELOW series.
    """

    key: str
    name: str
    colour: Token | str = Token.P95
    kind: SeriesKind = SeriesKind.LINE
    dashed: bool = False
    magnified: float = 1.0
    unit: Unit | None = None
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A dashed line with a label, such as an SLO."""

    value: float
    label: str
    status: Status = Status.WARNING


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """One chart of the stack. `at_least` is the smallest top of its value range, `share` its part of the height."""

    title: str
    caption: str
    unit: Unit
    series: tuple[SeriesSpec, ...]
    threshold: Threshold | None = None
    at_least: float = 1.0
    at_most: float | None = None
    share: int = 100


@dataclass(frozen=True, slots=True)
class HeatRowSpec:
    """One strip of a heat chart: the key in the data and the name beside it."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class HeatSpec:
    """A chart of strips, one a service: six lines would tangle."""

    title: str
    caption: str
    rows: tuple[HeatRowSpec, ...]
    unit: Unit = Unit.PERCENT
    low: float = 0.0
    high: float = 100.0


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """A single measurement on a chart, in its unit. `label` is its tool tip; `key` is the caller's own."""

    at_s: float
    value: float
    label: str
    key: str


class EventKind(StrEnum):
    """What a marker tells of."""

    ALERT = "alert"
    PAGE = "page"
    DEPLOY = "deploy"
    INFRASTRUCTURE = "infrastructure"
    RECOVERY = "recovery"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class ChartEvent:
    """A marker: a glyph and label in the lane, and a hairline through all charts. `key` is the caller's own."""

    at_s: float
    kind: EventKind
    label: str
    key: str = ""
