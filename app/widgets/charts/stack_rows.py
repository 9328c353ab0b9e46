"""The charts of a stack in their order, in groups with a heading each, of which some may be hidden."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.theme import SEMIBOLD, Token, colour, font, px
from app.widgets.charts.columns import SIDE
from app.widgets.charts.heat import HeatRow
from app.widgets.charts.row import ChartRow
from app.widgets.charts.specs import ChartSpec, HeatSpec
from app.widgets.paint import draw_text

HEIGHT = 28
Row = ChartRow | HeatRow


class GroupTitle(QWidget):
    """The heading of a group."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(title)

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(px(200), px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the words on a ground of their own."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(Token.BG2))
        area = QRectF(px(SIDE), 0, self.width() - 2 * px(SIDE), self.height())
        draw_text(painter, area, self._title, font(12, SEMIBOLD), Token.TEXT2)


class StackRows:
    """Puts charts into a stack's column, before its last item (the time axis)."""

    def __init__(self, stack: QWidget, column: QVBoxLayout) -> None:
        self._stack, self._column = stack, column
        self._rows: list[tuple[str, Row]] = []
        self._titles: dict[str, GroupTitle] = {}
        self._hidden: frozenset[str] = frozenset()

    @property
    def shown(self) -> tuple[Row, ...]:
        """The charts that are not hidden, from top to bottom."""
        return tuple(row for group, row in self._rows if group not in self._hidden)

    def within(self, top: int, bottom: int) -> tuple[Row, ...]:
        """Those of them that lie at least partly between two heights."""
        return tuple(row for row in self.shown if row.y() < bottom and row.y() + row.height() > top)

    def add(self, spec: ChartSpec | HeatSpec, group: str) -> None:
        """Append a chart, below a heading if its group is new."""
        if group and group not in self._titles:
            self._titles[group] = GroupTitle(group, self._stack)
            self._insert(self._titles[group], 0, group)
        stack = self._stack
        row = ChartRow(spec, stack) if isinstance(spec, ChartSpec) else HeatRow(spec, stack)
        row.setAccessibleName(spec.title)
        self._rows.append((group, row))
        self._insert(row, spec.share if isinstance(spec, ChartSpec) else 0, group)

    def clear(self) -> None:
        """Take all charts away; what is hidden stays known."""
        for widget in (*self._titles.values(), *(row for _, row in self._rows)):
            self._column.removeWidget(widget)
            widget.deleteLater()
        self._rows, self._titles = [], {}

    def hide_groups(self, hidden: Collection[str]) -> bool:
        """Hide these groups and show all others; whether that changed anything."""
        fresh = frozenset(hidden)
        if fresh == self._hidden:
            return False
        self._hidden = fresh
        for group, title in self._titles.items():
            title.setVisible(group not in fresh)
        for group, row in self._rows:
            row.setVisible(group not in fresh)
        return True

    def _insert(self, widget: QWidget, stretch: int, group: str) -> None:
        self._column.insertWidget(self._column.count() - 1, widget, stretch)
        widget.setVisible(group not in self._hidden)
