"""Which day a ride counts for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta


def day_of(ended_at: datetime) -> date:
    """The day of a ride that ended at this moment; late ones are the new city's morning."""
    moment = ended_at.astimezone(UTC)
    return (moment + timedelta(days=1)).date() if moment.hour >= 15 else moment.date()
