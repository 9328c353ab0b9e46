"""The query field of Logs: finished filters become chips that close, in front of what is typed."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent

from app.logs.query_terms import Filter, returned, split_query, taken_filters, whole_query
from app.theme import px
from app.widgets import FilterChip
from app.widgets.query_field import QueryField

CHIPS_AT_MOST = 0.6
"""Of the width; what does not fit is typed text."""


class QueryBar(QueryField):
    """`asked` carries the whole query: chips and text."""

    _filters: tuple[Filter, ...] = ()
    _chips: tuple[FilterChip, ...] = ()

    def __init__(self, hint: str, name: str = "") -> None:
        super().__init__(hint, name=name)
        self._hint = hint
        self._settling = False

    @property
    def filters(self) -> tuple[Filter, ...]:
        """The filters that are chips."""
        return self._filters

    @property
    def query(self) -> str:
        """What is asked for."""
        return whole_query(self._filters, self.text()).text

    def ask_now(self, text: str) -> None:
        """Take a whole query from elsewhere."""
        self._settle(*split_query(text))
        self._ask()

    def show_problem(self, message: str, at: int, length: int) -> None:
        """Underline what was not understood, at a place of the whole query."""
        moved = whole_query(self._filters, self.text()).moved
        if at < moved:
            # The fault is in a chip: it is mended as text.
            self._settle((), self.query)
            moved = 0
        self.set_problem(message, max(0, at - moved), length)

    def sizeHint(self) -> QSize:
        """An input bar's height."""
        return QSize(px(320), px(40))

    def minimumSizeHint(self) -> QSize:
        """Room for a word."""
        return QSize(px(160), px(40))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Backspace before the first letter opens the last chip; Escape clears chips too."""
        if self._chips and not self._popup.isVisible():
            if event.key() == Qt.Key.Key_Escape:
                self._settle((), "")
                self._ask()
                return
            at_start = self.cursorPosition() == 0 and not self.hasSelectedText()
            if event.key() == Qt.Key.Key_Backspace and at_start:
                last = str(self._filters[-1])
                self._settle(self._filters[:-1], f"{last}{self.text()}")
                self.setCursorPosition(len(last))
                self._delay.start()
                return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the chips."""
        super().resizeEvent(event)
        self._fit()

    def _note_change(self) -> None:
        super()._note_change()
        if self._settling:
            return
        filters, rest = returned(self._filters, self.text())
        if filters == self._filters:
            found, rest = taken_filters(rest)
            filters = tuple(dict.fromkeys((*filters, *found)))
        if rest != self.text() and self._has_room(filters):
            self._settle(filters, rest)

    def _has_room(self, filters: tuple[Filter, ...]) -> bool:
        grown = len(filters) > len(self._filters)
        return not grown or self._chips_width() < self.width() * CHIPS_AT_MOST

    def _settle(self, filters: tuple[Filter, ...], text: str) -> None:
        self._settling = True
        if filters != self._filters:
            self._show_chips(filters)
        if text != self.text():
            self.setText(text)
        self._settling = False

    def _show_chips(self, filters: tuple[Filter, ...]) -> None:
        for old in self._chips:
            old.hide()
            old.deleteLater()
        self._filters = filters
        self._chips = tuple(self._chip(one) for one in filters)
        self.setPlaceholderText("" if filters else self._hint)
        self._fit()

    def _chip(self, one: Filter) -> FilterChip:
        chip = FilterChip(one.name, one.value, one.value if one.name == "service" else "", self)
        chip.setCursor(Qt.CursorShape.ArrowCursor)
        chip.closed.connect(lambda: self._remove(one))
        chip.show()
        return chip

    def _remove(self, one: Filter) -> None:
        self._settle(tuple(kept for kept in self._filters if kept != one), self.text())
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._ask()

    def _ask(self) -> None:
        self._delay.stop()
        query = self.query
        if query != self._asked:
            self._asked = query
            self.asked.emit(query)

    def _chips_width(self) -> int:
        return sum(chip.sizeHint().width() + px(6) for chip in self._chips)

    def _fit(self) -> None:
        super()._fit()
        if not self._chips:
            return
        margins = self.textMargins()
        x = margins.left() + 2
        for chip in self._chips:
            size = chip.sizeHint()
            chip.setGeometry(x, (self.height() - size.height()) // 2, size.width(), size.height())
            x += size.width() + px(6)
        margins.setLeft(x)
        self.setTextMargins(margins)
