"""Small arrangements that the panels of Control share."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from app.theme import px


def clear(layout: QLayout) -> None:
    """Take everything out of a layout, inner layouts too."""
    while layout.count():
        item = layout.takeAt(0)
        if item is None:
            return
        inner, widget = item.layout(), item.widget()
        if widget is not None:
            widget.setParent(None)
            widget.deleteLater()
        elif inner is not None:
            clear(inner)
            inner.deleteLater()


def rows(gap: int) -> QVBoxLayout:
    """Things below each other."""
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(px(gap))
    return column


def beside(*widgets: QWidget, gap: int = 8) -> QHBoxLayout:
    """Widgets beside each other, on the left."""
    row = QHBoxLayout()
    row.setSpacing(px(gap))
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row


def indented(widget: QWidget, mark: int = 9, gap: int = 8) -> QHBoxLayout:
    """A line that begins where the words of the line above do: after a status mark of that size, and a gap."""
    row = QHBoxLayout()
    row.setContentsMargins(px(mark) + 5 + px(gap), 0, 0, 0)
    row.addWidget(widget)
    return row


def scrolling(content: QLayout, left: int = 0, right: int = 6) -> QScrollArea:
    """Rows that may be taller than their place."""
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.setContentsMargins(px(left), 0, px(right), 0)
    column.addLayout(content)
    column.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inner)
    area.viewport().setAutoFillBackground(False)
    inner.setAutoFillBackground(False)
    return area
