"""One chart of a stack: its head with legend and live values, its value labels, and its plot."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme import MEDIUM, REGULAR, SEMIBOLD, Token, colour, font, px
from app.time_axis import Span, value_ticks
from app.widgets.charts.plot import Plot, series_colour
from app.widgets.charts.reduction import Floats, value_at
from app.widgets.charts.specs import ChartPoint, ChartSpec, SeriesKind, SeriesSpec
from app.widgets.charts.units import tick_label, value_label
from app.widgets.paint import LEFT, RIGHT, draw_box, draw_text, faded, text_width

HEAD, GUTTER, RIGHT_MARGIN, SIDE = 196, 46, 14, 14
HEAD_ROOM, KEEP_ABOVE = 1.08, 0.55
REACH = 8
"""as near to a measurement as this is on it"""
Data = Mapping[str, tuple[Floats, Floats]]


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a series at the crosshair: its pixel from the top of the row, and its colour."""

    y: float
    shade: QColor


def plot_left() -> int:
    """Where every plot of a stack begins, in pixels."""
    return px(HEAD) + px(GUTTER)


def draw_head(painter: QPainter, title: str, caption: str, width: int) -> float:
    """Title and unit caption; the y where the legend begins."""
    draw_text(painter, QRectF(px(SIDE), px(9), width, px(18)), title, font(13, SEMIBOLD), Token.TEXT1)
    draw_text(painter, QRectF(px(SIDE), px(27), width, px(15)), caption, font(11), Token.TEXT3)
    return px(46)


class ChartRow(QWidget):
    """A chart for curves, areas, bars and things that hang below zero."""

    def __init__(self, spec: ChartSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec = spec
        self.plot = Plot(spec, self)
        self._span = Span(0.0, 1.0)
        self._low, self._top = 0.0, spec.at_least
        self._ticks: tuple[float, ...] = ()
        self._below_ticks: tuple[float, ...] = ()
        self._values: dict[str, float] = {}
        self._axis: tuple[object, ...] = ()
        self._labels = QPixmap()
        self._labelled: tuple[object, ...] = ()
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
        axis = (self._ticks, self._below_ticks, self._low, self._top, self.height())
        if axis != self._axis:
            self._axis = axis
            self.update(0, 0, plot_left(), self.height())

    def show_values(self, data: Data, at_s: float | None) -> None:
        """Write the values at a moment into the legend; the newest ones if it is None."""
        before = self._values
        self._values = {key: self._value(data, key, at_s) for key in self.keys}
        if self._values != before:
            self.update(0, 0, px(HEAD), self.height())

    def value_texts(self) -> list[tuple[str, str]]:
        """Each series' name and value as the legend shows them."""
        return [
            (series.name, value_label(series.unit or self.spec.unit, self._values.get(series.key, np.nan)))
            for series in self.spec.series
        ]

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
        """Lay out for another text scale, with labels in other colours."""
        self._labelled = ()
        self._lay_out()
        self.update()

    def sizeHint(self) -> QSize:
        """The head's height."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """Room for every line of the legend."""
        return QSize(plot_left() + px(200), px(46) + len(self.spec.series) * px(18) + px(6))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the plot beside the gutter."""
        super().resizeEvent(event)
        self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint labels and values; the plot paints itself."""
        if event.rect().left() >= plot_left():
            return
        painter = QPainter(self)
        face, values = font(12, MEDIUM), [value for _, value in self.value_texts()]
        self._keep_labels(tuple(math.ceil(text_width(value, face)) for value in values))
        painter.drawPixmap(0, 0, self._labels)
        for place, value in enumerate(values):
            draw_text(painter, self._legend_row(place), value, face, Token.TEXT1, RIGHT)

    def _keep_labels(self, widths: tuple[int, ...]) -> None:
        """Draw what stays from second to second: title, caption, each series' name beside its value, and the axis."""
        ratio = self.devicePixelRatioF()
        labelled = (widths, self._axis, self.height(), ratio)
        if labelled == self._labelled:
            return
        self._labelled = labelled
        self._labels = QPixmap(QSize(plot_left(), self.height()) * ratio)
        self._labels.setDevicePixelRatio(ratio)
        self._labels.fill(colour(Token.BG1))
        painter = QPainter(self._labels)
        draw_head(painter, self.spec.title, self.spec.caption, px(HEAD) - px(SIDE) - 4)
        for place, (series, width) in enumerate(zip(self.spec.series, widths, strict=True)):
            self._draw_label(painter, self._legend_row(place), series, width)
        self._draw_ticks(painter)
        painter.end()

    def _legend_row(self, place: int) -> QRectF:
        return QRectF(px(SIDE), px(46) + place * px(18), px(HEAD) - 2 * px(SIDE), px(18))

    def _lay_out(self) -> None:
        left = plot_left()
        area = QRect(left, 1, self.width() - left - px(RIGHT_MARGIN), self.height() - 2)
        self.plot.setGeometry(area)

    def _draw_label(self, painter: QPainter, row: QRectF, series: SeriesSpec, value_width: int) -> None:
        if series.kind is not SeriesKind.LEGEND_ONLY:
            shade = series_colour(series)
            middle = row.center().y()
            if series.dashed:
                draw_box(painter, QRectF(row.left(), middle - 1, px(5), 2), shade, None, 1)
                draw_box(painter, QRectF(row.left() + px(7), middle - 1, px(5), 2), shade, None, 1)
            else:
                draw_box(painter, QRectF(row.left(), middle - 1, px(12), 2), shade, None, 1)
        name_area = row.adjusted(px(20), 0, -value_width - px(8), 0)
        draw_text(painter, name_area, series.name, font(12, REGULAR), Token.TEXT2, LEFT)

    def _draw_ticks(self, painter: QPainter) -> None:
        largest = max((abs(tick) for tick in self._ticks), default=0.0)
        right = plot_left() - px(8)
        for value in self._ticks:
            self._draw_tick(painter, value, tick_label(self.spec.unit, value, largest), right)
        below = self._below_series()
        if below is not None:
            for value in self._below_ticks:
                text = f"{tick_label(self.spec.unit, value, value)} {below.suffix}".strip()
                self._draw_tick(painter, -value * below.magnified, text, right)

    def _draw_tick(self, painter: QPainter, value: float, text: str, right: float) -> None:
        y = round(self.plot.y() + self.plot.y_of(value))
        height = px(14)
        area = QRectF(px(HEAD) - px(10), y - height / 2, right - px(HEAD) + px(10), height)
        draw_text(painter, area, text, font(11), Token.TEXT3, RIGHT)
        painter.fillRect(QRectF(plot_left() - px(4), y, px(4), 1), faded(colour(Token.LINE2), 0.8))

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
