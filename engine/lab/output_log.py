"""What a process says: the last lines in memory, all of it in a file that stays bounded."""

from __future__ import annotations

import asyncio
from collections import deque
from pathlib import Path
from typing import IO

_KEPT_LINES = 400
_LONGEST_LINE = 4_000
_FILE_BYTES = 4_000_000
_CHUNK = 65_536


class OutputLog:
    """One file a service, appended to by its successive processes; at 4 MB it becomes `<name>.1` and starts anew."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._part = ""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: IO[bytes] = path.open("ab")

    async def drain(self, stream: asyncio.StreamReader) -> None:
        """Take everything until the stream ends."""
        while chunk := await stream.read(_CHUNK):
            self._take(chunk)
        if self._part:
            self._lines.append(self._part)
            self._part = ""

    def tail(self, lines: int = 12) -> tuple[str, ...]:
        """The last lines."""
        return tuple(self._lines)[-lines:]

    def close(self) -> None:
        """Close the file; the lines stay readable."""
        self._file.close()

    def _take(self, chunk: bytes) -> None:
        if self._file.tell() + len(chunk) > _FILE_BYTES:
            self._file.close()
            self.path.replace(self.path.with_name(self.path.name + ".1"))
            self._file = self.path.open("ab")
        self._file.write(chunk)
        self._file.flush()
        *whole, rest = (self._part + chunk.decode(errors="replace")).split("\n")
        self._lines.extend(line[:_LONGEST_LINE] for line in whole)
        self._part = rest[:_LONGEST_LINE]
