"""Reading the drill's clock at any moment: pure arithmetic on the contract's `Clock`, without Qt.

The engine sends how the clock stood at one wall time; a reader adds the wall time that has passed since. So nothing
is counted up and nothing drifts, however late a tick comes. Engine and console share one machine's clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from protos.drill.v1.records import Clock

HOUR_S = 3600
THREE_AM_S = 3 * HOUR_S
DAY_S = 24 * HOUR_S


@dataclass(frozen=True, slots=True)
class Reading:
    """The clock at one moment. `left_ms` is below zero in overtime, `phase_share` 0 to 1 of the planned length."""

    drill_ms: int
    left_ms: int
    phase_share: float
    clock_s: int
    held: bool
    phase: str

    @property
    def clock_text(self) -> str:
        """The drill clock as HH:MM:SS."""
        return clock_text(self.clock_s)


def read_clock(clock: Clock, now_ns: int) -> Reading:
    """The drill's clock at the wall time `now_ns`."""
    drill_ms = drill_ms_at(clock, now_ns)
    into_ms = drill_ms - clock.phase_started_drill_ms
    planned_ms = clock.phase_minutes_ms
    return Reading(
        drill_ms=drill_ms,
        left_ms=planned_ms - into_ms if clock.phase else 0,
        phase_share=min(max(into_ms / planned_ms, 0.0), 1.0) if planned_ms else 0.0,
        clock_s=clock_s_of(clock, drill_ms),
        held=clock.held,
        phase=clock.phase,
    )


def drill_ms_at(clock: Clock, now_ns: int) -> int:
    """Drill time at the wall time `now_ns`; it stands while the clock is held."""
    passed_ms = 0 if clock.held else max(0, now_ns - clock.wall_ns) // 1_000_000
    return clock.drill_ms + passed_ms


def clock_s_of(clock: Clock, drill_ms: int) -> int:
    """Seconds of the day that the drill clock shows at `drill_ms`: 03:00 when the investigation starts."""
    return (THREE_AM_S + (drill_ms - clock.three_am_drill_ms) // 1000) % DAY_S


def clock_offset_s(clock: Clock) -> float:
    """What to add to Unix seconds to read the drill's time of day; true from the last release of the clock on."""
    return THREE_AM_S + (clock.drill_ms - clock.three_am_drill_ms) / 1000 - clock.wall_ns / 1e9


def next_second_ms(clock: Clock, now_ns: int) -> int:
    """Milliseconds until the drill clock's next full second, 1 to 1000; 1000 while it is held."""
    if clock.held:
        return 1000
    passed_us = max(0, now_ns - clock.wall_ns) // 1000
    return 1000 - (clock.drill_ms * 1000 + passed_us) % 1_000_000 // 1000


def clock_text(seconds: int) -> str:
    """Seconds of a day as HH:MM:SS."""
    return f"{seconds // HOUR_S:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
