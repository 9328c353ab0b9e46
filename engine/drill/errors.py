"""The one family of refusals: what was wrong, where, and what to do."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """Why a request is refused; the wire maps each to one status."""

    INVALID = "invalid"
    NOT_FOUND = "not-found"
    NOT_NOW = "not-now"
    NOT_ALLOWED = "not-allowed"
    MACHINE = "machine"


class DrillError(Exception):
    """A request that was refused. `str()` is the sentence that the user reads."""

    def __init__(self, text: str, refusal: Refusal = Refusal.INVALID) -> None:
        super().__init__(text)
        self.refusal = refusal
