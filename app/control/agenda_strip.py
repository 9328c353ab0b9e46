"""The agenda as one strip: what is past, now and to come, with the playhead and the clock times of each start."""

from __future__ import annotations

import time

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.drill_time import clock_s_of, clock_text, read_clock
from app.theme import REGULAR, SEMIBOLD, Token, colour, font, px
from app.widgets.paint import draw_box, draw_text, smooth, text_width
from protos.drill.v1.records import Segment, Snapshot

GAP = 4


class AgendaStrip(QWidget):
    """Shows a snapshot's agenda; moves its playhead by itself once a second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._snapshot: Snapshot | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Agenda")
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self.update)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show another state."""
        self._snapshot = snapshot
        now = next((segment.name for segment in snapshot.agenda if segment.state == "now"), "not started")
        self.setAccessibleDescription(f"Now: {now}")
        self.update()
        self._tick.start()

    def sizeHint(self) -> QSize:
        """A row of times above a row of segments."""
        return QSize(px(600), px(54))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint times, segments and the playhead."""
        if self._snapshot is None or not self._snapshot.agenda:
            return
        painter = QPainter(self)
        agenda = self._snapshot.agenda
        total_ms = sum(segment.minutes_ms for segment in agenda)
        usable = self.width() - px(GAP) * (len(agenda) - 1)
        reading = read_clock(self._snapshot.clock, time.time_ns())
        x, starts_ms, labelled_to = 0.0, self._first_start_ms(), -1.0
        for segment in agenda:
            width = usable * segment.minutes_ms / total_ms
            rect = QRectF(x, px(22), width, px(30))
            labelled_to = self._paint_time(painter, x, labelled_to, starts_ms)
            self._paint_segment(painter, rect, segment, reading.phase_share)
            x += width + px(GAP)
            starts_ms += segment.minutes_ms

    def _first_start_ms(self) -> int:
        """Drill time of the first segment, such that the current one starts when it really did."""
        assert self._snapshot is not None
        before_ms = 0
        for segment in self._snapshot.agenda:
            if segment.state == "now":
                return self._snapshot.clock.phase_started_drill_ms - before_ms
            before_ms += segment.minutes_ms
        return 0

    def _paint_time(self, painter: QPainter, x: float, labelled_to: float, starts_ms: int) -> float:
        assert self._snapshot is not None
        text = clock_text(clock_s_of(self._snapshot.clock, starts_ms))[:5]
        width = text_width(text, font(11))
        if x < labelled_to:
            return labelled_to
        draw_text(painter, QRectF(x, 0, width + 2, px(18)), text, font(11), Token.TEXT3)
        return x + width + px(10)

    def _paint_segment(self, painter: QPainter, rect: QRectF, segment: Segment, share: float) -> None:
        now = segment.state == "now"
        fill = Token.ACCENT_BG if now else Token.BG2 if segment.state == "past" else None
        draw_box(painter, rect, fill, Token.ACCENT_LINE if now else Token.LINE1, 4)
        ink = Token.ACCENT_TEXT if now else Token.TEXT3 if segment.state == "past" else Token.TEXT2
        face = font(12, SEMIBOLD if now else REGULAR)
        area = rect.adjusted(px(8), 0, -px(4), 0)
        words = _short(segment.name)
        playhead = rect.left() + rect.width() * share
        if now and area.left() - px(8) <= playhead <= area.left() + text_width(words, face):
            area.setLeft(playhead + px(8))
        if area.width() > px(26):
            draw_text(painter, area, words, face, ink)
        if now:
            self._paint_playhead(painter, rect, share)

    def _paint_playhead(self, painter: QPainter, rect: QRectF, share: float) -> None:
        smooth(painter)
        x = rect.left() + rect.width() * share
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(Token.ACCENT))
        painter.drawRect(QRectF(x - 1, rect.top() - px(3), 2, rect.height() + px(6)))
        top = rect.top() - px(3)
        points = [QPointF(x - px(5), top - px(5)), QPointF(x + px(5), top - px(5)), QPointF(x, top + 1)]
        painter.drawPolygon(QPolygonF(points))


def _short(name: str) -> str:
    """ "Phase 1: Dark Room Investigation" as "Dark Room Investigation": the strip shows the order by itself."""
    return name.split(": ", 1)[-1]
