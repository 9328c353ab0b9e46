"""The line at the bottom: what telemetry came in, and what was lost on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.client import Engine, EngineState
from app.theme import Status, Token, colour, px
from app.widgets import Line
from app.widgets.paint import draw_hairline, draw_status

if TYPE_CHECKING:
    from protos.drill.v1.records import Counters

ASK_EVERY_MS = 2000


class StatusLine(QWidget):
    """Counters of the open run, asked while it is shown."""

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._lost = Line("", 11, ink=Token.TEXT3)
        self._came = Line("", 11, ink=Token.TEXT3)
        self._run = Line("", 11, ink=Token.TEXT3)
        self._status = Status.OK
        row = QHBoxLayout(self)
        row.setContentsMargins(px(34), px(3), px(20), px(4))
        row.setSpacing(px(16))
        row.addWidget(self._lost)
        row.addWidget(self._came, 1)
        row.addWidget(self._run)
        self._timer = QTimer(self)
        self._timer.setInterval(ASK_EVERY_MS)
        self._timer.timeout.connect(self._ask)
        engine.stateChanged.connect(self._note_state)

    def show_run(self, run: str) -> None:
        """Count for this run; an empty name counts nothing."""
        self._run.set_text(run)
        if run:
            self._timer.start()
            self._ask()
        else:
            self._timer.stop()

    def show_counters(self, counters: Counters) -> None:
        """Show these counts."""
        lost = counters.dropped + counters.refused + counters.not_written + counters.not_forwarded
        self._status = Status.WARNING if lost else Status.OK
        self._lost.set_text(loss_text(counters))
        self._lost.set_ink(Token.ACCENT_TEXT if lost else Token.TEXT3)
        came = f"{counters.spans:,} spans, {counters.logs:,} log lines, {counters.points:,} points received"
        self._came.set_text(f"{came}; {counters.queued:,} in the queue" if counters.queued else came)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rule above and the mark of loss."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(Token.BG0))
        draw_hairline(painter, 0, 0, self.width(), Token.LINE0)
        if self._lost.text:
            draw_status(painter, self._status, px(24), self.height() / 2, px(8))

    def _note_state(self, state: str) -> None:
        if state == EngineState.LOST and self._lost.text:
            self._status = Status.IDLE
            self._lost.set_text("Not counted while the engine is lost")
            self._lost.set_ink(Token.TEXT3)
            self.update()

    def _ask(self) -> None:
        if self._engine.state is EngineState.CONNECTED:
            self._engine.ask(lambda client: client.counters(), self.show_counters, _ignore, owner=self)


def loss_text(counters: Counters) -> str:
    """What was lost, in words."""
    parts = []
    if counters.dropped:
        parts.append(f"{counters.dropped:,} dropped")
    if counters.refused:
        parts.append(f"{counters.refused:,} refused")
    if counters.not_written:
        parts.append(f"{counters.not_written:,} not written to disk")
    if counters.not_forwarded:
        parts.append(f"{counters.not_forwarded:,} not taken by the collector")
    return f"Telemetry lost: {', '.join(parts)}" if parts else "No telemetry lost"


def _ignore(problem: str) -> None:
    """A missed count is no news: the next one comes in two seconds, and a lost engine has its banner."""
