"""The log queries that somebody saved; kept between drills."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.kept import Kept

NAME = "saved_log_queries"
MOST = 20


class SavedQueries(QObject):
    """The one that was saved last comes first."""

    changed = Signal()

    def __init__(self, kept: Kept, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept = kept
        saved = kept.get(NAME)
        self.queries: tuple[str, ...] = tuple(map(str, saved))[:MOST] if isinstance(saved, list) else ()

    def has(self, query: str) -> bool:
        """Whether that query is saved."""
        return query.strip() in self.queries

    def toggle(self, query: str) -> None:
        """Save a query, or forget it; an empty one is none. The oldest gives way."""
        text = query.strip()
        if not text:
            return
        others = tuple(one for one in self.queries if one != text)
        self.queries = others if self.has(text) else (text, *others)[:MOST]
        self._kept.put(NAME, list(self.queries))
        self.changed.emit()
