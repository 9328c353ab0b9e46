"""The pyqtgraph part of one chart: its curves and bars, and nothing else.

They are drawn with one linear map, without pyqtgraph's view box and scene, which cost as much as the curves. Value
labels, grid and markers are painted around them with the same map. The picture is drawn once a refresh and kept, so
that a moving crosshair only copies pixels.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from app.theme import TONES, Token, colour, font, px, theme
from app.time_axis import Span
from app.widgets.charts.curve import Curve
from app.widgets.charts.reduction import (
    Floats,
    Reduction,
    bucket_means,
    min_max,
    round_up_step,
    steady_bucket,
    visible_slice,
    with_gaps,
)
from app.widgets.charts.specs import ChartPoint, ChartSpec, SeriesKind, SeriesSpec
from app.widgets.paint import draw_box, faded, text_width

BUCKET_PX = 2.0
BAR_PX = 3.0
AREA_OPACITY = 0.13
POINT_PX = 4
"""from the middle of a single measurement to its corners"""


def series_colour(spec: SeriesSpec) -> QColor:
    """The colour of a series: its token's, or its service's."""
    return colour(spec.colour) if isinstance(spec.colour, Token) else theme.service_colour(spec.colour)


class Plot(QWidget):
    """Curves of one chart over a span of time and a range of values."""

    def __init__(self, spec: ChartSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = spec
        self._grid: tuple[float, ...] = ()
        self._points: dict[str, tuple[ChartPoint, ...]] = {}
        self._span = Span(0.0, 1.0)
        self._range = (0.0, 1.0)
        self._picture = QPixmap()
        self._is_old = True
        self._option = QStyleOptionGraphicsItem()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._items: dict[str, pg.GraphicsObject] = {}
        self._ghosts: dict[str, Curve] = {}
        self._reductions: dict[str, Reduction] = {}
        for series in spec.series:
            self._add_item(series)
        self.restyle()

    def restyle(self) -> None:
        """Make pens and brushes again."""
        for series in self._spec.series:
            item = self._items.get(series.key)
            shade = series_colour(series)
            if isinstance(item, pg.BarGraphItem):
                item.setOpts(brush=pg.mkBrush(shade), pen=pg.mkPen(None))
            elif item is not None:
                self._style_curve(item, series, dense=False)
        self.redraw()

    def set_view(self, span: Span, low: float, high: float, grid: tuple[float, ...]) -> None:
        """Show this stretch of time and these values, with a hairline at each of `grid`."""
        self._grid, self._span, self._range = grid, span, (low, high)
        self.redraw()

    def set_points(self, points: dict[str, tuple[ChartPoint, ...]]) -> None:
        """Draw single measurements over the curves of their keys; those beyond the range stand at its edge."""
        if points != self._points:
            self._points = points
            self.redraw()

    def place_of(self, point: ChartPoint) -> QPointF:
        """The pixel of a measurement."""
        x = (point.at_s - self._span.start_s) / max(self._span.length_s, 1e-9) * self.width()
        return QPointF(x, min(max(self.y_of(point.value), px(POINT_PX)), self.height() - px(POINT_PX)))

    def redraw(self) -> None:
        """Draw a new picture at the next paint."""
        self._is_old = True
        self.update()

    def set_data(
        self, series: SeriesSpec, x: Floats, y: Floats, span: Span, base: Floats | None = None
    ) -> None:
        """Draw a series, reduced to what the pixels can show. `base` is what bars stand on."""
        item = self._items.get(series.key)
        width = max(self.width(), 50)
        if isinstance(item, pg.BarGraphItem):
            step = round_up_step(BAR_PX * span.length_s / width)
            item.setOpts(x0=x + step * 0.1, width=step * 0.8, y0=0.0 if base is None else base, height=y)
            return
        if item is None:
            return
        part = visible_slice(x, span.start_s, span.end_s)
        dense = part.stop - part.start > width / BUCKET_PX * 1.3
        self._style_curve(item, series, dense)
        if dense:
            reduction = self._reductions.setdefault(series.key, Reduction())
            item.set_points(*reduction.of(x[part], y[part], self._bucket_s(span)))
        else:
            item.set_points(*with_gaps(x[part], y[part]))

    def set_ghost(self, series: SeriesSpec, x: Floats, y: Floats, span: Span) -> None:
        """Draw what a series usually does behind it, dashed; no points take that away."""
        ghost = self._ghosts.get(series.key)
        if ghost is None:
            if not len(x):
                return
            ghost = self._ghosts[series.key] = Curve()
        part = visible_slice(x, span.start_s, span.end_s)
        ghost.set_style(colour(Token.BASELINE), True, True, None, self.devicePixelRatioF())
        ghost.set_points(*min_max(x[part], y[part], self._bucket_s(span)))

    def _bucket_s(self, span: Span) -> float:
        return steady_bucket(BUCKET_PX * span.length_s / max(self.width(), 50))

    def extent(self, key: str) -> tuple[float, float] | None:
        """The smallest and the largest value of a curve; None if it has none, or is no curve."""
        item = self._items.get(key)
        return item.extent if isinstance(item, Curve) else None

    def bar_buckets(self, x: Floats, y: Floats, span: Span) -> tuple[Floats, Floats]:
        """A series as bars: the mean of each bucket of about 4 px."""
        part = visible_slice(x, span.start_s, span.end_s)
        return bucket_means(x[part], y[part], round_up_step(BAR_PX * span.length_s / max(self.width(), 50)))

    def y_of(self, value: float) -> float:
        """The pixel of a value, from the top."""
        low, high = self._range
        return (high - value) / (high - low) * self.height() if high > low else float(self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The picture no longer fits."""
        super().resizeEvent(event)
        self.redraw()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy what was uncovered from the picture, drawing it first if it is new."""
        if self._is_old:
            self._draw()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        if self._picture.size() != self.size() * ratio:
            self._picture = QPixmap(self.size() * ratio)
        self._picture.setDevicePixelRatio(ratio)
        self._picture.fill(colour(Token.BG1))
        self._is_old = False
        painter = QPainter(self._picture)
        for value in self._grid:
            painter.fillRect(QRectF(0, round(self.y_of(value)), self.width(), 1), colour(Token.LINE1))
        painter.setClipRect(QRectF(0, 0, self.width(), self.height()))
        painter.setTransform(self._map())
        for item in (*self._ghosts.values(), *self._items.values()):
            painter.save()
            item.paint(painter, self._option, None)
            painter.restore()
        painter.resetTransform()
        self._draw_points(painter)
        self._draw_threshold(painter)
        painter.end()

    def _map(self) -> QTransform:
        """From seconds and values to pixels."""
        low, high = self._range
        x = self.width() / self._span.length_s if self._span.length_s > 0 else 1.0
        y = self.height() / (high - low) if high > low else 1.0
        return QTransform(x, 0.0, 0.0, -y, -self._span.start_s * x, high * y)

    def _draw_points(self, painter: QPainter) -> None:
        if not self._points:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(colour(Token.BG1), 1))
        half = px(POINT_PX)
        corners = [QPointF(x, y) for x, y in ((0, -half), (half, 0), (0, half), (-half, 0))]
        for series in self._spec.series:
            painter.setBrush(series_colour(series))
            for point in self._points.get(series.key, ()):
                place = self.place_of(point)
                painter.drawPolygon([place + corner for corner in corners])

    def _draw_threshold(self, painter: QPainter) -> None:
        threshold = self._spec.threshold
        if threshold is None or not self._range[0] < threshold.value <= self._range[1]:
            return
        y = round(self.y_of(threshold.value)) + 0.5
        tone = TONES[threshold.status]
        pen = QPen(colour(tone.mark), 1)
        pen.setDashPattern([3, 3])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(pen)
        painter.drawLine(QPointF(0, y), QPointF(self.width(), y))
        if threshold.label:
            face = font(11)
            width, height = text_width(threshold.label, face), px(15)
            above = y - height - 1
            plate = QRectF(px(2), above if above >= 0 else y + 2, width + 6, height)
            draw_box(painter, plate, faded(colour(Token.BG1), 0.85), None, 3)
            painter.setFont(face)
            painter.setPen(colour(tone.text))
            painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, threshold.label)

    def _add_item(self, series: SeriesSpec) -> None:
        if series.kind is SeriesKind.LEGEND_ONLY:
            return
        if series.kind in (SeriesKind.BARS, SeriesKind.BELOW):
            item = pg.BarGraphItem(x0=np.zeros(0), width=1.0, y0=0.0, height=np.zeros(0))
        else:
            item = Curve()
        self._items[series.key] = item

    def _style_curve(self, item: Curve, series: SeriesSpec, dense: bool) -> None:
        shade = series_colour(series)
        fill = faded(shade, AREA_OPACITY) if series.kind is SeriesKind.AREA else None
        item.set_style(shade, dense, series.dashed, fill, self.devicePixelRatioF())
