"""The agenda: the workshop's segments in order."""

from __future__ import annotations

from dataclasses import dataclass

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of the workshop, planned for `minutes`."""

    id: str
    name: str
    minutes: int
    activities: str
    notes: str
    """what the facilitator should mind; never sent to participants"""
    is_break: bool = False


@dataclass(frozen=True, slots=True)
class Agenda:
    """Segments in order. The drill clock reads 03:00 when `three_am` starts."""

    name: str
    title: str
    segments: tuple[Segment, ...]
    three_am: str

    def segment(self, segment_id: str) -> Segment | None:
        """The segment of that id."""
        return next((segment for segment in self.segments if segment.id == segment_id), None)

    def after(self, segment_id: str) -> Segment | None:
        """The segment that follows, None after the last one; the first one for an empty id."""
        ids = [segment.id for segment in self.segments]
        position = ids.index(segment_id) + 1 if segment_id else 0
        return self.segments[position] if position < len(ids) else None

    def planned_ms(self, segment_id: str) -> int:
        """Planned milliseconds from the start of the workshop to the start of that segment."""
        total = 0
        for segment in self.segments:
            if segment.id == segment_id:
                break
            total += segment.minutes * MINUTE_MS
        return total
