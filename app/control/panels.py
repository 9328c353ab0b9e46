"""The panels of Control. Each shows one part of the drill and says by a signal what the facilitator wants."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from app.control.model import IncidentCard, next_segment
from app.theme import SEMIBOLD, Icon, Status, Token, px
from app.widgets import Button, ButtonKind, Chip, Line, Panel, Text
from protos.drill.v1.records import FacilitatorPage, Hint, Scenario, Segment, Service, Snapshot

KEY_HIDDEN = "Hidden, in case somebody looks over your shoulder."
_SERVICE_STATUS = {
    "running": Status.OK,
    "starting": Status.INFO,
    "restarting": Status.WARNING,
    "failed": Status.CRITICAL,
    "stopped": Status.IDLE,
}


class IncidentPanel(Panel):
    """The incident: what it is, how far it is, and the button that starts or ends it."""

    toggled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Incident", "hidden from the team", parent=parent)
        self._facts_shown: tuple[tuple[str, str], ...] | None = None
        self._state = Chip("ready", Status.IDLE)
        self.add_action(self._state)
        self._title = Line("", 15, SEMIBOLD)
        self._story = Text("", 12, ink=Token.TEXT2)
        self._facts = _rows(6)
        self._trigger = Button("Trigger incident", ButtonKind.PRIMARY, Icon.LIGHTNING)
        self._trigger.clicked.connect(self.toggled)
        self.add(self._title)
        self.add(self._story)
        self.add(self._facts)
        self.add(_left(self._trigger))

    def show_incident(self, scenario: Scenario, story: str, card: IncidentCard) -> None:
        """Show another state."""
        self._state.set_status(card.word, card.status)
        self._title.set_text(scenario.title)
        self._story.setText(story)
        self._trigger.set_text("Stop incident" if card.running else "Trigger incident")
        self._trigger.set_kind(ButtonKind.DANGER if card.running else ButtonKind.PRIMARY)
        self._trigger.set_icon(Icon.STOP if card.running else Icon.LIGHTNING)
        if card.facts != self._facts_shown:
            self._facts_shown = card.facts
            clear(self._facts)
            for name, value in card.facts:
                self._facts.addLayout(_fact(name, value))


class ServicesPanel(Panel):
    """Each service with its state."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Services", "as the engine sees them", parent=parent)
        self._shown: tuple[Service, ...] = ()
        self._service_rows = _rows(8)
        self.add(self._service_rows)

    def show_services(self, services: tuple[Service, ...]) -> None:
        """Show other states; rows are made anew only when something changed."""
        if services == self._shown:
            return
        self._shown = services
        clear(self._service_rows)
        for service in services:
            row = QHBoxLayout()
            row.setSpacing(px(8))
            row.addWidget(Chip(service.name, service=service.name))
            text = service.problem or ("editable" if service.editable else "fixed")
            row.addWidget(Line(text, 12, ink=Token.CRIT_TEXT if service.problem else Token.TEXT3), 1)
            row.addWidget(Chip(service.state, _SERVICE_STATUS.get(service.state, Status.IDLE)))
            self._service_rows.addLayout(row)


class NowPanel(Panel):
    """What the current segment is for, and what the facilitator minds in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Now", parent=parent)
        self._activities = Text("", 13, ink=Token.TEXT1)
        self._notes = Text("", 12, ink=Token.TEXT2)
        self.add(self._activities)
        self.add(self._notes)

    def show_segment(self, segment: Segment | None, snapshot: Snapshot) -> None:
        """Show the segment; without one, what comes next."""
        following = next_segment(snapshot)
        self.set_title("Now", segment.name if segment else "nothing is running")
        over = f"Next: {following}." if following else "The workshop has ended."
        self._activities.setText(segment.activities if segment else over)
        self._notes.setText(segment.notes if segment else "")


class HintsPanel(Panel):
    """The scenario's hints; `released` carries the number of the one to show to the team."""

    released = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Hints", "each costs points", parent=parent)
        self._shown: tuple[Hint, ...] = ()
        self._hint_rows = _rows(10)
        self.add(_scrolling(self._hint_rows), 1)

    def show_hints(self, hints: tuple[Hint, ...]) -> None:
        """Show other states; rows are made anew only when something changed."""
        if hints == self._shown:
            return
        self._shown = hints
        clear(self._hint_rows)
        for hint in hints:
            self._hint_rows.addLayout(self._row(hint))

    def _row(self, hint: Hint) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(8))
        words = _rows(2)
        words.addWidget(Text(hint.text, 12, ink=Token.TEXT2 if hint.released else Token.TEXT1))
        words.addWidget(Line(f"{hint.level}, costs {hint.cost} points", 11, ink=Token.TEXT3))
        row.addLayout(words, 1)
        if hint.released:
            row.addWidget(Chip("released", Status.OK), 0, Qt.AlignmentFlag.AlignTop)
            return row
        release = Button("Release", ButtonKind.OUTLINE, small=True)
        release.setAccessibleName(f"Release hint {hint.index + 1}")
        release.clicked.connect(partial(self.released.emit, hint.index))
        row.addWidget(release, 0, Qt.AlignmentFlag.AlignTop)
        return row


class ReportPanel(Panel):
    """Writes the report, and opens the folder that it is in."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Report", "PDF and one HTML page", parent=parent)
        self._words = Text("Timeline, charts, the fix and its verdict, as they are now.", 12, ink=Token.TEXT2)
        self._write = Button("Write report", ButtonKind.OUTLINE, Icon.FILE_PDF)
        self._open = Button("Open folder", ButtonKind.GHOST, Icon.FOLDER_OPEN)
        self._open.hide()
        self._folder = ""
        self._write.clicked.connect(self._ask)
        self._open.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder)))
        self.add(self._words)
        self.add(_left(self._write, self._open))

    def show_files(self, files: tuple[str, ...]) -> None:
        """The report was written."""
        parts = [file.replace("\\", "/").rsplit("/", 1) for file in files]
        self._folder = parts[0][0] if parts else ""
        self._words.setText("Written: " + ", ".join(part[-1] for part in parts))
        self._open.setVisible(bool(self._folder))
        self._write.set_disabled_reason("")

    def show_problem(self, why: str) -> None:
        """The report was not written."""
        self._words.setText(why)
        self._write.set_disabled_reason("")

    def _ask(self) -> None:
        self._write.set_disabled_reason("The report is being written.")
        self.wanted.emit()


class KeyPanel(Panel):
    """The answer key, hidden until it is asked for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Answer key", parent=parent)
        self._page: FacilitatorPage | None = None
        self._is_shown = False
        self._reveal = Button("Show", ButtonKind.GHOST, Icon.EYE, small=True)
        self._reveal.clicked.connect(self._toggle)
        self.add_action(self._reveal)
        self._words = Text(KEY_HIDDEN, 12, ink=Token.TEXT3)
        self.add(self._words)

    def set_page(self, page: FacilitatorPage) -> None:
        """Keep the answer ready."""
        self._page = page
        self._refresh()

    def _toggle(self) -> None:
        self._is_shown = not self._is_shown
        self._refresh()

    def _refresh(self) -> None:
        self._reveal.set_text("Hide" if self._is_shown else "Show")
        self._reveal.set_icon(Icon.EYE_SLASH if self._is_shown else Icon.EYE)
        words = KEY_HIDDEN
        if self._is_shown and self._page is not None:
            evidence = "\n".join(f"• {item}" for item in self._page.evidence)
            words = f"{self._page.component}\n\n{self._page.mechanism}\n\n{evidence}"
        self._words.set_ink(Token.TEXT1 if self._is_shown else Token.TEXT3)
        self._words.setText(words)


def clear(layout: QLayout) -> None:
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
            clear(inner)
            inner.deleteLater()


def _rows(gap: int) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(px(gap))
    return column


def _left(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(px(8))
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row


def _fact(name: str, value: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(px(8))
    label = Line(name, 12, ink=Token.TEXT3)
    label.setFixedWidth(px(124))
    row.addWidget(label)
    row.addWidget(Line(value, 12), 1)
    return row


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
