"""The log ring: the newest lines' columns and their text in one block of bytes that is searched as a whole."""

from __future__ import annotations

import numpy as np

from engine.telemetry.records import Int64
from engine.telemetry.wire.log_columns import LogColumns

_COLUMNS = {
    "ids": np.int64,
    "at_ns": np.int64,
    "level": np.uint8,
    "service": np.uint16,
    "trace_high": np.uint64,
    "trace_low": np.uint64,
    "span": np.uint64,
}


class LogRing:
    """Holds at most `lines` lines and `text_bytes` bytes of text; positions count all lines that ever came."""

    def __init__(self, lines: int, text_bytes: int) -> None:
        self._columns = {name: np.zeros(lines, kind) for name, kind in _COLUMNS.items()}
        self._begins: Int64 = np.zeros(lines, np.int64)
        self._text = bytearray(text_bytes)
        self._lines = lines
        self._total = 0
        self._written = 0
        self._oldest = 0

    @property
    def total(self) -> int:
        """The position after the newest line."""
        return self._total

    @property
    def oldest(self) -> int:
        """The position of the oldest line that is held with its text."""
        return self._oldest

    @property
    def oldest_id(self) -> int | None:
        """The id of that line; None while there are none."""
        return None if self._oldest == self._total else int(self._columns["ids"][self._oldest % self._lines])

    def append(self, lines: LogColumns) -> None:
        """Take lines in; the oldest ones give way."""
        first = max(0, len(lines) - self._lines)
        places = (self._total + np.arange(first, len(lines))) % self._lines
        for name, column in self._columns.items():
            column[places] = getattr(lines, name)[first:]
        self._begins[places] = self._written + lines.offsets[first:-1]
        self._write(lines.text)
        self._total += len(lines)
        self._oldest = max(self._oldest, self._total - self._lines)
        while self._oldest < self._total and self._begin(self._oldest) < self._written - len(self._text):
            self._oldest += 1

    def drop_below(self, line_id: int) -> None:
        """Let go of the lines with a lower id."""
        while self._oldest < self._total and self._columns["ids"][self._oldest % self._lines] < line_id:
            self._oldest += 1

    def between(self, first: int, after: int) -> LogColumns:
        """A copy of the lines at positions `first` up to and without `after`, as far as they are held."""
        first = max(first, self._oldest)
        after = max(first, min(after, self._total))
        places = np.arange(first, after) % self._lines
        ends = self._begin(after) if after < self._total else self._written
        begins = self._begins[places]
        start = int(begins[0]) if len(begins) else ends
        columns = {name: column[places] for name, column in self._columns.items()}
        return LogColumns(
            **columns, text=self._read(start, ends), offsets=np.append(begins, ends).astype(np.int64) - start
        )

    def _begin(self, position: int) -> int:
        return int(self._begins[position % self._lines])

    def _write(self, text: bytes) -> None:
        size = len(self._text)
        self._written += len(text)
        text = text[-size:]
        start = (self._written - len(text)) % size
        before_end = min(len(text), size - start)
        self._text[start : start + before_end] = text[:before_end]
        self._text[: len(text) - before_end] = text[before_end:]

    def _read(self, start: int, end: int) -> bytes:
        size = len(self._text)
        low, high = start % size, end % size
        if start == end:
            return b""
        if low < high:
            return bytes(self._text[low:high])
        return bytes(self._text[low:]) + bytes(self._text[:high])
