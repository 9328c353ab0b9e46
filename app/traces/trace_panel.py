"""The opened trace: its figures, the waterfall, and what the marks in it mean."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from app.theme import Icon, Status, Token, px
from app.traces.clocks import Clocks, clock_text
from app.traces.compare import differences
from app.traces.difference_table import DifferenceTable, change_text
from app.traces.legend import MarkLegend, ServiceLegend
from app.traces.minimap import Minimap
from app.traces.opened import OpenedTrace
from app.traces.time_view import duration_text
from app.traces.waterfall import Waterfall
from app.widgets import (
    Button,
    ButtonKind,
    Chip,
    EmptyState,
    ErrorState,
    Line,
    Panel,
    Segmented,
    Skeleton,
)

WATERFALL, NOTHING, LOADING, TROUBLE, DIFFERENCE = range(5)
COPIED_MS = 2500
TIGHT_UNDER = 860


class TracePanel(Panel):
    """Shows one trace. `slowestWanted`, `detailsWanted` and `copyWanted` are its buttons."""

    slowestWanted = Signal()
    detailsWanted = Signal()
    copyWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Trace", "", padded=False, parent=parent)
        self.waterfall = Waterfall()
        self.waterfall.zoomed.connect(self._show_zoom)
        self.minimap = Minimap()
        self.minimap.wanted.connect(self.waterfall.show_stretch)
        self._opened: OpenedTrace | None = None
        self._other: OpenedTrace | None = None
        self._shows_trace = False
        self._id = Chip("", outlined=True, mono=True)
        self._errors = Chip("", Status.CRITICAL)
        self._services = ServiceLegend()
        self._fit = Button(
            kind=ButtonKind.GHOST, icon=Icon.CORNERS_OUT, small=True, tip="Show the whole trace (F)"
        )
        self._fit.clicked.connect(self.waterfall.fit)
        self._compare = Button("Compare", ButtonKind.GHOST, Icon.GIT_DIFF, "C", small=True)
        self._compare.clicked.connect(self.toggle_compare)
        self._views = Segmented(("Difference", "Waterfall"), name="What to show of the trace")
        self._views.chosen.connect(lambda _: self._show_parts(WATERFALL))
        self._copy = Button(
            kind=ButtonKind.GHOST, icon=Icon.COPY, small=True, tip="Copy the trace as OTLP JSON"
        )
        self._copy.clicked.connect(self.copyWanted)
        self._build()
        self._offer_compare()
        self.show_nothing()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the names of the services give way: each row has its own."""
        super().resizeEvent(event)
        self._fit_header()

    def show_trace(self, opened: OpenedTrace, keep: bool) -> None:
        """Show a trace; `keep` if it is the same one with more spans."""
        self._opened = opened
        self._id.set_status(opened.trace.trace_id[:8], None)
        self._id.setToolTip(opened.trace.trace_id)
        tree, services = opened.tree, opened.services
        counts = f"{_counted(len(tree), 'span')}, {_counted(len(services), 'service')}"
        self.set_remark(f"{duration_text(opened.duration_ns)}, {counts}")
        self._errors.set_status(_counted(tree.errors, "error"), Status.CRITICAL)
        self._services.show_services(services)
        self._show_parts(WATERFALL)
        self._errors.setVisible(bool(tree.errors))
        self._tell_clocks(tree.clocks)
        self.minimap.show_trace(opened)
        self.waterfall.show_trace(opened, keep)
        self._show_zoom()

    def toggle_compare(self) -> None:
        """Keep this trace for comparison with those that are opened next, or let go of the one that is kept."""
        if self._other is not None:
            self.end_compare()
        elif self._opened is not None:
            self._other = self._opened
            self._offer_compare()
            self._fit_header()

    def end_compare(self) -> None:
        """Let go of the trace that was kept."""
        self._other = None
        self._offer_compare()
        self._fit_header()
        if self._opened is not None:
            self._show_parts(WATERFALL)

    def _offer_compare(self) -> None:
        """Whether a trace is kept, and which."""
        other = self._other
        words = f"with {other.trace.trace_id[:8]}" if other is not None else "Compare"
        tip = "Compare the next trace that is opened with this one"
        self._compare.set_text(words)
        self._compare.set_icon(Icon.GIT_DIFF if other is None else Icon.X)
        self._compare.set_kind(ButtonKind.GHOST if other is None else ButtonKind.SECONDARY)
        self._compare.setToolTip(tip if other is None else "Compare no more")

    def show_nothing(self) -> None:
        """No trace is chosen."""
        self._leave(NOTHING)

    def show_loading(self) -> None:
        """A trace is on its way; one that is shown stays until it comes."""
        if self._opened is None:
            self._show_parts(LOADING)

    def show_trouble(self, fact: str, remedy: str) -> None:
        """The trace cannot be shown."""
        self._leave(TROUBLE)
        self._trouble.set_words(fact, remedy)

    def offer_details(self, offered: bool) -> None:
        """Offer the details where they are hidden."""
        self._drawer.setVisible(offered)

    def _leave(self, page: int) -> None:
        self._opened = None
        self.waterfall.show_trace(None)
        self.set_remark("")
        self._show_parts(page)

    def _show_parts(self, page: int) -> None:
        shown = page == WATERFALL
        compares = shown and self._is_comparing
        if compares and self._views.current == 0:
            page = DIFFERENCE
            self._show_difference()
        elif shown and self._opened is not None:
            self._tell_heaviest(self._opened)
        self._pages.setCurrentIndex(page)
        self._views.setVisible(compares)
        for part in (self._id, self._fit, self._compare, self._copy, self._summary):
            part.setVisible(shown)
        self._shows_trace = shown
        self._fit_header()
        self._marks.setVisible(page == WATERFALL)
        if not shown:
            self._errors.hide()
            self._clocks.hide()
        self._hint.setVisible(not shown)

    def _fit_header(self) -> None:
        tight = self.width() < px(TIGHT_UNDER)
        self._services.setVisible(self._shows_trace and not tight)
        self._compare.set_compact(tight and self._other is None)

    @property
    def _is_comparing(self) -> bool:
        """Whether another trace than the opened one is kept."""
        opened, other = self._opened, self._other
        return opened is not None and other is not None and other.trace.trace_id != opened.trace.trace_id

    def _show_difference(self) -> None:
        if self._opened is None or self._other is None:
            return
        self._differences.differences.show_differences(differences(self._other, self._opened))
        change = self._opened.duration_ns - self._other.duration_ns
        self._summary.set_text(
            f"{change_text(change)} against {self._other.trace.trace_id[:8]}: "
            f"{duration_text(self._other.duration_ns)} before, {duration_text(self._opened.duration_ns)} now"
        )

    def _show_zoom(self) -> None:
        self._fit.setVisible(self._opened is not None and not self.waterfall.view.is_whole)
        self.minimap.show_view(self.waterfall.view, *self.waterfall.bars)

    def _tell_heaviest(self, opened: OpenedTrace) -> None:
        name, own = opened.heaviest
        self._summary.set_text(
            f"Self time on the critical path: {name} {duration_text(own)} of {duration_text(opened.duration_ns)}"
        )

    def _tell_clocks(self, clocks: Clocks) -> None:
        """Which services' spans were moved, and by how much."""
        off = [f"{name} {clock_text(move)}" for name, move in clocks.by_service.items()]
        self._clocks.set_text(f"Clock of {', '.join(off)}: shown at their calls" if off else "")
        self._clocks.setVisible(bool(off))

    def show_copied(self) -> None:
        """The trace is on the clipboard."""
        self._copy.set_icon(Icon.CHECK)
        QTimer.singleShot(COPIED_MS, self, lambda: self._copy.set_icon(Icon.COPY))

    def _build(self) -> None:
        self.add_beside_title(self._errors)
        self.add_beside_title(self._id)
        self._drawer = Button("Details", ButtonKind.OUTLINE, Icon.COLUMNS, "F8", small=True)
        self._drawer.clicked.connect(self.detailsWanted)
        self._drawer.hide()
        self._views.hide()
        for part in (self._views, self._services, self._fit, self._compare, self._copy, self._drawer):
            self.add_action(part)
        inner = QWidget()
        self._pages = QStackedLayout(inner)
        shown = QWidget()
        rows_of_time = QVBoxLayout(shown)
        rows_of_time.setContentsMargins(0, 0, 0, 0)
        rows_of_time.setSpacing(0)
        rows_of_time.addWidget(self.minimap)
        rows_of_time.addWidget(self.waterfall, 1)
        self._pages.addWidget(shown)
        nothing = EmptyState(
            Icon.TREE_STRUCTURE,
            "No trace is open",
            "Click a point or a row above, or a trace id on any screen.",
            "Open the slowest",
        )
        nothing.pressed.connect(self.slowestWanted)
        self._pages.addWidget(nothing)
        skeleton = QWidget()
        rows = Skeleton(8, skeleton)
        rows.setGeometry(20, 12, 900, 260)
        self._pages.addWidget(skeleton)
        self._trouble = ErrorState(Icon.TREE_STRUCTURE, "")
        self._pages.addWidget(self._trouble)
        self._differences = DifferenceTable()
        self._pages.addWidget(self._differences)
        self.add(inner, 1)
        footer = self.add_footer()
        self._marks = MarkLegend()
        self._summary = Line("", 12, ink=Token.TEXT2)
        self._clocks = Line("", 12, ink=Token.ACCENT_TEXT)
        self._hint = Line("J K move, Space folds, W S zoom, A D pan, F fits", 12, ink=Token.TEXT3)
        footer.addWidget(self._marks)
        footer.addWidget(self._hint)
        footer.addWidget(self._clocks, 1)
        footer.addStretch(1)
        footer.addWidget(self._summary)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' if number != 1 else ''}"
