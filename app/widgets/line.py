"""Text: `Line` is one line that elides and explains itself by a tool tip, `Text` wraps."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolTip, QWidget

from app.theme import REGULAR, SEMIBOLD, Token, colour, font
from app.widgets.paint import LEFT, Alignment, draw_text, measurable


class Line(QWidget):
    """One line of text that never clips: it elides, and the tool tip then has the whole of it."""

    def __init__(
        self,
        text: str = "",
        size: float = 13,
        weight: int = REGULAR,
        ink: Token = Token.TEXT1,
        mono: bool = False,
        align: Alignment = LEFT,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._text, self._size, self._weight = text, size, weight
        self._ink, self._mono, self._align = ink, mono, align
        self._explanation = ""
        self._mode = Qt.TextElideMode.ElideRight
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    @property
    def text(self) -> str:
        """The whole text."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show another text; repaints only if it differs."""
        if text == self._text:
            return
        old_width = self.sizeHint().width()
        self._text = text
        self.setAccessibleName(text)
        if self.sizeHint().width() != old_width:
            self.updateGeometry()
        self.update()

    def set_ink(self, ink: Token) -> None:
        """Change the colour."""
        if ink is not self._ink:
            self._ink = ink
            self.update()

    def set_explanation(self, text: str) -> None:
        """A tool tip of its own, shown whether the text is elided or not."""
        self._explanation = text

    def set_elide_mode(self, mode: Qt.TextElideMode) -> None:
        """Where the dots go; paths read better with the middle elided."""
        self._mode = mode
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the whole text."""
        metrics = QFontMetricsF(font(self._size, self._weight, self._mono))
        return QSize(int(metrics.horizontalAdvance(measurable(self._text))) + 2, int(metrics.height() + 1.5))

    def minimumSizeHint(self) -> QSize:
        """Room for the dots."""
        hint = self.sizeHint()
        return QSize(min(hint.width(), hint.height()), hint.height())

    def event(self, event: QEvent) -> bool:
        """Answer a tool tip request with the whole text if it was elided."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            elided = self.sizeHint().width() - 2 > self.width()
            tip = self._explanation or (self._text if elided else "")
            QToolTip.showText(event.globalPos(), tip, self) if tip else QToolTip.hideText()
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text."""
        painter = QPainter(self)
        ink = self._ink if self.isEnabled() else Token.TEXT_DISABLED
        face = font(self._size, self._weight, self._mono)
        draw_text(painter, self.rect(), self._text, face, ink, self._align, self._mode)


class Text(QLabel):
    """A paragraph that wraps. Give it room to grow: no fixed height on its parent."""

    def __init__(
        self,
        text: str = "",
        size: float = 12,
        weight: int = REGULAR,
        ink: Token = Token.TEXT2,
        mono: bool = False,
        align: Alignment = Alignment.AlignLeft | Alignment.AlignTop,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._size, self._weight, self._ink, self._mono = size, weight, ink, mono
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(align)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.restyle()

    def set_ink(self, ink: Token) -> None:
        """Change the colour."""
        if ink is not self._ink:
            self._ink = ink
            self.restyle()

    def changeEvent(self, event: QEvent) -> None:
        """Keep the colour: a style sheet gives a widget that gets another parent the palette that it had first."""
        super().changeEvent(event)
        wanted = colour(self._ink)
        if event.type() == QEvent.Type.PaletteChange and self.palette().windowText().color() != wanted:
            self.restyle()

    def restyle(self) -> None:
        """Take font and colour from the theme again."""
        self.setFont(font(self._size, self._weight, self._mono))
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, colour(self._ink))
        self.setPalette(palette)


def show_tip(widget: QWidget, at: QPoint, text: str) -> None:
    """Show or, with no text, hide a tool tip for a painted part of a widget."""
    if text:
        QToolTip.showText(widget.mapToGlobal(at), text, widget)
    else:
        QToolTip.hideText()


def caption(text: str) -> Line:
    """The small heading of a group of details."""
    return Line(text, 11, SEMIBOLD, Token.TEXT3)
