"""Paints the cells of a `Table`. Panes with a cell of their own derive from it and override `paint_content`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.theme import REGULAR, Status, Token, colour, font, px, theme
from app.widgets.chip import ChipLook, chip_width, draw_chip
from app.widgets.paint import (
    LEFT,
    RIGHT,
    draw_box,
    draw_focus_ring,
    draw_square,
    draw_status,
    draw_text,
    text_width,
)
from app.widgets.table_cells import CellKind, CellRole

if TYPE_CHECKING:
    from app.widgets.table import Table

Index = QModelIndex | QPersistentModelIndex
TRACE_SHOWN = 8


class TableDelegate(QStyledItemDelegate):
    """Row background, selection bar, focus outline, and a cell's content by its column's kind."""

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self._table = table

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Heights are the table's affair."""
        return QSize(px(60), px(28))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        self._paint_row(painter, rect, index, selected)
        self.paint_content(painter, self._table.cell_area(rect, index.column()), index, selected)
        if selected and self._table.shows_focus and index.column() == len(self._table.columns) - 1:
            self._paint_focus(painter, rect)
        painter.restore()

    def paint_content(self, painter: QPainter, area: QRect, index: Index, selected: bool) -> None:
        """Paint what the cell holds into its content area."""
        kind = self._table.columns[index.column()].kind
        text = str(index.data() if index.data() is not None else "")
        match kind:
            case CellKind.SERVICE:
                self._paint_marked(painter, area, index, text, is_status=False)
            case CellKind.STATUS:
                self._paint_marked(painter, area, index, text, is_status=True)
            case CellKind.TRACE:
                if text:
                    look = ChipLook(text[:TRACE_SHOWN], Status.INFO, mono=True)
                    draw_chip(painter, QRectF(self.trace_rect(index, None, area)), look)
            case CellKind.BAR:
                self._paint_bar(painter, area, index)
            case CellKind.NUMBER:
                self._paint_text(painter, area, index, text, False, Token.TEXT1)
            case CellKind.ID:
                self._paint_text(painter, area, index, text, True, Token.INFO_TEXT)
            case CellKind.TIME:
                self._paint_text(painter, area, index, text, False, Token.TEXT2)
            case CellKind.MONO:
                self._paint_mono(painter, area, index, text)
            case _:
                self._paint_text(painter, area, index, text, False, Token.TEXT1)

    def trace_rect(self, index: Index, cell: QRect | None, area: QRect | None = None) -> QRect:
        """Where the trace chip of a cell lies."""
        if area is None:
            area = self._table.cell_area(cell or QRect(), index.column())
        look = ChipLook(str(index.data() or "")[:TRACE_SHOWN], Status.INFO, mono=True)
        height = px(20)
        top = area.top() + (area.height() - height) // 2
        return QRect(area.left(), top, min(chip_width(look), area.width()), height)

    def _paint_row(self, painter: QPainter, rect: QRect, index: Index, selected: bool) -> None:
        if selected or index.data(CellRole.NEEDS_YOU):
            painter.fillRect(rect, colour(Token.ACCENT_BG))
        elif index.row() == self._table.hover_row:
            painter.fillRect(rect, colour(Token.BG2))
        last = len(self._table.columns) - 1
        left = rect.left() + (px(self._table.padding) if index.column() == 0 else 0)
        right = rect.right() + 1 - (px(self._table.padding) if index.column() == last else 0)
        painter.fillRect(left, rect.bottom(), right - left, 1, colour(Token.LINE0))
        if selected and index.column() == 0:
            painter.fillRect(rect.left(), rect.top(), 2, rect.height(), colour(Token.ACCENT))

    def _paint_focus(self, painter: QPainter, rect: QRect) -> None:
        whole = QRectF(0, rect.top(), self._table.viewport().width(), rect.height())
        painter.setClipping(False)
        draw_focus_ring(painter, whole.adjusted(1, 0.5, -1, -0.5), 4)

    def _ink(self, index: Index, normal: Token) -> Token:
        if index.data(CellRole.DIMMED):
            return Token.TEXT_DISABLED
        ink = index.data(CellRole.INK)
        return Token(ink) if ink else normal

    def _paint_text(
        self, painter: QPainter, area: QRect, index: Index, text: str, mono: bool, ink: Token
    ) -> None:
        column = self._table.columns[index.column()]
        face = font(12, column.weight, mono)
        align = RIGHT if column.is_right_aligned else LEFT
        draw_text(painter, area, text, face, self._ink(index, ink), align)

    def _paint_mono(self, painter: QPainter, area: QRect, index: Index, text: str) -> None:
        face = font(12, REGULAR, True)
        letter = text_width("0", face)
        for start, length in index.data(CellRole.MARKED) or ():
            left = area.left() + start * letter
            if left < area.right():
                plate = QRectF(left - 2, area.top() + 4, length * letter + 4, area.height() - 8)
                draw_box(painter, plate.intersected(QRectF(area)), Token.ACCENT_LINE, None, 3)
        draw_text(painter, area, text, face, self._ink(index, Token.TEXT1))

    def _paint_marked(self, painter: QPainter, area: QRect, index: Index, text: str, is_status: bool) -> None:
        middle = area.top() + area.height() / 2
        if is_status:
            status = index.data(CellRole.STATUS)
            if status:
                draw_status(painter, Status(status), area.left() + px(4), middle, px(9))
        elif text:
            name = str(index.data(CellRole.SERVICE) or text)
            draw_square(painter, theme.service_colour(name), area.left() + px(4), middle, px(8))
        self._paint_text(painter, area.adjusted(px(15), 0, 0, 0), index, text, False, Token.TEXT1)

    def _paint_bar(self, painter: QPainter, area: QRect, index: Index) -> None:
        share = min(max(float(index.data(CellRole.SHARE) or 0.0), 0.0), 1.0)
        height = px(5)
        track = QRectF(area.left(), area.top() + (area.height() - height) / 2, area.width(), height)
        draw_box(painter, track, Token.BG4, None, height / 2)
        if share > 0:
            filled = QRectF(track)
            filled.setWidth(max(track.width() * share, height))
            draw_box(painter, filled, self._ink(index, Token.INFO), None, height / 2)
