"""The editor: numbered lines, the theme's colours, and a mark at the line that failed."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from app.theme import Token, colour, font, px
from app.widgets.paint import RIGHT, draw_text
from app.workbench.highlighting import Highlighter

INDENT = "    "


class _Numbers(QWidget):
    """The column of line numbers; its editor paints it."""

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self._editor = editor

    def sizeHint(self) -> QSize:
        """As wide as the largest number."""
        return QSize(self._editor.numbers_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the numbers in view."""
        self._editor.paint_numbers(QPainter(self), event.rect())


class Editor(QPlainTextEdit):
    """Edits one text. `show_text` replaces it and forgets what could be undone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(False)
        self.setProperty("well", True)
        self.setAccessibleName("Editor")
        self._marked_line = 0
        self._highlighter = Highlighter(self.document())
        self._numbers = _Numbers(self)
        self.blockCountChanged.connect(self._fit_numbers)
        self.updateRequest.connect(self._scroll_numbers)
        self.cursorPositionChanged.connect(self._mark_lines)
        self.restyle()

    def show_text(self, path: str, text: str, editable: bool) -> None:
        """Show another file."""
        self._marked_line = 0
        self.setPlainText(text)
        self.setReadOnly(not editable)
        self._highlighter.use_path(path)
        self.document().setModified(False)
        self.setAccessibleName(f"Editor, {path}{'' if editable else ', read only'}")
        self._mark_lines()

    def mark_line(self, line: int) -> None:
        """Go to a line (from 1) and mark it as the one that failed; 0 removes the mark."""
        self._marked_line = line
        if line:
            self.go_to_line(line)
        self._mark_lines()

    def go_to_line(self, line: int) -> None:
        """Put the cursor at the start of a line (from 1), in the middle of what is seen."""
        block = self.document().findBlockByNumber(line - 1)
        if block.isValid():
            self.setTextCursor(QTextCursor(block))
            self.centerCursor()

    def restyle(self) -> None:
        """Take font and colours from the theme again."""
        self.setFont(font(12, mono=True))
        self.setTabStopDistance(4 * QFontMetricsF(self.font()).horizontalAdvance(" "))
        palette = self.palette()
        palette.setColor(palette.ColorRole.Base, colour(Token.INSET))
        palette.setColor(palette.ColorRole.Text, colour(Token.TEXT1))
        palette.setColor(palette.ColorRole.Highlight, colour(Token.INFO_BG))
        palette.setColor(palette.ColorRole.HighlightedText, colour(Token.TEXT1))
        self.setPalette(palette)
        self._highlighter.rehighlight()
        self._fit_numbers()
        self._mark_lines()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tab is four spaces, Return keeps the indent, Escape leaves the editor."""
        if event.key() == Qt.Key.Key_Escape:
            self.focusNextChild()
        elif self.isReadOnly():
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Tab and not self.textCursor().hasSelection():
            self.insertPlainText(INDENT)
        elif event.key() == Qt.Key.Key_Tab:
            self._shift_selection(indent=True)
        elif event.key() == Qt.Key.Key_Backtab:
            self._shift_selection(indent=False)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._break_line()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the numbers at the left edge."""
        super().resizeEvent(event)
        area = self.contentsRect()
        self._numbers.setGeometry(QRect(area.left(), area.top() + px(6), self.numbers_width(), area.height()))

    def numbers_width(self) -> int:
        """Pixels for the line numbers."""
        digits = max(3, len(str(self.blockCount())))
        return round(QFontMetricsF(font(11, mono=True)).horizontalAdvance("9") * digits) + px(24)

    def paint_numbers(self, painter: QPainter, area: QRect) -> None:
        """Paint the numbers of the lines in view."""
        painter.fillRect(area, colour(Token.INSET))
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        current = self.textCursor().blockNumber()
        while block.isValid() and top <= area.bottom():
            height = self.blockBoundingRect(block).height()
            number = block.blockNumber()
            rect = QRectF(0, top, self._numbers.width() - px(12), height)
            ink = Token.TEXT2 if number == current else Token.TEXT3
            draw_text(painter, rect, str(number + 1), font(11, mono=True), ink, RIGHT)
            if number + 1 == self._marked_line:
                painter.fillRect(QRectF(0, top, px(3), height), colour(Token.CRIT))
            top += height
            block = block.next()

    def _fit_numbers(self) -> None:
        self.setViewportMargins(self.numbers_width(), px(6), 0, 0)
        self._numbers.update()

    def _scroll_numbers(self, rect: QRect, by: int) -> None:
        if by:
            self._numbers.scroll(0, by)
        else:
            self._numbers.update(0, rect.y(), self._numbers.width(), rect.height())

    def _mark_lines(self) -> None:
        marks = []
        if not self.isReadOnly():
            marks.append(self._line_mark(self.textCursor().blockNumber(), Token.BG1))
        if self._marked_line:
            marks.append(self._line_mark(self._marked_line - 1, Token.CRIT_BG))
        self.setExtraSelections([mark for mark in marks if not mark.cursor.isNull()])
        self._numbers.update()

    def _line_mark(self, number: int, fill: Token) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        mark.format.setBackground(colour(fill))
        mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        block = self.document().findBlockByNumber(number)
        mark.cursor = QTextCursor(block) if block.isValid() else QTextCursor()
        return mark

    def _break_line(self) -> None:
        line = self.textCursor().block().text()[: self.textCursor().positionInBlock()]
        indent = line[: len(line) - len(line.lstrip())]
        deeper = INDENT if line.rstrip().endswith(":") else ""
        self.insertPlainText(f"\n{indent}{deeper}")

    def _shift_selection(self, indent: bool) -> None:
        cursor = self.textCursor()
        first = self.document().findBlock(cursor.selectionStart()).blockNumber()
        last = self.document().findBlock(cursor.selectionEnd()).blockNumber()
        cursor.beginEditBlock()
        for number in range(first, last + 1):
            at = QTextCursor(self.document().findBlockByNumber(number))
            if indent:
                at.insertText(INDENT)
            else:
                blanks = len(at.block().text()) - len(at.block().text().lstrip(" "))
                for _ in range(min(blanks, len(INDENT))):
                    at.deleteChar()
        cursor.endEditBlock()
