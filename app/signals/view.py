"""Signals: the charts, the measured map, the alerts and the marks of one participant's connection."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.client import Engine, EngineState
from app.command import Command
from app.drill_time import clock_offset_s
from app.keys import bind
from app.selection import Selection
from app.signals.baseline import healthy_window
from app.signals.chart_area import ChartArea
from app.signals.exploring import chart_of, values_of
from app.signals.feed import SignalsFeed, names_followed
from app.signals.map_facts import map_facts, with_known, without
from app.signals.model import (
    NS,
    Range,
    alert_rows,
    chart_events,
    chart_groups,
    chart_specs,
    first_range,
    group_of,
    hidden_services,
    mark_rows,
    open_count,
    range_length_s,
    range_text,
)
from app.signals.pins import Pins
from app.signals.service_map import ServiceMapView
from app.signals.side_panel import SidePanel
from app.signals.toolbar import Toolbar
from app.theme import Icon, Token, px
from app.thread_dump import ThreadDump
from app.time_axis import Span, format_clock_seconds
from app.widgets import Line, Panel
from protos.drill.v1.records import Chart, ServiceMap, Snapshot

if TYPE_CHECKING:
    from app.signals.explorer import Explorer
    from app.widgets.charts.stack import ChartStack
    from protos.drill.v1.client import DrillClient

TICK_MS = 1000
MAP_WINDOW_S = 15.0
DRAWER_UNDER = 1280
ROOMY_FROM = 1320
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
        ("F8", "Alerts and marks"),
    )

    def __init__(self, engine: Engine, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._selection = selection
        self._feed = SignalsFeed(engine, self)
        self._pins = Pins(selection.kept, self)
        self._explorer: Explorer | None = None
        self._compares = False
        self._charts: tuple[Chart, ...] = ()
        self._run = ""
        self._offset_s: float | None = None
        self._range: Range | None = None
        self._paused_s = 0.0
        self._active = False
        self._map_asked = False
        self._measured: ServiceMap | None = None
        self._side_wanted: bool | None = None
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
        self._close_explorer()

    def commands(self) -> tuple[Command, ...]:
        """What the palette offers here."""
        return (
            Command("Explore metrics, alert rules", "Signals", self._toggle_explorer, Icon.CHART_LINE, "X"),
            Command(
                "Compare with the last quiet stretch",
                "Signals",
                self._toggle_compare,
                Icon.CLOCK_COUNTER_CLOCKWISE,
                "B",
            ),
            Command("Traces of this moment", "Traces", self._open_traces, Icon.TREE_STRUCTURE, "T"),
            Command("Mark this moment", "Signals", self._ask_for_mark, Icon.PUSH_PIN, "M"),
            Command("Thread dump of the service", "Signals", self._open_threads, Icon.STACK, "D"),
            Command("Acknowledge the alert", "Signals", self._side.acknowledge, Icon.BELL, "A"),
            Command("Live, or pause", "Signals", self._toggle_live, Icon.BROADCAST, "L"),
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
        self._toolbar.rangeChosen.connect(self._choose_range)
        self._toolbar.wholeAsked.connect(self._let_go)
        self._toolbar.markAsked.connect(self._ask_for_mark)
        self._toolbar.liveAsked.connect(self._toggle_live)
        self._toolbar.sideAsked.connect(self._toggle_side)
        self._toolbar.threadsAsked.connect(self._open_threads)
        self._toolbar.exploreAsked.connect(self._toggle_explorer)
        self._toolbar.compareAsked.connect(self._toggle_compare)
        column.addWidget(self._toolbar)
        self._trouble = Line("", 12, ink=Token.CRIT_TEXT)
        self._trouble.hide()
        column.addWidget(self._trouble)
        self._body = QHBoxLayout()
        self._body.setSpacing(px(12))
        left = QVBoxLayout()
        left.setSpacing(px(12))
        left.addWidget(self._build_map())
        self._area = ChartArea(self._selection)
        self._area.ready.connect(self._take_stack)
        self._area.built.connect(self._flush)
        self._area.groups.changed.connect(lambda _: self._show_map())
        left.addWidget(self._area, 1)
        self._body.addLayout(left, 1)
        self._side = SidePanel()
        self._side.acknowledged.connect(self._acknowledge)
        self._side.pointed.connect(self._point_at)
        self._side.marked.connect(self._mark)
        self._side.dismissed.connect(self._close_field)
        self._body.addWidget(self._side)
        column.addLayout(self._body, 1)
        self._threads = ThreadDump(self._engine, self)

    def _build_map(self) -> Panel:
        panel = Panel(padded=False)
        panel.body.setContentsMargins(0, px(5), 0, px(5))
        self._map = ServiceMapView()
        self._map.chosen.connect(self._selection.choose_service)
        self._map.threadsAsked.connect(lambda service: self._threads.open_for(service))
        self._selection.serviceChanged.connect(self._map.show_selected)
        self._map.show_selected(self._selection.service)
        panel.add(self._map)
        return panel

    def _bind_keys(self) -> None:
        pairs = (
            ("L", self._toggle_live),
            ("M", self._ask_for_mark),
            ("A", self._side.acknowledge),
            ("D", self._open_threads),
            ("B", self._toggle_compare),
            ("T", self._open_traces),
            ("X", self._toggle_explorer),
            ("F8", self._toggle_side),
            ("[", lambda: self._step_event(-1)),
            ("]", lambda: self._step_event(1)),
        )
        bind(self, pairs)

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
            self._choose_range(self._range)
        if self._engine.snapshot is not None:
            stack.set_events(chart_events(self._engine.snapshot, self._feed.happenings))
        self._show_state()
        self._show_live(stack.is_live)

    # the engine

    def _take_run(self, run: str) -> None:
        """Another run was opened, or this one is gone."""
        if run and run != self._run and self._run:
            self._forget()
        if self._active and run:
            self._open_streams()

    def _forget(self) -> None:
        self._feed.forget()
        self._charts, self._offset_s, self._range, self._measured = (), None, None, None
        self._compares = False
        self._threads.close()
        self._close_explorer()
        self._area.show_data_state(False)

    def _open_streams(self) -> None:
        snapshot = self._engine.snapshot
        if snapshot is not None and snapshot.charts:
            self._feed.start(names_followed(snapshot, self._pins.names), snapshot.started_ns)

    def _take_map(self, measured: ServiceMap) -> None:
        self._map_asked = False
        self._measured = with_known(measured, self._measured)
        self._show_map()

    def _show_map(self) -> None:
        """Only what the shown groups of charts are about."""
        snapshot = self._engine.snapshot
        if snapshot is not None and self._measured is not None:
            shown = without(self._measured, hidden_services(snapshot, self._area.groups.hidden))
            self._map.show_facts(map_facts(shown, snapshot.services, snapshot.alerts))

    def _lose_map(self, reason: str) -> None:
        self._map_asked = False

    def _ask_map(self) -> None:
        if not self._map_asked and self._engine.state is EngineState.CONNECTED:
            self._map_asked = True
            self._engine.ask(
                lambda client: client.service_map(MAP_WINDOW_S), self._take_map, self._lose_map, owner=self
            )

    # showing

    def _show_snapshot(self, snapshot: Snapshot) -> None:
        if snapshot.run != self._run:
            if self._run:
                self._forget()
            self._run = snapshot.run
        if not snapshot.clock.held or self._offset_s is None:
            self._offset_s = clock_offset_s(snapshot.clock)
            if self._area.stack is not None:
                self._area.stack.set_clock_offset(self._offset_s)
        self._area.show_groups(chart_groups(snapshot))
        if snapshot.charts != self._charts:
            self._charts = snapshot.charts
            self._show_charts(snapshot)
            if self._active:
                self._open_streams()
        if self._range is None:
            self._choose_range(first_range(snapshot.started_ns / NS, time.time()))
        self._show_events(snapshot)
        self._show_feed(snapshot)
        self._toolbar.set_ready(True)
        if self._explorer is not None:
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
        offset_s = self._offset_s or 0.0
        self._side.show_alerts(alert_rows(snapshot.alerts, offset_s, time.time_ns()))
        self._side.show_marks(mark_rows(snapshot.marks, offset_s))
        self._toolbar.show_side_button(self._is_narrow(), open_count(snapshot.alerts))

    def _show_state(self) -> None:
        """Lost: what is known stays, dimmed, with the time of the last measurement."""
        lost = self._engine.state is EngineState.LOST
        stack = self._area.stack
        self._map.set_stale(lost)
        if stack is not None:
            since = self._clock_text(self._feed.history.newest_s or self._engine.lost_since_ns / NS)
            stack.set_stale(f"No data since {since}; trying again" if lost else "")
        if not len(self._feed.history):
            fact = "The engine does not answer" if lost else "Nothing was measured yet"
            remedy = (
                f"{self._engine.problem[:1].upper()}{self._engine.problem[1:]}. The console keeps trying."
                if lost
                else "The first figures come a second after the first requests."
            )
            self._area.show_data_state(False, fact, remedy)

    def _show_live(self, live: bool) -> None:
        if live:
            self._paused_s = 0.0
        elif not self._paused_s:
            self._paused_s = self._feed.now_s
        paused = self._clock_text(self._paused_s) if self._paused_s else ""
        self._toolbar.show_live(live, paused)
        self._show_span()

    def _show_span(self) -> None:
        stack = self._area.stack
        if stack is not None and self._feed.now_s:
            chosen = self._selection.time_range
            self._toolbar.show_span(range_text(chosen or stack.span, self._offset_s or 0.0), bool(chosen))

    def _beat(self) -> None:
        """Once a second: draw what came, ask for the map."""
        if self._engine.state is EngineState.CONNECTED:
            self._flush()
            self._ask_map()
        if self._engine.snapshot is not None:
            self._show_feed(self._engine.snapshot)

    def _flush(self) -> None:
        stack, snapshot, history = self._area.stack, self._engine.snapshot, self._feed.history
        if stack is None or snapshot is None or not len(history):
            return
        stack.set_data(history.changes())
        for pinned in self._pins.charts:
            stack.set_data(values_of(pinned, history.samples))
        if self._range is Range.RUN and stack.is_live:
            stack.set_window(range_length_s(Range.RUN, snapshot.started_ns / NS, self._feed.now_s))
        stack.follow(self._feed.now_s)
        self._show_baseline(stack, snapshot)
        self._area.show_data_state(True)

    def _show_baseline(self, stack: ChartStack, snapshot: Snapshot) -> None:
        """The last quiet stretch, as long as what is shown."""
        started_s, now_s = snapshot.started_ns / NS, self._feed.now_s
        window = healthy_window(snapshot.alerts, started_s, now_s, stack.span.length_s)
        stack.set_baseline(window if self._compares else None)
        why_not = "" if window is not None else "No alert has fired yet: there is nothing to compare with."
        words = f"Dashed: {range_text(window, self._offset_s or 0.0)}, before an alert" if window else ""
        self._toolbar.show_compared(words if self._compares else "", why_not)

    def _clock_text(self, at_s: float) -> str:
        return format_clock_seconds(at_s, self._offset_s or 0.0)

    # acting

    def _choose_range(self, chosen: Range) -> None:
        self._range = chosen
        self._toolbar.show_range(chosen)
        snapshot = self._engine.snapshot
        if self._area.stack is not None and snapshot is not None:
            now_s = self._feed.now_s or time.time()
            self._area.stack.set_window(range_length_s(chosen, snapshot.started_ns / NS, now_s))

    def _toggle_live(self) -> None:
        stack = self._area.stack
        if stack is not None:
            stack.set_live(not stack.is_live)

    def _let_go(self) -> None:
        if self._area.stack is not None and self._selection.time_range is not None:
            self._area.stack.set_live(True)

    def _step_event(self, direction: int) -> None:
        if self._area.stack is not None:
            self._area.stack.step_event(direction)

    def _point_at(self, at_s: float) -> None:
        if self._area.stack is not None:
            self._area.stack.point_at(at_s)

    def _toggle_compare(self) -> None:
        self._compares = not self._compares
        self._flush()

    def _open_traces(self) -> None:
        """The traces behind a moment: of the chosen stretch, or around the crosshair."""
        stack = self._area.stack
        if stack is None or self._engine.snapshot is None:
            return
        around_s = self._selection.crosshair_s
        if self._selection.time_range is None and around_s is not None:
            self._selection.choose_time_range(Span(around_s - AROUND_S, around_s + AROUND_S))
        service = self._selection.service
        self._selection.open_traces(f"service:{service}" if service else "")

    # the explorer

    def _toggle_explorer(self) -> None:
        if self._explorer is not None and self._explorer.isVisible():
            self._close_explorer()
        elif self._area.stack is not None and self._engine.snapshot is not None:
            if self._explorer is None:
                self._explorer = self._make_explorer()
            self._place_explorer()
            self._explorer.show_snapshot(self._engine.snapshot)
            self._explorer.open(self._offset_s or 0.0, self._area.stack.span.length_s)

    def _make_explorer(self) -> Explorer:
        from app.signals.explorer import Explorer
        from app.widgets.charts.stack import ChartStack

        explorer = Explorer(self._engine, self._pins, ChartStack(), self)
        explorer.dismissed.connect(self._close_explorer)
        return explorer

    def _close_explorer(self) -> None:
        if self._explorer is not None and self._explorer.isVisible():
            self._explorer.close_explorer()
            self._close_field()

    def _place_explorer(self) -> None:
        if self._explorer is not None:
            self._explorer.setGeometry(self._body.geometry())

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
        if self._side.isHidden():
            self._set_side(True)
        self._side.ask_for_mark(at_s, self._clock_text(at_s))

    def _mark(self, words: str, at_s: float) -> None:
        self._tell(lambda client: client.mark_moment(words, round(at_s * NS)))

    def _close_field(self) -> None:
        if self._area.stack is not None:
            self._area.stack.setFocus(Qt.FocusReason.MouseFocusReason)

    def _tell(self, call: Callable[[DrillClient], None]) -> None:
        self._engine.ask(call, lambda _: self._complain(""), self._complain, owner=self)

    def _complain(self, why: str) -> None:
        self._trouble.set_text(why)
        self._trouble.setVisible(bool(why))
        if why:
            QTimer.singleShot(TROUBLE_MS, self, lambda: self._trouble.setVisible(False))

    # the side panel

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Turn the side panel into a drawer where the window is narrow."""
        super().resizeEvent(event)
        self._place_side()
        self._toolbar.set_roomy(self.width() >= px(ROOMY_FROM))
        QTimer.singleShot(0, self, self._place_explorer)

    def _is_narrow(self) -> bool:
        return self.window().width() < DRAWER_UNDER

    def _toggle_side(self) -> None:
        self._set_side(self._side.isHidden())

    def _set_side(self, shown: bool) -> None:
        self._side_wanted = shown
        self._place_side()

    def _place_side(self) -> None:
        narrow = self._is_narrow()
        docked = self._body.indexOf(self._side) >= 0
        if narrow and docked:
            self._body.removeWidget(self._side)
            self._side_wanted = None
        elif not narrow and not docked:
            self._body.addWidget(self._side)
            self._side_wanted = None
        self._side.set_floating(narrow)
        shown = self._side_wanted if self._side_wanted is not None else not narrow
        self._side.setVisible(shown)
        if narrow and shown:
            top = self._toolbar.geometry().bottom() + px(6)
            width = self._side.sizeHint().width()
            left = self.width() - px(12) - width
            self._side.setGeometry(QRect(left, top, width, self.height() - top - px(12)))
            self._side.raise_()
        snapshot = self._engine.snapshot
        self._toolbar.show_side_button(narrow, open_count(snapshot.alerts) if snapshot else 0)
