"""A chart of the stack as a table: its sentence, and a row for each second that was measured."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.theme import Icon, Token, px
from app.time_axis import Span, format_clock_seconds
from app.widgets import Button, ButtonKind, CellKind, Column, Line, MenuChoice, MenuOption, Table
from app.widgets.charts.readout import Data, ReadRows, read_columns, read_rows, sentence
from app.widgets.charts.specs import ChartSpec, HeatSpec

Spec = ChartSpec | HeatSpec
Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
TIME_WIDTH, VALUE_WIDTH = 96, 104


class ValueModel(QAbstractTableModel):
    """The rows of a chart, all replaced at once."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows = ReadRows((), np.empty(0), np.empty((0, 0)))
        self._offset_s = 0.0

    def show_rows(self, rows: ReadRows, offset_s: float) -> None:
        """Show these."""
        self.beginResetModel()
        self.rows, self._offset_s = rows, offset_s
        self.endResetModel()

    def row_of(self, at_s: float) -> int:
        """The row of a moment, or -1."""
        found = np.flatnonzero(self.rows.at_s == at_s)
        return int(found[0]) if len(found) else -1

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """One row a moment."""
        return 0 if parent.isValid() else len(self.rows.at_s)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        """The time, the series, and what takes the rest of the width."""
        return 0 if parent.isValid() else len(self.rows.columns) + 2

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The time of day, or a value as the legend shows it."""
        if role != Qt.ItemDataRole.DisplayRole or index.column() > len(self.rows.columns):
            return None
        if index.column() == 0:
            return format_clock_seconds(float(self.rows.at_s[index.row()]), self._offset_s)
        return self.rows.text(index.row(), index.column() - 1)

    def as_text(self) -> str:
        """The whole table with tabs, for spreadsheets: Unix seconds and plain numbers."""
        lines = ["\t".join(("unix_s", *(f"{one.name} ({one.unit})" for one in self.rows.columns)))]
        for at_s, values in zip(self.rows.at_s, self.rows.values, strict=True):
            told = ("" if np.isnan(value) else f"{value:g}" for value in values)
            lines.append("\t".join((f"{at_s:.0f}", *told)))
        return "\n".join(lines) + "\n"


class ValueTable(QWidget):
    """`dismissed`: the charts are wanted back. `pointed` carries the moment of the chosen row.

    `chartChosen`: another chart is wanted, call `show_charts`.
    """

    dismissed = Signal()
    pointed = Signal(float)
    chartChosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._specs: tuple[Spec, ...] = ()
        self._shown: Spec | None = None
        self._model = ValueModel(self)
        self._table: Table | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addLayout(self._build_head())

    def show_charts(self, specs: tuple[Spec, ...], data: Data, span: Span, offset_s: float) -> None:
        """Show one of these charts: the one that was chosen before, or the first."""
        if specs != self._specs:
            self._specs = specs
            options = [MenuOption(str(place), spec.title) for place, spec in enumerate(specs)]
            same = next((str(place) for place, spec in enumerate(specs) if spec == self._shown), "")
            self._choice.set_options(options, same)
        place = self._choice.current
        if not place:
            return
        spec = specs[int(place)]
        if spec != self._shown:
            self._shown = spec
            self._renew_table(spec)
        words = sentence(spec, data, span, offset_s)
        self._sentence.set_text(words.partition(": ")[2])
        self._show_rows(read_rows(spec, data, span), offset_s)

    def focus_table(self) -> None:
        """Put the keyboard into the rows."""
        if self._table is not None:
            self._table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back to the charts; Ctrl C copies the table."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismissed.emit()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        else:
            super().keyPressEvent(event)

    def _build_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(px(14), px(9), px(14), px(9))
        row.setSpacing(px(10))
        self._choice = MenuChoice("Chart", "Chart")
        self._choice.setFixedWidth(px(230))
        self._choice.chosen.connect(lambda _: self.chartChosen.emit())
        self._sentence = Line("", 12, ink=Token.TEXT2)
        copy = Button("Copy", ButtonKind.GHOST, Icon.COPY, small=True, tip="Copy the table (Ctrl C)")
        copy.clicked.connect(self._copy)
        back = Button("Charts", ButtonKind.OUTLINE, Icon.CHART_LINE, "F9", small=True)
        back.clicked.connect(self.dismissed)
        row.addWidget(self._choice)
        row.addWidget(self._sentence, 1)
        row.addWidget(copy)
        row.addWidget(back)
        return row

    def _renew_table(self, spec: Spec) -> None:
        """A table's columns are fixed: another chart has another table."""
        if self._table is not None:
            self._column.removeWidget(self._table)
            self._table.deleteLater()
        columns = [Column("Time", CellKind.TIME, TIME_WIDTH)]
        columns += [Column(one.name, CellKind.NUMBER, VALUE_WIDTH) for one in read_columns(spec)]
        table = self._table = Table([*columns, Column("")], 26, name=f"{spec.title}, by second")
        table.setModel(self._model)
        table.chosen.connect(self._point)
        self._column.addWidget(table, 1)

    def _show_rows(self, rows: ReadRows, offset_s: float) -> None:
        """Whoever reads an older row keeps it where it is."""
        table, before = self._table, self._model.rows
        if table is None:
            return
        bar = table.verticalScrollBar()
        value, row = bar.value(), table.row
        top_s = before.at_s[table.rowAt(0)] if value and len(before.at_s) > table.rowAt(0) >= 0 else None
        chosen_s = before.at_s[row] if 0 <= row < len(before.at_s) else None
        self._model.show_rows(rows, offset_s)
        if chosen_s is not None:
            blocked = table.blockSignals(True)
            table.choose_row(self._model.row_of(chosen_s))
            table.blockSignals(blocked)
        if top_s is not None and (found := self._model.row_of(top_s)) >= 0:
            bar.setValue(found * table.rowHeight(0) + value % max(table.rowHeight(0), 1))

    def _point(self, row: int) -> None:
        if 0 <= row < len(self._model.rows.at_s):
            self.pointed.emit(float(self._model.rows.at_s[row]))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._model.as_text())
