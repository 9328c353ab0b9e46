"""The line that says what did not work."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.theme import Token
from app.widgets.line import Line


class Trouble(Line):
    """In red, and only while there is something to say; `passes_ms`: it goes by itself after so long."""

    def __init__(self, passes_ms: int = 0, parent: QWidget | None = None) -> None:
        super().__init__("", 12, ink=Token.CRIT_TEXT, parent=parent)
        self._passing = QTimer(self, singleShot=True, interval=passes_ms)
        self._passing.timeout.connect(self.hide)
        self.hide()

    def tell(self, why: str, more: str = "") -> None:
        """Say it, with `more` in the tool tip; an empty text takes it back."""
        self.set_text(why)
        self.set_explanation(more)
        self.setVisible(bool(why))
        if why and self._passing.interval():
            self._passing.start()
