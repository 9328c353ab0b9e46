"""The charts' panel: built in slices once pyqtgraph is there, with what stands instead of them until then."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from app.qt_types import make_types
from app.selection import Selection
from app.signals.group_bar import GroupBar
from app.signals.model import ChartGroup
from app.theme import Icon, px
from app.widgets import EmptyState, Panel, Skeleton
from app.widgets.charts import ChartSpec, HeatSpec

if TYPE_CHECKING:
    from app.signals.value_table import ValueTable
    from app.widgets.charts.stack import ChartStack

SLOW_IMPORT = "app.widgets.charts.stack"
LOADING, EMPTY, CHARTS, TABLE = range(4)
PINNED = "Pinned"


class ChartArea(Panel):
    """Holds the `stack` (None until `ready`). `show_charts` builds one chart a turn of the event loop."""

    ready = Signal()
    built = Signal()
    _imported = Signal()

    def __init__(self, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(padded=False, parent=parent)
        self.stack: ChartStack | None = None
        self._selection = selection
        self._waiting: list[tuple[ChartSpec | HeatSpec, str]] = []
        self._titles: dict[str, str] = {}
        self._has_data = False
        self._table: ValueTable | None = None
        self._is_table = False
        self.groups = GroupBar(selection.hidden_groups)
        self.groups.changed.connect(self._hide_groups)
        self.add(self.groups)
        inner = QWidget()
        self._pages = QStackedLayout(inner)
        self._pages.addWidget(_padded(Skeleton(8)))
        self._empty = EmptyState(
            Icon.ACTIVITY,
            "Nothing was measured yet",
            "The first figures come a second after the first requests.",
        )
        self._pages.addWidget(self._empty)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        self._scroll.verticalScrollBar().valueChanged.connect(lambda _: self._follow_scroll())
        self._scroll.verticalScrollBar().rangeChanged.connect(lambda *_: self._follow_scroll())
        self._scroll.viewport().installEventFilter(self)
        self._pages.addWidget(self._scroll)
        self.add(inner, 1)
        self._imported.connect(self._make_stack, Qt.ConnectionType.QueuedConnection)
        make_types()
        self._worker = threading.Thread(target=self._import, name="charts-import")
        self._worker.start()

    def show_charts(
        self,
        specs: Sequence[ChartSpec | HeatSpec],
        codenames: Sequence[str] = (),
        pinned: Sequence[ChartSpec] = (),
    ) -> None:
        """Build these charts instead of those that are there; `codenames` say whose each one is."""
        groups = [self._titles.get(name, "") for name in codenames] or [""] * len(specs)
        self._waiting = [*zip(specs, groups, strict=True), *((spec, PINNED) for spec in pinned)]
        if self.stack is not None:
            self.stack.set_charts(())
            self._later(self._build_next)

    def show_groups(self, groups: Sequence[ChartGroup]) -> None:
        """Offer to hide the charts of these scenarios; none where there is only one."""
        self._titles = {group.codename: group.title for group in groups}
        self.groups.show_groups(groups)
        self._apply_groups()

    def show_data_state(self, has_data: bool, fact: str = "", remedy: str = "") -> None:
        """Whether there is anything to draw, and what to say if not."""
        self._has_data = has_data
        if fact:
            self._empty.set_words(fact, remedy)
        self._turn()

    def toggle_table(self) -> None:
        """The charts as a table, or the charts again."""
        if self.stack is None:
            return
        self._is_table = not self._is_table
        if self._is_table and self._table is None:
            self._make_table()
        self.refresh_table()
        self._turn()
        if self._is_table and self._table is not None:
            self._table.focus_table()
        else:
            self.stack.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def refresh_table(self) -> None:
        """Show in the table what has come; nothing while the charts are shown."""
        if self._is_table and self._table is not None and self.stack is not None:
            stack = self.stack
            self._table.show_charts(stack.specs, stack.series, stack.span, stack.clock_offset_s)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is seen of the charts changes with the size of their place."""
        if event.type() == QEvent.Type.Resize:
            self._follow_scroll()
        return False

    def _follow_scroll(self) -> None:
        if self.stack is not None:
            top = self._scroll.verticalScrollBar().value()
            self.stack.show_between(top, top + self._scroll.viewport().height())

    def _hide_groups(self, hidden: frozenset[str]) -> None:
        self._selection.hide_groups(hidden)
        self._apply_groups()

    def _apply_groups(self) -> None:
        if self.stack is not None:
            self.stack.hide_groups([self._titles[name] for name in self.groups.hidden])

    def _turn(self) -> None:
        shown = TABLE if self._is_table else CHARTS
        page = LOADING if self.stack is None or self._waiting else shown if self._has_data else EMPTY
        self._pages.setCurrentIndex(page)

    def _make_table(self) -> None:
        from app.signals.value_table import ValueTable

        table = self._table = ValueTable()
        table.dismissed.connect(self.toggle_table)
        table.chartChosen.connect(self.refresh_table)
        table.pointed.connect(lambda at_s: self.stack.point_at(at_s) if self.stack is not None else None)
        self._pages.addWidget(table)

    def _import(self) -> None:
        import_module(SLOW_IMPORT)
        if shiboken6.isValid(self):
            self._imported.emit()

    def _make_stack(self) -> None:
        self._worker.join()
        from app.widgets.charts.stack import ChartStack

        stack = ChartStack()
        stack.bind(self._selection)
        self._scroll.setWidget(stack)
        stack.setAutoFillBackground(False)
        self.stack = stack
        self._apply_groups()
        self._follow_scroll()
        self.ready.emit()
        self._later(self._build_next)

    def _build_next(self) -> None:
        if self.stack is None:
            return
        if self._waiting:
            self.stack.add_chart(*self._waiting.pop(0))
        if self._waiting:
            self._later(self._build_next)
        else:
            self._turn()
            self.built.emit()

    def _later(self, act: Callable[[], None]) -> None:
        QTimer.singleShot(0, self, act)


def _padded(widget: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(px(20), px(20), px(20), px(20))
    column.addWidget(widget)
    column.addStretch(1)
    return holder
