"""The chaos panel: start an action, see what is on and what was measured of it, undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.client import Engine, EngineState
from app.control.chaos_form import ChaosForm
from app.control.chaos_list import ChaosList
from app.control.chaos_words import ChaosOrder, rows_ended, rows_on
from app.control.layouts import rows, scrolling
from app.drill_time import clock_offset_s
from app.theme import Icon, px
from app.widgets import Button, ButtonKind, Panel
from protos.drill.v1.records import ChaosMenu, Snapshot

if TYPE_CHECKING:
    from protos.drill.v1.client import DrillClient

REMARK = "every action ends by itself"


class ChaosPanel(Panel):
    """Asks the engine itself, so that what it refuses is told at the button that was pressed."""

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__("Chaos", REMARK, padded=False, parent=parent)
        self._engine = engine
        self._on: tuple[str, ...] = ()
        self._has_menu = False
        self.form, self.list = ChaosForm(), ChaosList()
        self._undo_all = Button("Undo all", ButtonKind.DANGER, Icon.ARROW_U_UP_LEFT, small=True)
        self._undo_all.clicked.connect(self._stop_all)
        self._undo_all.hide()
        self.add_action(self._undo_all)
        self.form.wanted.connect(self._start)
        self.list.undone.connect(self._stop)
        column = rows(14)
        column.addWidget(self.form)
        column.addWidget(self.list)
        column.setContentsMargins(px(14), 0, px(8), px(14))
        self.add(scrolling(column, right=0), 1)
        engine.stateChanged.connect(self._note_state)

    def load(self) -> None:
        """Ask what chaos there is in this run."""
        self._has_menu = False
        self._engine.ask(
            lambda client: client.chaos_menu(), self._take_menu, self.form.show_problem, owner=self
        )

    def show_snapshot(self, snapshot: Snapshot, now_ns: int) -> None:
        """Show what is on and what ended."""
        on = rows_on(snapshot.chaos, now_ns)
        self._on = tuple(row.id for row in on)
        self._undo_all.setVisible(len(on) > 1)
        self.set_remark(f"{len(on)} on" if on else REMARK)
        self.list.show_rows(on, rows_ended(snapshot.chaos, clock_offset_s(snapshot.clock)))

    def _note_state(self, state: str) -> None:
        """The engine is back: ask for what it did not get to answer."""
        if state == EngineState.CONNECTED and self._engine.run and not self._has_menu:
            self.load()

    def _take_menu(self, menu: ChaosMenu) -> None:
        self._has_menu = True
        self.form.show_menu(menu)

    def _start(self, order: ChaosOrder) -> None:
        def call(client: DrillClient) -> str:
            return client.start_chaos(order.action, order.target, order.intensity, order.lasts_s)

        self._engine.ask(call, lambda _: self.form.show_problem(""), self.form.show_problem, owner=self)

    def _stop(self, chaos_id: str) -> None:
        self.list.show_waiting(chaos_id)
        self._engine.ask(
            lambda client: client.stop_chaos(chaos_id),
            lambda _: None,
            self._complain(chaos_id),
            owner=self,
        )

    def _stop_all(self) -> None:
        for chaos_id in self._on:
            self._stop(chaos_id)

    def _complain(self, chaos_id: str) -> Callable[[str], None]:
        return lambda why: self.list.show_problem(chaos_id, why)
