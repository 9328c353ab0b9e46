"""The table: a virtual QTableView whose delegate paints each cell by its column's kind.

The pane brings a `QAbstractTableModel`; roles carry data, the delegate formats nothing but its shape. Beyond
`DisplayRole` a cell may answer the roles of `CellRole`.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QHeaderView, QTableView, QWidget

from app.theme import SEMIBOLD, Token, colour, font, px
from app.widgets.paint import LEFT, RIGHT, draw_text
from app.widgets.press import FocusByKey
from app.widgets.table_cells import CellKind, Column, cell_area
from app.widgets.table_delegate import TableDelegate

LEAST_WIDTH = 80


class TableHeader(QHeaderView):
    """Column titles in 11/600."""

    def __init__(self, columns: Sequence[Column], padding: int, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._columns = columns
        self._padding = padding
        self.setHighlightSections(False)
        self.setSectionsClickable(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(px(20))
        self.restyle()

    def restyle(self) -> None:
        """Take the height from the theme again."""
        self.setFixedHeight(px(28))

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        """Paint one title."""
        painter.save()
        painter.fillRect(rect, colour(Token.BG1))
        column = self._columns[logicalIndex]
        area = cell_area(rect, logicalIndex, len(self._columns), self._padding)
        align = RIGHT if column.is_right_aligned else LEFT
        draw_text(painter, area, column.title, font(11, SEMIBOLD), Token.TEXT3, align)
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, colour(Token.LINE1))
        painter.restore()


class Table(QTableView):
    """Rows of 26 to 30 px with a hairline. One row is selected; Return or a double click opens it.

    `opened` and `chosen` carry a row; `traceOpened` a trace id and whether Ctrl was held. J and K move like the
    arrows. `padding` is the panel's side padding, which the outer columns take over.
    """

    chosen = Signal(int)
    opened = Signal(int)
    traceOpened = Signal(str, bool)

    def __init__(
        self,
        columns: Sequence[Column],
        row_height: int = 28,
        padding: int = 14,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.padding = padding
        self._row_height = row_height
        self._hover_row = -1
        self._focus = FocusByKey()
        self._delegate = TableDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setHorizontalHeader(TableHeader(self.columns, padding, self))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName(name)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        self.restyle()

    @property
    def shows_focus(self) -> bool:
        """Whether to outline the selected row."""
        return self.hasFocus() and self._focus.by_key

    @property
    def hover_row(self) -> int:
        """The row under the pointer, or -1."""
        return self._hover_row

    @property
    def row(self) -> int:
        """The selected row, or -1."""
        index = self.currentIndex()
        return index.row() if index.isValid() else -1

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Show a model's rows."""
        super().setModel(model)
        if model is not None:
            self.selectionModel().currentRowChanged.connect(self._tell_chosen)
            self._fit_columns()

    def choose_row(self, row: int) -> None:
        """Select a row and bring it into view; -1 selects none."""
        model = self.model()
        if model is None or not 0 <= row < model.rowCount():
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
            return
        self.selectRow(row)
        self.scrollTo(model.index(row, 0))

    def restyle(self) -> None:
        """Take heights and widths from the theme again."""
        # The smallest first: a default below it is not taken.
        self.verticalHeader().setMinimumSectionSize(px(self._row_height))
        self.verticalHeader().setDefaultSectionSize(px(self._row_height))
        self._fit_columns()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return opens, J and K move."""
        self._focus.by_key = True
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.row >= 0:
            self.opened.emit(self.row)
        elif key in (Qt.Key.Key_J, Qt.Key.Key_K) and not event.modifiers() and self.model() is not None:
            step = 1 if key == Qt.Key.Key_J else -1
            self.choose_row(min(max(self.row + step, 0), self.model().rowCount() - 1))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click needs no outline."""
        self._focus.by_key = False
        super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Outline the row if the keyboard came. Focus alone chooses nothing, whatever Qt does by itself."""
        self._focus.came(event.reason())
        if self.currentIndex().isValid():
            super().focusInEvent(event)
        else:
            QAbstractScrollArea.focusInEvent(self, event)
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light the row under the pointer."""
        self._hover(self.indexAt(event.position().toPoint()).row())
        over = self._trace_at(event.position().toPoint())
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a trace id opens its trace."""
        super().mouseReleaseEvent(event)
        trace_id = self._trace_at(event.position().toPoint())
        if trace_id and event.button() == Qt.MouseButton.LeftButton:
            self.traceOpened.emit(trace_id, bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))

    def leaveEvent(self, event: QEvent) -> None:
        """No row is under the pointer any more."""
        self._hover(-1)
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the flexible columns what is left."""
        super().resizeEvent(event)
        self._fit_columns()

    def cell_area(self, rect: QRect, column: int) -> QRect:
        """The part of a cell that holds its content."""
        return cell_area(rect, column, len(self.columns), self.padding)

    def _trace_at(self, point: QPoint) -> str:
        index = self.indexAt(point)
        if not index.isValid() or self.columns[index.column()].kind is not CellKind.TRACE:
            return ""
        chip = self._delegate.trace_rect(index, self.visualRect(index))
        return str(index.data() or "") if chip.contains(point) else ""

    def _hover(self, row: int) -> None:
        if row == self._hover_row:
            return
        for old in (self._hover_row, row):
            if old >= 0:
                self.viewport().update(0, self.rowViewportPosition(old), self.width(), self.rowHeight(old))
        self._hover_row = row

    def _tell_chosen(self, now: QModelIndex, before: QModelIndex) -> None:
        self.chosen.emit(now.row())

    def _fit_columns(self) -> None:
        model = self.model()
        if model is None or model.columnCount() != len(self.columns):
            return
        shown = [column for place, column in enumerate(self.columns) if not self.isColumnHidden(place)]
        fixed = sum(px(column.width) for column in shown)
        flexible = sum(not column.width for column in shown)
        is_roomy = self.viewport().width() - fixed >= flexible * px(LEAST_WIDTH)
        modes, header = QHeaderView.ResizeMode, self.horizontalHeader()
        for place, column in enumerate(self.columns):
            stretches = is_roomy and not column.width
            header.setSectionResizeMode(place, modes.Stretch if stretches else modes.Fixed)
            if not stretches:
                header.resizeSection(place, px(column.width or LEAST_WIDTH))
