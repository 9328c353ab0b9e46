"""What telemetry sends to the console, as the console reads it."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from app.traces.tree import build_tree
from engine.rpc.telemetry_encoding import encode_trace
from engine.telemetry.questions.trace_queries import summary_of
from engine.telemetry.records import Trace
from engine.telemetry.wire.opened import span_table, spans_by_trace
from protos.drill.v1 import records as r
from protos.drill.v1.decoding import decode

TRACE = b"t" * 16


@given(ids=st.lists(st.binary(min_size=8, max_size=8).filter(any), min_size=1, max_size=5, unique=True))
@example(ids=[bytes.fromhex("ffffffffffffffff"), bytes.fromhex("0000000000000001")])
def test_that_span_ids_arrive_bit_for_bit(otlp: Any, ids: list[bytes]) -> None:
    table = span_table(spans_by_trace(otlp.spans([otlp.Span(TRACE, one) for one in ids]))[TRACE])

    tree = build_tree(decode(r.Trace, encode_trace(Trace(summary_of(TRACE.hex(), table), table, ()))).spans)

    places = range(len(tree))
    assert {tree.span_id(place) for place in places} == {one.hex() for one in ids}
    assert [tree.place_of(tree.span_id(place)) for place in places] == list(places)
