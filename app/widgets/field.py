"""The text field: an inset well with an icon, a hint and the key that leads to it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from app.theme import Icon, Token, colour, draw_icon, font, px
from app.widgets.keycap import draw_keycap, keycap_width
from app.widgets.paint import RIGHT, draw_box, draw_focus_ring, draw_text, text_width


class Field(QLineEdit):
    """One line of input. `keys` is the key that leads here (shown until it is focused).

    Escape clears a field for searching, then leaves it; the field of a form it leaves as it is: `keep_on_escape`.
    `escaped` fires when it leaves.
    """

    escaped = Signal()

    def __init__(
        self,
        hint: str = "",
        icon: Icon | None = None,
        keys: str = "",
        mono: bool = False,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._keys, self._mono, self._remark = icon, keys, mono, ""
        self._wrong, self._keeps = "", False
        self.setFrame(False)
        self.setPlaceholderText(hint)
        self.setAccessibleName(name or hint)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._fit)
        self.restyle()

    def set_remark(self, text: str) -> None:
        """A caption at the right end: a count of hits or of characters."""
        if text != self._remark:
            self._remark = text
            self._fit()
            self.update()

    def keep_on_escape(self) -> None:
        """It belongs to a form: Escape leaves it with its text."""
        self._keeps = True

    def set_wrong(self, why: str) -> None:
        """Mark the text as not understood, with the reason in the tool tip; an empty reason clears the mark."""
        if why != self._wrong:
            self._wrong = why
            self.setToolTip(why)
            self.setAccessibleDescription(why)
            self.update()

    def restyle(self) -> None:
        """Take font and colours from the theme again."""
        self.setFont(font(12 if self._mono else 13, mono=self._mono))
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        palette.setColor(QPalette.ColorRole.Text, colour(Token.TEXT1))
        palette.setColor(QPalette.ColorRole.PlaceholderText, colour(Token.TEXT3))
        self.setPalette(palette)
        self._fit()

    def sizeHint(self) -> QSize:
        """A control's height; the width is the layout's affair."""
        return QSize(px(220), px(32))

    def minimumSizeHint(self) -> QSize:
        """Room for a word."""
        return QSize(px(96), px(32))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape clears the text or leaves."""
        if event.key() == Qt.Key.Key_Escape:
            if self.text() and not self._keeps:
                self.clear()
            else:
                self.escaped.emit()
                self.clearFocus()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Make room where the key cap was."""
        super().focusInEvent(event)
        self._fit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the key cap again."""
        super().focusOutEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the well below Qt's own text and cursor, then what stands beside them."""
        painter = QPainter(self)
        edge = Token.CRIT if self._wrong else Token.LINE2 if self.isEnabled() else Token.LINE1
        draw_box(painter, QRectF(self.rect()), Token.INSET, edge, 6)
        painter.end()
        super().paintEvent(event)
        painter = QPainter(self)
        middle, right = self.height() / 2, float(self.width() - px(10))
        if self._icon is not None:
            draw_icon(painter, self._icon, px(10), middle - px(14) / 2, 14, Token.TEXT3)
        if self._shows_keys():
            right = draw_keycap(painter, self.width() - px(7), middle, self._keys) - px(8)
        if self._remark:
            area = QRectF(px(40), 0, right - px(40), self.height())
            draw_text(painter, area, self._remark, font(12), Token.TEXT2, RIGHT)
        if self.hasFocus():
            draw_focus_ring(painter, QRectF(self.rect()))

    def _shows_keys(self) -> bool:
        return bool(self._keys) and not self.hasFocus() and not self.text()

    def _fit(self) -> None:
        left = px(10) + (px(14) + px(8) if self._icon is not None else 0) - 2
        right = px(8)
        if self._shows_keys():
            right += keycap_width(self._keys) + px(2)
        if self._remark:
            right += round(text_width(self._remark, font(12))) + px(8)
        self.setTextMargins(left, 0, right, 0)
