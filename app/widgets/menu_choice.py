"""One of many, from a menu: the closed control says what is chosen, its menu groups what there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from app.theme import Icon, Token, draw_icon, font, px
from app.widgets.paint import draw_box, draw_focus_ring, draw_text, text_width
from app.widgets.press import Pressable


@dataclass(frozen=True, slots=True)
class MenuOption:
    """What can be chosen: a key of the caller's, the words, and the heading that it stands under."""

    key: str
    text: str
    group: str = ""


class MenuChoice(Pressable):
    """Space, Return or a click opens the menu; up and down step without it. `chosen` carries the key."""

    chosen = Signal(str)

    def __init__(self, name: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._name, self._hint, self._words = name, hint, ""
        self._options: tuple[MenuOption, ...] = ()
        self._place = -1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.open_menu)
        self._describe()

    @property
    def current(self) -> str:
        """The key of what is chosen; empty when there is nothing to choose."""
        return self._options[self._place].key if self._place >= 0 else ""

    @property
    def options(self) -> tuple[MenuOption, ...]:
        """What there is."""
        return self._options

    def set_options(self, options: Sequence[MenuOption], current: str = "") -> None:
        """Offer other options; `current` is chosen, else the first. `chosen` stays silent."""
        self._options = tuple(options)
        self._place = 0 if self._options else -1
        self.choose(current)
        self._describe()

    def choose(self, key: str) -> None:
        """Choose by key; an unknown key changes nothing. `chosen` stays silent."""
        for place, option in enumerate(self._options):
            if option.key == key:
                self._place = place
                self._describe()

    def open_menu(self) -> None:
        """Open the menu below the control."""
        menu = self.make_menu()
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + px(2))))

    def make_menu(self) -> QMenu:
        """The menu: a heading a group, the chosen option checked."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        one_of = QActionGroup(menu)
        group = ""
        for place, option in enumerate(self._options):
            if option.group != group:
                group = option.group
                if place:
                    menu.addSeparator()
                menu.addAction(group).setEnabled(False)
            action = QAction(option.text, menu, checkable=True, checked=place == self._place)
            action.triggered.connect(lambda _=False, place=place: self._take(place))
            one_of.addAction(action)
            menu.addAction(action)
            if place == self._place:
                menu.setActiveAction(action)
        return menu

    def sizeHint(self) -> QSize:
        """A control's height, wide enough for what is chosen."""
        return QSize(round(text_width(self._words or self._hint, font(13))) + px(44), px(32))

    def minimumSizeHint(self) -> QSize:
        """Long words elide."""
        return QSize(px(96), px(32))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down step; the rest is a button's."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None or not self._options:
            super().keyPressEvent(event)
            return
        self._focus.by_key = True
        self._take(min(max(self._place + step, 0), len(self._options) - 1))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the page and never changes a choice by accident."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the well, the words and the caret."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        draw_box(painter, rect, Token.BG3 if self.lift else Token.INSET, Token.LINE2, 6)
        ink = Token.TEXT1 if self._words else Token.TEXT3
        area = rect.adjusted(px(10), 0, -px(28), 0)
        draw_text(painter, area, self._words or self._hint, font(13), ink)
        side = px(12)
        draw_icon(
            painter,
            Icon.CARET_DOWN,
            rect.right() - px(10) - side,
            (self.height() - side) / 2,
            12,
            Token.TEXT3,
        )
        if self.shows_focus:
            draw_focus_ring(painter, rect)

    def _take(self, place: int) -> None:
        if place != self._place:
            self._place = place
            self._describe()
            self.chosen.emit(self.current)

    def _describe(self) -> None:
        words = self._options[self._place].text if self._place >= 0 else ""
        self._words = words
        self.setToolTip(words)
        self.setAccessibleName(f"{self._name}: {words}" if words else self._name)
        self.updateGeometry()
        self.update()
