"""The facilitator's window: lead the agenda, start and end incidents and chaos, see the answers, write the report."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.client import Engine
from app.control.agenda_strip import AgendaStrip
from app.control.chaos_panel import ChaosPanel
from app.control.guide_panel import GuidePanel
from app.control.header import Header
from app.control.incident_strip import IncidentStrip
from app.control.incidents import chosen_scenario, incident_card, ready_packs
from app.control.model import HappeningsModel
from app.control.panels import HappenedPanel, NowPanel, ServicesPanel
from app.theme import Icon, px
from app.widgets import EmptyState, Panel, Segmented, Trouble
from protos.drill.v1.records import Snapshot, Update

if TYPE_CHECKING:
    from protos.drill.v1.client import DrillClient

TICK_MS = 1000
NARROW_UNDER = 1100
SIDES = ("Scenario", "Drill")
MOST_KEYS = 9


class ControlWindow(QWidget):
    """A top-level window for the facilitator's connection `engine`."""

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("Control · 3 A.M. Drill")
        self.setMinimumSize(1100, 700)
        self._engine = engine
        self._pack = ""
        self._run = ""
        self._is_narrow = False
        self._happenings = HappeningsModel(self)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._build_desk())
        self._pages.addWidget(self._build_blank())
        self._bind_keys()
        self._happened.table.setFocus()
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._beat)
        self._tick.start()
        engine.snapshotChanged.connect(self._show)
        self._watch = engine.follow(lambda client: client.watch(0), self._note, self)
        self.resize(1600, 1000)
        if engine.snapshot is not None:
            self._show(engine.snapshot)

    # building

    def _build_desk(self) -> QWidget:
        desk = QWidget()
        column = QVBoxLayout(desk)
        column.setContentsMargins(px(20), px(14), px(20), px(16))
        column.setSpacing(px(10))
        column.addWidget(self._build_header())
        self._trouble = Trouble()
        column.addWidget(self._trouble)
        agenda = Panel()
        agenda.body.setContentsMargins(px(14), px(8), px(14), px(10))
        self._strip = AgendaStrip()
        agenda.add(self._strip)
        column.addWidget(agenda)
        self._incidents = IncidentStrip()
        self._incidents.chosen.connect(self._choose)
        self._incidents.triggered.connect(self._toggle_incident)
        column.addWidget(self._incidents)
        column.addLayout(self._build_body(), 1)
        return desk

    def _build_header(self) -> Header:
        self._header = Header()
        self._header.blankAsked.connect(self._toggle_blank)
        self._header.clockAsked.connect(self._toggle_clock)
        self._header.extensionAsked.connect(
            lambda minutes: self._tell(lambda client: client.extend_phase(minutes))
        )
        self._header.nextAsked.connect(lambda: self._tell(lambda client: client.end_phase()))
        self._header.allAsked.connect(self._trigger_all)
        return self._header

    def _build_body(self) -> QHBoxLayout:
        self._chaos, self._guide = ChaosPanel(self._engine), GuidePanel(self._engine)
        self._now, self._services = NowPanel(), ServicesPanel()
        self._happened = HappenedPanel(self._happenings)
        self._happened.reportWanted.connect(self._write_report)
        self._drill = QWidget()
        side = QVBoxLayout(self._drill)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(px(10))
        side.addWidget(self._now)
        side.addWidget(self._happened, 1)
        side.addWidget(self._services)
        self._body = QHBoxLayout()
        self._body.setSpacing(px(12))
        self._body.addWidget(self._chaos, 10)
        middle = QVBoxLayout()
        middle.setSpacing(px(10))
        self._sides = Segmented(SIDES, name="What to show beside the chaos")
        self._sides.chosen.connect(lambda _: self._place_sides())
        self._sides.hide()
        middle.addWidget(self._sides)
        middle.addWidget(self._guide, 1)
        self._middle = middle
        self._body.addLayout(middle, 11)
        self._body.addWidget(self._drill, 12)
        return self._body

    def _build_blank(self) -> QWidget:
        blank = EmptyState(
            Icon.EYE_SLASH, "Control is blanked", "Safe to project. Press B to go on.", "Show Control"
        )
        blank.pressed.connect(self._toggle_blank)
        return blank

    def _bind_keys(self) -> None:
        bound: list[tuple[str, Callable[[], None]]] = [
            ("P", self._toggle_clock),
            ("B", self._toggle_blank),
            ("C", self._chaos.form.action.setFocus),
            ("Ctrl+Return", self._header.next.click),
            ("Ctrl+Enter", self._header.next.click),
        ]
        bound += [(str(place + 1), partial(self._choose_at, place)) for place in range(MOST_KEYS)]
        for keys, act in bound:
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    # showing

    def _show(self, snapshot: Snapshot) -> None:
        if snapshot.run != self._run:
            self._run = snapshot.run
            self._happenings.clear()
            self._watch.restart()
            self._guide.forget()
            self._chaos.load()
        self._strip.show_snapshot(snapshot)
        self._header.show_snapshot(snapshot)
        self._services.show_services(snapshot.services)
        now = next((segment for segment in snapshot.agenda if segment.state == "now"), None)
        self._now.show_segment(now, snapshot)
        self._show_scenarios(snapshot)
        self._chaos.show_snapshot(snapshot, time.time_ns())

    def _show_scenarios(self, snapshot: Snapshot) -> None:
        scenario = chosen_scenario(snapshot, self._pack)
        self._pack = scenario.pack if scenario is not None else ""
        cards = [incident_card(one, snapshot) for one in snapshot.scenarios]
        self._incidents.show_cards(cards, self._pack)
        if scenario is not None:
            self._guide.show_scenario(scenario, snapshot, time.time_ns())

    def _beat(self) -> None:
        """Once a second: countdowns run on without news."""
        snapshot = self._engine.snapshot
        if snapshot is None or not self.isVisible():
            return
        now_ns = time.time_ns()
        self._chaos.show_snapshot(snapshot, now_ns)
        scenario = chosen_scenario(snapshot, self._pack)
        if scenario is not None:
            self._guide.tick(scenario, snapshot, now_ns)

    def _note(self, update: Update) -> None:
        if update.snapshot.run == self._run:
            self._happenings.add(update.events, update.snapshot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns where three would be too narrow to read."""
        super().resizeEvent(event)
        self._fit()

    def restyle(self) -> None:
        """Larger text needs more room."""
        self._fit()

    def _fit(self) -> None:
        narrow = self.width() < px(NARROW_UNDER)
        if narrow != self._is_narrow:
            self._is_narrow = narrow
            if narrow:
                self._middle.addWidget(self._drill, 1)
            else:
                self._body.addWidget(self._drill, 12)
            self._place_sides()

    def _place_sides(self) -> None:
        self._sides.setVisible(self._is_narrow)
        self._guide.setVisible(not self._is_narrow or self._sides.current == 0)
        self._drill.setVisible(not self._is_narrow or self._sides.current == 1)

    # acting

    def _choose(self, pack: str) -> None:
        self._pack = pack
        if self._engine.snapshot is not None:
            self._show_scenarios(self._engine.snapshot)

    def _choose_at(self, place: int) -> None:
        cards = self._incidents.cards
        if place < len(cards):
            self._choose(cards[place].card.pack)

    def _toggle_clock(self) -> None:
        snapshot = self._engine.snapshot
        if snapshot is not None and snapshot.clock.phase:
            held = snapshot.clock.held
            self._tell(lambda client: client.release_clock() if held else client.hold_clock())

    def _toggle_incident(self, pack: str) -> None:
        view = self._incidents.view_of(pack)
        if view is None:
            return
        running = view.card.running
        view.show_waiting()

        def call(client: DrillClient) -> None:
            client.stop_scenario(pack) if running else client.trigger_scenario(pack)

        def answer(why: str) -> None:
            found = self._incidents.view_of(pack)
            if found is not None:
                found.show_answer(why)

        self._engine.ask(call, lambda _: answer(""), answer, owner=self)

    def _trigger_all(self) -> None:
        snapshot = self._engine.snapshot
        for pack in ready_packs(snapshot) if snapshot is not None else ():
            self._toggle_incident(pack)

    def _toggle_blank(self) -> None:
        self._pages.setCurrentIndex(1 - self._pages.currentIndex())

    def _write_report(self) -> None:
        self._engine.ask(
            lambda client: client.write_report(""),
            lambda reply: self._happened.show_files(reply.files),
            self._happened.show_problem,
            owner=self,
        )

    def _tell(self, call: Callable[[DrillClient], None]) -> None:
        self._engine.ask(call, lambda _: self._trouble.tell(""), self._trouble.tell, owner=self)
