"""Asks for all that is known of the chosen row's spans, and shows it beside the waterfall."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from app.client import Engine
from app.traces.opened import OpenedTrace
from app.traces.rows import Row
from app.traces.span_facts import asked_spans
from app.traces.span_panel import SpanPanel
from protos.drill.v1.records import Span

PATIENCE_MS = 300
"""So long the row before stays, that moving along the rows does not flicker; then the figures come alone."""


class DetailsDesk(QObject):
    """Keeps a `SpanPanel` at the row that was last chosen."""

    def __init__(self, engine: Engine, panel: SpanPanel, parent: QObject) -> None:
        super().__init__(parent)
        self._engine = engine
        self._panel = panel
        self._opened: OpenedTrace | None = None
        self._row: Row | None = None
        self._known: dict[tuple[str, ...], tuple[Span, ...]] = {}
        self._late = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._late.timeout.connect(lambda: self._panel.show_row(self._opened, self._row))

    def show_row(self, opened: OpenedTrace | None, row: Row | None) -> None:
        """Show a row, as soon as its details are there."""
        if opened is not self._opened:
            self._known.clear()
        self._opened, self._row = opened, row
        self._late.stop()
        if opened is None or row is None:
            self._panel.show_row(None, None)
            return
        wanted = asked_spans(opened, row)
        if wanted in self._known:
            self._panel.show_row(opened, row, self._known[wanted])
            return
        trace_id = opened.trace.trace_id
        self._late.start()
        self._engine.ask(
            lambda client: client.spans(trace_id, wanted),
            lambda spans: self._take(opened, wanted, spans),
            lambda _: None,
            owner=self,
        )

    def _take(self, opened: OpenedTrace, wanted: tuple[str, ...], spans: tuple[Span, ...]) -> None:
        row = self._row
        if opened is not self._opened or row is None:
            return
        self._known[wanted] = spans
        if asked_spans(opened, row) == wanted:
            self._late.stop()
            self._panel.show_row(opened, row, spans)
