"""An inset well with text to read and copy, in the colours of JSON or SQL; it grows with its text."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetricsF, QResizeEvent, QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget

from app.theme import Token, colour, font, px
from app.widgets.coloured import Language, coloured

MOST_SHOWN = 12_000
"""Qt lays out a word of a million characters for minutes."""


class CodeBlock(QTextEdit):
    """Mono text that wraps and can be selected; at most `most_lines` high, then it scrolls.

    Of a text that is longer than `MOST_SHOWN` characters the beginning is shown, and how much is left.
    """

    def __init__(
        self,
        language: Language = Language.PLAIN,
        most_lines: int = 16,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._language, self._most_lines, self._shown = language, most_lines, ""
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
        self.restyle()

    def show_text(self, text: str) -> None:
        """Show another text."""
        if text != self._shown:
            self._shown = text
            self._fill()

    def restyle(self) -> None:
        """Take font and colours from the theme again."""
        self.document().setDefaultFont(font(12, mono=True))
        self.document().setDocumentMargin(px(5))
        self._fill()

    def sizeHint(self) -> QSize:
        """As high as its text."""
        return QSize(px(160), self._height())

    def minimumSizeHint(self) -> QSize:
        """Narrow, but as high as its text."""
        return QSize(px(80), self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        super().resizeEvent(event)
        if self.height() != self._height():
            self.updateGeometry()

    def _height(self) -> int:
        line = self.fontMetrics().lineSpacing() if not self._shown else 0
        whole = round(self.document().size().height()) + line + px(10)
        most = round(self._most_lines * _line_height()) + 2 * px(10)
        return min(whole, most)

    def _fill(self) -> None:
        text = shortened(self._shown)
        self.setPlainText(text)
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for start, length, ink in coloured(text, self._language):
            look = QTextCharFormat()
            look.setForeground(colour(ink))
            cursor.setPosition(start)
            cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(look)
        cursor.endEditBlock()
        palette = self.palette()
        palette.setColor(palette.ColorRole.Text, colour(Token.TEXT1))
        self.setPalette(palette)
        self.updateGeometry()


def shortened(text: str) -> str:
    """What is shown of a text."""
    left = len(text) - MOST_SHOWN
    return text if left <= 0 else f"{text[:MOST_SHOWN]}\n… {left:,} more characters"


def _line_height() -> float:
    return QFontMetricsF(font(12, mono=True)).lineSpacing()
