"""The timeline of a run as one SVG drawing: phases, markers, and charts on one time axis.

A pure function of the summary and the palette; the PDF and the page use the same drawing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from engine.reports.axis import Scale, time_ticks
from engine.reports.lanes import GAP, Place, places
from engine.reports.palette import colour
from engine.reports.plot import Frame, has_values, plot, plot_height
from engine.reports.summary import Chart, Entry, Figures, Mark, Phase, Summary
from engine.reports.svg import FAMILY, element, elided, glyph, label, number, text_width
from engine.reports.texts import amount, clock, seconds_of_day, visible

WIDTH = 672.0
_GUTTER = 46.0
_RIGHT = 4.0
_LANES = 4
_MOST_NAMELESS = 8
_LANE_HEIGHT = 16.0
_PHASE_HEIGHT = 20.0
_AXIS_HEIGHT = 20.0
_LABEL_SIZE = 11.0
_TONES: Mapping[Mark, str] = {
    Mark.OK: "ok",
    Mark.WARNING: "warn",
    Mark.CRITICAL: "crit",
    Mark.INFO: "info",
    Mark.IDLE: "baseline",
    Mark.HERRING: "viol",
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG document and the sentence that says what it shows."""

    svg: str
    described: str


@dataclass(frozen=True, slots=True)
class _Marker:
    entry: Entry
    x: float
    place: Place
    lane: int


def tone(mark: Mark) -> str:
    """The token that a mark is drawn in."""
    return _TONES[mark]


def clock_zero(summary: Summary) -> float:
    """What the time axis reads at `at_s` 0, in seconds of a day."""
    return seconds_of_day(summary.started) if summary.clock_zero_s is None else summary.clock_zero_s


def described(chart: Chart, zero_s: float) -> str:
    """One sentence on a chart: each curve's highest value and when it was."""
    parts = []
    for line in chart.lines:
        known = [(y, x) for x, y in zip(line.x_s, line.y, strict=True) if math.isfinite(y)]
        if not known:
            parts.append(f"{line.label} not measured")
            continue
        highest, at = max(known, key=lambda point: abs(point[0]))
        parts.append(f"{line.label} up to {amount(highest, chart.unit)} at {clock(zero_s + at)}")
    return visible(f"{chart.title}: {', '.join(parts) or 'not measured'}.")


def timeline(summary: Summary, palette: Mapping[str, str], ident: str = "timeline") -> Drawing:
    """Phases, markers and every chart of the summary. `ident` prefixes the ids inside the drawing."""
    start_s, end_s = _extent(summary)
    zero_s = clock_zero(summary)
    time = Scale(start_s, end_s, _GUTTER, WIDTH - _RIGHT)
    markers = _markers(summary.entries, time)
    lanes = 1 + max((marker.lane for marker in markers), default=-1)
    top = _PHASE_HEIGHT + 8 if summary.phases else 0.0
    plots_top = top + lanes * _LANE_HEIGHT + (10 if lanes else 0)
    frames, y = [], plots_top
    for chart in summary.charts:
        frames.append((chart, Frame(y, time, zero_s)))
        y += plot_height(chart)
    sentence = " ".join(described(chart, zero_s) for chart in summary.charts) or "No series was recorded."
    has_axis = bool(lanes or summary.phases) or any(has_values(chart) for chart in summary.charts)
    body = [
        _head(ident, sentence),
        *(_impact(summary.figures, frame, palette) for chart, frame in frames if has_values(chart)),
        *(_phase(phase, time, palette) for phase in summary.phases),
        *(_hairline(marker, top, y, palette) for marker in _with_hairline(markers)),
        *(plot(chart, frame, palette) for chart, frame in frames),
        *(_marker(marker, top, palette) for marker in markers),
        *(_time_axis(time, zero_s, y, palette) if has_axis else ()),
    ]
    svg = element(
        "svg",
        "".join(body),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(WIDTH)} {number(y + _AXIS_HEIGHT)}",
        role="img",
        aria_labelledby=f"{ident}-title {ident}-text",
        font_family=FAMILY,
    )
    return Drawing(svg, sentence)


def _extent(summary: Summary) -> tuple[float, float]:
    """The times shown: all phases, entries and curves."""
    times = [phase.start_s for phase in summary.phases] + [phase.end_s for phase in summary.phases]
    times += [entry.at_s for entry in summary.entries]
    for chart in summary.charts:
        times += [x for line in chart.lines for x in line.x_s]
    finite = [time for time in times if math.isfinite(time)]
    start, end = min(finite, default=0.0), max(finite, default=0.0)
    return (start, end) if end > start else (start, start + 60)


def _head(ident: str, sentence: str) -> str:
    title = element("title", "Timeline of the incident", id=f"{ident}-title")
    return title + element("desc", escape(sentence), id=f"{ident}-text")


def _impact(figures: Figures, frame: Frame, palette: Mapping[str, str]) -> str:
    """A tint behind the curves from the symptom to the verified fix, or to the end where there is none."""
    if figures.symptom_at_s is None:
        return ""
    left = frame.time.at(figures.symptom_at_s)
    right = frame.time.end if figures.fixed_at_s is None else frame.time.at(figures.fixed_at_s)
    height = frame.body_bottom - frame.body_top
    width = max(0.0, right - left)
    return element("rect", x=left, y=frame.body_top, width=width, height=height, fill=palette["impact"])


def _phase(phase: Phase, time: Scale, palette: Mapping[str, str]) -> str:
    left, right = time.at(phase.start_s) + 1, time.at(phase.end_s) - 1
    if right - left < 2:
        return ""
    box = element(
        "rect",
        element("title", escape(visible(phase.name))),
        x=left,
        y=0.5,
        width=right - left,
        height=_PHASE_HEIGHT - 1,
        rx=4,
        fill=palette["bg2"],
        stroke=palette["line1"],
    )
    text = elided(phase.name, _LABEL_SIZE, right - left - 12)
    return box + (label(text, left + 6, 14, _LABEL_SIZE, palette["text2"]) if text else "")


def _markers(entries: Sequence[Entry], time: Scale) -> list[_Marker]:
    shown = [entry for entry in entries if entry.label]
    sized = [(time.at(entry.at_s), text_width(entry.label, _LABEL_SIZE)) for entry in shown]
    found = places(sized, _LANES, _GUTTER - 6, WIDTH)
    lowest = 1 + max((place.lane for place in found if place.lane is not None), default=-1)
    return [
        _Marker(entry, x, place, lowest if place.lane is None else place.lane)
        for entry, (x, _), place in zip(shown, sized, found, strict=True)
    ]


def _lane_middle(marker: _Marker, top: float) -> float:
    return top + marker.lane * _LANE_HEIGHT + _LANE_HEIGHT / 2


def _with_hairline(markers: Sequence[_Marker]) -> Sequence[_Marker]:
    """All markers; without those that found no room for a label where they are many."""
    named = [marker for marker in markers if marker.place.lane is not None]
    return markers if len(markers) - len(named) <= _MOST_NAMELESS else named


def _hairline(marker: _Marker, top: float, bottom: float, palette: Mapping[str, str]) -> str:
    dashed = marker.entry.mark in (Mark.WARNING, Mark.INFO, Mark.IDLE)
    start = _lane_middle(marker, top) + 6
    return element(
        "path",
        d=f"M{number(marker.x)} {number(start)}V{number(bottom)}",
        stroke=colour(palette, tone(marker.entry.mark)),
        stroke_width=0.9,
        stroke_opacity=0.55,
        stroke_dasharray="3 2.5" if dashed else None,
    )


def _marker(marker: _Marker, top: float, palette: Mapping[str, str]) -> str:
    fill = colour(palette, tone(marker.entry.mark))
    middle = _lane_middle(marker, top)
    sign = glyph(marker.entry.mark, marker.x, middle, 8, fill)
    if marker.place.lane is None:
        return element("g", element("title", escape(visible(marker.entry.label))) + sign)
    x = marker.x - GAP if marker.place.is_left else marker.x + GAP
    anchor = "end" if marker.place.is_left else "start"
    return sign + label(marker.entry.label, x, middle + 4, _LABEL_SIZE, palette["text1"], anchor)


def _time_axis(time: Scale, zero_s: float, y: float, palette: Mapping[str, str]) -> list[str]:
    ticks, step = time_ticks(time.low, time.high, zero_s, most=9)
    written = []
    for at in ticks:
        x = time.at(at)
        text = clock(zero_s + at, with_seconds=step < 60)
        half = text_width(text, _LABEL_SIZE) / 2
        x = min(max(x, half), WIDTH - half)
        written.append(label(text, x, y + 13, _LABEL_SIZE, palette["text3"], "middle"))
    return written
