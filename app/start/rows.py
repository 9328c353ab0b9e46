"""The ruled rows of the start screen: checks, recorded runs, steps of opening."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.opening import OpeningState, Step
from app.start.model import STATUSES, RecordedRun
from app.theme import SEMIBOLD, TONES, Icon, Status, Token, draw_icon, px
from app.widgets import Button, ButtonKind, Line, StatusGlyph, Text
from app.widgets.paint import RIGHT, draw_hairline

if TYPE_CHECKING:
    from protos.drill.v1.records import PreflightCheck

ROW_PX = 40
NAME_PX = 160


class IconMark(QWidget):
    """An icon alone in a fixed place."""

    def __init__(self, icon: Icon) -> None:
        super().__init__()
        self._icon = icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """An icon's square."""
        return QSize(px(16), px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the icon."""
        draw_icon(QPainter(self), self._icon, 0, 0, 16, Token.TEXT3)


class RuledRow(QWidget):
    """A row with a hairline above it; put widgets into `cells`."""

    def __init__(self, height: int = ROW_PX) -> None:
        super().__init__()
        self.lines = QVBoxLayout(self)
        self.lines.setContentsMargins(px(16), 1, px(14), 0)
        self.lines.setSpacing(0)
        self.cells = QHBoxLayout()
        self.cells.setSpacing(px(10))
        self.lines.addLayout(self.cells)
        self._height = height
        self.restyle()

    def restyle(self) -> None:
        """Keep the row's height in step with the text."""
        self.setMinimumHeight(px(self._height))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the hairline."""
        draw_hairline(QPainter(self), 0, 0, self.width())


class CheckRow(RuledRow):
    """One check of the preflight; the remedy unfolds below it."""

    _name: Line | None = None

    def __init__(self, check: PreflightCheck) -> None:
        super().__init__()
        status, word = STATUSES.get(check.status, STATUSES["failed"])
        self.cells.addWidget(StatusGlyph(status, 10))
        self._name = Line(check.name, 13, SEMIBOLD)
        self.cells.addWidget(self._name)
        self.cells.addWidget(Line(check.detail, 13, ink=Token.TEXT2), 1)
        self.restyle()
        if check.remedy:
            self._add_remedy(check.remedy, status)
        self.cells.addWidget(Line(word, 12, ink=TONES[status].text, align=RIGHT))
        self.setAccessibleName(f"{check.name}: {word}. {check.detail} {check.remedy}".strip())

    def restyle(self) -> None:
        """One column for all names, whatever stands at the right of a row."""
        super().restyle()
        if self._name is not None:
            self._name.setMinimumWidth(px(NAME_PX))

    def _add_remedy(self, remedy: str, status: Status) -> None:
        needed = status in (Status.WARNING, Status.CRITICAL)
        button = Button("Show how", ButtonKind.AMBER if needed else ButtonKind.GHOST, small=True)
        text = Text(remedy, 12)
        text.setContentsMargins(px(26), 0, 0, px(12))
        text.hide()
        self.lines.addWidget(text)
        self.cells.addWidget(button)

        def toggle() -> None:
            text.setVisible(not text.isVisible())
            button.set_text("Hide" if text.isVisible() else "Show how")

        button.clicked.connect(toggle)


class RunRow(RuledRow):
    """A recorded run and the button that resumes it."""

    resumed = Signal(str)

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(56)
        self.cells.addWidget(IconMark(Icon.CLOCK_COUNTER_CLOCKWISE))
        words = QVBoxLayout()
        words.setSpacing(px(2))
        words.addStretch(1)
        words.addWidget(Line(run.title, 13, SEMIBOLD, Token.TEXT2 if run.problem else Token.TEXT1))
        detail = Line(run.detail, 12, ink=Token.CRIT_TEXT if run.problem else Token.TEXT2)
        words.addWidget(detail)
        words.addStretch(1)
        self.cells.addLayout(words, 1)
        self.button = Button("Resume", ButtonKind.OUTLINE)
        self.button.setAccessibleName(f"Resume {run.title}")
        self.button.set_disabled_reason(run.problem)
        self.button.clicked.connect(lambda: self.resumed.emit(run.name))
        self.cells.addWidget(self.button)
        self.setAccessibleName(f"{run.title}. {run.detail}")


class StepRow(RuledRow):
    """One step of opening, with its seconds; the running one counts."""

    def __init__(self) -> None:
        super().__init__()
        self._mark = StatusGlyph(Status.IDLE, 10)
        self._name = Line("", 13)
        self._seconds = Line("", 12, ink=Token.TEXT3, align=RIGHT)
        self._seconds.setMinimumWidth(px(64))
        self.cells.addWidget(self._mark)
        self.cells.addWidget(self._name, 1)
        self.cells.addWidget(self._seconds, 0, Qt.AlignmentFlag.AlignRight)

    def show_step(self, step: Step, state: OpeningState, is_last: bool) -> None:
        """Show the step as it stands."""
        self._name.set_text(f"{step.name}. {step.detail}" if step.detail else step.name)
        running = is_last and state is OpeningState.RUNNING
        stopped = is_last and state in (OpeningState.FAILED, OpeningState.CANCELLED)
        failed = Status.CRITICAL if state is OpeningState.FAILED else Status.IDLE
        self._mark.set_status(failed if stopped else Status.INFO if running else Status.OK)
        self._name.set_ink(Token.TEXT1 if running or stopped else Token.TEXT2)
        self._seconds.set_text(seconds_text(step.seconds(time.monotonic())))


def seconds_text(seconds: float) -> str:
    """Seconds with one decimal, from a minute on minutes and seconds."""
    if seconds < 60:
        return f"{seconds:.1f}\u2009s"
    return f"{int(seconds) // 60} min {int(seconds) % 60:02d}\u2009s"
