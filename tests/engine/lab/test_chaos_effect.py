"""Whether an effect was seen: only where it should be, and only if it is more than the usual."""

from __future__ import annotations

from engine.lab.chaos_effect import NotSeen, Visible, effect
from engine.packs.chaos import action_named, seen_in

HOST = "host.cpu_percent"
LATENCY = "edge.a-to-b.latency_ms"
BEGAN_S = 100.0
TIMES = [float(second) for second in range(80, 130)]


def series(before: float, after: float, from_s: float = BEGAN_S) -> tuple[list[float], list[float]]:
    """One value a second, with a little noise."""
    return TIMES, [(after if time >= from_s else before) + 0.3 * (int(time) % 3) for time in TIMES]


def test_that_a_cpu_spike_is_seen_in_the_hosts_cpu_and_not_in_a_latency() -> None:
    watched = seen_in(action_named("cpu_spike"), "", ("a->b",))
    found = effect(watched, {HOST: series(20, 60, from_s=103), LATENCY: series(5, 500)}, BEGAN_S)
    assert isinstance(found, Visible)
    assert (found.series, found.after_s) == (HOST, 4.0)
    assert str(found).startswith("visible after 4 s: host.cpu_percent from 20")
    quiet = effect(watched, {HOST: series(20, 21), LATENCY: series(5, 500)}, BEGAN_S)
    assert quiet == NotSeen((HOST,))
    assert str(quiet) == "no effect seen in host.cpu_percent"


def test_that_a_single_outlier_is_no_effect() -> None:
    times, values = series(20, 20)
    values[times.index(110.0)] = 90.0
    watched = seen_in(action_named("cpu_spike"), "", ())
    assert effect(watched, {HOST: (times, values)}, BEGAN_S) == NotSeen((HOST,))


def test_that_what_swings_as_widely_before_is_no_effect() -> None:
    values = [20.0 + 40.0 * (int(time) % 2) for time in TIMES]
    watched = seen_in(action_named("cpu_spike"), "", ())
    assert effect(watched, {HOST: (TIMES, values)}, BEGAN_S) == NotSeen((HOST,))


def test_that_errors_where_there_were_none_are_an_effect_and_gaps_are_skipped() -> None:
    times = [101.0, 102.0, 103.0]
    watched = seen_in(action_named("upstream_errors"), "a->b", ())
    found = effect(watched, {"service.a.errors_per_s": (times, [2.0, float("nan"), 3.0])}, BEGAN_S)
    assert found == Visible("service.a.errors_per_s", 3.0, 0.0, 3.0)


def test_that_a_fall_is_an_effect_where_a_fall_is_expected() -> None:
    watched = seen_in(action_named("freeze"), "b", ())
    found = effect(watched, {"service.b.requests_per_s": series(10, 0)}, BEGAN_S)
    assert isinstance(found, Visible)
    assert found.after_s == 1.0


def test_that_without_values_nothing_is_said_to_be_seen_or_not() -> None:
    found = effect(seen_in(action_named("latency"), "a->b", ()), {}, BEGAN_S)
    assert found == NotSeen(())
    assert str(found) == "not measured"
