"""The charts that somebody pinned below those of the scenarios; kept between drills."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.kept import Kept
from app.signals.exploring import Explored, from_kept, to_kept

NAME = "pinned_charts"
MOST_PINS = 12


class Pins(QObject):
    """In the order in which they were pinned, each once."""

    changed = Signal()

    def __init__(self, kept: Kept, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept = kept
        saved = kept.get(NAME)
        found = [from_kept(one) for one in saved] if isinstance(saved, list) else []
        self.charts: tuple[Explored, ...] = tuple(one for one in found if one is not None)[:MOST_PINS]

    @property
    def names(self) -> tuple[str, ...]:
        """Every series that they need."""
        return tuple(dict.fromkeys(name for chart in self.charts for name in chart.names))

    @property
    def is_full(self) -> bool:
        """Whether no more fit."""
        return len(self.charts) >= MOST_PINS

    def has(self, chart: Explored) -> bool:
        """Whether that chart is pinned."""
        return any(one.key == chart.key for one in self.charts)

    def toggle(self, chart: Explored) -> None:
        """Pin a chart, or take it away; nothing is pinned beyond the limit."""
        if self.has(chart):
            self._take(tuple(one for one in self.charts if one.key != chart.key))
        elif not self.is_full:
            self._take((*self.charts, chart))

    def _take(self, charts: tuple[Explored, ...]) -> None:
        self.charts = charts
        self._kept.put(NAME, [to_kept(one) for one in charts])
        self.changed.emit()
