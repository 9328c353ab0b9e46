"""The lines around one, of the same trace: how much earlier or later, who, what."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.logs.words import level_status, offset_text, row_text
from app.theme import Status, Token, font, px, theme
from app.widgets.paint import RIGHT, draw_box, draw_square, draw_text, text_width
from protos.drill.v1.records import LogLine

ROW = 26


class AroundList(QWidget):
    """Painted rows; a click carries the line's id."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[LogLine, ...] = ()
        self._line: LogLine | None = None
        self._hover = -1
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Lines around this one, same trace")

    def show_lines(self, lines: tuple[LogLine, ...], line: LogLine) -> None:
        """Show these, relative to one of them."""
        self._lines, self._line = lines, line
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A row a line."""
        return QSize(px(160), len(self._lines) * px(ROW))

    def minimumSizeHint(self) -> QSize:
        """Narrow, but all rows."""
        return QSize(px(80), len(self._lines) * px(ROW))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light the row."""
        self._hover = int(event.position().y() // px(ROW))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(self._lines[self._hover].message if 0 <= self._hover < len(self._lines) else "")
        self.update()

    def leaveEvent(self, event: object) -> None:
        """No row is under the pointer."""
        self._hover = -1
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the line."""
        row = int(event.position().y() // px(ROW))
        if 0 <= row < len(self._lines):
            self.chosen.emit(self._lines[row].id)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows."""
        if self._line is None:
            return
        painter = QPainter(self)
        offsets = [offset_text(line.time_ns - self._line.time_ns) for line in self._lines]
        width = max((text_width(text, font(11)) for text in offsets), default=0) + px(8)
        for number, (line, offset) in enumerate(zip(self._lines, offsets, strict=True)):
            top, own = number * px(ROW), line.id == self._line.id
            if own or number == self._hover:
                plate = QRectF(0, top + 1, self.width(), px(ROW) - 2)
                draw_box(painter, plate, Token.BG3 if own else Token.BG2, None, 5)
            area = QRectF(0, top, width, px(ROW))
            draw_text(painter, area, offset, font(11), Token.TEXT1 if own else Token.TEXT3, RIGHT)
            draw_square(painter, theme.service_colour(line.service), width + px(12), area.center().y(), px(8))
            ink = (
                Token.CRIT_TEXT
                if level_status(line.level) is Status.CRITICAL
                else Token.TEXT1
                if own
                else Token.TEXT2
            )
            words = QRectF(width + px(22), top, self.width() - width - px(28), px(ROW))
            draw_text(painter, words, row_text(line.message), font(11, mono=True), ink)
