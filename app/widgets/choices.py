"""Choosing: `Segmented` takes one of a few, `Toggle` turns something on or off, `Slider` takes a number."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QSlider, QWidget

from app.theme import REGULAR, SEMIBOLD, Token, colour, font, px
from app.widgets.paint import CENTRE, LEFT, draw_box, draw_focus_ring, draw_text, mixed, smooth, text_width
from app.widgets.press import Pressable


class _Segment(Pressable):
    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self.setCheckable(True)
        self.setAutoExclusive(True)

    def sizeHint(self) -> QSize:
        """Wide enough for the words at any weight."""
        return QSize(round(text_width(self.text(), font(12, SEMIBOLD))) + 2 * px(10), px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the plate if chosen, then the words."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        if self.isChecked():
            draw_box(painter, rect, Token.BG3, Token.LINE2, 5)
            ink = Token.TEXT1
        else:
            ink = Token.TEXT1 if self.underMouse() else Token.TEXT2
        if not self.isEnabled():
            ink = Token.TEXT_DISABLED
        draw_text(painter, rect, self.text(), font(12, REGULAR), ink, CENTRE)
        if self.shows_focus:
            draw_focus_ring(painter, rect, 5)


class Segmented(QWidget):
    """One of a few, side by side. The arrow keys move; `chosen` carries the number of the option."""

    chosen = Signal(int)

    def __init__(
        self, options: Sequence[str], current: int = 0, name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout(self)
        margin = px(3)
        self._row.setContentsMargins(margin, margin, margin, margin)
        self._row.setSpacing(px(2))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.set_options(options, current)
        self._group.idClicked.connect(self.chosen)

    @property
    def current(self) -> int:
        """The number of the chosen option, or -1."""
        return self._group.checkedId()

    def set_options(self, options: Sequence[str], current: int = 0) -> None:
        """Offer other options."""
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        for number, text in enumerate(options):
            segment = _Segment(text, self)
            self._group.addButton(segment, number)
            self._row.addWidget(segment)
        self.choose(current)

    def choose(self, number: int) -> None:
        """Choose an option; `chosen` stays silent."""
        button = self._group.button(number)
        if button is not None:
            button.setChecked(True)

    def set_option_enabled(self, number: int, reason: str = "") -> None:
        """Disable one option with a reason, or enable it with none."""
        button = self._group.button(number)
        if button is not None:
            button.setEnabled(not reason)
            button.setToolTip(reason)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame."""
        draw_box(QPainter(self), QRectF(self.rect()), Token.BG1, Token.LINE1, 7)


class Toggle(Pressable):
    """A switch with its words to the right of it."""

    def __init__(self, text: str = "", name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setAccessibleName(text or name)
        self.setCheckable(True)

    def sizeHint(self) -> QSize:
        """Switch and words."""
        words = px(10) + round(text_width(self.text(), font(13))) + 2 if self.text() else 0
        return QSize(px(34) + words, px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint switch, words and focus."""
        painter = QPainter(self)
        width, height = px(32), px(18)
        top = (self.height() - height) / 2
        track = QRectF(1, top, width, height)
        on = self.isChecked()
        fill = mixed(colour(Token.TEXT2 if on else Token.BG4), colour(Token.TEXT1), self.lift)
        draw_box(painter, track, fill if self.isEnabled() else Token.BG3, None, height / 2)
        knob = height / 2 - 3
        x = track.right() - height / 2 if on else track.left() + height / 2
        smooth(painter)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(Token.BG1 if on else Token.TEXT2))
        if not self.isEnabled():
            painter.setBrush(colour(Token.TEXT_DISABLED))
        painter.drawEllipse(QPointF(x, track.center().y()), knob, knob)
        ink = Token.TEXT1 if self.isEnabled() else Token.TEXT_DISABLED
        area = QRectF(px(34) + px(8), 0, self.width() - px(42), self.height())
        draw_text(painter, area, self.text(), font(13), ink, LEFT)
        if self.shows_focus:
            draw_focus_ring(painter, track.adjusted(-1, -2, 1, 2), height / 2 + 2)


class Slider(QSlider):
    """A number on a line. Keys, wheel and accessibility are Qt's own."""

    def __init__(
        self, low: int, high: int, value: int, name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(low, high)
        self.setValue(value)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Room for the knob."""
        return QSize(px(120), px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint line, filled part and knob."""
        painter = QPainter(self)
        smooth(painter)
        knob, middle = px(6), self.height() / 2
        span = self.maximum() - self.minimum()
        share = (self.value() - self.minimum()) / span if span else 0.0
        left, right = knob + 1.0, self.width() - knob - 1.0
        x = left + share * (right - left)
        draw_box(painter, QRectF(left, middle - 2, right - left, 4), Token.BG4, None, 2)
        if self.isEnabled():
            draw_box(painter, QRectF(left, middle - 2, x - left, 4), Token.TEXT3, None, 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(Token.TEXT1 if self.isEnabled() else Token.TEXT_DISABLED))
        painter.drawEllipse(QPointF(x, middle), knob, knob)
        if self.hasFocus():
            reach = knob + 3
            draw_focus_ring(painter, QRectF(x - reach, middle - reach, 2 * reach, 2 * reach), reach)
