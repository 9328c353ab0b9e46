"""The alert rules that people made in this run."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedLayout, QVBoxLayout, QWidget

from app.signals.ruling import rule_text
from app.theme import Icon, Status, Token, px
from app.widgets import Button, ButtonKind, CellKind, CellRole, Column, EmptyState, Table
from protos.drill.v1.records import AlertRule

COLUMNS = (Column("Rule", CellKind.STATUS), Column("Severity", width=82))
NAME, SEVERITY = range(len(COLUMNS))
Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()


class RuleModel(QAbstractTableModel):
    """One row a rule; those that fire have their severity's shape."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rules: tuple[AlertRule, ...] = ()
        self._firing: frozenset[str] = frozenset()

    def show_rules(self, rules: Sequence[AlertRule], firing: Collection[str]) -> None:
        """Show these; `firing` are the ids of those that fire now."""
        fresh, now = tuple(rules), frozenset(firing)
        if (fresh, now) != (self._rules, self._firing):
            self.beginResetModel()
            self._rules, self._firing = fresh, now
            self.endResetModel()

    def rule_at(self, row: int) -> AlertRule | None:
        """The rule of a row."""
        return self._rules[row] if 0 <= row < len(self._rules) else None

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """One row a rule."""
        return 0 if parent.isValid() else len(self._rules)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        """As many as there are columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Texts, and a shape for what fires."""
        rule = self.rule_at(index.row())
        if rule is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (rule.title, rule.severity)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{rule.title}\n{rule_text(rule)}"
        if role == CellRole.STATUS and index.column() == NAME:
            fires = Status.CRITICAL if rule.severity == "critical" else Status.WARNING
            return fires if rule.id in self._firing else Status.OK
        if role == CellRole.INK and index.column() == SEVERITY:
            return Token.TEXT3
        return None


class RuleList(QWidget):
    """`edited` carries an AlertRule, `removed` its id, `exported` a kind of file."""

    edited = Signal(object)
    removed = Signal(str)
    exported = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = Table(COLUMNS, 30, name="Your alert rules")
        self._model = RuleModel(self)
        self.table.setModel(self._model)
        self._edit = Button("Edit", ButtonKind.OUTLINE, keys="↵", small=True)
        self._remove = Button("Remove", ButtonKind.OUTLINE, keys="Del", small=True)
        self._export = Button("Export", ButtonKind.OUTLINE, Icon.EXPORT, small=True)
        self._export.setToolTip("Rules for Prometheus, or the charts for Grafana")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        inner = QWidget()
        self._pages = QStackedLayout(inner)
        self._pages.addWidget(self.table)
        self._pages.addWidget(
            EmptyState(Icon.BELL, "No rule of your own yet", "Choose a metric, then “Alert on this”.")
        )
        column.addWidget(inner, 1)
        row = QHBoxLayout()
        row.setContentsMargins(px(14), px(8), px(14), px(8))
        row.setSpacing(px(8))
        row.addWidget(self._edit)
        row.addWidget(self._remove)
        row.addStretch(1)
        row.addWidget(self._export)
        column.addLayout(row)
        self._edit.clicked.connect(self._ask_edit)
        self._remove.clicked.connect(self._ask_remove)
        self._export.clicked.connect(self._open_menu)
        self.table.opened.connect(lambda _: self._ask_edit())
        self.table.chosen.connect(lambda _: self._offer())
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.table, self._ask_remove)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        self._pages.setCurrentIndex(1)
        self._offer()

    def show_rules(self, rules: Sequence[AlertRule], firing: Collection[str]) -> None:
        """Show these; the chosen one stays chosen."""
        chosen = self._model.rule_at(self.table.row)
        self._model.show_rules(rules, firing)
        self._pages.setCurrentIndex(0 if rules else 1)
        if chosen is not None:
            ids = [rule.id for rule in rules]
            self.table.choose_row(ids.index(chosen.id) if chosen.id in ids else -1)
        self._offer()

    def _offer(self) -> None:
        reason = "" if self._model.rule_at(self.table.row) is not None else "Choose a rule."
        self._edit.set_disabled_reason(reason)
        self._remove.set_disabled_reason(reason)

    def _ask_edit(self) -> None:
        rule = self._model.rule_at(self.table.row)
        if rule is not None:
            self.edited.emit(rule)

    def _ask_remove(self) -> None:
        rule = self._model.rule_at(self.table.row)
        if rule is not None:
            self.removed.emit(rule.id)

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.addAction("Alert rules for Prometheus…", lambda: self.exported.emit("prometheus-rules"))
        menu.addAction("Dashboard for Grafana…", lambda: self.exported.emit("grafana-dashboard"))
        menu.popup(self._export.mapToGlobal(QPoint(0, -menu.sizeHint().height() - px(4))))
