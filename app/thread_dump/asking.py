"""Asking for thread dumps, for one pane: opens its drawer, asks, shows the answer or why there is none."""

from __future__ import annotations

import time
from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from app.client import Engine, EngineState
from app.drill_time import clock_offset_s
from app.thread_dump.words import stack_words
from app.widgets.stack_drawer import StackDrawer
from protos.drill.v1.records import Stacks

TICK_MS = 1000


class ThreadDump(QObject):
    """Belongs to the pane `host`, over which its drawer lies. Only the answer to the last question is shown."""

    def __init__(self, engine: Engine, host: QWidget) -> None:
        super().__init__(host)
        self._engine = engine
        self._asked_s = 0.0
        self._number = 0
        self.drawer = StackDrawer(host)
        self.drawer.wanted.connect(self._ask)
        self.drawer.closed.connect(self._forget)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._show_waiting)

    @property
    def services(self) -> tuple[str, ...]:
        """The services of the run."""
        snapshot = self._engine.snapshot
        return tuple(service.name for service in snapshot.services) if snapshot is not None else ()

    def open_for(self, service: str) -> None:
        """Show the threads of a service; of the first one where that name is no service's."""
        services = self.services
        if services:
            self.drawer.open_for(service if service in services else services[0], services)

    def close(self) -> None:
        """Close the drawer: the pane is left, or another run was opened."""
        if not self.drawer.isHidden():
            self.drawer.close_drawer()

    def _ask(self, service: str) -> None:
        self._number += 1
        if self._engine.state is EngineState.LOST:
            self._lose()
            return
        self._asked_s = time.monotonic()
        self._tick.start()
        self._show_waiting()
        self._engine.ask(
            lambda client: client.stacks(service),
            partial(self._take, self._number),
            partial(self._complain, self._number),
            owner=self,
        )

    def _take(self, number: int, stacks: Stacks) -> None:
        snapshot = self._engine.snapshot
        if number == self._number and snapshot is not None:
            self._tick.stop()
            self.drawer.show_dump(stack_words(stacks, clock_offset_s(snapshot.clock)))

    def _complain(self, number: int, why: str) -> None:
        if number != self._number:
            return
        self._tick.stop()
        if self._engine.state is EngineState.LOST:
            self._lose()
        else:
            self.drawer.show_problem(why, "Press R to ask again.")

    def _lose(self) -> None:
        problem = self._engine.problem
        why = f"{problem[:1].upper()}{problem[1:]}. " if problem else ""
        self.drawer.show_problem(
            "The engine does not answer.", f"{why}The console keeps trying; press R once it is back."
        )

    def _show_waiting(self) -> None:
        self.drawer.show_waiting(time.monotonic() - self._asked_s)

    def _forget(self) -> None:
        self._number += 1
        self._tick.stop()
