"""The opened trace: its figures, the waterfall, and what the marks in it mean."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from app.theme import Icon, Status, Token
from app.traces.legend import MarkLegend, ServiceLegend
from app.traces.opened import OpenedTrace
from app.traces.time_view import duration_text
from app.traces.waterfall import Waterfall
from app.widgets import Button, ButtonKind, Chip, EmptyState, ErrorState, Line, Panel, Skeleton

WATERFALL, NOTHING, LOADING, TROUBLE = range(4)
COPIED_MS = 2500


class TracePanel(Panel):
    """Shows one trace. `slowestWanted`, `detailsWanted` and `copyWanted` are its buttons."""

    slowestWanted = Signal()
    detailsWanted = Signal()
    copyWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Trace", "", padded=False, parent=parent)
        self.waterfall = Waterfall()
        self.waterfall.zoomed.connect(self._show_zoom)
        self._opened: OpenedTrace | None = None
        self._id = Chip("", outlined=True, mono=True)
        self._errors = Chip("", Status.CRITICAL)
        self._services = ServiceLegend()
        self._fit = Button(
            kind=ButtonKind.GHOST, icon=Icon.CORNERS_OUT, small=True, tip="Show the whole trace (F)"
        )
        self._fit.clicked.connect(self.waterfall.fit)
        self._copy = Button(
            kind=ButtonKind.GHOST, icon=Icon.COPY, small=True, tip="Copy the trace as OTLP JSON"
        )
        self._copy.clicked.connect(self.copyWanted)
        self._build()
        self.show_nothing()

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
        name, own = opened.heaviest
        self._summary.set_text(
            f"Self time on the critical path: {name} {duration_text(own)} of {duration_text(opened.duration_ns)}"
        )
        self._show_parts(WATERFALL)
        self._errors.setVisible(bool(tree.errors))
        self.waterfall.show_trace(opened, keep)
        self._show_zoom()

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
        self._pages.setCurrentIndex(page)
        shown = page == WATERFALL
        parts = (self._id, self._services, self._fit, self._copy, self._marks, self._summary)
        for part in parts:
            part.setVisible(shown)
        if not shown:
            self._errors.hide()
        self._hint.setVisible(not shown)

    def _show_zoom(self) -> None:
        self._fit.setVisible(self._opened is not None and not self.waterfall.view.is_whole)

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
        for part in (self._services, self._fit, self._copy, self._drawer):
            self.add_action(part)
        inner = QWidget()
        self._pages = QStackedLayout(inner)
        self._pages.addWidget(self.waterfall)
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
        self.add(inner, 1)
        footer = self.add_footer()
        self._marks = MarkLegend()
        self._summary = Line("", 12, ink=Token.TEXT2)
        self._hint = Line("J K move, Space folds, W S zoom, A D pan, F fits", 12, ink=Token.TEXT3)
        footer.addWidget(self._marks)
        footer.addWidget(self._hint)
        footer.addStretch(1)
        footer.addWidget(self._summary)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' if number != 1 else ''}"
