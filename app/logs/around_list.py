"""The lines around one, of its trace or of its service: how much earlier or later, who, what."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.logs.words import level_status, offset_text, row_text
from app.theme import Status, Token, font, px, theme
from app.widgets.paint import RIGHT, draw_box, draw_focus_ring, draw_square, draw_text, text_width
from app.widgets.press import FocusByKey
from protos.drill.v1.records import LogLine

ROW = 26
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_K: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_J: 1}


class AroundList(QWidget):
    """Painted rows; a click, or up and down and Return, chooses one: `chosen` carries the line."""

    chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[LogLine, ...] = ()
        self._line: LogLine | None = None
        self._hover = -1
        self._focus = FocusByKey()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def show_lines(self, lines: tuple[LogLine, ...], line: LogLine) -> None:
        """Show these, relative to one of them."""
        self._lines, self._line, self._hover = lines, line, -1
        told = (f"{offset_text(one.time_ns - line.time_ns)} {row_text(one.message)}" for one in lines)
        self.setAccessibleDescription("; ".join(told))
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
        self._choose(int(event.position().y() // px(ROW)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down, J and K move; Return chooses."""
        step = _STEPS.get(Qt.Key(event.key()), 0)
        if step and self._lines:
            own = next((n for n, line in enumerate(self._lines) if line is self._line), 0)
            start = self._hover if self._hover >= 0 else own
            self._hover = min(max(start + step, 0), len(self._lines) - 1)
            self._focus.by_key = True
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self._hover)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus ring."""
        self._focus.came(event.reason())
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the focus ring away."""
        super().focusOutEvent(event)
        self.update()

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._lines):
            self.chosen.emit(self._lines[row])

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
        if self.hasFocus() and self._focus.by_key:
            draw_focus_ring(painter, QRectF(self.rect()), 5)
