"""The source tree: services and documents, with marks for what changed and a lock for what may not be edited."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.theme import REGULAR, SEMIBOLD, Icon, Token, colour, draw_icon, font, px, theme
from app.widgets.paint import RIGHT, draw_focus_ring, draw_text
from app.workbench.model import TreeRow

Index = QModelIndex | QPersistentModelIndex
ROW = 26


class TreeModel(QAbstractListModel):
    """Rows as the tree shows them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[TreeRow, ...] = ()

    def set_rows(self, rows: tuple[TreeRow, ...]) -> None:
        """Show other rows; only marks change as a rule, then nothing moves."""
        if [row.path for row in rows] == [row.path for row in self.rows] and rows:
            self.rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row itself under UserRole, its words under DisplayRole."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.path or row.text}{', changed' if row.change else ''}{'' if row.editable else ', read only'}"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Groups are labels."""
        if index.isValid() and self.rows[index.row()].is_group:
            return Qt.ItemFlag.ItemIsEnabled
        return super().flags(index)


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row: TreeRow = index.data(Qt.ItemDataRole.UserRole)
        return QSize(px(120), px(ROW + (6 if row.is_group else 0)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: TreeRow = index.data(Qt.ItemDataRole.UserRole)
        rect = QRectF(option.rect)
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, colour(Token.BG3))
            painter.fillRect(QRectF(rect.left(), rect.top(), px(2), rect.height()), colour(Token.ACCENT))
        elif option.state & QStyle.StateFlag.State_MouseOver and not row.is_group:
            painter.fillRect(rect, colour(Token.BG2))
        (self._paint_group if row.is_group else self._paint_file)(painter, rect, row, chosen)
        focused = option.state & QStyle.StateFlag.State_HasFocus and option.widget.hasFocus()
        if focused and not row.is_group:
            draw_focus_ring(painter, rect.adjusted(1, 1, -1, -1), 4)
        painter.restore()

    def _paint_group(self, painter: QPainter, rect: QRectF, row: TreeRow, chosen: bool) -> None:
        inner = rect.adjusted(px(14), px(6), -px(14), 0)
        x = inner.left()
        if row.service:
            side = px(8)
            painter.fillRect(
                QRectF(x, inner.center().y() - side / 2, side, side), theme.service_colour(row.service)
            )
            x += side + px(8)
        area = QRectF(x, inner.top(), inner.right() - x, inner.height())
        draw_text(painter, area, row.text, font(12, SEMIBOLD), Token.TEXT2)
        if row.service and not row.editable:
            draw_icon(
                painter, Icon.LOCK_SIMPLE, inner.right() - px(12), inner.center().y() - px(6), 12, Token.TEXT3
            )

    def _paint_file(self, painter: QPainter, rect: QRectF, row: TreeRow, chosen: bool) -> None:
        inner = rect.adjusted(px(30), 0, -px(14), 0)
        icon = Icon.BOOK_OPEN if not row.service else Icon.FILE
        draw_icon(painter, icon, inner.left(), inner.center().y() - px(7), 14, Token.TEXT3)
        area = inner.adjusted(px(22), 0, -px(18), 0)
        ink = Token.TEXT1 if chosen or row.change else Token.TEXT2
        draw_text(painter, area, row.text, font(12, SEMIBOLD if chosen else REGULAR), ink)
        if row.change:
            inks = {"M": Token.ACCENT_TEXT, "A": Token.OK_TEXT, "D": Token.CRIT_TEXT}
            ink = inks.get(row.change, Token.TEXT2)
            draw_text(painter, inner, row.change, font(11, SEMIBOLD, mono=True), ink, RIGHT)


class SourceTree(QListView):
    """Lists the workspace; `opened` has the path of the file that was chosen."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = TreeModel(self)
        self.setModel(self._rows)
        self.setItemDelegate(_Delegate(self))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName("Source files")
        self.selectionModel().currentChanged.connect(self._tell)

    def show_rows(self, rows: tuple[TreeRow, ...]) -> None:
        """Show other rows; the chosen file stays chosen."""
        path = self.path
        self._rows.set_rows(rows)
        if path and path != self.path:
            self.choose(path)

    @property
    def path(self) -> str:
        """The chosen file, or nothing."""
        index = self.currentIndex()
        return (
            self._rows.rows[index.row()].path
            if index.isValid() and index.row() < len(self._rows.rows)
            else ""
        )

    def choose(self, path: str) -> None:
        """Choose a file by its path."""
        for number, row in enumerate(self._rows.rows):
            if row.path == path:
                self.setCurrentIndex(self._rows.index(number))
                return

    def restyle(self) -> None:
        """Row heights follow the text scale."""
        self.doItemsLayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """J and K move; groups are stepped over."""
        steps = {Qt.Key.Key_J: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_K: -1, Qt.Key.Key_Up: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is None or event.modifiers():
            super().keyPressEvent(event)
            return
        row = self.currentIndex().row() + step
        while 0 <= row < len(self._rows.rows):
            if not self._rows.rows[row].is_group:
                self.setCurrentIndex(self._rows.index(row))
                return
            row += step

    def _tell(self, now: QModelIndex, before: QModelIndex) -> None:
        if now.isValid() and self._rows.rows[now.row()].path:
            self.opened.emit(self._rows.rows[now.row()].path)
