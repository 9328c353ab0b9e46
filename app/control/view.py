"""The facilitator's window: lead the agenda, start and end the incident, see the answer, write the report."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.client import Engine
from app.control.agenda_strip import AgendaStrip
from app.control.model import COLUMNS, HappeningsModel, incident_card, next_segment
from app.control.panels import HintsPanel, IncidentPanel, KeyPanel, NowPanel, ReportPanel, ServicesPanel
from app.theme import SEMIBOLD, Icon, Token, px
from app.widgets import Button, ButtonKind, Document, EmptyState, Line, Panel, Table
from protos.drill.v1.records import FacilitatorPage, Scenario, Snapshot, Update

if TYPE_CHECKING:
    from protos.drill.v1.client import DrillClient

EXTENSION_MIN = 5


class ControlWindow(QWidget):
    """A top-level window for the facilitator's connection `engine`."""

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("Control · 3 A.M. Drill")
        self.setMinimumSize(1100, 700)
        self.resize(1600, 1000)
        self._engine = engine
        self._has_page = False
        self._pack = ""
        self._run = ""
        self._happenings = HappeningsModel(self)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._build_desk())
        self._pages.addWidget(self._build_blank())
        self._bind_keys()
        self._table.setFocus()
        engine.snapshotChanged.connect(self._show)
        self._watch = engine.follow(lambda client: client.watch(0), self._note, self)
        if engine.snapshot is not None:
            self._show(engine.snapshot)

    # building

    def _build_desk(self) -> QWidget:
        desk = QWidget()
        column = QVBoxLayout(desk)
        column.setContentsMargins(px(20), px(16), px(20), px(20))
        column.setSpacing(px(12))
        column.addLayout(self._build_header())
        self._trouble = Line("", 12, ink=Token.CRIT_TEXT)
        self._trouble.hide()
        column.addWidget(self._trouble)
        agenda = Panel()
        self._strip = AgendaStrip()
        agenda.add(self._strip)
        column.addWidget(agenda)
        row = QHBoxLayout()
        row.setSpacing(px(12))
        self._build_panels()
        row.addLayout(_column(self._incident, self._services, grows=self._services), 10)
        row.addLayout(_column(self._now, self._hints, self._report, grows=self._hints), 10)
        row.addWidget(self._build_happenings(), 13)
        row.addLayout(_column(self._key, self._build_notes()), 12)
        column.addLayout(row, 1)
        return desk

    def _build_header(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(Line("Control", 16, SEMIBOLD))
        row.addWidget(Line("Participants never see this window.", 12, ink=Token.TEXT3), 1)
        blank = Button("Blank for projector", ButtonKind.GHOST, Icon.EYE_SLASH, "B")
        self._hold = Button("Hold clock", ButtonKind.OUTLINE, Icon.PAUSE, "P")
        self._extend = Button(f"+{EXTENSION_MIN} min", ButtonKind.OUTLINE)
        self._next = Button("Start", ButtonKind.SECONDARY, Icon.SKIP_FORWARD, "Ctrl ↵")
        blank.clicked.connect(self._toggle_blank)
        self._hold.clicked.connect(self._toggle_clock)
        self._extend.clicked.connect(lambda: self._tell(lambda client: client.extend_phase(EXTENSION_MIN)))
        self._next.clicked.connect(lambda: self._tell(lambda client: client.end_phase()))
        for button in (blank, self._hold, self._extend, self._next):
            row.addWidget(button)
        return row

    def _build_panels(self) -> None:
        self._incident, self._services = IncidentPanel(), ServicesPanel()
        self._now, self._hints = NowPanel(), HintsPanel()
        self._report, self._key = ReportPanel(), KeyPanel()
        self._incident.toggled.connect(self._toggle_incident)
        self._hints.released.connect(self._release_hint)
        self._report.wanted.connect(self._write_report)

    def _build_happenings(self) -> Panel:
        panel = Panel("What happened", "newest first", padded=False)
        self._table = Table(COLUMNS, name="What happened")
        self._table.setModel(self._happenings)
        panel.add(self._table, 1)
        return panel

    def _build_notes(self) -> Panel:
        panel = Panel("Facilitator notes")
        self._notes = Document("Facilitator notes", margin=0)
        panel.add(self._notes, 1)
        return panel

    def _build_blank(self) -> QWidget:
        blank = EmptyState(
            Icon.EYE_SLASH, "Control is blanked", "Safe to project. Press B to go on.", "Show Control"
        )
        blank.pressed.connect(self._toggle_blank)
        return blank

    def _bind_keys(self) -> None:
        for keys, act in (
            ("P", self._toggle_clock),
            ("B", self._toggle_blank),
            ("Ctrl+Return", self._next.click),
            ("Ctrl+Enter", self._next.click),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    # showing

    def _show(self, snapshot: Snapshot) -> None:
        if snapshot.run != self._run:
            self._run = snapshot.run
            self._happenings.clear()
            self._watch.restart()
            self._has_page = False
        self._strip.show_snapshot(snapshot)
        self._show_clock(snapshot)
        for scenario in snapshot.scenarios[:1]:
            self._show_incident(scenario, snapshot)
        self._services.show_services(snapshot.services)
        self._hints.show_hints(snapshot.hints)
        now = next((segment for segment in snapshot.agenda if segment.state == "now"), None)
        self._now.show_segment(now, snapshot)

    def _show_clock(self, snapshot: Snapshot) -> None:
        started = bool(snapshot.clock.phase)
        held = snapshot.clock.held and started
        self._hold.set_text("Release clock" if held else "Hold clock")
        self._hold.set_icon(Icon.PLAY if held else Icon.PAUSE)
        self._hold.set_disabled_reason("" if started else "The clock starts with the first segment.")
        self._extend.set_disabled_reason("" if started else "No segment is running.")
        following = next_segment(snapshot)
        self._next.set_text(f"Start {following.split(':', 1)[0]}" if following else "End workshop")

    def _show_incident(self, scenario: Scenario, snapshot: Snapshot) -> None:
        if scenario.pack != self._pack or not self._has_page:
            self._pack, self._has_page = scenario.pack, True
            self._engine.ask(
                lambda client: client.facilitator_page(scenario.pack),
                self._take_page,
                self._complain,
                owner=self,
            )
        card = incident_card(scenario, snapshot)
        self._incident.show_incident(scenario, snapshot.story.strip(), card)

    def _take_page(self, page: FacilitatorPage) -> None:
        self._notes.show_markdown(page.notes)
        self._key.set_page(page)

    def _note(self, update: Update) -> None:
        if update.snapshot.run == self._run:
            self._happenings.add(update.events, update.snapshot.clock)

    # acting

    def _toggle_clock(self) -> None:
        snapshot = self._engine.snapshot
        if snapshot is not None and snapshot.clock.phase:
            held = snapshot.clock.held
            self._tell(lambda client: client.release_clock() if held else client.hold_clock())

    def _toggle_incident(self) -> None:
        pack, snapshot = self._pack, self._engine.snapshot
        if snapshot is None or not snapshot.scenarios:
            return
        if snapshot.scenarios[0].state == "running":
            self._tell(lambda client: client.stop_scenario(pack))
        else:
            self._tell(lambda client: client.trigger_scenario(pack))

    def _release_hint(self, index: int) -> None:
        pack = self._pack
        self._tell(lambda client: client.release_hint(pack, index))

    def _toggle_blank(self) -> None:
        self._pages.setCurrentIndex(1 - self._pages.currentIndex())

    def _write_report(self) -> None:
        self._engine.ask(
            lambda client: client.write_report(""),
            lambda reply: self._report.show_files(reply.files),
            self._report.show_problem,
            owner=self,
        )

    def _tell(self, call: Callable[[DrillClient], None]) -> None:
        self._engine.ask(call, lambda _: self._complain(""), self._complain, owner=self)

    def _complain(self, why: str) -> None:
        self._trouble.set_text(why)
        self._trouble.setVisible(bool(why))


def _column(*panels: QWidget, grows: QWidget | None = None) -> QVBoxLayout:
    """Panels below each other; the last one takes the rest, unless another `grows`."""
    column = QVBoxLayout()
    column.setSpacing(px(12))
    for panel in panels:
        column.addWidget(panel, 1 if panel is (grows or panels[-1]) else 0)
    return column
