"""A chip that shows or hides something: an eye, the words, how much it is, and a status if something is up there."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.theme import Icon, Status, Token, colour, draw_icon, font, px
from app.widgets.paint import draw_box, draw_focus_ring, draw_status, draw_text, mixed, text_width
from app.widgets.press import Pressable

SIDE, GAP = 8, 6


class ToggleChip(Pressable):
    """Space or a click turns it (`toggled`); with Shift it asks to be the only one (`soloed`)."""

    soloed = Signal()

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._remark = ""
        self._status: Status | None = None
        self._shift = False
        self.setCheckable(True)
        self.setChecked(True)
        self.toggled.connect(lambda _: self._describe())
        self._describe()

    def show_state(self, remark: str, status: Status | None, tip: str = "") -> None:
        """Show how much it is and whether something is up."""
        if (remark, status, tip) != (self._remark, self._status, self.toolTip()):
            self._remark, self._status = remark, status
            self.setToolTip(tip)
            self._describe()
            self.updateGeometry()
            self.update()

    def restate(self) -> None:
        """Say again whether it is on: it was turned without telling."""
        self._describe()
        self.update()

    def nextCheckState(self) -> None:
        """With Shift it stays as it is and asks to be alone."""
        if self._shift:
            self.soloed.emit()
        else:
            super().nextCheckState()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Remember whether Shift was held."""
        self._shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        super().mouseReleaseEvent(event)
        self._shift = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Shift and Return ask to be the only one."""
        self._shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        super().keyPressEvent(event)
        self._shift = False

    def sizeHint(self) -> QSize:
        """Eye, words, remark, status."""
        width = 2 * px(SIDE) + px(12) + px(GAP) + text_width(self.text(), font(12))
        if self._remark:
            width += px(GAP) + text_width(self._remark, font(11))
        if self._status is not None:
            width += px(GAP) + px(9)
        return QSize(round(width) + 2, px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chip."""
        painter = QPainter(self)
        rect, on = QRectF(self.rect()), self.isChecked()
        base = colour(Token.BG3 if on else Token.BG1)
        fill = mixed(base, colour(Token.TEXT1), self.lift)
        draw_box(painter, rect, fill, Token.LINE2 if on else Token.LINE1, 6)
        x, middle = float(px(SIDE)), rect.center().y()
        icon, ink = (Icon.EYE, Token.TEXT1) if on else (Icon.EYE_SLASH, Token.TEXT3)
        draw_icon(painter, icon, x, middle - px(12) / 2, 12, Token.TEXT2 if on else ink)
        x += px(12) + px(GAP)
        x += draw_text(painter, QRectF(x, 0, rect.width(), rect.height()), self.text(), font(12), ink)
        if self._remark:
            x += px(GAP)
            area = QRectF(x, 0, rect.width(), rect.height())
            x += draw_text(painter, area, self._remark, font(11), Token.TEXT3)
        if self._status is not None:
            draw_status(painter, self._status, x + px(GAP) + px(9) / 2, middle, px(9))
        if self.shows_focus:
            draw_focus_ring(painter, rect)

    def _describe(self) -> None:
        state = "shown" if self.isChecked() else "hidden"
        up = f", {self._status.value}" if self._status is not None else ""
        self.setAccessibleName(f"{self.text()}, {self._remark}, {state}{up}".replace(", ,", ","))
