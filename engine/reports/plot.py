"""One chart of the timeline: its head with the legend, grid, curves and limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.reports.axis import Column, Scale, columns, is_in_reach, runs, value_range, value_ticks
from engine.reports.palette import colour
from engine.reports.summary import Chart, Line, Style
from engine.reports.svg import element, elided, label, number, path_of, text_width
from engine.reports.texts import NOT_MEASURED, tick

_HEAD = 26.0
_BODY = 96.0
_EMPTY_BODY = 20.0
_FOOT = 14.0
_SIZE = 11.0
_TITLE_SIZE = 12.0
_COLUMN = 1.6
"""Pixels over which a dense curve is gathered."""
_QUIET_PART = 0.2
"""The share of the chart's width that a limit's label needs to itself."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a chart lies: its top, the time scale that all charts share, and the clock at time 0."""

    top: float
    time: Scale
    zero_s: float

    @property
    def body_top(self) -> float:
        """The top of the curves."""
        return self.top + _HEAD

    @property
    def body_bottom(self) -> float:
        """The line of the lowest value."""
        return self.top + _HEAD + _BODY


def plot_height(chart: Chart) -> float:
    """The height that a chart takes in the stack."""
    return _HEAD + (_BODY if has_values(chart) else _EMPTY_BODY) + _FOOT


def has_values(chart: Chart) -> bool:
    """Whether anything was measured for this chart."""
    return any(runs(line.x_s, line.y) for line in chart.lines)


def plot(chart: Chart, frame: Frame, palette: Mapping[str, str]) -> str:
    """The chart as SVG elements."""
    values = [value for line in chart.lines for value in line.y]
    if not has_values(chart):
        return _head(replace(chart, lines=()), frame, palette) + _nothing(frame, palette)
    low, high = value_range(values, chart.limit)
    scale = Scale(low, high, frame.body_bottom, frame.body_top)
    parts = [_head(chart, frame, palette), *_grid(chart, frame, scale, palette)]
    parts += [_curve(line, frame, scale, palette) for line in chart.lines]
    parts += _limit(chart, frame, scale, palette)
    return "".join(parts)


def _nothing(frame: Frame, palette: Mapping[str, str]) -> str:
    return label(NOT_MEASURED, frame.time.start, frame.body_top + 14, _SIZE, palette["text3"])


def _head(chart: Chart, frame: Frame, palette: Mapping[str, str]) -> str:
    """Title and remark at the left, the legend at the right, on plates that keep hairlines out of the words."""
    base = frame.top + 13
    title_px = text_width(chart.title, _TITLE_SIZE, semibold=True)
    legend, left = _legend(chart, frame, palette)
    caption = elided(chart.caption, _SIZE, left - title_px - 24)
    return "".join(
        [
            _plate(-4, frame.top, title_px + text_width(caption, _SIZE) + 16, palette),
            label(chart.title, 0, base, _TITLE_SIZE, palette["text1"], semibold=True),
            label(caption, title_px + 8, base, _SIZE, palette["text3"]) if caption else "",
            *legend,
        ]
    )


def _legend(chart: Chart, frame: Frame, palette: Mapping[str, str]) -> tuple[list[str], float]:
    """The names of the curves with a sample of each, and where they begin; a single curve needs none."""
    base, right = frame.top + 13, frame.time.end
    parts: list[str] = []
    for line in reversed(chart.lines if len(chart.lines) > 1 else ()):
        left = right - text_width(line.label, _SIZE)
        parts.append(_plate(left - 22, frame.top, right - left + 26, palette))
        parts.append(label(line.label, left, base, _SIZE, palette["text2"]))
        parts.append(_sample(line, left - 17, base - 4, palette))
        right = left - 30
    return parts, right


def _plate(x: float, top: float, width: float, palette: Mapping[str, str]) -> str:
    return element("rect", x=x, y=top, width=width, height=18, fill=palette["bg1"])


def _sample(line: Line, x: float, y: float, palette: Mapping[str, str]) -> str:
    return element(
        "path",
        d=f"M{number(x)} {number(y)}h12",
        stroke=colour(palette, line.colour),
        stroke_width=2.2,
        stroke_dasharray="4 3" if line.style is Style.DASHED else None,
    )


def _grid(chart: Chart, frame: Frame, scale: Scale, palette: Mapping[str, str]) -> list[str]:
    parts = []
    ticks = value_ticks(scale.low, scale.high)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 0.0
    for value in ticks:
        y = scale.at(value)
        line = f"M{number(frame.time.start)} {number(y)}H{number(frame.time.end)}"
        stroke = palette["line2"] if value == 0 else palette["line1"]
        parts.append(element("path", d=line, stroke=stroke, stroke_width=0.8))
        text = tick(value, chart.unit, step)
        parts.append(label(text, frame.time.start - 8, y + 4, _SIZE, palette["text3"], "end"))
    return parts


def _columns(line: Line, frame: Frame, scale: Scale) -> list[list[Column]]:
    """The curve's stretches in pixels; a dense one in columns."""
    return [
        columns([(frame.time.at(x), scale.at(y)) for x, y in stretch], _COLUMN)
        for stretch in runs(line.x_s, line.y)
    ]


def _band(stretches: Sequence[Sequence[Column]], stroke: str) -> str:
    """A light band between the lowest and highest value of each column."""
    if not any(column.high - column.low > 1 for stretch in stretches for column in stretch):
        return ""
    data = []
    for stretch in stretches:
        over = [(column.x, column.low) for column in stretch]
        under = [(column.x, column.high) for column in reversed(stretch)]
        data.append(path_of([*over, *under]) + "Z")
    return element("path", d="".join(data), fill=stroke, fill_opacity=0.2)


def _curve(line: Line, frame: Frame, scale: Scale, palette: Mapping[str, str]) -> str:
    stroke = colour(palette, line.colour)
    gathered = _columns(line, frame, scale)
    stretches = [[(column.x, column.middle) for column in stretch] for stretch in gathered]
    area = _band(gathered, stroke)
    if line.style is Style.AREA:
        floor = scale.at(max(scale.low, 0.0))
        closed = (
            f"{path_of([(points[0][0], floor), *points, (points[-1][0], floor)])}Z" for points in stretches
        )
        area += element("path", d="".join(closed), fill=stroke, fill_opacity=0.12)
    return area + element(
        "path",
        d="".join(path_of(points) for points in stretches),
        fill="none",
        stroke=stroke,
        stroke_width=1.5,
        stroke_linejoin="round",
        stroke_linecap="butt" if line.style is Style.DASHED else "round",
        stroke_dasharray="5 3.5" if line.style is Style.DASHED else None,
    )


def _limit(chart: Chart, frame: Frame, scale: Scale, palette: Mapping[str, str]) -> list[str]:
    """The limit as a dashed line, its label over the quieter end; words alone where it is far above the data."""
    if chart.limit is None:
        return []
    highest = max(y for line in chart.lines for stretch in runs(line.x_s, line.y) for _, y in stretch)
    is_drawn = is_in_reach(chart.limit, highest)
    words = chart.limit_label if is_drawn else f"{chart.limit_label}, above this chart"
    y = scale.at(chart.limit) if is_drawn else frame.body_top
    at_right = _is_quieter_at_right(chart, frame)
    x = frame.time.end - 4 if at_right else frame.time.start + 4
    anchor = "end" if at_right else "start"
    base = y - 4 if is_drawn else y + 4
    text = label(words, x, base, _SIZE, palette["accentText"], anchor, halo=palette["bg1"])
    if not is_drawn:
        return [text] if chart.limit_label else []
    line = f"M{number(frame.time.start)} {number(y)}H{number(frame.time.end)}"
    dashed = element("path", d=line, stroke=palette["warn"], stroke_width=1.1, stroke_dasharray="4 3")
    return [dashed, text] if chart.limit_label else [dashed]


def _is_quieter_at_right(chart: Chart, frame: Frame) -> bool:
    """Whether the curves stay lower over the last part of the time than over the first."""
    span = frame.time.high - frame.time.low
    first_end, last_start = frame.time.low + span * _QUIET_PART, frame.time.high - span * _QUIET_PART
    points = [point for line in chart.lines for stretch in runs(line.x_s, line.y) for point in stretch]
    at_left = max((y for x, y in points if x <= first_end), default=0.0)
    at_right = max((y for x, y in points if x >= last_start), default=0.0)
    return at_right <= at_left
