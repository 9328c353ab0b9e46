"""Which day a ride counts for."""

from __future__ import annotations

from datetime import date, datetime


def day_of(ended_at: datetime) -> date:
    """The day of a ride that ended at this moment: the date on the clock of its dock."""
    return ended_at.date()
