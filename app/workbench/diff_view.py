"""A unified diff, painted: numbers of both sides, tinted lines, a bar and a sign (never colour alone)."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from app.theme import REGULAR, SEMIBOLD, Token, colour, font, px
from app.widgets.paint import RIGHT, draw_text
from app.workbench.model import DiffLine, LineKind

ROW = 21
NUMBER = 44
_FILLS = {LineKind.ADDED: Token.DIFF_ADD, LineKind.REMOVED: Token.DIFF_DELETE, LineKind.FILE: Token.BG2}
_BARS = {LineKind.ADDED: Token.OK, LineKind.REMOVED: Token.CRIT}
_SIGNS = {LineKind.ADDED: "+", LineKind.REMOVED: "−"}


class DiffView(QAbstractScrollArea):
    """Shows lines of a diff; only those in view are painted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[DiffLine, ...] = ()
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Changes")

    def show_lines(self, lines: tuple[DiffLine, ...]) -> None:
        """Show another diff."""
        self._lines = lines
        added = sum(line.kind is LineKind.ADDED for line in lines)
        removed = sum(line.kind is LineKind.REMOVED for line in lines)
        self.setAccessibleDescription(f"{added} lines added, {removed} removed")
        self._fit()
        self.viewport().update()

    def restyle(self) -> None:
        """Row heights follow the text scale."""
        self._fit()

    def resizeEvent(self, event: object) -> None:
        """Fit the scroll bars."""
        self._fit()

    def sizeHint(self) -> QSize:
        """A dozen lines."""
        return QSize(px(480), px(ROW * 12))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines in view."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), colour(Token.INSET))
        height, top = px(ROW), self.verticalScrollBar().value()
        first = max(0, (top + event.rect().top()) // height)
        last = min(len(self._lines) - 1, (top + event.rect().bottom()) // height)
        left = -self.horizontalScrollBar().value()
        for number in range(first, last + 1):
            rect = QRectF(0, number * height - top, self.viewport().width(), height)
            self._paint_line(painter, rect, left, self._lines[number])

    def _paint_line(self, painter: QPainter, rect: QRectF, left: float, line: DiffLine) -> None:
        if line.kind in _FILLS:
            painter.fillRect(rect, colour(_FILLS[line.kind]))
        if line.kind in _BARS:
            painter.fillRect(QRectF(0, rect.top(), px(3), rect.height()), colour(_BARS[line.kind]))
        if line.kind in (LineKind.FILE, LineKind.HUNK):
            ink = Token.TEXT1 if line.kind is LineKind.FILE else Token.INFO_TEXT
            weight = SEMIBOLD if line.kind is LineKind.FILE else REGULAR
            area = rect.adjusted(px(14), 0, -px(14), 0)
            draw_text(painter, area, line.text, font(12, weight, mono=line.kind is LineKind.HUNK), ink)
            return
        face = font(11, mono=True)
        for column, number in enumerate((line.old, line.new)):
            area = QRectF(px(NUMBER) * column, rect.top(), px(NUMBER) - px(8), rect.height())
            draw_text(painter, area, str(number) if number else "", face, Token.TEXT3, RIGHT)
        x = px(NUMBER) * 2 + px(8)
        draw_text(
            painter,
            QRectF(x, rect.top(), px(14), rect.height()),
            _SIGNS.get(line.kind, ""),
            face,
            Token.TEXT2,
        )
        painter.save()
        painter.setClipRect(QRectF(x + px(14), rect.top(), rect.right() - x, rect.height()))
        painter.setPen(colour(Token.TEXT1 if line.kind is not LineKind.SAME else Token.TEXT2))
        painter.setFont(font(12, mono=True))
        area = QRectF(left + x + px(16), rect.top(), self._text_width() + px(8), rect.height())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), line.text.expandtabs(4))
        painter.restore()

    def _text_width(self) -> int:
        longest = max((len(line.text.expandtabs(4)) for line in self._lines), default=0)
        return round(QFontMetricsF(font(12, mono=True)).horizontalAdvance("x") * longest)

    def _fit(self) -> None:
        height = len(self._lines) * px(ROW)
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, height - self.viewport().height()))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(px(ROW))
        wide = self._text_width() + px(NUMBER) * 2 + px(40)
        side = self.horizontalScrollBar()
        side.setRange(0, max(0, wide - self.viewport().width()))
        side.setPageStep(self.viewport().width())
