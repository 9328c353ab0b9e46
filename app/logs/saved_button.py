"""The button beside the query: saves it, forgets it, or asks a saved one."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from app.logs.query_bar import QueryBar
from app.logs.saved import SavedQueries
from app.theme import Icon, px, qt_icon
from app.widgets import Button, ButtonKind


class SavedButton(Button):
    """Opens a menu below itself."""

    def __init__(self, queries: SavedQueries, query: QueryBar, parent: QWidget | None = None) -> None:
        tip = "Save this query, or ask a saved one"
        super().__init__("Saved", ButtonKind.OUTLINE, Icon.BOOKMARK_SIMPLE, "S", tip=tip, parent=parent)
        self._queries, self._query = queries, query
        self.clicked.connect(self.open_menu)

    def open_menu(self) -> None:
        """Offer to save or forget the query at hand, and every one that is saved."""
        menu, query = QMenu(self), self._query.query.strip()
        words = "Forget this query" if self._queries.has(query) else "Save this query"
        save = menu.addAction(qt_icon(Icon.BOOKMARK_SIMPLE), words, partial(self._queries.toggle, query))
        save.setEnabled(bool(query))
        if self._queries.queries:
            menu.addSeparator()
        for saved in self._queries.queries:
            menu.addAction(saved.replace("&", "&&"), partial(self._query.ask_now, saved))
        corner = self.mapToGlobal(QPoint(self.width(), self.height() + px(4)))
        menu.popup(corner - QPoint(menu.sizeHint().width(), 0))
