"""One chart of a stack: its head, its plot, and the range of values that both show."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme import px
from app.time_axis import Span, value_ticks
from app.widgets.charts.columns import RIGHT_MARGIN, plot_left
from app.widgets.charts.head import ChartHead, Tick
from app.widgets.charts.plot import Plot, series_colour
from app.widgets.charts.reduction import Floats, value_at
from app.widgets.charts.specs import ChartPoint, ChartSpec, SeriesKind, SeriesSpec
from app.widgets.charts.units import tick_label

HEAD_ROOM, KEEP_ABOVE = 1.08, 0.55
REACH = 8
"""as near to a measurement as this is on it"""
Data = Mapping[str, tuple[Floats, Floats]]


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a series at the crosshair: its pixel from the top of the row, and its colour."""

    y: float
    shade: QColor


class ChartRow(QWidget):
    """A chart for curves, areas, bars and things that hang below zero."""

    def __init__(self, spec: ChartSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec = spec
        self.head, self.plot = ChartHead(spec, self), Plot(spec, self)
        self._span = Span(0.0, 1.0)
        self._low, self._top = 0.0, spec.at_least
        self._ticks: tuple[float, ...] = ()
        self._below_ticks: tuple[float, ...] = ()
        self._points: tuple[ChartPoint, ...] = ()
        self._bars: dict[str, tuple[Floats, Floats]] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def keys(self) -> tuple[str, ...]:
        """The data it needs."""
        return tuple(series.key for series in self.spec.series)

    def refresh(self, data: Data, span: Span, baseline: Span | None = None) -> None:
        """Draw the data of a stretch of time, and behind its lines those of `baseline`, ending where it ends."""
        self._span = span
        self._collect_bars(data)
        self._draw_series(data)
        self._draw_ghosts(data, baseline)
        self._fit_range()
        self.plot.set_view(span, self._low, self._top, self._grid())
        self.head.show_ticks(self._labelled_ticks())

    def show_values(self, data: Data, at_s: float | None) -> None:
        """Write the values at a moment into the legend; the newest ones if it is None."""
        self.head.show_values({key: self._value(data, key, at_s) for key in self.keys})

    def value_texts(self) -> list[tuple[str, str]]:
        """Each series' name and value as the legend shows them."""
        return self.head.texts

    def dots(self, data: Data, at_s: float) -> list[Dot]:
        """The points of the lines at a moment."""
        dots = []
        for series in self.spec.series:
            if series.kind in (SeriesKind.LINE, SeriesKind.AREA):
                value = self._value(data, series.key, at_s)
                if math.isfinite(value):
                    dots.append(Dot(self.plot.y() + self.plot.y_of(value), series_colour(series)))
        return dots

    def show_points(self, points: dict[str, tuple[ChartPoint, ...]]) -> None:
        """Draw these single measurements over the curves of their keys."""
        self._points = tuple(point for some in points.values() for point in some)
        self.plot.set_points(points)

    def point_near(self, x: float, y: float) -> ChartPoint | None:
        """The measurement nearest to a pixel of the row, within reach."""
        near = [
            (math.hypot(self.plot.x() + place.x() - x, self.plot.y() + place.y() - y), number)
            for number, place in enumerate(map(self.plot.place_of, self._points))
        ]
        distance, number = min(near, default=(math.inf, 0))
        return self._points[number] if distance <= px(REACH) else None

    def key_at(self, data: Data, at_s: float, y: float) -> str:
        """The series whose point at a moment is nearest to a height; empty where none has one."""
        lines = (one for one in self.spec.series if one.kind in (SeriesKind.LINE, SeriesKind.AREA))
        points = [(self._value(data, one.key, at_s), one.key) for one in lines]
        far = [
            (abs(self.plot.y() + self.plot.y_of(value) - y), key)
            for value, key in points
            if math.isfinite(value)
        ]
        return min(far)[1] if far else ""

    def restyle(self) -> None:
        """Lay out for another text scale."""
        self._lay_out()

    def sizeHint(self) -> QSize:
        """The head's height."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """Room for every line of the legend."""
        return QSize(plot_left() + px(200), self.head.least_height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the plot beside the gutter."""
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        left = plot_left()
        self.head.setGeometry(0, 0, left, self.height())
        self.plot.setGeometry(left, 1, self.width() - left - px(RIGHT_MARGIN), self.height() - 2)

    def _labelled_ticks(self) -> tuple[Tick, ...]:
        largest = max((abs(tick) for tick in self._ticks), default=0.0)
        words = [(tick, tick_label(self.spec.unit, tick, largest)) for tick in self._ticks]
        below = self._below_series()
        if below is not None:
            words += [
                (-tick * below.magnified, f"{tick_label(self.spec.unit, tick, tick)} {below.suffix}".strip())
                for tick in self._below_ticks
            ]
        top = self.plot.y()
        return tuple(Tick(round(top + self.plot.y_of(value)), text) for value, text in words)

    def _below_series(self) -> SeriesSpec | None:
        return next((series for series in self.spec.series if series.kind is SeriesKind.BELOW), None)

    def _value(self, data: Data, key: str, at_s: float | None) -> float:
        if key not in data:
            return float("nan")
        x, y = data[key]
        if at_s is not None:
            return value_at(x, y, at_s)
        return float(y[-1]) if len(y) else float("nan")

    def _collect_bars(self, data: Data) -> None:
        self._bars = {
            series.key: self.plot.bar_buckets(*data[series.key], self._span)
            for series in self.spec.series
            if series.kind in (SeriesKind.BARS, SeriesKind.BELOW) and series.key in data
        }

    def _draw_series(self, data: Data) -> None:
        stacked: dict[float, float] = {}
        for series in self.spec.series:
            if series.key not in data:
                continue
            if series.kind is SeriesKind.BELOW:
                x, y = self._bars[series.key]
                self.plot.set_data(series, x, -y * series.magnified, self._span)
            elif series.kind is SeriesKind.BARS:
                x, y = self._bars[series.key]
                base = np.array([stacked.get(at, 0.0) for at in x.tolist()])
                self.plot.set_data(series, x, y, self._span, base)
                stacked.update(zip(x.tolist(), (base + y).tolist(), strict=True))
            else:
                self.plot.set_data(series, *data[series.key], self._span)

    def _draw_ghosts(self, data: Data, baseline: Span | None) -> None:
        for series in self.spec.series:
            if series.kind in (SeriesKind.LINE, SeriesKind.AREA) and series.key in data:
                x, y = data[series.key]
                if baseline is None:
                    self.plot.set_ghost(series, x[:0], y[:0], self._span)
                    continue
                part = (x >= baseline.start_s) & (x <= baseline.end_s)
                shift = self._span.end_s - baseline.end_s
                self.plot.set_ghost(series, x[part] + shift, y[part], self._span)

    def _extent(self) -> tuple[float, float]:
        low, high = 0.0, 0.0
        stacked: dict[float, float] = {}
        for series in self.spec.series:
            if series.key in self._bars:
                x, y = self._bars[series.key]
                if series.kind is SeriesKind.BELOW:
                    low = min(low, -float(np.max(y, initial=0.0)) * series.magnified)
                else:
                    for at, value in zip(x.tolist(), y.tolist(), strict=True):
                        stacked[at] = stacked.get(at, 0.0) + value
                continue
            lowest, highest = self.plot.extent(series.key) or (0.0, 0.0)
            low, high = min(low, lowest), max(high, highest)
        return low, max(high, max(stacked.values(), default=0.0))

    def _fit_range(self) -> None:
        low, high = self._extent()
        spec = self.spec
        wanted = max(high, spec.at_least, spec.threshold.value if spec.threshold else 0.0) * HEAD_ROOM
        if spec.at_most is not None:
            wanted = spec.at_most * HEAD_ROOM
        if not KEEP_ABOVE * self._top < wanted <= self._top:
            self._top = wanted
        height = max(self.plot.height(), 40)
        bottom = low * HEAD_ROOM if low < 0 else 0.0
        if any(series.kind is SeriesKind.BELOW for series in spec.series):
            bottom = min(bottom, -0.3 * self._top)
        room = (self._top - bottom) * px(9) / (height - px(9))
        self._low = bottom - room
        count = min(max(int(height * self._top / (self._top - self._low) / px(24)) + 1, 2), 5)
        highest = self._top - (self._top - self._low) * px(7) / height
        self._ticks = value_ticks(max(bottom, self._tick_floor()), highest, count)
        self._below_ticks = self._fit_below(bottom)

    def _tick_floor(self) -> float:
        return 0.0 if self._below_series() is not None else float("-inf")

    def _fit_below(self, bottom: float) -> tuple[float, ...]:
        below = self._below_series()
        if below is None:
            return ()
        reach = -bottom / below.magnified
        return tuple(tick for tick in value_ticks(0.0, reach, 3) if tick > 0)[-1:]

    def _grid(self) -> tuple[float, ...]:
        below = self._below_series()
        hanging = tuple(-tick * below.magnified for tick in self._below_ticks) if below else ()
        return (*self._ticks, *hanging)
