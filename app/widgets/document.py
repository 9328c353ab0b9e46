"""A Markdown document in the theme's type: room around headings, tables as wide as the page, lines that end."""

from __future__ import annotations

from PySide6.QtGui import (
    QBrush,
    QPalette,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)
from PySide6.QtWidgets import QTextBrowser, QWidget

from app.theme import SEMIBOLD, Token, colour, font, px

LONGEST_LINE_PX = 820
_HEADINGS = {1: (18, 0, 10), 2: (14, 20, 6), 3: (13, 14, 4)}
"""By level: size, room above, room below."""


class Document(QTextBrowser):
    """Shows Markdown; nothing in it can be followed out of the program."""

    def __init__(self, name: str = "Document", margin: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._markdown, self._margin = "", margin
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setProperty("flat", True)
        self.setOpenLinks(False)
        self.setAccessibleName(name)

    def show_markdown(self, text: str) -> None:
        """Show another text."""
        self._markdown = text
        self.restyle()

    def restyle(self) -> None:
        """Set the text again, in the theme's type and colours."""
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Text, colour(Token.TEXT2))
        self.setPalette(palette)
        self.document().setDefaultFont(font(13))
        self.setMarkdown(self._markdown)
        self.document().setDocumentMargin(px(self._margin))
        self._shape_blocks()
        self._shape_tables()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep lines readable in a wide place."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        spare = self.width() - px(LONGEST_LINE_PX) - 2 * px(self._margin)
        frame = self.document().rootFrame().frameFormat()
        if frame.rightMargin() != px(self._margin) + max(0, spare):
            frame.setRightMargin(px(self._margin) + max(0, spare))
            self.document().rootFrame().setFrameFormat(frame)

    def _shape_blocks(self) -> None:
        block = self.document().begin()
        while block.isValid():
            cursor = QTextCursor(block)
            shape = QTextBlockFormat(block.blockFormat())
            level = shape.headingLevel()
            if level:
                size, above, below = _HEADINGS.get(level, _HEADINGS[3])
                shape.setTopMargin(px(above) if block.blockNumber() else 0)
                shape.setBottomMargin(px(below))
                look = QTextCharFormat()
                look.setFont(font(size, SEMIBOLD))
                look.setForeground(QBrush(colour(Token.TEXT1)))
                cursor.movePosition(cursor.MoveOperation.EndOfBlock, cursor.MoveMode.KeepAnchor)
                cursor.setCharFormat(look)
            elif cursor.currentTable() is None:
                shape.setTopMargin(0)
                shape.setBottomMargin(px(5 if block.textList() else 8))
            shape.setLineHeight(130, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            QTextCursor(block).setBlockFormat(shape)
            self._shape_code(block.blockNumber())
            block = block.next()

    def _shape_code(self, number: int) -> None:
        """Code in the text in the program's own mono type."""
        block = self.document().findBlockByNumber(number)
        stretches = []
        inside = block.begin()
        while not inside.atEnd():
            piece = inside.fragment()
            if piece.isValid() and piece.charFormat().fontFixedPitch():
                stretches.append((piece.position(), piece.length()))
            inside += 1
        for start, length in stretches:
            cursor = QTextCursor(self.document())
            cursor.setPosition(start)
            cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
            look = QTextCharFormat()
            look.setFont(font(12, mono=True))
            look.setForeground(QBrush(colour(Token.TEXT1)))
            cursor.mergeCharFormat(look)

    def _shape_tables(self) -> None:
        for frame in self.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                shape = frame.format()
                shape.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
                shape.setBorder(1)
                shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
                shape.setBorderBrush(QBrush(colour(Token.LINE1)))
                shape.setBorderCollapse(True)
                shape.setCellPadding(px(6))
                shape.setTopMargin(px(6))
                shape.setBottomMargin(px(10))
                shape.clearProperty(QTextFormat.Property.TableColumnWidthConstraints)
                frame.setFormat(shape)
