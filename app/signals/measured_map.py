"""The panel with the service map: asked for while it is shown, and without what the hidden charts are about."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.client import Engine, EngineState
from app.selection import Selection
from app.signals.map_facts import map_facts, with_known, without
from app.signals.model import hidden_services
from app.signals.service_map import ServiceMapView
from app.theme import px
from app.widgets import Panel
from protos.drill.v1.records import ServiceMap

WINDOW_S = 15.0
"""figures of the map are of so long a stretch, up to now"""


class MeasuredMap(Panel):
    """Ask with `beat`, once a second. `threadsAsked` carries a service."""

    threadsAsked = Signal(str)

    def __init__(self, engine: Engine, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(padded=False, parent=parent)
        self._engine = engine
        self._measured: ServiceMap | None = None
        self._hidden: AbstractSet[str] = frozenset()
        self._is_asked = False
        self.body.setContentsMargins(0, px(5), 0, px(5))
        self.map = ServiceMapView()
        self.map.chosen.connect(selection.choose_service)
        self.map.threadsAsked.connect(self.threadsAsked)
        selection.serviceChanged.connect(self.map.show_selected)
        self.map.show_selected(selection.service)
        self.add(self.map)

    def beat(self) -> None:
        """Ask for the newest figures, unless nobody sees them or the last question is still open."""
        if self.isVisible() and not self._is_asked and self._engine.state is EngineState.CONNECTED:
            self._is_asked = True
            self._engine.ask(lambda client: client.service_map(WINDOW_S), self._take, self._miss, owner=self)

    def leave_out(self, hidden: AbstractSet[str]) -> None:
        """Leave out what only the `hidden` groups of charts are about."""
        self._hidden = hidden
        self._show()

    def forget(self) -> None:
        """Another run: what was measured is of the last one."""
        self._measured = None

    def _take(self, measured: ServiceMap) -> None:
        self._is_asked = False
        self._measured = with_known(measured, self._measured)
        self._show()

    def _miss(self, reason: str) -> None:
        self._is_asked = False

    def _show(self) -> None:
        snapshot = self._engine.snapshot
        if snapshot is not None and self._measured is not None:
            shown = without(self._measured, hidden_services(snapshot, self._hidden))
            self.map.show_facts(map_facts(shown, snapshot.services, snapshot.alerts))
