"""How a report is refused."""

from __future__ import annotations

import errno
from pathlib import Path

from engine.drill.errors import DrillError, Refusal


class ReportError(DrillError):
    """A report that could not be made: what went wrong, where, and what to do about it."""

    def __init__(self, what: str, where: str, what_to_do: str) -> None:
        super().__init__(f"{what} ({where}). {what_to_do}", Refusal.MACHINE)
        self.what = what
        self.where = where
        self.what_to_do = what_to_do


_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS}
_NOT_A_FOLDER = {errno.ENOTDIR, errno.EEXIST}


def refused_by_system(problem: OSError, where: Path) -> ReportError:
    """What a refused write means, in words for people."""
    if problem.errno in _FULL:
        return ReportError(
            "The disk has no room for the report",
            str(where),
            "Free some space or choose a folder on another disk, then export again; nothing was left half written.",
        )
    if problem.errno in _DENIED:
        return ReportError(
            "The report's folder cannot be written to",
            str(where),
            "Choose a folder of your own, or change its permissions, then export again.",
        )
    if problem.errno in _NOT_A_FOLDER:
        return ReportError(
            "The report's folder is a file, or lies below one",
            str(where),
            "Choose a folder, or move that file away, then export again.",
        )
    reason = problem.strerror or type(problem).__name__
    return ReportError(f"The report could not be written: {reason}", str(where), "Choose another folder.")
