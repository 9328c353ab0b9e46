"""The list of log lines: the table, what stands there instead of rows, and how many there are."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from app.logs.feed import LogFeed
from app.logs.histogram import range_counts
from app.logs.line_words import empty_words, rows_text
from app.logs.table_model import COLUMNS, LogTableModel
from app.theme import Icon, Token, px
from app.widgets import EmptyState, Line, Panel, Skeleton, Table

ROWS, NO_ROWS, WAITING = range(3)
KEY_HINT = "Up and Down move, Enter shows details, T opens the trace, C copies"
ROW_HEIGHT = 28


class LineList(Panel):
    """`cleared`: all lines are wanted, where the query found none."""

    cleared = Signal()

    def __init__(self, feed: LogFeed, model: LogTableModel, parent: QWidget | None = None) -> None:
        super().__init__(padded=False, parent=parent)
        self._feed = feed
        self.table = Table(COLUMNS, ROW_HEIGHT, name="Log lines")
        self.table.setModel(model)
        bar = self.table.verticalScrollBar()
        bar.rangeChanged.connect(lambda *_: self.show_place())
        inner = QWidget()
        self._pages = QStackedLayout(inner)
        self._pages.addWidget(self.table)
        self._nothing = EmptyState(
            Icon.LIST_DASHES, "No line yet", "The first ones come with the first requests."
        )
        self._nothing.pressed.connect(self.cleared)
        self._pages.addWidget(self._nothing)
        self._pages.addWidget(_waiting())
        self._pages.setCurrentIndex(WAITING)
        self.add(inner, 1)
        footer = self.add_footer()
        self._count = Line("", 12, ink=Token.TEXT2)
        footer.addWidget(self._count)
        footer.addStretch(1)
        footer.addWidget(Line(KEY_HINT, 12, ink=Token.TEXT3))

    def show_rows(self, query: str, in_range: bool) -> None:
        """Show the lines of the book, or why there are none."""
        has_rows = len(self._feed.book) > 0
        self._pages.setCurrentIndex(ROWS if has_rows else NO_ROWS)
        if not has_rows:
            self._nothing.set_words(*empty_words(query, in_range))
        self.show_place()

    def show_place(self) -> None:
        """Say which of the lines are in sight."""
        book, feed, table = self._feed.book, self._feed, self.table
        last = table.rowAt(table.viewport().height() - 1)
        matched = sum(range_counts(feed.counts, feed.time_range, feed.bins.step_s))
        known = 0 if feed.is_complete else matched
        place = rows_text(
            table.rowAt(0) + 1, (last if last >= 0 else len(book) - 1) + 1, len(book), known, book.is_full
        )
        self._count.set_text(place)


def _waiting() -> QWidget:
    waiting = QWidget()
    rows = QVBoxLayout(waiting)
    rows.setContentsMargins(px(12), px(12), px(12), px(12))
    rows.addWidget(Skeleton(10))
    rows.addStretch(1)
    return waiting
