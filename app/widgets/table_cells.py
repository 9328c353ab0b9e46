"""What a table's columns and cells can be; shared by the table and its delegate."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from PySide6.QtCore import QRect, Qt

from app.theme import REGULAR, px


class CellKind(StrEnum):
    """How a column's cells are drawn."""

    TEXT = "text"
    NUMBER = "number"
    TIME = "time"
    ID = "id"
    MONO = "mono"
    SERVICE = "service"
    STATUS = "status"
    TRACE = "trace"
    BAR = "bar"


class CellRole(IntEnum):
    """Roles that a model may answer beside DisplayRole."""

    STATUS = Qt.ItemDataRole.UserRole + 1
    INK = Qt.ItemDataRole.UserRole + 2
    SHARE = Qt.ItemDataRole.UserRole + 3
    MARKED = Qt.ItemDataRole.UserRole + 4
    SERVICE = Qt.ItemDataRole.UserRole + 5
    NEEDS_YOU = Qt.ItemDataRole.UserRole + 6
    DIMMED = Qt.ItemDataRole.UserRole + 7


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, kind and width in px at a text scale of 1; width 0 takes the rest."""

    title: str
    kind: CellKind = CellKind.TEXT
    width: int = 0
    weight: int = REGULAR

    @property
    def is_right_aligned(self) -> bool:
        """Numbers end on one line."""
        return self.kind is CellKind.NUMBER


def cell_area(rect: QRect, column: int, columns: int, padding: int) -> QRect:
    """The part of a cell that holds its content; the outer columns keep the panel's padding."""
    left = px(padding) if column == 0 else px(8)
    right = px(padding) if column == columns - 1 else px(8)
    return rect.adjusted(left, 0, -right, 0)
