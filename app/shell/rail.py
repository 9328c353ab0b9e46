"""The rail: the product's sign, the screens, and below a rule what is the facilitator's."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.shell.screens import Screen
from app.theme import Icon, Token, colour, px
from app.widgets import BrandMark, RailButton
from app.widgets.paint import draw_hairline


class Rail(QWidget):
    """One button a screen; `chosen` carries the screen's name."""

    chosen = Signal(str)
    helpWanted = Signal()
    settingsWanted = Signal()

    def __init__(self, screens: Sequence[Screen], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Screens")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._buttons: dict[str, RailButton] = {}
        self._help = RailButton("Help", Icon.KEYBOARD, "?")
        self._help.setCheckable(False)
        self._help.clicked.connect(self.helpWanted)
        self._settings = RailButton("Settings", Icon.GEAR_SIX, "Ctrl+,")
        self._settings.setCheckable(False)
        self._settings.clicked.connect(self.settingsWanted)
        self._lay_out(screens)

    def set_current(self, name: str) -> None:
        """Mark the screen that is shown."""
        for known, button in self._buttons.items():
            button.setChecked(known == name)

    def set_count(self, name: str, count: int) -> None:
        """Show that so many things wait on that screen."""
        if name in self._buttons:
            self._buttons[name].set_count(count)

    def set_compact(self, compact: bool) -> None:
        """Icons alone, for windows under 1280 px."""
        for button in (*self._buttons.values(), self._help, self._settings):
            button.set_compact(compact)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the surface, its edge, and the rule above what is the facilitator's."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(Token.BG1))
        painter.fillRect(QRectF(self.width() - 1, 0, 1, self.height()), colour(Token.LINE1))
        if self._rule_above is not None:
            y = self._rule_above.geometry().top() - px(7)
            draw_hairline(painter, px(12), y, self.width() - px(12))

    def _lay_out(self, screens: Sequence[Screen]) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(14), 1, px(8))
        column.setSpacing(px(2))
        column.addWidget(BrandMark(), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(px(22))
        for number, screen in enumerate(screens, start=1):
            self._buttons[screen.name] = self._button(screen, f"Alt+{number}")
        for screen in screens:
            if not screen.leads:
                column.addWidget(self._buttons[screen.name])
        column.addStretch(1)
        leading = [self._buttons[screen.name] for screen in screens if screen.leads]
        for button in leading:
            column.addWidget(button)
        self._rule_above = leading[0] if leading else None
        column.addWidget(self._help)
        column.addWidget(self._settings)

    def _button(self, screen: Screen, keys: str) -> RailButton:
        button = RailButton(screen.name, screen.icon, keys)
        button.setCheckable(not screen.leads)
        button.clicked.connect(lambda: self.chosen.emit(screen.name))
        return button
