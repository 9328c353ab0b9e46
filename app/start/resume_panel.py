"""Recorded runs to go on with."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from app.opening import Wanted
from app.start.model import recorded_run
from app.start.rows import RunRow
from app.widgets import Button, ButtonKind, Panel

if TYPE_CHECKING:
    from protos.drill.v1.records import RunSummary

SHOWN = 2


class ResumePanel(Panel):
    """The newest runs, and the rest on request. Hidden while there is none."""

    wanted = Signal(object)
    """Wanted: the user wants this run resumed."""

    def __init__(self) -> None:
        super().__init__("Resume", padded=False)
        self._runs: Sequence[RunSummary] = ()
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self.add(self._column)
        self._all = Button("Show all", ButtonKind.GHOST, small=True)
        self._all.clicked.connect(lambda: self._show(len(self._runs)))
        self.add_action(self._all)
        self.hide()

    @property
    def has_runs(self) -> bool:
        """Whether there is anything to resume."""
        return bool(self._runs)

    def show_runs(self, runs: Sequence[RunSummary]) -> None:
        """Show recorded runs, newest first."""
        self._runs = runs
        self.setVisible(bool(runs))
        self.set_remark("1 recorded run" if len(runs) == 1 else f"{len(runs)} recorded runs")
        self._show(SHOWN)

    def _show(self, count: int) -> None:
        for row in self.findChildren(RunRow):
            row.hide()
            row.deleteLater()
        now_ns = time.time_ns()
        for summary in self._runs[:count]:
            row = RunRow(recorded_run(summary, now_ns))
            row.resumed.connect(self._want)
            self._column.addWidget(row)
        self._all.setVisible(len(self._runs) > count)

    def _want(self, name: str) -> None:
        title = next((run.title for run in self._runs if run.name == name), name)
        self.wanted.emit(Wanted(title, resume=name))
