"""Telemetry as broken services send it, from the wire to the screen: shown sensibly, and nothing ends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.traces.compare import differences
from app.traces.opened import OpenedTrace, open_trace
from app.traces.span_facts import asked_spans, facts_of
from app.traces.span_panel import SpanPanel
from app.traces.trace_panel import TracePanel
from app.widgets.code_block import MOST_SHOWN
from engine.clock import SystemClock
from engine.rpc.telemetry_encoding import encode_span, encode_trace
from engine.telemetry.doors.entrance import Kind
from engine.telemetry.questions.language import QueryError
from engine.telemetry.questions.trace_queries import summary_of
from engine.telemetry.records import LogFilter, Trace, TraceFilter
from engine.telemetry.telemetry import RecordedTelemetry, Telemetry, open_recorded
from engine.telemetry.wire.opened import OneSpan, span_details, span_table, spans_by_trace, without_duplicates
from protos.drill.v1 import records as r
from protos.drill.v1.decoding import decode
from tests.engine.telemetry.conftest import LineSpec, Otlp, SpanSpec

TRACE = b"t" * 16
NOW_NS = 1_700_000_000_000_000_000
HOUR_NS = 3_600_000_000_000
IDS = [bytes([number]) * 8 for number in (1, 2, 3, 128, 200, 255)]
KEYS = (Qt.Key.Key_J, Qt.Key.Key_J, Qt.Key.Key_Space, Qt.Key.Key_K, Qt.Key.Key_W, Qt.Key.Key_D, Qt.Key.Key_F)

ids = st.sampled_from(IDS)
times = st.one_of(
    st.sampled_from([0, 1, NOW_NS, NOW_NS - HOUR_NS, NOW_NS + HOUR_NS, 2**63 - 1, 2**64 - 1]),
    st.integers(NOW_NS, NOW_NS + 10**9),
)
texts = st.one_of(
    st.just(""), st.text(max_size=20), st.just("SELECT 1 FROM seats"), st.just("long " * 14_000)
)
odd_spans = st.lists(
    st.builds(
        SpanSpec,
        trace=st.just(TRACE),
        span=ids,
        parent=st.one_of(st.just(b""), ids, st.just(b"missing!"), st.just(b"x")),
        name=texts,
        kind=st.integers(0, 7),
        start_ns=times,
        end_ns=times,
        error=st.booleans(),
        service=st.sampled_from(["gateway", "billing", ""]),
        attributes=st.dictionaries(
            st.sampled_from(["db.query.text", "url.full", "code.file.path", "http.response.status_code", ""]),
            st.one_of(texts, st.integers(-(2**63), 2**63 - 1), st.floats(), st.booleans()),
            max_size=3,
        ),
    ),
    min_size=1,
    max_size=12,
)


def opened_of(specs: list[SpanSpec]) -> tuple[OpenedTrace, dict[str, r.Span]]:
    """The way of a trace from an export to the console, and all that is known of its spans."""
    spans: list[OneSpan] = without_duplicates(spans_by_trace(Otlp().spans(specs))[TRACE])
    table = span_table(spans)
    trace = decode(r.Trace, encode_trace(Trace(summary_of(TRACE.hex(), table), table, ())))
    details = [decode(r.Span, encode_span(span_details(span))) for span in spans]
    return open_trace(trace), {one.span_id: one for one in details}


@given(odd_spans)
def test_that_each_span_is_a_row_once_whatever_its_ids_and_times_say(specs: list[SpanSpec]) -> None:
    opened, details = opened_of(specs)

    tree = opened.tree
    assert {tree.span_id(place) for place in range(len(tree))} == {spec.span.hex() for spec in specs}
    assert (tree.end_ns >= tree.start_ns).all()
    assert 0 <= opened.path.own_ns.sum() <= opened.duration_ns
    members: list[int] = []
    for number in range(len(opened.first_rows)):
        row = opened.first_rows[number]
        members += row.members.tolist() if row.is_fold else [row.place]
        asked = [details[span_id] for span_id in asked_spans(opened, row)]
        assert facts_of(opened, row, asked)
    assert sorted(set(members)) == list(range(len(tree)))
    assert all(one.change_ns == 0 for one in differences(opened, opened))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(specs=odd_spans)
def test_that_odd_traces_are_painted_and_walked_through(qtbot: QtBot, specs: list[SpanSpec]) -> None:
    opened, details = opened_of(specs)
    panel, facts = TracePanel(), SpanPanel()
    for widget in (panel, facts):
        qtbot.addWidget(widget)
        widget.resize(900, 500)
        widget.show()

    panel.show_trace(opened, keep=False)
    for key in KEYS:
        QTest.keyClick(panel.waterfall, key)
        panel.grab()
        row = panel.waterfall.row
        assert row is not None
        facts.show_row(opened, row, [details[span_id] for span_id in asked_spans(opened, row)])
        facts.grab()


def test_that_an_attribute_of_a_megabyte_is_shown_in_part_and_exported_whole(
    qtbot: QtBot, tmp_path: Path
) -> None:
    text = "x" * 1_000_000
    specs = [SpanSpec(TRACE, IDS[0], attributes={"payload": text, "db.query.text": "SELECT 1"})]

    async def exported() -> str:
        async with Telemetry(tmp_path, SystemClock()) as telemetry:
            await telemetry._entrance.offer(Kind.TRACES, Otlp().spans(specs))
            await telemetry.settle()
            return await telemetry.queries.otlp_json(TRACE.hex())

    assert json.dumps(text) in asyncio.run(exported())
    opened, details = opened_of(specs)
    panel = SpanPanel()
    qtbot.addWidget(panel)
    panel.show()
    panel.show_row(opened, opened.first_rows[0], list(details.values()))
    shown = panel._attributes.toPlainText()
    assert "more characters" in shown
    assert len(shown) < MOST_SHOWN + 100


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=30))
def test_that_any_query_is_answered_or_says_where_it_is_wrong(query: str, told: RecordedTelemetry) -> None:
    async def problems() -> list[QueryError]:
        questions = (
            told.queries.list_traces(TraceFilter(query), 0, 2 * NOW_NS, 10),
            told.queries.logs(LogFilter(query), 0, 2 * NOW_NS, 10),
        )
        answers = await asyncio.gather(*questions, return_exceptions=True)
        others = [one for one in answers if isinstance(one, Exception) and not isinstance(one, QueryError)]
        assert not others
        return [one for one in answers if isinstance(one, QueryError)]

    for problem in asyncio.run(problems()):
        assert problem.message
        assert 0 <= problem.start <= problem.end <= len(query)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordedTelemetry]:
    """A run's telemetry that got odd spans and lines."""
    folder = tmp_path_factory.mktemp("odd")

    async def fill() -> None:
        async with Telemetry(folder, SystemClock()) as telemetry:
            spans = [
                SpanSpec(TRACE, one, parent=two) for one, two in zip(IDS, IDS[1:] + IDS[:1], strict=True)
            ]
            lines = [LineSpec("", at_ns=0), LineSpec("y" * 1_000_000), LineSpec("later", at_ns=2**63 - 1)]
            await telemetry._entrance.offer(Kind.TRACES, Otlp().spans(spans))
            await telemetry._entrance.offer(Kind.LOGS, Otlp().logs(lines))
            await telemetry.settle()
            assert telemetry.counters().log_lines + telemetry.counters().dropped_log_lines == len(lines)

    asyncio.run(fill())
    with open_recorded(folder) as recorded:
        yield recorded
