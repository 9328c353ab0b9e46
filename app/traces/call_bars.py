"""How long folded calls took, as a small histogram."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme import Token, colour, font, px, theme
from app.traces.time_view import duration_text
from app.widgets.paint import LEFT, RIGHT, draw_text
from protos.drill.v1.records import Int64Array

BINS = 24


def binned(durations: Int64Array, bins: int = BINS) -> tuple[int, ...]:
    """How many durations fall into each of so many equal bins from the shortest to the longest."""
    counts, _ = np.histogram(durations, bins)
    return tuple(counts.tolist())


class CallBars(QWidget):
    """Bars in the service's colour; shortest and longest below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._durations: Int64Array = np.empty(0, np.int64)
        self._counts: tuple[int, ...] = ()
        self._service = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_calls(self, durations_ns: Int64Array, service: str) -> None:
        """Show these durations, sorted."""
        self._durations, self._service = durations_ns, service
        self._counts = binned(durations_ns)
        self.setAccessibleName(f"Durations of {len(durations_ns)} calls")
        self.update()

    def sizeHint(self) -> QSize:
        """Bars and a caption."""
        return QSize(px(160), px(64))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bars."""
        if not len(self._durations):
            return
        painter = QPainter(self)
        base, most = self.height() - px(18), max(self._counts)
        pitch = self.width() / len(self._counts)
        for number, count in enumerate(self._counts):
            height = max(count / most * (base - px(4)), 1.0)
            bar = QRectF(number * pitch, base - height, max(pitch - 2, 1.0), height)
            painter.fillRect(bar, theme.service_colour(self._service) if count else colour(Token.BG4))
        caption = QRectF(0, base + px(2), self.width(), px(16))
        draw_text(painter, caption, duration_text(int(self._durations[0])), font(11), Token.TEXT3, LEFT)
        draw_text(painter, caption, duration_text(int(self._durations[-1])), font(11), Token.TEXT3, RIGHT)
