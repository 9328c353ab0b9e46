"""The pyqtgraph part of one chart: a bare view box with curves and bars, and nothing else.

No axes, no frame, no menus, no mouse: value labels, grid and markers are painted around it with the same linear map.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QFrame, QWidget

from app.theme import TONES, Token, colour, font, px, theme
from app.time_axis import Span
from app.widgets.charts.reduction import (
    Floats,
    bucket_means,
    min_max,
    round_up_step,
    visible_slice,
    with_gaps,
)
from app.widgets.charts.specs import ChartSpec, SeriesKind, SeriesSpec
from app.widgets.paint import draw_box, faded, text_width

BUCKET_PX = 2.0
BAR_PX = 3.0
AREA_OPACITY = 0.13


def series_colour(spec: SeriesSpec) -> QColor:
    """The colour of a series: its token's, or its service's."""
    return colour(spec.colour) if isinstance(spec.colour, Token) else theme.service_colour(spec.colour)


class Plot(pg.GraphicsView):  # type: ignore[misc]
    """Curves of one chart over a span of time and a range of values."""

    def __init__(self, spec: ChartSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent, useOpenGL=False, background=None)
        self._spec = spec
        self._grid: tuple[float, ...] = ()
        self._range = (0.0, 1.0)
        self.setCacheMode(pg.GraphicsView.CacheModeFlag.CacheNone)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._box = pg.ViewBox(enableMouse=False, enableMenu=False, border=None, defaultPadding=0)
        self._box.disableAutoRange()
        self.setCentralItem(self._box)
        self._items: dict[str, pg.GraphicsObject] = {}
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
                self._style_curve(item, series, shade, dense=False)
        self.viewport().update()

    def set_view(self, span: Span, low: float, high: float, grid: tuple[float, ...]) -> None:
        """Show this stretch of time and these values, with a hairline at each of `grid`."""
        self._grid, self._range = grid, (low, high)
        self._box.setRange(xRange=(span.start_s, span.end_s), yRange=(low, high), padding=0)
        self.viewport().update()

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
        some_x, some_y = with_gaps(x[part], y[part])
        dense = len(some_x) > width / BUCKET_PX * 1.3
        if dense:
            some_x, some_y = min_max(some_x, some_y, BUCKET_PX * span.length_s / width)
        self._style_curve(item, series, series_colour(series), dense)
        item.setData(some_x, some_y, connect="finite")

    def bar_buckets(self, x: Floats, y: Floats, span: Span) -> tuple[Floats, Floats]:
        """A series as bars: the mean of each bucket of about 4 px."""
        part = visible_slice(x, span.start_s, span.end_s)
        return bucket_means(x[part], y[part], round_up_step(BAR_PX * span.length_s / max(self.width(), 50)))

    def y_of(self, value: float) -> float:
        """The pixel of a value, from the top."""
        low, high = self._range
        return (high - value) / (high - low) * self.height() if high > low else float(self.height())

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:
        """Paint the panel's colour and the grid."""
        painter.save()
        painter.resetTransform()
        painter.fillRect(self.rect(), colour(Token.BG1))
        for value in self._grid:
            painter.fillRect(QRectF(0, round(self.y_of(value)), self.width(), 1), colour(Token.LINE1))
        painter.restore()

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        """Paint the threshold above the curves."""
        threshold = self._spec.threshold
        if threshold is None or not self._range[0] < threshold.value <= self._range[1]:
            return
        painter.save()
        painter.resetTransform()
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
            plate = QRectF(px(2), y - height - 1, width + 6, height)
            draw_box(painter, plate, faded(colour(Token.BG1), 0.85), None, 3)
            painter.setFont(face)
            painter.setPen(colour(tone.text))
            painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, threshold.label)
        painter.restore()

    def _add_item(self, series: SeriesSpec) -> None:
        if series.kind is SeriesKind.LEGEND_ONLY:
            return
        if series.kind in (SeriesKind.BARS, SeriesKind.BELOW):
            item = pg.BarGraphItem(x0=np.zeros(0), width=1.0, y0=0.0, height=np.zeros(0))
        else:
            item = pg.PlotCurveItem(connect="finite")
        self._items[series.key] = item
        self._box.addItem(item, ignoreBounds=True)

    def _style_curve(self, item: pg.PlotCurveItem, series: SeriesSpec, shade: QColor, dense: bool) -> None:
        style = (shade.name(), dense)
        if getattr(item, "drill_style", None) == style:
            return
        item.drill_style = style
        pen = pg.mkPen(shade, width=1 if dense else 1.5)
        if series.dashed:
            pen = pg.mkPen(shade, width=1, style=Qt.PenStyle.DashLine)
        item.setPen(pen)
        item.opts["antialias"] = True
        item.setSegmentedLineMode("on" if not dense and not series.dashed else "off")
        if series.kind is SeriesKind.AREA:
            item.setFillLevel(0.0)
            item.setBrush(pg.mkBrush(faded(shade, AREA_OPACITY)))
