"""What the lab refuses or cannot do, in words for people."""

from __future__ import annotations

from engine.drill.errors import DrillError, Refusal


class LabError(DrillError):
    """Something that the lab needs is missing or was refused: what is wrong, where, and what to do about it."""

    def __init__(self, what: str, where: str, what_to_do: str) -> None:
        super().__init__(f"{what} ({where}). {what_to_do}", Refusal.MACHINE)
        self.what = what
        self.where = where
        self.what_to_do = what_to_do


class PostgresMissing(LabError):
    """No usable PostgreSQL programs on this machine."""


class PostgresFailed(LabError):
    """PostgreSQL is there and did not do what was asked."""


class DiskFull(LabError):
    """Too little free disk for a run."""


class HelperFailed(LabError):
    """One of the lab's own processes (zygote, meter, proxy) did not start or has ended."""
