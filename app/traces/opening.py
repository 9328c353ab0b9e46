"""One trace is asked for, prepared away from the GUI thread, and asked for again when more of it has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.client import Engine
from app.traces.opened import OpenedTrace, open_trace

if TYPE_CHECKING:
    from protos.drill.v1.client import DrillClient


class TraceOpening(QObject):
    """`opened` says whether it was open already; `missing` and `failed` are of the last one asked for."""

    opened = Signal(bool)
    missing = Signal(str)
    failed = Signal(str)

    def __init__(self, engine: Engine, parent: QObject) -> None:
        super().__init__(parent)
        self._engine = engine
        self.asked = ""
        """the id of the trace that is wanted, or nothing"""
        self.trace: OpenedTrace | None = None

    @property
    def open_id(self) -> str:
        """The id of the trace that is open, or nothing."""
        return self.trace.trace.trace_id if self.trace else ""

    def want(self, trace_id: str) -> None:
        """From now on this trace; `ask` reads it. An empty id closes what is open."""
        self.asked = trace_id
        if not trace_id:
            self.trace = None

    def ask(self) -> None:
        """Read the trace that is wanted."""
        trace_id = self.asked

        def call(client: DrillClient) -> OpenedTrace | None:
            trace = client.trace(trace_id)
            return open_trace(trace) if trace.found and len(trace.spans) else None

        def failed(why: str) -> None:
            if trace_id == self.asked and self.trace is None:
                self.failed.emit(why)

        self._engine.ask(call, lambda found: self._take(trace_id, found), failed, owner=self)

    def refresh(self, spans: int) -> None:
        """So many spans of the trace are known by now: read it again if these are more."""
        if self.asked and (self.trace is None or spans > len(self.trace.tree)):
            self.ask()

    def _take(self, trace_id: str, found: OpenedTrace | None) -> None:
        if trace_id != self.asked:
            return
        same = self.open_id == trace_id
        self.trace = found
        if found is None:
            self.missing.emit(trace_id)
        else:
            self.opened.emit(same)
