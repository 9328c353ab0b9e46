"""Where the explorer opens: over the charts and the map. It is made when it is first wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QLayout, QWidget

from app.client import Engine
from app.signals.pins import Pins
from protos.drill.v1.records import Snapshot

if TYPE_CHECKING:
    from app.signals.explorer import Explorer


class ExplorerPlace(QObject):
    """`room` is the part of `host` that the explorer covers."""

    closed = Signal()
    traceWanted = Signal(str)

    def __init__(self, engine: Engine, pins: Pins, room: QLayout, host: QWidget) -> None:
        super().__init__(host)
        self._engine, self._pins, self._room, self._host = engine, pins, room, host
        self.explorer: Explorer | None = None
        host.installEventFilter(self)

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return self.explorer is not None and not self.explorer.isHidden()

    def open(self, snapshot: Snapshot, offset_s: float, length_s: float) -> None:
        """Show so many seconds on the drill's clock."""
        explorer = self.explorer = self.explorer or self._make()
        explorer.setGeometry(self._room.geometry())
        explorer.show_snapshot(snapshot)
        explorer.open(offset_s, length_s)

    def close(self) -> None:
        """Put it away, where it is shown."""
        if self.explorer is not None and self.is_open:
            self.explorer.close_explorer()
            self.closed.emit()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Tell it what the engine knows now."""
        if self.explorer is not None:
            self.explorer.show_snapshot(snapshot)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the host's size, once what is in it has found its place."""
        if event.type() is QEvent.Type.Resize and self.is_open:
            QTimer.singleShot(0, self, self._fit)
        return False

    def _make(self) -> Explorer:
        from app.signals.explorer import Explorer
        from app.widgets.charts.stack import ChartStack

        explorer = Explorer(self._engine, self._pins, ChartStack(), self._host)
        explorer.dismissed.connect(self.close)
        explorer.chart.traceWanted.connect(self.traceWanted)
        return explorer

    def _fit(self) -> None:
        if self.explorer is not None:
            self.explorer.setGeometry(self._room.geometry())
