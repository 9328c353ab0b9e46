"""The drill's clock, read at any moment."""

from __future__ import annotations

from dataclasses import replace

from app.drill_time import next_second_ms, read_clock
from protos.drill.v1.records import Clock

MINUTE_MS, S_NS = 60_000, 10**9
AT_315 = Clock(
    held=False,
    drill_ms=30 * MINUTE_MS,
    wall_ns=1_000 * S_NS,
    phase="phase-1",
    phase_started_drill_ms=15 * MINUTE_MS,
    phase_minutes_ms=45 * MINUTE_MS,
    three_am_drill_ms=15 * MINUTE_MS,
)


def test_that_it_is_three_when_the_investigation_starts() -> None:
    start = replace(AT_315, drill_ms=15 * MINUTE_MS)
    assert read_clock(start, start.wall_ns).clock_text == "03:00:00"


def test_that_the_clock_runs_on_with_the_wall() -> None:
    reading = read_clock(AT_315, AT_315.wall_ns + 61 * S_NS)
    assert (reading.clock_text, reading.left_ms) == ("03:16:01", 29 * MINUTE_MS - 1000)


def test_that_a_held_clock_stands() -> None:
    reading = read_clock(replace(AT_315, held=True), AT_315.wall_ns + 3600 * S_NS)
    assert (reading.clock_text, reading.held) == ("03:15:00", True)


def test_that_the_orientation_is_before_three_and_midnight_wraps() -> None:
    early = replace(AT_315, drill_ms=0, phase="orientation", phase_started_drill_ms=0)
    assert read_clock(early, early.wall_ns).clock_text == "02:45:00"
    late = replace(early, three_am_drill_ms=4 * 60 * MINUTE_MS)
    assert read_clock(late, late.wall_ns).clock_text == "23:00:00"


def test_that_a_late_tick_does_not_shift_the_clock() -> None:
    times_ns = [AT_315.wall_ns]
    for _ in range(50):
        late_ns = 137_000_000
        times_ns.append(times_ns[-1] + next_second_ms(AT_315, times_ns[-1]) * 1_000_000 + late_ns)
    texts = [read_clock(AT_315, now_ns).clock_text for now_ns in times_ns]
    assert len(set(texts)) == len(texts)
    assert texts[-1] == "03:15:50"


def test_that_overtime_is_below_zero_and_the_share_stays_within_the_segment() -> None:
    reading = read_clock(AT_315, AT_315.wall_ns + 31 * 60 * S_NS)
    assert (reading.left_ms, reading.phase_share) == (-MINUTE_MS, 1.0)
    before = replace(AT_315, phase="", phase_minutes_ms=0)
    assert (read_clock(before, before.wall_ns).left_ms, read_clock(before, before.wall_ns).phase_share) == (
        0,
        0.0,
    )
