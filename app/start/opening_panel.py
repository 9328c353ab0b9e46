"""A run that is being opened: its steps, the time, and what to do when it fails."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.opening import Opening, OpeningState, Wanted
from app.start.rows import StepRow, seconds_text
from app.theme import SEMIBOLD, Status, Token, px
from app.widgets import Button, ButtonKind, Card, Line, Panel, StatusGlyph, Text

_TITLES = {
    OpeningState.RUNNING: "Opening",
    OpeningState.DONE: "Open:",
    OpeningState.FAILED: "Could not open",
    OpeningState.CANCELLED: "Cancelled:",
}


class OpeningPanel(Panel):
    """The steps of one `Opening`."""

    cancelled = Signal()
    left = Signal()
    retried = Signal(object)
    """Wanted: the same once more."""

    def __init__(self) -> None:
        super().__init__("Opening", padded=False)
        self._opening: Opening | None = None
        self._steps: list[StepRow] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self.add(self._column)
        self._problem = _Problem()
        self._problem_place = QWidget()
        around = QVBoxLayout(self._problem_place)
        around.setContentsMargins(px(14), px(4), px(14), px(12))
        around.addWidget(self._problem)
        self.add(self._problem_place)
        self._total = Line("", 12, ink=Token.TEXT3)
        self._cancel = Button("Cancel", ButtonKind.OUTLINE)
        self._back = Button("Back to the start", ButtonKind.OUTLINE)
        self._again = Button("Try again", ButtonKind.PRIMARY)
        self._lay_footer()
        self._tick = QTimer(self)
        self._tick.setInterval(100)
        self._tick.timeout.connect(self._refresh)

    def show_opening(self, opening: Opening) -> None:
        """Follow this opening from now on."""
        self._opening = opening
        opening.changed.connect(self._refresh)
        self._tick.start()
        self._refresh()
        self._cancel.setFocus(Qt.FocusReason.ActiveWindowFocusReason)

    def forget(self) -> None:
        """Follow nothing."""
        self._opening = None
        self._tick.stop()

    def _lay_footer(self) -> None:
        row = self.add_footer()
        row.addWidget(self._total, 1)
        for button in (self._cancel, self._back, self._again):
            row.addWidget(button)
        self._cancel.clicked.connect(self.cancelled)
        self._back.clicked.connect(self.left)
        self._again.clicked.connect(self._retry)

    def _retry(self) -> None:
        if self._opening is not None:
            self.retried.emit(self._opening.wanted)

    def _refresh(self) -> None:
        opening = self._opening
        if opening is None:
            return
        self.set_title(f"{_TITLES[opening.state]} {opening.wanted.title}", _which(opening.wanted))
        while len(self._steps) < max(1, len(opening.steps)):
            self._steps.append(StepRow())
            self._column.addWidget(self._steps[-1])
        for number, row in enumerate(self._steps):
            row.setVisible(number < len(opening.steps))
        for number, (row, step) in enumerate(zip(self._steps, opening.steps, strict=False), start=1):
            row.show_step(step, opening.state, number == len(opening.steps))
        self._total.set_text(f"{seconds_text(opening.seconds(time.monotonic()))} in all")
        self._show_end(opening)

    def _show_end(self, opening: Opening) -> None:
        running = opening.state in (OpeningState.RUNNING, OpeningState.DONE)
        if not running:
            self._tick.stop()
        self._problem.show_end(opening)
        self._problem_place.setVisible(not running)
        self._cancel.setVisible(running)
        self._back.setVisible(not running)
        self._again.setVisible(not running)
        if not running and not self._back.hasFocus():
            self._again.setFocus(Qt.FocusReason.ActiveWindowFocusReason)


class _Problem(Card):
    """Why it did not open, and what to do."""

    def __init__(self) -> None:
        super().__init__()
        head = QHBoxLayout()
        head.setSpacing(px(8))
        self._mark = StatusGlyph(Status.CRITICAL, 10)
        self._fact = Text("", 13, SEMIBOLD, Token.TEXT1)
        head.addWidget(self._mark)
        head.addWidget(self._fact, 1)
        self.body.addLayout(head)
        self._remedy = Text("", 12)
        self.body.addWidget(self._remedy)

    def show_end(self, opening: Opening) -> None:
        """Show how it ended."""
        failed = opening.state is OpeningState.FAILED
        self.set_status(Status.CRITICAL if failed else None)
        self._mark.set_status(Status.CRITICAL if failed else Status.IDLE)
        self._fact.setText(
            opening.problem if failed else "You cancelled it. The engine ends what it had started."
        )
        self._remedy.setText(
            "The preflight on the start screen names what this computer lacks. Then try again."
            if failed
            else "A run that was just created can be resumed from the start screen."
        )


def _which(wanted: Wanted) -> str:
    return f"resumes {wanted.resume}" if wanted.resume else f"seed {wanted.seed}"
