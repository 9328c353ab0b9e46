"""The facilitator's window: lead the agenda, start and end the incident, see the answer, write the report."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLayout, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from app.client import Engine
from app.control.agenda_strip import AgendaStrip
from app.control.model import COLUMNS, HappeningsModel, incident_card, next_segment
from app.theme import SEMIBOLD, Icon, Status, Token, px
from app.widgets import Button, ButtonKind, Chip, Document, EmptyState, Line, Panel, Table, Text
from protos.drill.v1.records import FacilitatorPage, Scenario, Segment, Snapshot, Update, WriteReportReply

if TYPE_CHECKING:
    from protos.drill.v1.client import DrillClient

TITLE = "Control"
REMARK = "Participants never see this window."
EXTENSION_MIN = 5
_SERVICE_STATUS = {
    "running": Status.OK,
    "starting": Status.INFO,
    "restarting": Status.WARNING,
    "failed": Status.CRITICAL,
    "stopped": Status.IDLE,
}


class ControlWindow(QWidget):
    """A top-level window for the facilitator's connection `engine`."""

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("Control · 3 A.M. Drill")
        self.setObjectName("desk")
        self.setMinimumSize(1100, 700)
        self.resize(1600, 1000)
        self._engine = engine
        self._page: FacilitatorPage | None = None
        self._pack = ""
        self._run = ""
        self._key_shown = False
        self._shown: dict[str, object] = {}
        self._happenings = HappeningsModel(self)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._build_desk())
        self._stack.addWidget(self._build_blank())
        self._bind_keys()
        self._table.setFocus()
        engine.snapshotChanged.connect(self._show)
        self._watch = engine.follow(lambda client: client.watch(0), self._note, self)
        if engine.snapshot is not None:
            self._show(engine.snapshot)

    def activate(self) -> None:
        """Called when it is shown; Control follows the drill all the time, so there is nothing to start."""

    def deactivate(self) -> None:
        """Called when it is hidden."""

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
        row.addLayout(self._build_incident_column(), 10)
        row.addLayout(self._build_lead_column(), 10)
        row.addWidget(self._build_happenings(), 12)
        row.addLayout(self._build_key_column(), 14)
        column.addLayout(row, 1)
        return desk

    def _build_header(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(Line(TITLE, 16, SEMIBOLD))
        row.addWidget(Line(REMARK, 12, ink=Token.TEXT3), 1)
        self._blank_button = Button("Blank for projector", ButtonKind.GHOST, Icon.EYE_SLASH, "B")
        self._hold = Button("Hold clock", ButtonKind.OUTLINE, Icon.PAUSE, "P")
        self._extend = Button(f"+{EXTENSION_MIN} min", ButtonKind.OUTLINE)
        self._next = Button("Start", ButtonKind.SECONDARY, Icon.SKIP_FORWARD, "Ctrl ↵")
        self._blank_button.clicked.connect(self._toggle_blank)
        self._hold.clicked.connect(self._toggle_clock)
        self._extend.clicked.connect(lambda: self._tell(lambda client: client.extend_phase(EXTENSION_MIN)))
        self._next.clicked.connect(lambda: self._tell(lambda client: client.end_phase()))
        for button in (self._blank_button, self._hold, self._extend, self._next):
            row.addWidget(button)
        return row

    def _build_incident_column(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(px(12))
        self._incident = Panel("Incident", "hidden from the team")
        self._state = Chip("ready", Status.IDLE)
        self._incident.add_action(self._state)
        self._incident_title = Line("", 15, SEMIBOLD)
        self._incident_story = Text("", 12, ink=Token.TEXT2)
        self._facts = QVBoxLayout()
        self._facts.setSpacing(px(6))
        self._trigger = Button("Trigger incident", ButtonKind.PRIMARY, Icon.LIGHTNING)
        self._trigger.clicked.connect(self._toggle_incident)
        self._incident.add(self._incident_title)
        self._incident.add(self._incident_story)
        self._incident.add(self._facts)
        row = QHBoxLayout()
        row.addWidget(self._trigger)
        row.addStretch(1)
        self._incident.add(row)
        column.addWidget(self._incident)
        self._services = Panel("Services", "as the engine sees them")
        self._service_rows = QVBoxLayout()
        self._service_rows.setSpacing(px(8))
        self._services.add(self._service_rows)
        column.addWidget(self._services, 1)
        return column

    def _build_lead_column(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(px(12))
        self._now = Panel("Now", "")
        self._now_activities = Text("", 13, ink=Token.TEXT1)
        self._now_notes = Text("", 12, ink=Token.TEXT2)
        self._now.add(self._now_activities)
        self._now.add(self._now_notes)
        column.addWidget(self._now)
        self._hints = Panel("Hints", "each costs points")
        self._hint_rows = QVBoxLayout()
        self._hint_rows.setSpacing(px(10))
        self._hints.add(_scrolling(self._hint_rows), 1)
        column.addWidget(self._hints, 1)
        self._report = Panel("Report", "PDF and one HTML page")
        self._report_text = Text(
            "Timeline, charts, the fix and its verdict, as they are now.", 12, ink=Token.TEXT2
        )
        self._write = Button("Write report", ButtonKind.OUTLINE, Icon.FILE_PDF)
        self._open = Button("Open folder", ButtonKind.GHOST, Icon.FOLDER_OPEN)
        self._open.hide()
        self._write.clicked.connect(self._write_report)
        self._open.clicked.connect(self._open_report)
        self._report_folder = ""
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self._write)
        row.addWidget(self._open)
        row.addStretch(1)
        self._report.add(self._report_text)
        self._report.add(row)
        column.addWidget(self._report)
        return column

    def _build_happenings(self) -> Panel:
        panel = Panel("What happened", "newest first", padded=False)
        self._table = Table(COLUMNS, name="What happened")
        self._table.setModel(self._happenings)
        panel.add(self._table, 1)
        return panel

    def _build_key_column(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(px(12))
        self._key = Panel("Answer key")
        self._reveal = Button("Show", ButtonKind.GHOST, Icon.EYE, small=True)
        self._reveal.clicked.connect(self._toggle_key)
        self._key.add_action(self._reveal)
        self._key_text = Text("Hidden, in case somebody looks over your shoulder.", 12, ink=Token.TEXT3)
        self._key.add(self._key_text)
        column.addWidget(self._key)
        self._notes = Panel("Facilitator notes")
        self._notes_text = Document("Facilitator notes", margin=0)
        self._notes.add(self._notes_text, 1)
        column.addWidget(self._notes, 1)
        return column

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
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(act)

    # showing

    def _show(self, snapshot: Snapshot) -> None:
        if snapshot.run != self._run:
            self._run = snapshot.run
            self._shown.clear()
            self._happenings.clear()
            self._watch.restart()
            self._page = None
        self._strip.show_snapshot(snapshot)
        self._show_clock(snapshot)
        if snapshot.scenarios:
            self._show_incident(snapshot.scenarios[0], snapshot)
        self._show_services(snapshot)
        self._show_hints(snapshot)
        segment = next((segment for segment in snapshot.agenda if segment.state == "now"), None)
        self._show_segment(segment, snapshot)

    def _show_clock(self, snapshot: Snapshot) -> None:
        started = bool(snapshot.clock.phase)
        held = snapshot.clock.held
        self._hold.set_text("Release clock" if held and started else "Hold clock")
        self._hold.set_icon(Icon.PLAY if held and started else Icon.PAUSE)
        self._hold.set_disabled_reason("" if started else "The clock starts with the first segment.")
        self._extend.set_disabled_reason("" if started else "No segment is running.")
        following = next_segment(snapshot)
        words = f"Start {_short(following)}" if following else "End workshop"
        self._next.set_text(words if started or following else "Start")

    def _show_segment(self, segment: Segment | None, snapshot: Snapshot) -> None:
        if segment is None:
            following = next_segment(snapshot)
            self._now.set_title("Now", "nothing is running")
            self._now_activities.setText(f"Next: {following}." if following else "The workshop has ended.")
            self._now_notes.setText("")
            return
        self._now.set_title("Now", segment.name)
        self._now_activities.setText(segment.activities)
        self._now_notes.setText(segment.notes)

    def _show_incident(self, scenario: Scenario, snapshot: Snapshot) -> None:
        if scenario.pack != self._pack or self._page is None:
            self._pack = scenario.pack
            self._engine.ask(
                lambda client: client.facilitator_page(scenario.pack),
                self._take_page,
                self._complain,
                owner=self,
            )
        card = incident_card(scenario, snapshot)
        self._state.set_status(card.word, card.status)
        self._incident_title.set_text(scenario.title)
        self._incident_story.setText(snapshot.story.strip())
        self._trigger.set_text("Stop incident" if card.running else "Trigger incident")
        self._trigger.set_kind(ButtonKind.DANGER if card.running else ButtonKind.PRIMARY)
        self._trigger.set_icon(Icon.STOP if card.running else Icon.LIGHTNING)
        if self._is_shown("facts", card.facts):
            return
        _clear(self._facts)
        for name, value in card.facts:
            self._facts.addLayout(_fact(name, value))

    def _show_services(self, snapshot: Snapshot) -> None:
        if self._is_shown("services", snapshot.services):
            return
        _clear(self._service_rows)
        for service in snapshot.services:
            row = QHBoxLayout()
            row.setSpacing(px(8))
            row.addWidget(Chip(service.name, service=service.name))
            text = service.problem or ("editable" if service.editable else "fixed")
            ink = Token.CRIT_TEXT if service.problem else Token.TEXT3
            row.addWidget(Line(text, 12, ink=ink), 1)
            row.addWidget(Chip(service.state, _SERVICE_STATUS.get(service.state, Status.IDLE)))
            self._service_rows.addLayout(row)

    def _show_hints(self, snapshot: Snapshot) -> None:
        if self._is_shown("hints", snapshot.hints):
            return
        _clear(self._hint_rows)
        for hint in snapshot.hints:
            row = QHBoxLayout()
            row.setSpacing(px(8))
            words = QVBoxLayout()
            words.setSpacing(px(2))
            words.addWidget(Text(hint.text, 12, ink=Token.TEXT2 if hint.released else Token.TEXT1))
            words.addWidget(Line(f"{hint.level}, costs {hint.cost} points", 11, ink=Token.TEXT3))
            row.addLayout(words, 1)
            if hint.released:
                row.addWidget(Chip("released", Status.OK), 0, Qt.AlignmentFlag.AlignTop)
            else:
                release = Button("Release", ButtonKind.OUTLINE, small=True)
                release.setAccessibleName(f"Release hint {hint.index + 1}")
                release.clicked.connect(partial(self._release_hint, hint.index))
                row.addWidget(release, 0, Qt.AlignmentFlag.AlignTop)
            self._hint_rows.addLayout(row)

    def _is_shown(self, part: str, now: object) -> bool:
        """Whether a part shows just that already: rows are made anew only when they change."""
        if self._shown.get(part) == now:
            return True
        self._shown[part] = now
        return False

    def _take_page(self, page: FacilitatorPage) -> None:
        self._page = page
        self._notes_text.show_markdown(page.notes)
        self._show_key()

    def _show_key(self) -> None:
        self._reveal.set_text("Hide" if self._key_shown else "Show")
        self._reveal.set_icon(Icon.EYE_SLASH if self._key_shown else Icon.EYE)
        if not self._key_shown or self._page is None:
            self._key_text.setText("Hidden, in case somebody looks over your shoulder.")
            return
        evidence = "\n".join(f"• {item}" for item in self._page.evidence)
        self._key_text.setText(f"{self._page.component}\n\n{self._page.mechanism}\n\n{evidence}")

    # acting

    def _note(self, update: Update) -> None:
        if update.snapshot.run == self._run:
            self._happenings.add(update.events, update.snapshot.clock)

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

    def _toggle_key(self) -> None:
        self._key_shown = not self._key_shown
        self._show_key()

    def _toggle_blank(self) -> None:
        self._stack.setCurrentIndex(1 - self._stack.currentIndex())

    def _write_report(self) -> None:
        self._write.set_disabled_reason("The report is being written.")
        self._engine.ask(
            lambda client: client.write_report(""), self._report_written, self._report_failed, owner=self
        )

    def _report_written(self, reply: WriteReportReply) -> None:
        self._write.set_disabled_reason("")
        self._report_folder = reply.files[0].replace("\\", "/").rsplit("/", 1)[0] if reply.files else ""
        names = ", ".join(file.replace("\\", "/").rsplit("/", 1)[-1] for file in reply.files)
        self._report_text.setText(f"Written: {names}")
        self._open.setVisible(bool(self._report_folder))

    def _report_failed(self, why: str) -> None:
        self._write.set_disabled_reason("")
        self._report_text.setText(why)

    def _open_report(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._report_folder))

    def _tell(self, call: Callable[[DrillClient], None]) -> None:
        self._engine.ask(call, lambda _: self._complain(""), self._complain, owner=self)

    def _complain(self, why: str) -> None:
        self._trouble.set_text(why)
        self._trouble.setVisible(bool(why))


def _scrolling(rows: QVBoxLayout) -> QScrollArea:
    """Rows that may be taller than their place."""
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, px(6), 0)
    column.addLayout(rows)
    column.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    area.viewport().setAutoFillBackground(False)
    inner.setAutoFillBackground(False)
    return area


def _fact(name: str, value: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(px(8))
    label = Line(name, 12, ink=Token.TEXT3)
    label.setFixedWidth(px(132))
    row.addWidget(label)
    row.addWidget(Line(value, 12), 1)
    return row


def _short(name: str) -> str:
    return name.split(":", 1)[0]


def _clear(layout: QLayout) -> None:
    """Take everything out of a layout, inner layouts too."""
    while layout.count():
        item = layout.takeAt(0)
        if item is None:
            return
        inner, widget = item.layout(), item.widget()
        if widget is not None:
            widget.setParent(None)
            widget.deleteLater()
        elif inner is not None:
            _clear(inner)
            inner.deleteLater()
