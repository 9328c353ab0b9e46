"""The left half of the start screen: the agenda as a clock's dial, the name, the promise."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.theme import SEMIBOLD, Token, px
from app.widgets import Dial, Line, Text


class Brand(QWidget):
    """Dial, title, tagline, version."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        self.dial = Dial()
        self.dial.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.dial.setMaximumHeight(px(470))
        self._version = Line("", 12, ink=Token.TEXT3)
        self._version.setMinimumHeight(px(28))
        column.addStretch(2)
        column.addWidget(self.dial, 12)
        column.addSpacing(px(28))
        column.addWidget(Line("3 A.M. Drill", 44, SEMIBOLD))
        words = "The pager is ringing. The total is off by cents.\nFind out why before you ask a machine."
        column.addWidget(Text(words, 15))
        column.addStretch(3)
        column.addWidget(self._version)

    def show_version(self, version: str) -> None:
        """Name the version that runs."""
        self._version.set_text(f"Version {version}, works offline" if version else "")
