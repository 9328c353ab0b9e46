"""Signals: the charts, the measured map, the alerts and the marks of one participant's connection."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.client import Engine, EngineState
from app.command import Command
from app.drill_time import clock_offset_s
from app.fold import Fold
from app.keys import bind
from app.selection import Selection
from app.signals.chart_area import ChartArea
from app.signals.exemplars import ExemplarFeed
from app.signals.explorer_place import ExplorerPlace
from app.signals.exploring import chart_of, values_of
from app.signals.feed import SignalsFeed, names_followed
from app.signals.measured_map import MeasuredMap
from app.signals.model import (
    NS,
    alert_rows,
    chart_events,
    chart_groups,
    chart_specs,
    group_of,
    mark_rows,
    open_count,
    service_of,
)
from app.signals.pins import Pins
from app.signals.side_panel import SidePanel
from app.signals.timeline import Timeline
from app.signals.toolbar import Toolbar
from app.theme import Icon, px
from app.thread_dump import ThreadDump
from app.time_axis import Span
from app.widgets import SideDrawer, Trouble
from protos.drill.v1.records import Chart, Snapshot

if TYPE_CHECKING:
    from app.widgets.charts.stack import ChartStack
    from protos.drill.v1.client import DrillClient

TICK_MS = 1000
TROUBLE_MS = 8000
AROUND_S = 5.0
"""So much on either side of a moment are the traces behind it."""


class SignalsView(QWidget):
    """The pane. While it is not shown it asks the engine nothing."""

    KEYS = (
        ("L", "Live, or pause"),
        ("B", "Compare with the last quiet stretch"),
        ("T", "Traces of this moment"),
        ("X", "Explore any metric, alert rules"),
        ("M", "Mark this moment"),
        ("A", "Acknowledge the alert"),
        ("D", "Thread dump of the service"),
        ("[ / ]", "Previous, next event"),
        ("F7", "Hide or show the map"),
        ("F8", "Alerts and marks"),
        ("F9", "Charts as a table"),
    )

    def __init__(self, engine: Engine, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._selection = selection
        self._feed = SignalsFeed(engine, self)
        self._pins = Pins(selection.kept, self)
        self._exemplars = ExemplarFeed(engine, self)
        self._charts: tuple[Chart, ...] = ()
        self._run = ""
        self._active = False
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._beat)
        self._build()
        self._bind_keys()
        engine.snapshotChanged.connect(self._show_snapshot)
        engine.stateChanged.connect(lambda _: self._show_state())
        engine.runChanged.connect(self._take_run)
        self._feed.began.connect(self._flush)
        self._feed.happened.connect(self._show_events)
        self._pins.changed.connect(self._take_pins)

    def activate(self) -> None:
        """Read what was missed, then follow."""
        self._active = True
        self._tick.start()
        if self._engine.snapshot is not None:
            self._show_snapshot(self._engine.snapshot)
        self._show_state()
        self._open_streams()

    def deactivate(self) -> None:
        """Stop asking; what was received stays."""
        self._active = False
        self._tick.stop()
        self._feed.stop()
        self._explorer.close()

    def commands(self) -> tuple[Command, ...]:
        """What the palette offers here."""
        return (
            Command("Explore metrics, alert rules", "Signals", self._toggle_explorer, Icon.CHART_LINE, "X"),
            Command(
                "Compare with the last quiet stretch",
                "Signals",
                self._time.toggle_compare,
                Icon.CLOCK_COUNTER_CLOCKWISE,
                "B",
            ),
            Command("Traces of this moment", "Traces", self._open_traces, Icon.TREE_STRUCTURE, "T"),
            Command("Mark this moment", "Signals", self._ask_for_mark, Icon.PUSH_PIN, "M"),
            Command("Thread dump of the service", "Signals", self._open_threads, Icon.STACK, "D"),
            Command("Acknowledge the alert", "Signals", self._side.acknowledge, Icon.BELL, "A"),
            Command("Hide or show the service map", "Signals", self._fold.toggle, Icon.SHARE_NETWORK, "F7"),
            Command("Charts as a table", "Signals", self._area.toggle_table, Icon.TABLE, "F9"),
            Command("Live, or pause", "Signals", self._time.toggle_live, Icon.BROADCAST, "L"),
        )

    @property
    def charts(self) -> ChartStack | None:
        """The stack of charts, once it is built."""
        return self._area.stack

    # building

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(12), px(20), px(20))
        column.setSpacing(px(12))
        self._toolbar = Toolbar()
        self._toolbar.markAsked.connect(self._ask_for_mark)
        self._toolbar.threadsAsked.connect(self._open_threads)
        self._toolbar.exploreAsked.connect(self._toggle_explorer)
        column.addWidget(self._toolbar)
        self._trouble = Trouble(TROUBLE_MS)
        column.addWidget(self._trouble)
        self._body = QHBoxLayout()
        self._body.setSpacing(px(12))
        left = QVBoxLayout()
        left.setSpacing(px(12))
        self._threads = ThreadDump(self._engine, self)
        self._map = MeasuredMap(self._engine, self._selection)
        self._map.threadsAsked.connect(self._threads.open_for)
        left.addWidget(self._map)
        self._area = ChartArea(self._selection)
        self._time = Timeline(self._engine, self._toolbar, self._area, self._feed, self._selection, self)
        self._area.ready.connect(self._take_stack)
        self._area.built.connect(self._flush)
        self._map.leave_out(self._area.groups.hidden)
        self._area.groups.changed.connect(self._map.leave_out)
        left.addWidget(self._area, 1)
        self._fold = Fold(self._map, self, self._selection.kept, "map_hidden")
        self._body.addLayout(left, 1)
        self._side = SidePanel()
        self._side.acknowledged.connect(self._acknowledge)
        self._side.pointed.connect(self._time.point_at)
        self._side.marked.connect(self._mark)
        self._side.dismissed.connect(self._close_field)
        column.addLayout(self._body, 1)
        self._drawer = SideDrawer(self._side, self._body, self)
        self._drawer.floated.connect(self._side.set_floating)
        self._drawer.placed.connect(self._show_side_button)
        self._toolbar.sideAsked.connect(self._drawer.toggle)
        self._explorer = ExplorerPlace(self._engine, self._pins, self._body, self)
        self._explorer.closed.connect(self._close_field)
        self._explorer.traceWanted.connect(self._selection.open_trace)

    def _bind_keys(self) -> None:
        pairs = (
            ("L", self._time.toggle_live),
            ("M", self._ask_for_mark),
            ("A", self._side.acknowledge),
            ("D", self._open_threads),
            ("B", self._time.toggle_compare),
            ("T", self._open_traces),
            ("X", self._toggle_explorer),
            ("F7", self._fold.toggle),
            ("F8", self._drawer.toggle),
            ("F9", self._area.toggle_table),
            ("[", lambda: self._time.step_event(-1)),
            ("]", lambda: self._time.step_event(1)),
        )
        bind(self, pairs)

    def _take_stack(self) -> None:
        stack = self._area.stack
        if stack is None:
            return
        stack.momentOpened.connect(self._open_traces)
        stack.pointOpened.connect(self._selection.open_trace)
        if self._engine.snapshot is not None:
            stack.set_events(chart_events(self._engine.snapshot, self._feed.happenings))
        self._show_state()

    # the engine

    def _take_run(self, run: str) -> None:
        """Another run was opened, or this one is gone."""
        if run and run != self._run and self._run:
            self._forget()
        if self._active and run:
            self._open_streams()

    def _forget(self) -> None:
        self._feed.forget()
        self._charts = ()
        self._time.forget()
        self._map.forget()
        self._threads.close()
        self._explorer.close()
        self._area.show_data_state(False)

    def _open_streams(self) -> None:
        snapshot = self._engine.snapshot
        if snapshot is not None and snapshot.charts:
            self._feed.start(names_followed(snapshot, self._pins.names), snapshot.started_ns)

    # showing

    def _show_snapshot(self, snapshot: Snapshot) -> None:
        if snapshot.run != self._run:
            if self._run:
                self._forget()
            self._run = snapshot.run
        if not snapshot.clock.held or not self._time.knows_clock:
            self._time.set_clock(clock_offset_s(snapshot.clock))
        self._area.show_groups(chart_groups(snapshot))
        if snapshot.charts != self._charts:
            self._charts = snapshot.charts
            self._show_charts(snapshot)
            if self._active:
                self._open_streams()
        self._time.begin(snapshot)
        self._show_events(snapshot)
        self._show_feed(snapshot)
        self._toolbar.set_ready(True)
        self._explorer.show_snapshot(snapshot)

    def _show_charts(self, snapshot: Snapshot) -> None:
        names = frozenset(service.name for service in snapshot.services)
        self._area.show_charts(
            chart_specs(snapshot.charts, names),
            [group_of(chart.id) for chart in snapshot.charts],
            [chart_of(pinned, names) for pinned in self._pins.charts],
        )

    def _take_pins(self) -> None:
        snapshot = self._engine.snapshot
        if snapshot is not None:
            self._show_charts(snapshot)
            self._feed.follow(names_followed(snapshot, self._pins.names), snapshot.started_ns)
            self._flush()

    def _show_events(self, snapshot: Snapshot) -> None:
        if self._area.stack is not None:
            self._area.stack.set_events(chart_events(snapshot, self._feed.happenings))

    def _show_feed(self, snapshot: Snapshot) -> None:
        offset_s = self._time.offset_s
        self._side.show_alerts(alert_rows(snapshot.alerts, offset_s, time.time_ns()))
        self._side.show_marks(mark_rows(snapshot.marks, offset_s))
        self._show_side_button()

    def _show_side_button(self) -> None:
        snapshot = self._engine.snapshot
        self._toolbar.show_side_button(self._drawer.is_narrow, open_count(snapshot.alerts) if snapshot else 0)

    def _show_state(self) -> None:
        """Lost: what is known stays, dimmed, with the time of the last measurement."""
        lost = self._engine.state is EngineState.LOST
        stack = self._area.stack
        self._map.map.set_stale(lost)
        self._toolbar.set_lost(lost)
        if stack is not None:
            since = self._time.clock_text(self._feed.history.newest_s or self._engine.lost_since_ns / NS)
            stack.set_stale(f"No data since {since}; trying again" if lost else "")
        if not len(self._feed.history):
            fact = "The engine does not answer" if lost else "Nothing was measured yet"
            remedy = (
                f"{self._engine.problem[:1].upper()}{self._engine.problem[1:]}. The console keeps trying."
                if lost
                else "The first figures come a second after the first requests."
            )
            self._area.show_data_state(False, fact, remedy)

    def _beat(self) -> None:
        """Once a second: draw what came, ask for the map."""
        if self._engine.state is EngineState.CONNECTED:
            self._flush()
            self._map.beat()
        if self._engine.snapshot is not None:
            self._show_feed(self._engine.snapshot)

    def _flush(self) -> None:
        stack, snapshot, history = self._area.stack, self._engine.snapshot, self._feed.history
        if stack is None or snapshot is None or not len(history):
            return
        stack.set_data(history.changes())
        for pinned in self._pins.charts:
            stack.set_data(values_of(pinned, history.samples))
        self._exemplars.ask(self._pins.charts, stack.span.start_s, stack.set_points)
        self._time.follow()
        self._area.refresh_table()
        self._area.show_data_state(True)

    # acting

    def _open_traces(self, series: str = "") -> None:
        """The traces behind a moment: of the chosen stretch, or around the crosshair.

        Only those through the service that `series` measures, else through the one that is chosen.
        """
        stack = self._area.stack
        if stack is None or self._engine.snapshot is None:
            return
        around_s = self._selection.crosshair_s
        if self._selection.time_range is None and around_s is not None:
            self._selection.choose_time_range(Span(around_s - AROUND_S, around_s + AROUND_S))
        service = service_of(series, self._engine.snapshot) or self._selection.service
        self._selection.open_traces(f"service:{service}" if service else "")

    def _toggle_explorer(self) -> None:
        stack, snapshot = self._area.stack, self._engine.snapshot
        if self._explorer.is_open:
            self._explorer.close()
        elif stack is not None and snapshot is not None:
            self._explorer.open(snapshot, self._time.offset_s, stack.span.length_s)

    def _open_threads(self) -> None:
        snapshot = self._engine.snapshot
        if snapshot is not None:
            self._threads.open_for(self._selection.service or snapshot.entry)

    def _acknowledge(self, alert_id: str) -> None:
        self._tell(lambda client: client.acknowledge_alert(alert_id))

    def _ask_for_mark(self) -> None:
        if self._engine.snapshot is None:
            return
        crosshair_s = self._selection.crosshair_s
        at_s = crosshair_s if crosshair_s is not None else time.time()
        if not self._drawer.is_open:
            self._drawer.show()
        self._side.ask_for_mark(at_s, self._time.clock_text(at_s))

    def _mark(self, words: str, at_s: float) -> None:
        self._tell(lambda client: client.mark_moment(words, round(at_s * NS)))

    def _close_field(self) -> None:
        if self._area.stack is not None:
            self._area.stack.setFocus(Qt.FocusReason.MouseFocusReason)

    def _tell(self, call: Callable[[DrillClient], None]) -> None:
        self._engine.ask(call, lambda _: self._trouble.tell(""), self._trouble.tell, owner=self)
