"""The metrics that there are, as a list to look through."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from app.theme import Icon, Token, px
from app.widgets import CellKind, CellRole, Column, EmptyState, Field, Table
from protos.drill.v1.records import Metric

COLUMNS = (Column("Metric"), Column("Kind", width=82), Column("Series", CellKind.NUMBER, 62))
NAME, KIND, SERIES = range(len(COLUMNS))
Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()


def matching(metrics: Sequence[Metric], typed: str) -> tuple[Metric, ...]:
    """The metrics that hold every typed word in their name, description or attributes."""
    words = typed.lower().split()
    return tuple(metric for metric in metrics if all(word in _searched(metric) for word in words))


def _searched(metric: Metric) -> str:
    values = {str(value) for series in metric.series for value in series.attributes.values()}
    return " ".join((metric.name, metric.text, metric.kind, *sorted(values))).lower()


class MetricModel(QAbstractTableModel):
    """One row a metric."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._metrics: tuple[Metric, ...] = ()

    def show_metrics(self, metrics: tuple[Metric, ...]) -> None:
        """Show these; rows that stay are told as changed only."""
        if [one.name for one in metrics] == [one.name for one in self._metrics]:
            self._metrics = metrics
            if metrics:
                self.dataChanged.emit(self.index(0, 0), self.index(len(metrics) - 1, SERIES))
            return
        self.beginResetModel()
        self._metrics = metrics
        self.endResetModel()

    def metric_at(self, row: int) -> Metric | None:
        """The metric of a row."""
        return self._metrics[row] if 0 <= row < len(self._metrics) else None

    def row_of(self, name: str) -> int:
        """The row of a metric, or -1."""
        return next((row for row, one in enumerate(self._metrics) if one.name == name), -1)

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """One row a metric."""
        return 0 if parent.isValid() else len(self._metrics)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        """As many as there are columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Texts; the whole name and what it is as tool tip."""
        metric = self.metric_at(index.row())
        if metric is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (metric.name, metric.kind, f"{len(metric.series):,}")[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == NAME:
            return f"{metric.name}\n{metric.text}".strip()
        if role == CellRole.INK and index.column() != NAME:
            return Token.TEXT3
        return None


class MetricList(QWidget):
    """A field that narrows the list, and the list. `chosen` carries a Metric."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[Metric, ...] = ()
        self._name = ""
        self.field = Field("Find a metric", Icon.MAGNIFYING_GLASS, "/", name="Find a metric")
        self.table = Table(COLUMNS, 28, name="Metrics")
        self._model = MetricModel(self)
        self.table.setModel(self._model)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        edge = QVBoxLayout()
        edge.setContentsMargins(px(14), 0, px(14), 0)
        edge.addWidget(self.field)
        column.addLayout(edge)
        inner = QWidget()
        self._pages = QStackedLayout(inner)
        self._pages.addWidget(self.table)
        self._nothing = EmptyState(
            Icon.CHART_LINE, "No metric yet", "The first ones come with the first requests."
        )
        self._nothing.pressed.connect(self.field.clear)
        self._pages.addWidget(self._nothing)
        column.addWidget(inner, 1)
        self.field.textChanged.connect(lambda _: self._narrow())
        self.field.returnPressed.connect(self._take_first)
        self.table.chosen.connect(self._choose)

    def show_metrics(self, metrics: tuple[Metric, ...]) -> None:
        """There are these."""
        self._all = metrics
        self._narrow()

    def set_compact(self, compact: bool) -> None:
        """Where there is little room the kinds give way to the names."""
        self.table.setColumnHidden(KIND, compact)

    def choose(self, name: str) -> None:
        """Choose a metric by its name."""
        self._name = name
        self.table.choose_row(self._model.row_of(name))

    def _narrow(self) -> None:
        found = matching(self._all, self.field.text())
        self._model.show_metrics(found)
        self.field.set_remark(f"{len(found):,} of {len(self._all):,}" if self.field.text() else "")
        if self._all:
            self._nothing.set_words("No metric matches", "Try fewer words.", "Clear")
        self._pages.setCurrentIndex(0 if found else 1)
        row = self._model.row_of(self._name)
        if row >= 0 and self.table.row != row:
            self.table.choose_row(row)

    def _take_first(self) -> None:
        if self._model.rowCount():
            self.table.choose_row(0)
            self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _choose(self, row: int) -> None:
        metric = self._model.metric_at(row)
        if metric is not None and metric.name != self._name:
            self._name = metric.name
            self.chosen.emit(metric)
