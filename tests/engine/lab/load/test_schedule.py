"""Intended send times."""

from __future__ import annotations

from engine.lab.load.schedule import Due, Schedule

MS = 1_000_000


def test_that_a_late_tick_gets_everything_that_was_due_with_the_times_that_were_meant() -> None:
    schedule = Schedule(1000 * MS, rate_per_s=100, first_index=7, seconds=None)
    assert list(schedule.due(999 * MS)) == []
    assert list(schedule.due(1025 * MS)) == [Due(1000 * MS, 7), Due(1010 * MS, 8), Due(1020 * MS, 9)]
    assert (schedule.next_index, schedule.next_ns) == (10, 1030 * MS)


def test_that_a_rate_that_is_no_whole_number_of_nanoseconds_does_not_drift() -> None:
    schedule = Schedule(0, rate_per_s=3, first_index=0, seconds=None)
    due = list(schedule.due(1000 * 1000 * MS))
    assert len(due) == 3001
    assert due[-1].intended_ns == 1000 * 1000 * MS


def test_that_repeats_come_in_the_order_of_their_times_even_after_the_end() -> None:
    schedule = Schedule(0, rate_per_s=10, first_index=0, seconds=0.2)
    first, second = schedule.due(150 * MS)
    schedule.repeat(second, b"two", 0.2)
    schedule.repeat(first, b"one", 0.25)
    assert not schedule.is_playing
    assert schedule.next_ns == 250 * MS
    assert [due.data for due in schedule.due(400 * MS)] == [b"one", b"two"]
    assert schedule.next_ns is None


def test_that_nothing_is_due_after_a_halt() -> None:
    schedule = Schedule(0, rate_per_s=10, first_index=0, seconds=None)
    (first,) = schedule.due(0)
    schedule.repeat(first, b"one", 1)
    schedule.halt()
    assert list(schedule.due(10_000 * MS)) == []
    assert (schedule.next_index, schedule.is_playing) == (1, False)
