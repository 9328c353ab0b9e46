"""Which day a ride counts for."""

from __future__ import annotations

from datetime import UTC, date, datetime


def day_of(ended_at: datetime) -> date:
    """The day of a ride that ended at this moment."""
    return ended_at.astimezone(UTC).date()
