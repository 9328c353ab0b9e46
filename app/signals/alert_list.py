"""The alert feed as a list: its model, and the delegate that paints a card a row."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.signals.model import AlertRow
from app.theme import MEDIUM, Token, colour, font, px, theme
from app.widgets.keycap import draw_keycap, keycap_width
from app.widgets.paint import (
    LEFT,
    RIGHT,
    draw_box,
    draw_focus_ring,
    draw_hairline,
    draw_square,
    draw_status,
    draw_text,
    text_width,
)

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole
TEXT_LEFT, SIDE, TOP = 36, 14, 10
DETAIL_LINES = 3
ACT, KEYS = "Acknowledge", "A"


class AlertModel(QAbstractListModel):
    """The feed's rows."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[AlertRow, ...] = ()

    def show_rows(self, rows: Sequence[AlertRow]) -> None:
        """Take other rows; nothing is told where nothing changed."""
        fresh = tuple(rows)
        if fresh == self.rows:
            return
        if [row.key for row in fresh] == [row.key for row in self.rows]:
            self.rows = fresh
            self.dataChanged.emit(self.index(0), self.index(len(fresh) - 1))
            return
        self.beginResetModel()
        self.rows = fresh
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many alerts there were."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row, its title, or its sentence."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return row.spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.clock_exact} {row.title}\n{row.detail}"
        return None


class AlertList(QListView):
    """The feed. `acknowledged` carries an alert's id, `pointed` the moment of the chosen one in Unix seconds."""

    acknowledged = Signal(str)
    pointed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.alerts = AlertModel(self)
        self.setModel(self.alerts)
        self.setItemDelegate(AlertDelegate(self))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName("Alerts")
        self.clicked.connect(self._point)
        self.activated.connect(self._point)

    def show_rows(self, rows: Sequence[AlertRow]) -> None:
        """Show these alerts; the chosen one stays chosen."""
        kept = self.currentIndex()
        key = self.alerts.rows[kept.row()].key if kept.isValid() else ""
        self.alerts.show_rows(rows)
        for place, row in enumerate(self.alerts.rows):
            if row.key == key and self.currentIndex().row() != place:
                self.setCurrentIndex(self.alerts.index(place))
        self.scheduleDelayedItemsLayout()

    def target(self) -> AlertRow | None:
        """The alert that A acknowledges: the chosen one, else the newest that needs somebody."""
        current = self.currentIndex()
        if current.isValid() and self.alerts.rows[current.row()].needs_somebody:
            return self.alerts.rows[current.row()]
        return next((row for row in self.alerts.rows if row.needs_somebody), None)

    def acknowledge(self) -> None:
        """Acknowledge the target."""
        row = self.target()
        if row is not None:
            self.acknowledged.emit(row.alert_id)

    def restyle(self) -> None:
        """Measure the rows again."""
        self.scheduleDelayedItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the details anew."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def _point(self, index: QModelIndex) -> None:
        self.pointed.emit(self.alerts.rows[index.row()].fired_s)


class AlertDelegate(QStyledItemDelegate):
    """Paints one alert: glyph, title and time, what was measured, whose it is, and the way to take it."""

    def __init__(self, view: AlertList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Title, wrapped detail (open alerts only), one line of notes."""
        row: AlertRow = index.data(ROW_ROLE)
        width = self._view.viewport().width()
        height = px(TOP) + px(19) + _note_height(row) + px(TOP)
        if row.is_open:
            height += _detail_height(row.detail, _text_width(width)) + px(3)
        return QSize(px(120), height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the card."""
        row: AlertRow = index.data(ROW_ROLE)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        self._paint_ground(painter, rect, row, state)
        left = rect.left() + px(TEXT_LEFT)
        right = left + _text_width(rect.width())
        y = rect.top() + px(TOP)
        line = QRectF(left, y, right - left, px(19))
        draw_status(painter, row.status, rect.left() + px(20), line.center().y(), px(10))
        taken = draw_text(painter, line, row.clock, font(11, mono=True), Token.TEXT3, RIGHT)
        ink = Token.TEXT1 if row.is_open else Token.TEXT2
        draw_text(painter, line.adjusted(0, 0, -taken - px(8), 0), row.title, font(13, MEDIUM), ink)
        y += px(19)
        if row.is_open:
            height = _detail_height(row.detail, right - left)
            _paint_detail(painter, QRectF(left, y, right - left, height), row.detail)
            y += height + px(3)
        self._paint_note(painter, QRectF(left, y, right - left, _note_height(row)), row)
        if state & QStyle.StateFlag.State_HasFocus and self._view.hasFocus():
            draw_focus_ring(painter, QRectF(rect).adjusted(2, 2, -2, -2), 4)
        painter.restore()

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Acknowledge when the painted button is pressed."""
        row: AlertRow = index.data(ROW_ROLE)
        if isinstance(event, QMouseEvent) and row.needs_somebody:
            over = self.button_area(option.rect, row).contains(event.position())
            shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
            self._view.viewport().setCursor(shape)
            if over and event.type() == QEvent.Type.MouseButtonRelease:
                self._view.acknowledged.emit(row.alert_id)
                return True
        return bool(super().editorEvent(event, model, option, index))

    def button_area(self, rect: QRect, row: AlertRow) -> QRectF:
        """Where the button of a row is, in the viewport."""
        width = 2 * px(9) + ceil(text_width(ACT, font(11))) + 1
        if self._is_target(row):
            width += px(6) + keycap_width(KEYS) - px(3)
        height = px(22)
        return QRectF(rect.right() - px(SIDE) - width, rect.bottom() + 1 - px(TOP) - height, width, height)

    def _is_target(self, row: AlertRow) -> bool:
        target = self._view.target()
        return target is not None and target.key == row.key

    def _paint_ground(self, painter: QPainter, rect: QRect, row: AlertRow, state: QStyle.StateFlag) -> None:
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if row.needs_somebody:
            painter.fillRect(rect, colour(Token.ACCENT_BG))
        elif selected or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, colour(Token.BG2))
        if selected:
            painter.fillRect(QRect(rect.topLeft(), QSize(2, rect.height())), colour(Token.TEXT2))
        ink = Token.ACCENT_LINE if row.needs_somebody else Token.LINE1
        draw_hairline(painter, rect.left(), rect.bottom(), rect.right() + 1, ink)

    def _paint_note(self, painter: QPainter, area: QRectF, row: AlertRow) -> None:
        right = area.right()
        if row.needs_somebody:
            button = self.button_area(QRect(QPoint(0, 0), QSize(self._view.viewport().width(), 0)), row)
            width = button.width()
            box = QRectF(area.right() - width, area.bottom() - button.height(), width, button.height())
            draw_box(painter, box, Token.BG1, Token.ACCENT_LINE, 5)
            draw_text(painter, box.adjusted(px(9), 0, 0, 0), ACT, font(11), Token.ACCENT_TEXT, LEFT)
            if self._is_target(row):
                draw_keycap(painter, box.right() - px(4), box.center().y(), KEYS, Token.ACCENT_TEXT)
            right = box.left() - px(8)
        middle = area.center().y()
        draw_square(painter, theme.service_colour(row.service), area.left() + px(4), middle, px(8))
        name = QRectF(area.left() + px(14), area.top(), right - area.left() - px(14), area.height())
        draw_text(painter, name, f"{row.service} · {row.note}", font(11), Token.TEXT3)


def _text_width(width: int) -> int:
    return width - px(TEXT_LEFT) - px(SIDE)


def _note_height(row: AlertRow) -> int:
    return px(24) if row.needs_somebody else px(18)


def _detail_height(text: str, width: float) -> int:
    metrics = QFontMetricsF(font(12))
    wrapped = metrics.boundingRect(QRectF(0, 0, width, 10_000), Qt.TextFlag.TextWordWrap, text)
    lines = min(DETAIL_LINES, max(1, round(wrapped.height() / metrics.lineSpacing())))
    return ceil(lines * metrics.lineSpacing())


def _paint_detail(painter: QPainter, area: QRectF, text: str) -> None:
    painter.setFont(font(12))
    painter.setPen(colour(Token.TEXT2))
    painter.save()
    painter.setClipRect(area)
    painter.drawText(area, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop, text)
    painter.restore()
