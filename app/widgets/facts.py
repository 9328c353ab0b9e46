"""Names and values, one pair a row: what a details panel says about one thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.theme import REGULAR, Token, font, px, theme
from app.widgets.paint import draw_square, draw_text, text_width

ROW = 24


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and a value; `service` puts that service's square before the value."""

    label: str
    value: str
    ink: Token = Token.TEXT1
    mono: bool = False
    service: str = ""


class FactList(QWidget):
    """Painted rows of facts; a value that does not fit is in the tool tip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: tuple[Fact, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show these."""
        fresh = tuple(facts)
        if fresh != self._facts:
            self._facts = fresh
            self.setAccessibleName("; ".join(f"{fact.label}: {fact.value}" for fact in fresh))
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """A row a fact."""
        return QSize(px(200), len(self._facts) * px(ROW))

    def minimumSizeHint(self) -> QSize:
        """Narrow, but all rows."""
        return QSize(px(80), len(self._facts) * px(ROW))

    def event(self, event: QEvent) -> bool:
        """Say in full what was elided."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = event.pos().y() // px(ROW)
            fact = self._facts[row] if 0 <= row < len(self._facts) else None
            elided = (
                fact is not None
                and text_width(fact.value, font(12, REGULAR, fact.mono)) > self._value_width()
            )
            QToolTip.showText(event.globalPos(), fact.value if fact is not None and elided else "", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows."""
        painter = QPainter(self)
        label_width = self.width() - self._value_width()
        for number, fact in enumerate(self._facts):
            top = number * px(ROW)
            draw_text(
                painter, QRectF(0, top, label_width - px(8), px(ROW)), fact.label, font(12), Token.TEXT3
            )
            area = QRectF(label_width, top, self._value_width(), px(ROW))
            if fact.service:
                draw_square(
                    painter, theme.service_colour(fact.service), label_width + px(4), area.center().y(), px(8)
                )
                area.setLeft(area.left() + px(14))
            draw_text(painter, area, fact.value, font(12, REGULAR, fact.mono), fact.ink)

    def _value_width(self) -> float:
        names = max((text_width(fact.label, font(12)) for fact in self._facts), default=0.0) + px(12)
        return self.width() - min(max(names, px(72)), self.width() * 0.5)
