"""Asks what else is known of the line whose details are shown: its trace, and what the service wrote around it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer

from app.client import Engine
from app.logs.context import read_context
from app.logs.line_panel import LinePanel
from protos.drill.v1.records import LogLine

AFTER_MS = 120
"""Who moves through the lines with the keys asks only where he stays."""


class LineDesk(QObject):
    """Fills a `LinePanel`."""

    def __init__(self, engine: Engine, panel: LinePanel, parent: QObject) -> None:
        super().__init__(parent)
        self._engine, self._panel = engine, panel
        self._delay = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._delay.timeout.connect(self._ask)

    def show_line(self, line: LogLine, offset_s: float) -> None:
        """Show a line at once, and soon what else is known of it."""
        self._panel.show_line(line, offset_s)
        self._delay.start()

    def _ask(self) -> None:
        line = self._panel.line
        if line is None:
            return
        if line.trace_id:
            trace_id = line.trace_id
            self._engine.ask(
                lambda client: client.trace(trace_id),
                self._panel.show_trace,
                lambda _: self._panel.show_trace(None),
                owner=self,
            )
        self._engine.ask(
            partial(read_context, line=line), self._panel.show_context, lambda _: None, owner=self
        )
