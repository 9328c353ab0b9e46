"""The top bar: drill, time left, drill clock, health, who is looking; below them the agenda as a ribbon."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.drill_time import next_second_ms, read_clock
from app.shell.health import health_of
from app.theme import Status, Token, colour, px
from app.widgets import AgendaPart, Block, Countdown, DrillTitle, Ribbon, Rule, TeamButton
from app.widgets.paint import draw_hairline

if TYPE_CHECKING:
    from protos.drill.v1.records import Clock, Segment, Snapshot


class TopBar(QWidget):
    """Shows a snapshot and lets its clock run on; asks nobody."""

    menuWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock: Clock | None = None
        self._names: dict[str, str] = {}
        self._is_compact = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Drill")
        self.title = DrillTitle()
        self.countdown = Countdown()
        self.waiting = Block("Not started", "Control starts the first phase")
        self.clock = Block()
        self.clock.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.health = Block()
        self.team = TeamButton("Solo rehearsal", "Investigating")
        self.ribbon = Ribbon()
        self.team.clicked.connect(self.menuWanted)
        self._lay_out()
        self._second = QTimer(self)
        self._second.setSingleShot(True)
        self._second.timeout.connect(self._tick)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the drill as it is now."""
        self.title.show_drill(snapshot.title, f"3 A.M. Drill · run {snapshot.run}")
        self.title.show_severity(snapshot.severity, Status.CRITICAL if snapshot.severity else None)
        health = health_of(snapshot)
        self.health.show_words(health.fact, health.count, health.status)
        self.health.set_compact(self._is_compact)
        self._names = {segment.id: segment.name for segment in snapshot.agenda}
        self.ribbon.set_parts([agenda_part(segment) for segment in snapshot.agenda])
        self._clock = snapshot.clock
        self._tick()

    def show_nothing(self) -> None:
        """No run: the clock stands."""
        self._clock = None
        self._second.stop()

    def set_compact(self, compact: bool) -> None:
        """Health as a shape alone, for windows under 1280 px."""
        self._is_compact = compact
        self.health.set_compact(compact)

    def restyle(self) -> None:
        """Keep the row's height in step with the text."""
        self._row.setFixedHeight(px(64))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the surface and its lower edge."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(Token.BG1))
        draw_hairline(painter, 0, self.height() - 1, self.width())

    def _tick(self) -> None:
        if self._clock is None:
            return
        now_ns = time.time_ns()
        reading = read_clock(self._clock, now_ns)
        phase = self._names.get(reading.phase, "")
        self.countdown.setVisible(bool(phase))
        self.waiting.setVisible(not phase)
        self.countdown.show_left(short_name(phase), reading.left_ms / 1000, reading.held)
        held = "clock held" if reading.held and phase else "drill clock"
        self.clock.show_words(reading.clock_text, held)
        self.ribbon.set_place(reading.phase, reading.phase_share)
        self._second.start(next_second_ms(self._clock, now_ns))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), 0, px(20), px(11))
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(px(24))
        self.title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row.addWidget(self.title)
        row.addStretch(5)
        row.addWidget(self.countdown)
        row.addWidget(self.waiting)
        row.addStretch(4)
        row.addWidget(self.clock)
        row.addWidget(Rule())
        row.addWidget(self.health)
        row.addWidget(self.team)
        row.setContentsMargins(0, 0, 0, 0)
        self._row = QWidget()
        self._row.setLayout(row)
        column.addWidget(self._row)
        column.addWidget(self.ribbon)
        self.restyle()


def agenda_part(segment: Segment) -> AgendaPart:
    """A segment as the ribbon draws it."""
    minutes = segment.minutes_ms / 60_000
    return AgendaPart(segment.id, segment.name, minutes, segment.is_break, segment.activities)


def short_name(name: str) -> str:
    """The name without the word before its colon: "Phase 1: Dark Room" is "Dark Room"."""
    return name.split(": ", 1)[-1]
