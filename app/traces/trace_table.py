"""The list of traces; where it is narrow the least telling columns give way, the duration never."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.theme import px
from app.traces.table_model import BAR, COLUMNS, SPANS, START
from app.widgets import Table

ENTRY_LEAST = 128
GIVE_WAY = (BAR, SPANS, START)


class TraceTable(Table):
    """A `Table` that hides columns rather than scroll sideways."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(COLUMNS, 28, name="Traces", parent=parent)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many columns as fit."""
        if self.model() is not None:
            needed = sum(px(column.width or ENTRY_LEAST) for column in COLUMNS)
            for column in GIVE_WAY:
                hidden = needed > self.viewport().width()
                self.setColumnHidden(column, hidden)
                needed -= px(COLUMNS[column].width) if hidden else 0
        super().resizeEvent(event)
