"""The panels of Control about the whole drill: what is on now, what happened, how the services are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.control.layouts import beside, clear, rows
from app.control.model import COLUMNS, next_segment, services_remark, troubled
from app.theme import Icon, Status, Token, px
from app.widgets import Button, ButtonKind, Chip, FlowLayout, Line, Panel, Table, Text
from protos.drill.v1.records import FacilitatorPage, Segment, Service, Snapshot

KEY_HIDDEN = "Hidden, in case somebody looks over your shoulder."
REPORT = "Report: timeline, charts, fixes and verdicts, as they are now"
_SERVICE_STATUS = {
    "running": Status.OK,
    "starting": Status.INFO,
    "restarting": Status.WARNING,
    "failed": Status.CRITICAL,
    "stopped": Status.IDLE,
}


class ServicesPanel(Panel):
    """Every service as a chip; one that does not run says why in a line of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Services", "", parent=parent)
        self.shown: tuple[Service, ...] = ()
        self._troubles = rows(4)
        self._chips = FlowLayout(6)
        self.add(self._troubles)
        self.add(self._chips)

    def show_services(self, services: tuple[Service, ...]) -> None:
        """Show other states; chips are made anew only when something changed."""
        if services == self.shown:
            return
        self.shown = services
        self.set_remark(services_remark(services))
        clear(self._troubles)
        clear(self._chips)
        for service in troubled(services):
            self._troubles.addLayout(_trouble(service))
        for service in services:
            if service.state == "running":
                tip = "the team may change it" if service.editable else "not the team's to change"
                self._chips.addWidget(Chip(service.name, service=service.name, tip=f"{service.name}: {tip}"))
        self._chips.invalidate()


class NowPanel(Panel):
    """What the current segment is for, and what the facilitator minds in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Now", parent=parent)
        self.body.setSpacing(px(4))
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
        self._notes.setVisible(bool(segment and segment.notes))


class HappenedPanel(Panel):
    """Everything that happened, and below it the report of all that."""

    reportWanted = Signal()

    def __init__(self, model: QAbstractItemModel, parent: QWidget | None = None) -> None:
        super().__init__("What happened", "newest first", padded=False, parent=parent)
        self.table = Table(COLUMNS, name="What happened")
        self.table.setModel(model)
        self.add(self.table, 1)
        self.words = Line(REPORT, 12, ink=Token.TEXT3)
        self._write = Button("Write report", ButtonKind.OUTLINE, Icon.FILE_PDF, small=True)
        self._open = Button("Open folder", ButtonKind.GHOST, Icon.FOLDER_OPEN, small=True)
        self._open.hide()
        self._folder = ""
        self._write.clicked.connect(self._ask)
        self._open.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder)))
        row = self.add_footer()
        row.addWidget(self.words, 1)
        row.addWidget(self._open)
        row.addWidget(self._write)

    def show_files(self, files: Sequence[str]) -> None:
        """The report was written."""
        parts = [file.replace("\\", "/").rsplit("/", 1) for file in files]
        self._folder = parts[0][0] if parts else ""
        self._say("Written: " + ", ".join(part[-1] for part in parts), Token.TEXT2)
        self._open.setVisible(bool(self._folder))

    def show_problem(self, why: str) -> None:
        """The report was not written."""
        self._say(why, Token.CRIT_TEXT)

    def _say(self, words: str, ink: Token) -> None:
        self.words.set_text(words)
        self.words.set_ink(ink)
        self._write.set_disabled_reason("")

    def _ask(self) -> None:
        self._write.set_disabled_reason("The report is being written.")
        self.reportWanted.emit()


class AnswerKey(QWidget):
    """The answer key, hidden until it is asked for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page: FacilitatorPage | None = None
        self._is_shown = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(10))
        self.reveal = Button("Show the answer", ButtonKind.OUTLINE, Icon.EYE, small=True)
        self.reveal.clicked.connect(self._toggle)
        self.words = Text(KEY_HIDDEN, 12, ink=Token.TEXT3)
        column.addWidget(self.words)
        column.addLayout(beside(self.reveal))

    def set_page(self, page: FacilitatorPage) -> None:
        """Keep the answer ready."""
        self._page = page
        self._refresh()

    def _toggle(self) -> None:
        self._is_shown = not self._is_shown
        self._refresh()

    def _refresh(self) -> None:
        self.reveal.set_text("Hide the answer" if self._is_shown else "Show the answer")
        self.reveal.set_icon(Icon.EYE_SLASH if self._is_shown else Icon.EYE)
        words = KEY_HIDDEN
        if self._is_shown and self._page is not None:
            evidence = "\n".join(f"• {item}" for item in self._page.evidence)
            mechanism = " ".join(self._page.mechanism.split())
            words = f"{self._page.component}\n\n{mechanism}\n\n{evidence}"
        self.words.set_ink(Token.TEXT1 if self._is_shown else Token.TEXT3)
        self.words.setText(words)


def _trouble(service: Service) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(px(8))
    row.addWidget(Chip(service.name, service=service.name))
    row.addWidget(Chip(service.state, _SERVICE_STATUS.get(service.state, Status.IDLE)))
    row.addWidget(Line(service.problem, 12, ink=Token.CRIT_TEXT), 1)
    return row
