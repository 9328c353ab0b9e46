"""The row above the query: whether the lines follow the present, of which stretch they are, and what to do."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.logs.line_words import state_words
from app.theme import SEMIBOLD, Icon, Token, px
from app.time_axis import Span, format_clock, format_clock_seconds
from app.widgets import Button, ButtonKind, Line

TOLD_MS = 2500
SECONDS_UNDER_S = 300


class Header(QWidget):
    """Its buttons say what was pressed; the pane connects them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        row.addWidget(Line("Logs", 16, SEMIBOLD))
        self._remark = Line("Structured lines from all services", 12, ink=Token.TEXT3)
        row.addWidget(self._remark, 1)
        self.export = Button(icon=Icon.EXPORT, kind=ButtonKind.OUTLINE, tip="Export what is shown (Ctrl E)")
        self.span = Button("All of the run", ButtonKind.OUTLINE, Icon.CLOCK)
        self.live = Button("Live", ButtonKind.SECONDARY, Icon.BROADCAST, "L")
        self.details = Button("Details", ButtonKind.OUTLINE, Icon.COLUMNS, "F8")
        self.details.hide()
        for widget in (self.export, self.span, self.live, self.details):
            row.addWidget(widget)

    def show_exported(self) -> None:
        """A tick, for a moment."""
        self.export.set_icon(Icon.CHECK)
        QTimer.singleShot(TOLD_MS, self, lambda: self.export.set_icon(Icon.EXPORT))

    def show_live(self, lost_since: str, in_range: bool, is_held: bool, waiting: int) -> None:
        """Whether the lines follow the present; `lost_since` is a clock time where the engine is gone."""
        live = not is_held and not in_range
        self._remark.set_text(state_words(lost_since, in_range, is_held, waiting))
        self._remark.set_ink(Token.CRIT_TEXT if lost_since else Token.TEXT3 if live else Token.TEXT1)
        self.live.set_kind(ButtonKind.SECONDARY if live else ButtonKind.OUTLINE)
        self.live.set_text("Live" if live else "Go live")
        self.live.set_icon(Icon.BROADCAST if live else Icon.PLAY)

    def show_range(self, chosen: Span | None, offset_s: float) -> None:
        """The stretch that is chosen, to be let go of; None: all of the run."""
        if chosen is None:
            self.span.set_text("All of the run")
            self.span.setToolTip("Drag over the bars to choose a stretch")
        else:
            write = format_clock_seconds if chosen.length_s < SECONDS_UNDER_S else format_clock
            self.span.set_text(f"{write(chosen.start_s, offset_s)} – {write(chosen.end_s, offset_s)}")
            self.span.setToolTip("Let go of this stretch")
        self.span.set_icon(Icon.X if chosen is not None else Icon.CLOCK)
        self.span.set_kind(ButtonKind.SECONDARY if chosen is not None else ButtonKind.OUTLINE)
