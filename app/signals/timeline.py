"""Which stretch of time the charts show: the range, live or paused, compared with a quiet one or not."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject

from app.client import Engine
from app.selection import Selection
from app.signals.baseline import healthy_window
from app.signals.chart_area import ChartArea
from app.signals.feed import SignalsFeed
from app.signals.model import NS, Range, first_range, range_length_s, range_text
from app.signals.toolbar import Toolbar
from app.time_axis import format_clock_seconds
from protos.drill.v1.records import Snapshot


class Timeline(QObject):
    """Stands between the toolbar and the stack of charts. `follow` moves it on to what the feed has."""

    def __init__(
        self,
        engine: Engine,
        toolbar: Toolbar,
        area: ChartArea,
        feed: SignalsFeed,
        selection: Selection,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._engine, self._toolbar, self._area = engine, toolbar, area
        self._feed, self._selection = feed, selection
        self._range: Range | None = None
        self._paused_s = 0.0
        self._compares = False
        self._offset_s: float | None = None
        toolbar.rangeChosen.connect(self.choose_range)
        toolbar.wholeAsked.connect(self.let_go)
        toolbar.liveAsked.connect(self.toggle_live)
        toolbar.compareAsked.connect(self.toggle_compare)
        area.ready.connect(self._take_stack)

    @property
    def offset_s(self) -> float:
        """What to add to Unix seconds to get the drill's time of day."""
        return self._offset_s or 0.0

    @property
    def knows_clock(self) -> bool:
        """Whether the drill's time of day is known."""
        return self._offset_s is not None

    def forget(self) -> None:
        """Another run: it begins with a range and a clock of its own."""
        self._range, self._offset_s, self._compares = None, None, False

    def set_clock(self, offset_s: float) -> None:
        """The drill's time of day is so many seconds after Unix time."""
        self._offset_s = offset_s
        if self._area.stack is not None:
            self._area.stack.set_clock_offset(offset_s)

    def begin(self, snapshot: Snapshot) -> None:
        """Choose the range that a run begins with, unless it has one."""
        if self._range is None:
            self.choose_range(first_range(snapshot.started_ns / NS, time.time()))

    def follow(self) -> None:
        """The present moved on."""
        stack, snapshot = self._area.stack, self._engine.snapshot
        if stack is None or snapshot is None:
            return
        if self._range is Range.RUN and stack.is_live:
            stack.set_window(range_length_s(Range.RUN, snapshot.started_ns / NS, self._feed.now_s))
        stack.follow(self._feed.now_s)
        self.show_baseline(snapshot)

    def show_baseline(self, snapshot: Snapshot) -> None:
        """The last quiet stretch, as long as what is shown."""
        stack = self._area.stack
        if stack is None:
            return
        started_s, now_s = snapshot.started_ns / NS, self._feed.now_s
        window = healthy_window(snapshot.alerts, started_s, now_s, stack.span.length_s)
        stack.set_baseline(window if self._compares else None)
        why_not = "" if window is not None else "No alert has fired yet: there is nothing to compare with."
        words = f"Dashed: {range_text(window, self.offset_s)}, before an alert" if window else ""
        self._toolbar.show_compared(words if self._compares else "", why_not)

    def clock_text(self, at_s: float) -> str:
        """A moment as the drill's time of day."""
        return format_clock_seconds(at_s, self.offset_s)

    def choose_range(self, chosen: Range) -> None:
        """Show so much time."""
        self._range = chosen
        self._toolbar.show_range(chosen)
        stack, snapshot = self._area.stack, self._engine.snapshot
        if stack is not None and snapshot is not None:
            now_s = self._feed.now_s or time.time()
            stack.set_window(range_length_s(chosen, snapshot.started_ns / NS, now_s))

    def toggle_live(self) -> None:
        """Follow the present, or stop."""
        if self._area.stack is not None:
            self._area.stack.set_live(not self._area.stack.is_live)

    def let_go(self) -> None:
        """Leave the stretch that was chosen, for the present."""
        if self._area.stack is not None and self._selection.time_range is not None:
            self._area.stack.set_live(True)

    def toggle_compare(self) -> None:
        """Draw the last quiet stretch behind the curves, or no more."""
        self._compares = not self._compares
        if self._engine.snapshot is not None and len(self._feed.history):
            self.show_baseline(self._engine.snapshot)

    def step_event(self, direction: int) -> None:
        """Point at the next (1) or previous (-1) event."""
        if self._area.stack is not None:
            self._area.stack.step_event(direction)

    def point_at(self, at_s: float) -> None:
        """Point at a moment."""
        if self._area.stack is not None:
            self._area.stack.point_at(at_s)

    def _take_stack(self) -> None:
        stack = self._area.stack
        if stack is None:
            return
        stack.liveChanged.connect(self._show_live)
        stack.spanChanged.connect(lambda _: self._show_span())
        stack.rangeBrushed.connect(lambda _: self._show_span())
        if self._offset_s is not None:
            stack.set_clock_offset(self._offset_s)
        if self._range is not None:
            self.choose_range(self._range)
        self._show_live(stack.is_live)

    def _show_live(self, live: bool) -> None:
        if live:
            self._paused_s = 0.0
        elif not self._paused_s:
            self._paused_s = self._feed.now_s
        self._toolbar.show_live(live, self.clock_text(self._paused_s) if self._paused_s else "")
        self._show_span()

    def _show_span(self) -> None:
        stack = self._area.stack
        if stack is not None and self._feed.now_s:
            chosen = self._selection.time_range
            self._toolbar.show_span(range_text(chosen or stack.span, self.offset_s), bool(chosen))
