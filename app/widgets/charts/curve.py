"""A pyqtgraph curve whose area is filled without antialiasing: that costs a tenth, and the line hides the edge."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from app.widgets.charts.reduction import Floats, finite_runs


class Curve(pg.PlotCurveItem):  # type: ignore[misc]
    """A line, and below it an area down to zero if it has a fill."""

    def __init__(self) -> None:
        super().__init__(connect="finite", antialias=True)
        self._fill: QColor | None = None
        self._areas: list[QPolygonF] = []
        self._style: tuple[str, bool, bool, float] | None = None

    def set_style(self, shade: QColor, dense: bool, dashed: bool, fill: QColor | None, ratio: float) -> None:
        """Thin and drawn in one go where points are dense; 1.5 px where they are not. `ratio` is the screen's.

        A pen wider than one device pixel costs many times more in one go, so it is drawn in segments.
        """
        style = (shade.name(), dense, dashed, ratio)
        if style == self._style:
            return
        self._style, self._fill = style, fill
        width = max(1.0, (1.0 if dense or dashed else 1.5) * ratio)
        pen = pg.mkPen(shade, width=width)
        if dashed:
            pen.setStyle(Qt.PenStyle.DashLine)
        self.setPen(pen)
        self.setSegmentedLineMode("off" if width <= 1 or dashed else "on")

    def set_points(self, x: Floats, y: Floats) -> None:
        """Draw these points; NaN is a gap."""
        self.setData(x, y)
        self._areas = []
        if self._fill is None:
            return
        for start, end in finite_runs(y):
            part_x, part_y = x[start:end], y[start:end]
            outline_x = np.concatenate((part_x[:1], part_x, part_x[-1:]))
            outline_y = np.concatenate(([0.0], part_y, [0.0]))
            self._areas.append(pg.functions.arrayToQPolygonF(outline_x, outline_y))

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint the area, then the line."""
        if self._fill is not None and self._areas:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._fill)
            for area in self._areas:
                painter.drawPolygon(area)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        super().paint(painter, option, widget)
