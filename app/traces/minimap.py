"""The whole trace as a small picture above its waterfall: what is shown now, and where else something is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme import Token, colour, px, theme
from app.traces.opened import OpenedTrace
from app.traces.time_view import TimeView
from app.widgets.paint import faded

HEIGHT, LINES = 30, 24
NOBODY = -1
LEAST_DRAG_PX = 4


def coverage(opened: OpenedTrace, width: int, lines: int = LINES) -> NDArray[np.int32]:
    """For each pixel of `lines` by `width` the service (a number in `texts`) whose rows fill it most, else -1.

    The rows are those that a trace begins with, from top to bottom; time runs to the right.
    """
    tree, rows, nodes = opened.tree, opened.rows, opened.first_rows.nodes
    count, length = len(nodes), max(tree.length_ns, 1)
    numbers, service = np.unique(tree.columns.places[rows.place[nodes]], return_inverse=True)
    service = service.reshape(-1)
    line = np.arange(count) * lines // max(count, lines)
    first, last = (
        np.minimum((times[nodes] / length * width).astype(np.int64), width - 1)
        for times in (rows.start_ns, rows.end_ns)
    )
    stride = width + 1
    base = (line * len(numbers) + service) * stride
    size = lines * len(numbers) * stride
    steps = np.bincount(base + first, minlength=size) - np.bincount(base + last + 1, minlength=size)
    filled = np.cumsum(steps.reshape(lines, len(numbers), stride), axis=2)[:, :, :width]
    most = filled.argmax(axis=1)
    return np.where(filled.max(axis=1) > 0, numbers[most].astype(np.int32), NOBODY).astype(np.int32)


class Minimap(QWidget):
    """`wanted` carries the stretch (low, high) in nanoseconds that somebody dragged over, or moved to by a click."""

    wanted = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._opened: OpenedTrace | None = None
        self._view: TimeView | None = None
        self._left, self._width = 0.0, 1.0
        self._picture: tuple[object, QImage] | None = None
        self._press: float | None = None
        self._drag: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("The whole trace; W and S zoom, A and D pan")
        self.setToolTip("Drag to show a part")

    def show_trace(self, opened: OpenedTrace | None) -> None:
        """Show a trace."""
        self._opened = opened
        self.update()

    def show_view(self, view: TimeView, left: float, width: float) -> None:
        """What the waterfall shows, and between which pixels it draws time."""
        self._view, self._left, self._width = view, left, max(width, 1.0)
        self.update()

    def sizeHint(self) -> QSize:
        """A strip."""
        return QSize(px(200), px(HEIGHT))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag."""
        if event.button() == Qt.MouseButton.LeftButton and self._opened is not None:
            self._press = self._drag = event.position().x()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what is dragged over."""
        if self._press is not None:
            self._drag = event.position().x()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A drag shows its stretch, a click moves what is shown there."""
        press, self._press = self._press, None
        if press is None or self._opened is None or self._view is None:
            return
        low, high = sorted((self._time_of(press), self._time_of(event.position().x())))
        if abs(event.position().x() - press) < LEAST_DRAG_PX:
            half = self._view.shown_ns / 2
            low, high = low - half, low + half
        self._drag = None
        self.wanted.emit(low, high)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, and a veil over what is not shown."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(Token.BG1))
        opened, view = self._opened, self._view
        if opened is None or view is None:
            return
        area = QRectF(self._left, px(3), self._width, self.height() - px(6))
        painter.drawImage(area, self._image(opened, round(self._width)))
        if self._press is not None and self._drag is not None:
            low, high = sorted((self._press, self._drag))
            painter.fillRect(QRectF(low, 0, high - low, self.height()), faded(colour(Token.ACCENT), 0.25))
        elif not view.is_whole:
            length = max(view.length_ns, 1.0)
            low = self._left + view.low_ns / length * self._width
            high = self._left + view.high_ns / length * self._width
            veil = faded(colour(Token.BG1), 0.72)
            painter.fillRect(QRectF(self._left, 0, low - self._left, self.height()), veil)
            painter.fillRect(QRectF(high, 0, self._left + self._width - high, self.height()), veil)
            for edge in (low, high - 1):
                painter.fillRect(QRectF(edge, 0, 1, self.height()), colour(Token.TEXT3))
        painter.fillRect(0, self.height() - 1, self.width(), 1, colour(Token.LINE1))

    def _time_of(self, x: float) -> float:
        length = self._view.length_ns if self._view is not None else 1.0
        return min(max((x - self._left) / self._width, 0.0), 1.0) * length

    def _image(self, opened: OpenedTrace, width: int) -> QImage:
        key = (id(opened), width, theme.name)
        if self._picture is None or self._picture[0] != key:
            self._picture = (key, _drawn(opened, max(width, 1)))
        return self._picture[1]


def _drawn(opened: OpenedTrace, width: int) -> QImage:
    filled = coverage(opened, width)
    pixels = np.zeros(filled.shape, np.uint32)
    for number in np.unique(filled[filled != NOBODY]).tolist():
        shade = theme.service_colour(opened.tree.columns.texts[number])
        pixels[filled == number] = shade.rgb()
    image = QImage(pixels.tobytes(), width, LINES, width * 4, QImage.Format.Format_ARGB32)
    return image.copy()
