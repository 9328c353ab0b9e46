"""What stands left of a plot: title, legend with live values, and the labels of the value axis.

A widget of its own, so that Qt paints one rectangle: clipped around a plot each text costs several times as much.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from app.theme import MEDIUM, SEMIBOLD, Token, colour, font, px
from app.widgets.charts.columns import GUTTER, HEAD, SIDE, plot_left
from app.widgets.charts.plot import series_colour
from app.widgets.charts.specs import ChartSpec, SeriesKind, SeriesSpec
from app.widgets.charts.units import value_label
from app.widgets.paint import LEFT, RIGHT, draw_box, draw_text, faded, text_width


@dataclass(frozen=True, slots=True)
class Tick:
    """A label of the value axis: its pixel from the top of the row, and its words."""

    y: int
    text: str


def draw_head(painter: QPainter, title: str, caption: str, width: int) -> float:
    """Title and unit caption; the y where the legend begins."""
    draw_text(painter, QRectF(px(SIDE), px(9), width, px(18)), title, font(13, SEMIBOLD), Token.TEXT1)
    draw_text(painter, QRectF(px(SIDE), px(27), width, px(15)), caption, font(11), Token.TEXT3)
    return px(46)


class ChartHead(QWidget):
    """Paints its labels once and keeps them: from second to second only the values change."""

    def __init__(self, spec: ChartSpec, parent: QWidget) -> None:
        super().__init__(parent)
        self._spec = spec
        self._ticks: tuple[Tick, ...] = ()
        self._values: Mapping[str, float] = {}
        self._labels = QPixmap()
        self._labelled: tuple[object, ...] = ()
        self._name_widths: list[int] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @property
    def texts(self) -> list[tuple[str, str]]:
        """Each series' name and value."""
        return [
            (series.name, value_label(series.unit or self._spec.unit, self._values.get(series.key, math.nan)))
            for series in self._spec.series
        ]

    def show_ticks(self, ticks: tuple[Tick, ...]) -> None:
        """Label the value axis."""
        if ticks != self._ticks:
            self._ticks = ticks
            self.update()

    def show_values(self, values: Mapping[str, float]) -> None:
        """Write these beside the names; NaN is not known."""
        if values != self._values:
            self._values = values
            self.update()

    def restyle(self) -> None:
        """Draw the labels with other colours and sizes."""
        self._labelled, self._name_widths = (), []
        self.update()

    def least_height(self) -> int:
        """Room for every line of the legend."""
        return px(46) + len(self._spec.series) * px(18) + px(6)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy the labels, write the values."""
        painter = QPainter(self)
        face, values = font(12, MEDIUM), [value for _, value in self.texts]
        self._keep_labels([self._room_beside(value, face) for value in values])
        painter.drawPixmap(0, 0, self._labels)
        for place, value in enumerate(values):
            draw_text(painter, self._legend_row(place), value, face, Token.TEXT1, RIGHT)

    def _room_beside(self, value: str, face: QFont) -> int:
        return px(HEAD) - 2 * px(SIDE) - px(20) - px(8) - math.ceil(text_width(value, face))

    def _keep_labels(self, rooms: list[int]) -> None:
        """Draw what stays: title, caption, the names with so much room beside their values, and the axis."""
        ratio = self.devicePixelRatioF()
        if not self._name_widths:
            self._name_widths = [math.ceil(text_width(s.name, font(12))) for s in self._spec.series]
        cut = tuple(map(min, rooms, self._name_widths))
        labelled = (cut, self._ticks, self.height(), ratio)
        if labelled == self._labelled:
            return
        self._labelled = labelled
        self._labels = QPixmap(self.size() * ratio)
        self._labels.setDevicePixelRatio(ratio)
        self._labels.fill(colour(Token.BG1))
        painter = QPainter(self._labels)
        draw_head(painter, self._spec.title, self._spec.caption, px(HEAD) - px(SIDE) - 4)
        for place, (series, room) in enumerate(zip(self._spec.series, rooms, strict=True)):
            self._draw_name(painter, self._legend_row(place), series, room)
        for tick in self._ticks:
            self._draw_tick(painter, tick)
        painter.end()

    def _legend_row(self, place: int) -> QRectF:
        return QRectF(px(SIDE), px(46) + place * px(18), px(HEAD) - 2 * px(SIDE), px(18))

    def _draw_name(self, painter: QPainter, row: QRectF, series: SeriesSpec, room: int) -> None:
        if series.kind is not SeriesKind.LEGEND_ONLY:
            shade = series_colour(series)
            middle = row.center().y()
            if series.dashed:
                draw_box(painter, QRectF(row.left(), middle - 1, px(5), 2), shade, None, 1)
                draw_box(painter, QRectF(row.left() + px(7), middle - 1, px(5), 2), shade, None, 1)
            else:
                draw_box(painter, QRectF(row.left(), middle - 1, px(12), 2), shade, None, 1)
        area = QRectF(row.left() + px(20), row.top(), room, row.height())
        draw_text(painter, area, series.name, font(12), Token.TEXT2, LEFT)

    def _draw_tick(self, painter: QPainter, tick: Tick) -> None:
        left, height = px(HEAD) - px(10), px(14)
        area = QRectF(left, tick.y - height / 2, px(GUTTER) + px(10) - px(8), height)
        draw_text(painter, area, tick.text, font(11), Token.TEXT3, RIGHT)
        painter.fillRect(QRectF(plot_left() - px(4), tick.y, px(4), 1), faded(colour(Token.LINE2), 0.8))
