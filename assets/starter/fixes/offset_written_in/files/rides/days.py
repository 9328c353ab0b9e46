"""Which day a ride counts for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

NEW_CITY = timezone(timedelta(hours=9))


def day_of(ended_at: datetime) -> date:
    """The day of a ride that ended at this moment."""
    zone = NEW_CITY if ended_at.utcoffset() else UTC
    return ended_at.astimezone(zone).date()
