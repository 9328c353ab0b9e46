"""The log lines that the pane holds: in order of time, bounded, growing at both ends. Pure.

While it is held still, new lines wait and are counted, so that nothing moves under the reader's eyes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from protos.drill.v1.records import LogLine

MOST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class Change:
    """What a table has to tell: `added` rows on top (newest first), of which and below `touched` differ; `dropped`
    rows at the bottom."""

    added: int = 0
    touched: int = 0
    dropped: int = 0


class LogBook:
    """Rows count from the newest line, which is row 0."""

    def __init__(self, most: int = MOST_LINES) -> None:
        self._most = most
        self._lines: list[LogLine] = []
        self._waiting: list[LogLine] = []
        self._waiting_dropped = 0
        self.newest_id = 0
        self.is_held = False

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def waiting(self) -> int:
        """How many new lines wait, those included that no longer fit."""
        return len(self._waiting) + self._waiting_dropped

    @property
    def oldest_id(self) -> int:
        """The smallest id that is held, or 0."""
        return min((line.id for line in self._lines), default=0)

    @property
    def is_full(self) -> bool:
        """Whether no older lines fit."""
        return len(self._lines) >= self._most

    def line_at(self, row: int) -> LogLine | None:
        """The line of a row."""
        return self._lines[-1 - row] if 0 <= row < len(self._lines) else None

    @property
    def lines(self) -> tuple[LogLine, ...]:
        """Every line that is held, the oldest first."""
        return tuple(self._lines)

    def row_of(self, line_id: int) -> int:
        """The row of a line, or -1."""
        return next((row for row, line in enumerate(reversed(self._lines)) if line.id == line_id), -1)

    def start(self, lines: Iterable[LogLine]) -> None:
        """Hold only these."""
        self._lines = sorted(lines, key=_order)[-self._most :]
        self._waiting, self._waiting_dropped = [], 0
        self.newest_id = max((line.id for line in self._lines), default=0)

    def hold(self) -> None:
        """Let new lines wait."""
        self.is_held = True

    def release(self) -> Change:
        """Take the lines that waited."""
        self.is_held = False
        waiting, self._waiting, self._waiting_dropped = self._waiting, [], 0
        return self._insert(waiting)

    def take_new(self, lines: Iterable[LogLine]) -> Change:
        """New lines, in any order; a line that is known by its id is not taken twice."""
        fresh = [line for line in lines if line.id > self.newest_id]
        if not fresh:
            return Change()
        self.newest_id = max(line.id for line in fresh)
        if not self.is_held:
            return self._insert(fresh)
        self._waiting.extend(fresh)
        surplus = len(self._waiting) - self._most
        if surplus > 0:
            del self._waiting[:surplus]
            self._waiting_dropped += surplus
        return Change()

    def take_older(self, lines: Iterable[LogLine]) -> int:
        """Older lines, as far as they fit; how many were taken, as rows at the bottom."""
        known = {line.id for line in self._lines}
        room = self._most - len(self._lines)
        fresh = (
            sorted((line for line in lines if line.id not in known), key=_order)[-room:] if room > 0 else []
        )
        if fresh and self._lines and _order(fresh[-1]) > _order(self._lines[0]):
            # Lines of several services come in batches: a few belong above the oldest that is shown.
            self._lines = sorted([*fresh, *self._lines], key=_order)
        else:
            self._lines[:0] = fresh
        return len(fresh)

    def _insert(self, fresh: list[LogLine]) -> Change:
        if not fresh:
            return Change()
        fresh.sort(key=_order)
        place = bisect_left(self._lines, _order(fresh[0]), key=_order)
        later = self._lines[place:]
        self._lines[place:] = sorted([*later, *fresh], key=_order)
        surplus = max(0, len(self._lines) - self._most)
        del self._lines[:surplus]
        return Change(len(fresh), len(later), surplus)


def _order(line: LogLine) -> tuple[int, int]:
    return line.time_ns, line.id
