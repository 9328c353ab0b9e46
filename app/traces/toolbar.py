"""The row above the points: search, errors only, how much time is shown, follow the present."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.theme import SEMIBOLD, Icon, Token, px
from app.time_axis import Span, format_clock, format_clock_seconds
from app.widgets import Button, ButtonKind, Line, Segmented
from app.widgets.query_field import QueryField

RANGES = ("5 m", "20 m", "Run")
SECONDS_UNDER_S = 300
TIGHT_UNDER = 940


class Toolbar(QWidget):
    """Title, remark and controls. It holds no state but what it shows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        row.addWidget(Line("Traces", 16, SEMIBOLD))
        self.remark = Line("", 12, ink=Token.TEXT3)
        row.addWidget(self.remark, 2)
        self.query = QueryField("service:billing duration:>200ms", name="Search traces")
        row.addWidget(self.query, 3)
        self.errors = Button("Errors only", ButtonKind.OUTLINE, Icon.FUNNEL)
        self.errors.setCheckable(True)
        self.ranges = Segmented(RANGES, name="How much time is shown")
        self.span = Button("–", ButtonKind.OUTLINE, Icon.CLOCK)
        self.live = Button("Live", ButtonKind.SECONDARY, Icon.BROADCAST, "L")
        for widget in (self.errors, self.ranges, self.span, self.live):
            row.addWidget(widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the words of some buttons give way to the query."""
        super().resizeEvent(event)
        tight = self.width() < px(TIGHT_UNDER)
        for button in (self.errors, self.live):
            button.set_compact(tight)
        self.remark.setHidden(tight)

    def show_span(self, span: Span, offset_s: float, is_choice: bool) -> None:
        """The stretch on the drill's clock; pressing it lets go of a chosen one."""
        write = format_clock_seconds if span.length_s < SECONDS_UNDER_S else format_clock
        self.span.set_text(f"{write(span.start_s, offset_s)} – {write(span.end_s, offset_s)}")
        self.span.set_icon(Icon.X if is_choice else Icon.CLOCK)
        self.span.set_kind(ButtonKind.SECONDARY if is_choice else ButtonKind.OUTLINE)
        tip = "Let go of this stretch (Esc)" if is_choice else "Drag over the points to choose a stretch"
        self.span.setToolTip(tip)

    def show_live(self, live: bool) -> None:
        """Whether the points follow the present."""
        self.live.set_kind(ButtonKind.SECONDARY if live else ButtonKind.OUTLINE)
        self.live.set_icon(Icon.BROADCAST if live else Icon.PLAY)
        self.live.set_text("Live" if live else "Go live")
