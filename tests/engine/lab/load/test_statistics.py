"""Reports to series."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.lab.load import ClientStatistics, Completion, Completions, LoadReport, StreamReport
from engine.lab.load.histogram import ERROR, LogHistogram

S = 1_000_000_000


def report(at_ns: int, *completed: Completion, dropped: int = 0, in_flight: int = 0) -> LoadReport:
    stream = StreamReport(
        "base", len(completed), Completions.of(completed), dropped, in_flight, 0.0, 0.0, 0, True
    )
    return LoadReport(at_ns, (stream,))


def completion(ended_ns: int, latency_ms: int = 20, status: int = 200, failure: str = "") -> Completion:
    return Completion(0, status, latency_ms * 1000, ended_ns - latency_ms * 1_000_000, failure=failure)


@given(st.lists(st.floats(min_value=0.001, max_value=1e6), min_size=1, max_size=200), st.integers(1, 100))
def test_that_a_percentile_is_within_half_a_percent_also_after_a_merge(
    values: list[float], hundredths: int
) -> None:
    left, right = LogHistogram(), LogHistogram()
    for number, value in enumerate(values):
        (left if number % 2 else right).add(value)
    left.merge(right)
    exact = sorted(values)[max(0, math.ceil(hundredths / 100 * len(values)) - 1)]
    assert left.percentile(hundredths / 100) == pytest.approx(exact, rel=ERROR * 1.0001)


def test_that_a_second_is_given_out_once_by_the_report_that_closes_it() -> None:
    statistics = ClientStatistics("shop")
    assert statistics.add(report(10 * S + S // 4, completion(10 * S + 1))) == ()
    assert statistics.add(report(10 * S + S // 2, completion(10 * S + S // 3, latency_ms=40))) == ()
    (second,) = statistics.add(report(11 * S + S // 4, completion(11 * S + 5), in_flight=3))
    assert second.second == 10
    assert second.values["client.shop.requests_per_s"] == 2
    assert second.values["client.shop.latency.p50_ms"] == pytest.approx(20, rel=ERROR)
    assert second.values["client.shop.latency.p99_ms"] == pytest.approx(40, rel=ERROR)
    (second,) = statistics.add(report(12 * S))
    assert (second.second, second.values["client.shop.in_flight"]) == (11, 0)


def test_that_each_request_of_a_report_counts_in_the_second_in_which_it_ended() -> None:
    statistics = ClientStatistics("shop")
    statistics.add(report(10 * S + 1))
    early = [completion(11 * S - 1, latency_ms=20), completion(11 * S - 2, status=500)]
    late = [completion(11 * S + 1, latency_ms=90)]
    first, second = statistics.add(report(12 * S + 1, *early, *late))
    assert (first.values["client.shop.requests_per_s"], second.values["client.shop.requests_per_s"]) == (2, 1)
    assert (first.values["client.shop.errors_per_s"], second.values["client.shop.errors_per_s"]) == (1, 0)
    assert second.values["client.shop.latency.p50_ms"] == pytest.approx(90, rel=ERROR)


def test_that_a_second_without_an_answer_is_a_gap_and_not_a_zero() -> None:
    statistics = ClientStatistics("shop")
    statistics.add(report(10 * S + 1, completion(10 * S)))
    first, second = statistics.add(report(12 * S, in_flight=8))
    assert not math.isnan(first.values["client.shop.latency.p50_ms"])
    assert math.isnan(second.values["client.shop.latency.p50_ms"])
    assert second.values["client.shop.requests_per_s"] == 0
    assert second.values["client.shop.in_flight"] == 8


def test_that_a_refused_connection_is_an_error_and_no_latency_but_a_time_out_is_both() -> None:
    statistics = ClientStatistics("shop")
    refused = completion(10 * S + 1, latency_ms=1, status=0, failure="refused")
    timed_out = completion(10 * S + 1, latency_ms=9000, status=0, failure="timeout")
    failed = completion(10 * S + 1, latency_ms=9000, status=500)
    statistics.add(report(10 * S + 2, refused, timed_out, failed, dropped=4))
    (second,) = statistics.add(report(11 * S))
    assert second.values["client.shop.errors_per_s"] == 7
    assert second.values["client.shop.dropped_per_s"] == 4
    assert second.values["client.shop.latency.p50_ms"] == pytest.approx(9000, rel=ERROR)


def test_that_a_clock_that_was_set_back_loses_no_request() -> None:
    statistics = ClientStatistics("shop")
    statistics.add(report(20 * S, completion(20 * S - 1)))
    statistics.add(report(12 * S, completion(12 * S - 1)))
    (second,) = statistics.add(report(21 * S))
    assert (second.second, second.values["client.shop.requests_per_s"]) == (20, 1)
