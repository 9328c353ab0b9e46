"""Names of spans, what the details say, the scatter's scale, and the list's choice of traces."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from app.time_axis import Span as TimeSpan
from app.traces.call_bars import binned
from app.traces.history import Band, TraceHistory, chosen_traces
from app.traces.log_scale import duration_ticks, scale_for
from app.traces.opened import as_json, fold_figures, open_trace
from app.traces.span_facts import attributes_text, facts_of, failure_of
from app.traces.span_words import place_of, title_of
from app.traces.words import whole_query
from protos.drill.v1.records import Span, Trace, TraceSummary

MS, NS = 1_000_000, 1_000_000_000


def span(span_id: str, parent_id: str = "", **more: object) -> Span:
    fields = {
        "service": "billing",
        "name": "work",
        "kind": "internal",
        "start_ns": 0,
        "duration_ns": 10 * MS,
        "error": False,
        "status": "",
        "attributes": {},
        "events": (),
    } | more
    return Span(span_id, parent_id, **fields)  # type: ignore[arg-type]


def summary(number: int, duration_ms: int = 10, errors: int = 0) -> TraceSummary:
    return TraceSummary(f"{number:032x}", number * NS, duration_ms * MS, "POST /x", "gateway", 3, errors)


def test_that_a_database_call_is_named_by_its_table_and_belongs_to_the_database() -> None:
    call = span(
        "a",
        name="SELECT billing",
        attributes={"db.system.name": "postgresql", "db.query.text": "SELECT a.b \nFROM charges WHERE x = 1"},
    )
    assert title_of(call) == "SELECT charges"
    assert place_of(call) == "postgres"


def test_that_an_outgoing_request_is_named_by_its_path() -> None:
    call = span("a", name="POST", attributes={"url.full": "http://127.0.0.1:4/entries?x=1"})
    assert title_of(call) == "POST /entries"
    assert title_of(span("b", name="")) == "(no name)"


def test_that_an_exception_is_told_with_its_traceback() -> None:
    event = {
        "name": "exception",
        "attributes": {"exception.type": "E", "exception.stacktrace": "Trace\n  E: no"},
    }
    failed = span("a", error=True, status="no connection", events=(event,))
    assert failure_of([failed]) == "no connection\nTrace\n  E: no"


def test_that_folded_calls_have_their_figures() -> None:
    calls = [span(f"s{n}", "root", start_ns=n * MS, duration_ns=(n + 1) * MS) for n in range(6)]
    opened = open_trace(Trace("t", (span("root", duration_ns=100 * MS), *calls), (), True))
    row = opened.first_rows[1]
    figures = fold_figures(opened, row.members)
    assert (figures.count, figures.total_ns, figures.longest_ns) == (6, 21 * MS, 6 * MS)
    assert [fact.label for fact in facts_of(opened, row)] == ["Calls", "Total", "Each", "Parent"]


def test_that_the_statement_is_not_repeated_among_the_attributes() -> None:
    text = attributes_text(span("a", attributes={"db.query.text": "SELECT 1", "db.namespace": "billing"}))
    assert json.loads(text) == {"db.namespace": "billing"}


def test_that_a_copied_trace_is_json_with_all_spans() -> None:
    told = json.loads(as_json(Trace("t", (span("a"), span("b", "a")), (), True)))
    assert [one["span_id"] for one in told["spans"]] == ["a", "b"]


@given(st.lists(st.integers(0, 10**9)))
def test_that_bins_count_every_call(durations: list[int]) -> None:
    assert sum(binned(durations)) == len(durations)


@given(st.floats(0.001, 1e6), st.floats(0.001, 1e6))
def test_that_every_duration_lies_on_its_scale_and_comes_back_from_its_pixel(
    one: float, other: float
) -> None:
    low, high = sorted((one, other))
    scale = scale_for(low, high, 10.0, 200.0)
    assert 10.0 <= scale.y_of(high) <= scale.y_of(low) <= 200.0
    if high > 0.02:
        assert abs(scale.duration_of(scale.y_of(high)) - high) < high * 1e-6
    assert len(duration_ticks(scale)) <= 4


def test_that_a_summary_that_comes_again_replaces_the_one_before() -> None:
    history = TraceHistory()
    assert history.take([summary(1), summary(2)])
    assert not history.take([summary(1)])
    assert history.take([summary(1, duration_ms=500)])
    assert [trace.duration_ns // MS for trace in history.traces] == [10, 500]


@given(st.lists(st.integers(0, 300), max_size=200))
def test_that_only_the_newest_traces_are_held(numbers: list[int]) -> None:
    history = TraceHistory(most=20)
    for number in numbers:
        history.take([summary(number)])
    newest = sorted(set(numbers), reverse=True)[:20]
    assert [trace.start_ns // NS for trace in history.traces] == newest or len(set(numbers)) > 20
    assert len(history.traces) <= 20


def test_that_a_brush_chooses_by_time_and_duration() -> None:
    traces = (summary(5, 100), summary(4, 10), summary(1, 100))
    chosen = chosen_traces(traces, TimeSpan(3, 6), Band(50, 200))
    assert chosen == (traces[0],)
    assert chosen_traces(traces, None, None, slowest_first=True)[-1] is traces[1]


def test_that_errors_only_keeps_what_was_typed_together() -> None:
    assert whole_query("a OR b", True) == ("(a OR b) status:error", 1)
    assert whole_query(" ", True) == ("status:error", 0)
    assert whole_query("a ", False) == ("a", 0)
