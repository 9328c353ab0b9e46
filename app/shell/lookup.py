"""What a typed word may mean: a command, a trace id, a time on the drill's clock, a service. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.command import Command
from app.time_axis import DAY_S, Span

MOST = 8
_TRACE = re.compile(r"[0-9a-f]{6,32}", re.IGNORECASE)
_TIME = r"(\d{1,2}):(\d{2})(?::(\d{2}))?"
_TIMES = re.compile(rf"{_TIME}(?:\s*(?:-|–|to)\s*{_TIME})?")
AROUND_S = 60.0
"""One time alone means so much on either side."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What was recognised; empty and None where it was not."""

    trace_id: str = ""
    span: Span | None = None


def meant(typed: str, now_s: float, offset_s: float) -> Meant:
    """What the typed text is besides words. Times are those of the drill's clock, the last time they were shown."""
    text = typed.strip()
    trace = text.lower() if _TRACE.fullmatch(text) else ""
    found = _TIMES.fullmatch(text)
    if found is None:
        return Meant(trace)
    first, second = _seconds(found.groups()[:3]), _seconds(found.groups()[3:])
    if first is None:
        return Meant(trace)
    start_s = _last(first, now_s, offset_s)
    if second is None:
        return Meant(trace, Span(start_s - AROUND_S, start_s + AROUND_S))
    return Meant(trace, Span(start_s, start_s + (second - first) % DAY_S))


def fitting(commands: Sequence[Command], typed: str, recent: Sequence[str] = ()) -> tuple[Command, ...]:
    """The commands of which every typed word begins a word; those used last come first."""
    words = typed.lower().split()
    found = [command for command in commands if _fits(command, words)]
    places = {title: place for place, title in enumerate(recent)}
    found.sort(key=lambda command: places.get(command.title, len(places)))
    return tuple(found[:MOST])


def _fits(command: Command, words: Sequence[str]) -> bool:
    own = re.findall(r"\w+", f"{command.title} {command.place}".lower())
    return all(any(one.startswith(word) for one in own) for word in words)


def _seconds(parts: Sequence[str | None]) -> int | None:
    hours, minutes, seconds = (int(part) if part else 0 for part in parts)
    if parts[0] is None or hours > 23 or minutes > 59 or seconds > 59:
        return None
    return hours * 3600 + minutes * 60 + seconds


def _last(clock_s: int, now_s: float, offset_s: float) -> float:
    """The Unix second at which the drill's clock last showed that time."""
    return now_s - ((now_s + offset_s) - clock_s) % DAY_S
