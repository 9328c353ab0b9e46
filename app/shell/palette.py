"""The command palette: type a verb, an id or a time, and Return does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.command import Command
from app.shell.overlay import Overlay
from app.theme import Icon, Token, draw_icon, font, px
from app.widgets import Field, Line
from app.widgets.keycap import draw_keycap
from app.widgets.paint import LEFT, RIGHT, draw_box, draw_text
from app.widgets.panel import Surface

Index = QModelIndex | QPersistentModelIndex
COMMAND = Qt.ItemDataRole.UserRole
WIDTH, ROW = 640, 38
Search = Callable[[str], Sequence[Command]]


class CommandModel(QAbstractListModel):
    """One row a command."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.commands: tuple[Command, ...] = ()

    def show_commands(self, commands: Sequence[Command]) -> None:
        """Show these."""
        self.beginResetModel()
        self.commands = tuple(commands)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many fit what was typed."""
        return 0 if parent.isValid() else len(self.commands)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The command, or its words."""
        if not index.isValid():
            return None
        command = self.commands[index.row()]
        if role == COMMAND:
            return command
        if role == Qt.ItemDataRole.DisplayRole:
            return command.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(word for word in (command.title, command.place, command.keys) if word)
        return None


class CommandDelegate(QStyledItemDelegate):
    """Paints icon, words, place and key."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One line."""
        return QSize(px(200), px(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a row."""
        command: Command = index.data(COMMAND)
        state: QStyle.StateFlag = option.state
        area = QRectF(option.rect).adjusted(px(8), 1, -px(8), -1)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen:
            draw_box(painter, area, Token.BG3, None, 6)
        middle, right = area.center().y(), area.right() - px(10)
        draw_icon(
            painter,
            command.icon,
            area.left() + px(10),
            middle - px(8),
            16,
            Token.TEXT1 if chosen else Token.TEXT3,
        )
        if command.keys:
            right = draw_keycap(painter, right, middle, command.keys) - px(10)
        place = QRectF(area.left(), area.top(), right - area.left(), area.height())
        taken = draw_text(painter, place, command.place, font(12), Token.TEXT3, RIGHT)
        words = QRectF(
            area.left() + px(38), area.top(), right - taken - px(12) - area.left() - px(38), area.height()
        )
        draw_text(painter, words, command.title, font(13), Token.TEXT1, LEFT)
        painter.restore()


class Palette(Overlay):
    """`open` takes what turns typed text into commands."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Command palette", parent)
        self._search: Search = lambda typed: ()
        self._model = CommandModel(self)
        self._field: Field | None = None
        self._list: QListView | None = None
        self._nothing: Line | None = None

    def open(self, search: Search) -> None:
        """Show what `search` finds for nothing typed, and wait."""
        self._search = search
        card = Surface(Token.BG2, Token.LINE2, 10, self)
        card.setFixedWidth(min(px(WIDTH), self.window().width() - px(80)))
        column = QVBoxLayout(card)
        column.setContentsMargins(px(1), px(10), px(1), px(8))
        column.setSpacing(px(8))
        self._field = Field(
            "Type what to do, a trace id, a time or a service", Icon.MAGNIFYING_GLASS, name="Command"
        )
        self._field.escaped.connect(self.leave)
        self._field.textChanged.connect(lambda _: self._find())
        edge = QVBoxLayout()
        edge.setContentsMargins(px(10), 0, px(10), 0)
        edge.addWidget(self._field)
        column.addLayout(edge)
        self._list = self._make_list()
        column.addWidget(self._list)
        self._nothing = Line("Nothing is called like that. Try fewer letters.", 12, ink=Token.TEXT3)
        row = QVBoxLayout()
        row.setContentsMargins(px(18), 0, px(18), px(4))
        row.addWidget(self._nothing)
        column.addLayout(row)
        self.show_card(card, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self._outer.setContentsMargins(px(24), round(self.height() * 0.16), px(24), px(24))
        self._find()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down choose, Return does it, Escape leaves."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        key = Qt.Key(event.key())
        if key in steps:
            self._step(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._do_current()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab chooses like the arrows: there is nothing else to go to."""
        self._step(1 if next else -1)
        return True

    def _make_list(self) -> QListView:
        found = QListView()
        found.setModel(self._model)
        found.setItemDelegate(CommandDelegate(found))
        found.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        found.setFrameShape(QListView.Shape.NoFrame)
        found.setMouseTracking(True)
        found.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        found.viewport().setAutoFillBackground(False)
        found.setAccessibleName("Commands")
        found.entered.connect(found.setCurrentIndex)
        found.clicked.connect(lambda _: self._do_current())
        return found

    def _find(self) -> None:
        if self._field is None or self._list is None or self._nothing is None:
            return
        self._model.show_commands(self._search(self._field.text()))
        count = self._model.rowCount()
        self._list.setFixedHeight(max(count, 1) * px(ROW))
        self._list.setVisible(count > 0)
        self._nothing.setVisible(count == 0)
        self._list.setCurrentIndex(self._model.index(0))

    def _step(self, step: int) -> None:
        count = self._model.rowCount()
        if self._list is not None and count:
            self._list.setCurrentIndex(self._model.index((self._list.currentIndex().row() + step) % count))

    def _do_current(self) -> None:
        row = self._list.currentIndex().row() if self._list is not None else -1
        if 0 <= row < self._model.rowCount():
            act = self._model.commands[row].act
            self.leave()
            act()
