"""A service's own folder with a quota, and the log that it keeps there.

Imports nothing of ours: it runs inside services. The quota is kept by Python's own `open`: writing below a full
folder fails as it does on a full disk. What is written to a file that is open already counts from the next `open`.
"""

from __future__ import annotations

import errno
import logging
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

_LOOK_EVERY_S = 0.25
_ROTATE_BYTES = 1_000_000
_ROTATE_EVERY_S = 60.0
_RETRY_S = 1.0
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND
_NAME, _ROTATED = "service.log", "service.log.1"
TELLS_OF_ITSELF = "service.disk"
"""the logger that says that lines could not be written: the file is not asked to take that"""


class DataFolder:
    """Knows how full the folder is, looking a few times a second at most."""

    def __init__(self, folder: Path, quota_bytes: int) -> None:
        folder = folder.resolve()
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._prefix = str(folder) + os.sep
        self._log = str(folder / _NAME)
        self._quota_bytes = quota_bytes
        self._used_bytes = 0
        self._looked_s = float("-inf")

    @property
    def used_percent(self) -> float:
        """Of the quota."""
        self._look()
        return 100.0 * self._used_bytes / self._quota_bytes

    def require(self, size: int) -> None:
        """Take note of `size` more bytes. Raises OSError (no space left) where they do not fit."""
        self._look()
        if self._used_bytes + size > self._quota_bytes:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.folder))
        self._used_bytes += size

    def keep_quota(self) -> None:
        """From now on, refuse every `open` for writing below the folder while it is full. Cannot be taken back."""
        sys.addaudithook(self._on_event)

    def _on_event(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event != "open" or not arguments[2] & _WRITING:
            return
        path = arguments[0]
        if isinstance(path, int | None):
            return
        path = os.path.abspath(os.fsdecode(path))
        # The log asks for each of its lines; were it not opened when full, it could never be rotated again.
        if path.startswith(self._prefix) and path != self._log:
            self.require(1)

    def _look(self) -> None:
        now_s = time.monotonic()
        if now_s - self._looked_s >= _LOOK_EVERY_S:
            self._looked_s = now_s
            self._used_bytes = _size_of(self.folder)


class ServiceLog(logging.Handler):
    """`service.log` in the folder; at 1 MB or after a minute it becomes `service.log.1` and starts anew.

    A line that cannot be written and a rotation that fails are counted and told, and never harm the service.
    """

    def __init__(self, data: DataFolder) -> None:
        super().__init__()
        self.failures = 0
        self.rotation_failures = 0
        self._data = data
        self._path = data.folder / _NAME
        self._file: IO[bytes] | None = None
        self._began_s = time.monotonic()
        self._retry_s = 0.0
        self._told_s = float("-inf")

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        if record.name == TELLS_OF_ITSELF:
            return
        try:
            self._write(self.format(record).encode(errors="replace") + b"\n")
        except OSError as error:
            self.failures += 1
            self._tell("the log cannot be written: %s", error)

    def close(self) -> None:
        """Close the file."""
        self._close_file()
        super().close()

    def _write(self, line: bytes) -> None:
        if self._is_due():
            self._rotate()
        if self._file is None:
            self._file = self._path.open("ab", buffering=0)
        self._data.require(len(line))
        self._file.write(line)

    def _is_due(self) -> bool:
        now_s = time.monotonic()
        if now_s < self._retry_s or self._file is None or not self._file.tell():
            return False
        return self._file.tell() > _ROTATE_BYTES or now_s - self._began_s > _ROTATE_EVERY_S

    def _rotate(self) -> None:
        self._close_file()
        try:
            os.replace(self._path, self._path.with_name(_ROTATED))
            self._began_s = time.monotonic()
        except OSError as error:
            self.rotation_failures += 1
            self._retry_s = time.monotonic() + _RETRY_S
            self._tell("the log cannot be rotated: %s", error)

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _tell(self, text: str, error: OSError) -> None:
        """Say so where it can be said, once a second at most."""
        now_s = time.monotonic()
        if now_s - self._told_s >= _RETRY_S:
            self._told_s = now_s
            logging.getLogger(TELLS_OF_ITSELF).warning(text, error)


def _size_of(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += os.lstat(os.path.join(place, name)).st_size
    return total
