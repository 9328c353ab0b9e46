"""A pyqtgraph curve that takes the short way where points are dense.

Dense lines are one device pixel wide and drawn as polylines, without pyqtgraph's path; sparse ones go its way, in
segments, which is the cheap way for wider pens. Areas are filled without antialiasing: that costs a tenth, and the
line hides the edge.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from app.widgets.charts.reduction import Floats, finite_runs


class Curve(pg.PlotCurveItem):  # type: ignore[misc]
    """A line, and below it an area down to zero if it has a fill."""

    def __init__(self) -> None:
        super().__init__(connect="finite", antialias=True)
        self._fill: QColor | None = None
        self._pen = QPen()
        self._is_wide = False
        self._lines: list[QPolygonF] = []
        self._areas: list[QPolygonF] = []
        self.extent: tuple[float, float] | None = None
        """the smallest and the largest value it shows; None without any"""
        self._style: tuple[str, bool, bool, float] | None = None

    def set_style(self, shade: QColor, dense: bool, dashed: bool, fill: QColor | None, ratio: float) -> None:
        """Thin where points are dense, 1.5 px where they are not. `ratio` is the screen's."""
        style = (shade.name(), dense, dashed, ratio)
        if style == self._style:
            return
        self._style, self._fill = style, fill
        width = max(1.0, (1.0 if dense or dashed else 1.5) * ratio)
        self._pen = pg.mkPen(shade, width=width)
        if dashed:
            self._pen.setStyle(Qt.PenStyle.DashLine)
        self._is_wide = width > 1 and not dashed
        self.setPen(self._pen)
        self.setSegmentedLineMode("on")

    def set_points(self, x: Floats, y: Floats) -> None:
        """Draw these points; NaN is a gap."""
        runs = finite_runs(y)
        self.extent = _extent(y, runs)
        self._lines, self._areas = [], []
        if self._is_wide:
            self.setData(x, y)
        else:
            self._lines = [pg.functions.arrayToQPolygonF(x[start:end], y[start:end]) for start, end in runs]
        if self._fill is not None:
            self._areas = [_area(x[start:end], y[start:end]) for start, end in runs]

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint the area, then the line."""
        if self._areas and self._fill is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._fill)
            for area in self._areas:
                painter.drawPolygon(area)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._is_wide:
            super().paint(painter, option, widget)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(self._pen)
        for line in self._lines:
            painter.drawPolyline(line)


def _area(x: Floats, y: Floats) -> QPolygonF:
    outline_x = np.concatenate((x[:1], x, x[-1:]))
    outline_y = np.concatenate(([0.0], y, [0.0]))
    area: QPolygonF = pg.functions.arrayToQPolygonF(outline_x, outline_y)
    return area


def _extent(y: Floats, runs: list[tuple[int, int]]) -> tuple[float, float] | None:
    if not runs:
        return None
    known = y if runs == [(0, len(y))] else y[np.isfinite(y)]
    return float(known.min()), float(known.max())
