"""Two traces side by side, clocks that are off, and the small picture of a whole trace."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.traces.compare import Work, differences
from app.traces.difference_table import BAR, CHANGE, DifferenceModel
from app.traces.minimap import LINES, NOBODY, coverage
from app.traces.opened import OpenedTrace, open_trace
from app.widgets import CellRole
from protos.drill.v1 import telemetry_pb2 as pb
from protos.drill.v1.decoding import decode
from protos.drill.v1.records import LogLine, SpanColumns, Trace
from tests.app.telemetry_stub import columns_of, made_span, span_id

MS = 1_000_000
HOUR_MS = 3_600_000


def span(
    name: str, parent: str = "", start_ms: float = 0, ms: float = 10, does: str = "", **more: str
) -> pb.Span:
    """A span an hour after the epoch, so that clocks may be off either way."""
    return made_span(name, parent, start_ms + HOUR_MS, ms, does, **more)


def opened(*spans: pb.Span, logs: tuple[LogLine, ...] = ()) -> OpenedTrace:
    return open_trace(Trace("t" * 32, decode(SpanColumns, columns_of(spans)), logs, True))


def opened_rows(trace: OpenedTrace) -> list[tuple[int, int]]:
    """From when to when each row lasts that is shown at first."""
    return [
        (int(trace.rows.start_ns[row.node]), int(trace.rows.end_ns[row.node])) for row in trace.first_rows
    ]


def test_that_the_kind_of_work_that_grew_most_comes_first() -> None:
    before = opened(
        span("a", ms=20, does="POST /x"), span("b", "a", 5, 2, "SELECT y"), span("c", "a", 9, 1, "old")
    )
    after = opened(
        span("a", ms=90, does="POST /x"), *(span(f"s{n}", "a", n, 1, "SELECT y") for n in range(80))
    )
    first, *rest = differences(before, after)
    assert (first.title, first.before, first.after) == (
        "SELECT y",
        Work(1, 2 * MS, 0),
        Work(80, 80 * MS, 0),
    )
    assert {one.title: one.change_ns // MS for one in rest} == {"POST /x": -7, "old": -1}


@given(
    st.lists(st.integers(1, 50), min_size=1, max_size=12),
    st.lists(st.integers(1, 50), min_size=1, max_size=12),
)
def test_that_changes_add_up_to_the_difference_of_both_requests(old: list[int], new: list[int]) -> None:
    def request(parts: list[int]) -> OpenedTrace:
        starts = np.cumsum([0, *parts[:-1]]).tolist()
        calls = [
            span(f"s{n}", "root", at, ms, f"w{n % 3}")
            for n, (at, ms) in enumerate(zip(starts, parts, strict=True))
        ]
        return opened(span("root", ms=sum(parts) + 5), *calls)

    before, after = request(old), request(new)
    found = differences(before, after)
    assert sum(one.change_ns for one in found) == after.duration_ns - before.duration_ns


def test_that_the_table_tells_signs_by_words_and_colour() -> None:
    model = DifferenceModel()
    model.show_differences(differences(opened(span("a", ms=20)), opened(span("a", ms=50))))
    assert model.index(0, CHANGE).data() == "+30.0\u2009ms" or model.index(0, CHANGE).data().startswith("+30")
    assert model.index(0, BAR).data(CellRole.SHARE) == 1.0


def test_that_a_service_whose_clock_is_an_hour_off_is_shown_at_its_call() -> None:
    log = LogLine(1, round((2 * HOUR_MS + 24) * MS), "info", "ledger", "t", span_id("work"), "hello", {})
    trace = opened(
        span("root", ms=100, service="gateway", kind="server"),
        span("call", "root", 20, 40, service="gateway", kind="client"),
        span("serve", "call", HOUR_MS + 22, 20, service="ledger", kind="server"),
        span("work", "serve", HOUR_MS + 24, 10, service="ledger"),
        logs=(log,),
    )
    tree = trace.tree
    assert (tree.start_ns // MS).tolist() == [0, 20, 30, 32]
    assert tree.length_ns == 100 * MS
    assert tree.clocks.by_service == {"ledger": -(HOUR_MS - 8) * MS}
    (ticks,) = trace.log_ticks.values()
    assert ticks[0].at_ns == 32 * MS


def test_that_what_is_done_later_on_purpose_is_no_clock() -> None:
    trace = opened(
        span("root", ms=10, kind="server"),
        span("publish", "root", 2, 1, kind="producer"),
        span("consume", "publish", 500, 5, service="mailer", kind="consumer"),
    )
    assert not trace.tree.clocks.moved_ns.any()


@given(
    st.lists(st.tuples(st.integers(0, 100), st.integers(0, 60), st.sampled_from("abc")), max_size=60),
    st.integers(1, 50),
)
def test_that_the_small_picture_has_every_span_and_nothing_else(
    parts: list[tuple[int, int, str]], width: int
) -> None:
    trace = opened(
        span("root", ms=160),
        *(span(f"s{n}", "root", at, ms, service=who) for n, (at, ms, who) in enumerate(sorted(parts))),
    )
    picture = coverage(trace, width)
    assert picture.shape == (LINES, width)
    tree = trace.tree
    seen = np.zeros((LINES, width), np.bool_)
    rows = opened_rows(trace)
    for number, (start, end) in enumerate(rows):
        first, last = (min(int(at / tree.length_ns * width), width - 1) for at in (start, end))
        seen[number * LINES // max(len(rows), LINES), first : last + 1] = True
    assert ((picture != NOBODY) == seen).all()
