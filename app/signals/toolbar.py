"""The row above the charts: what range is shown, mark a moment, follow the present."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.signals.model import RANGES, Range
from app.theme import SEMIBOLD, Icon, Token, px
from app.widgets import Button, ButtonKind, Line, Segmented

REMARK = "All charts share one time axis"
COMPARE = "Compare with the last quiet stretch, drawn dashed"
ROOMY_FROM, TIGHT_UNDER = 1280, 940


class Toolbar(QWidget):
    """Title, remark and controls. It holds no state but what it shows."""

    rangeChosen = Signal(object)
    wholeAsked = Signal()
    markAsked = Signal()
    liveAsked = Signal()
    threadsAsked = Signal()
    sideAsked = Signal()
    exploreAsked = Signal()
    compareAsked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paused_at, self._compared = "", ""
        self._is_lost = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        row.addWidget(Line("Signals", 16, SEMIBOLD))
        self._remark = Line(REMARK, 12, ink=Token.TEXT3)
        row.addWidget(self._remark, 1)
        self._ranges = Segmented(RANGES, name="How much time the charts show")
        self._ranges.chosen.connect(lambda place: self.rangeChosen.emit(Range(place)))
        self._span = Button("–", ButtonKind.OUTLINE, Icon.CLOCK)
        self._span.clicked.connect(self.wholeAsked)
        self._mark = Button("Mark", ButtonKind.OUTLINE, Icon.PUSH_PIN, "M")
        self._mark.setToolTip("Mark this moment for everybody")
        self._mark.clicked.connect(self.markAsked)
        self._threads = Button(
            icon=Icon.STACK, kind=ButtonKind.OUTLINE, tip="Thread dump of the chosen service (D)"
        )
        self._threads.clicked.connect(self.threadsAsked)
        self._compare = Button("Compare", ButtonKind.OUTLINE, Icon.CLOCK_COUNTER_CLOCKWISE, "B")
        self._compare.setToolTip(COMPARE)
        self._compare.clicked.connect(self.compareAsked)
        self._explore = Button("Explore", ButtonKind.OUTLINE, Icon.CHART_LINE, "X")
        self._explore.setToolTip("Any metric as a chart, and alert rules of your own")
        self._explore.clicked.connect(self.exploreAsked)
        self._live = Button("Live", ButtonKind.SECONDARY, Icon.BROADCAST, "L")
        self._live.clicked.connect(self.liveAsked)
        self._side = Button("Alerts", ButtonKind.OUTLINE, Icon.BELL, "F8")
        self._side.clicked.connect(self.sideAsked)
        self._side.hide()
        for widget in (
            self._ranges,
            self._span,
            self._compare,
            self._threads,
            self._explore,
            self._mark,
            self._live,
            self._side,
        ):
            row.addWidget(widget)
        self.show_live(True, "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the words of some buttons give way, then those of more."""
        super().resizeEvent(event)
        roomy, tight = self.width() >= px(ROOMY_FROM), self.width() < px(TIGHT_UNDER)
        for button in (self._compare, self._explore):
            button.set_compact(not roomy)
        for button in (self._mark, self._live):
            button.set_compact(tight)
        self._remark.setHidden(tight and not self._paused_at)

    def show_range(self, chosen: Range) -> None:
        """Which range is in force."""
        self._ranges.choose(chosen)

    def show_span(self, text: str, is_choice: bool) -> None:
        """The stretch on the drill's clock; pressing it lets go of a chosen one."""
        self._span.set_text(text)
        self._span.set_icon(Icon.X if is_choice else Icon.CLOCK)
        self._span.set_kind(ButtonKind.SECONDARY if is_choice else ButtonKind.OUTLINE)
        tip = "Let go of this stretch (Esc)" if is_choice else "Drag over the charts to choose a stretch"
        self._span.setToolTip(tip)

    def show_live(self, live: bool, paused_at: str) -> None:
        """Whether the charts follow the present, or since when they stand."""
        self._live.set_kind(ButtonKind.SECONDARY if live else ButtonKind.OUTLINE)
        self._live.set_icon(Icon.BROADCAST if live else Icon.PLAY)
        self._live.set_text("Live" if live else "Go live")
        self._live.setToolTip("The charts follow the present" if live else "Follow the present again")
        self._paused_at = "" if live else paused_at
        self._show_remark()

    def set_lost(self, lost: bool) -> None:
        """Whether the engine is gone: then nothing comes while the charts stand."""
        if lost != self._is_lost:
            self._is_lost = lost
            self._show_remark()

    def show_compared(self, words: str, why_not: str) -> None:
        """With what the charts are compared (empty: with nothing), or why there is nothing to compare with."""
        self._compare.set_kind(ButtonKind.SECONDARY if words else ButtonKind.OUTLINE)
        self._compare.set_disabled_reason(why_not)
        self._compare.setToolTip(why_not or words or COMPARE)
        self._compared = words
        self._show_remark()

    def show_side_button(self, shown: bool, waiting: int) -> None:
        """Offer the drawer where the side panel has no room."""
        self._side.setVisible(shown)
        self._side.set_text(f"Alerts {waiting}" if waiting else "Alerts")

    def _show_remark(self) -> None:
        coming = "" if self._is_lost else "; data keeps coming"
        paused = f"Paused at {self._paused_at}{coming}" if self._paused_at else ""
        self._remark.set_text(paused or self._compared or REMARK)
        self._remark.setHidden(self.width() < px(TIGHT_UNDER) and not paused)
        self._remark.set_ink(Token.TEXT1 if paused else Token.TEXT3)

    def set_ready(self, ready: bool) -> None:
        """Disable what needs a run."""
        self._mark.set_disabled_reason("" if ready else "There is no run yet.")
