"""The rings: whatever the sizes, they hold the newest, in order."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.telemetry.memory.log_ring import LogRing
from engine.telemetry.memory.ring import SpanRing
from engine.telemetry.wire.columns import SpanColumns
from engine.telemetry.wire.lean_pb2 import Logs
from engine.telemetry.wire.log_columns import ServiceNumbers, decode_logs, rows_with


def _spans(first: int, count: int) -> SpanColumns:
    spans = SpanColumns.empty(count)
    spans.span[:] = np.arange(first + 1, first + count + 1)
    spans.trace_low[:] = spans.span % 5
    return spans


@given(st.integers(1, 30), st.lists(st.integers(0, 40), max_size=12))
def test_that_the_span_ring_holds_the_newest_in_order(capacity: int, batches: list[int]) -> None:
    ring, total = SpanRing(capacity), 0
    for number, count in enumerate(batches):
        ring.append(_spans(total, count), received_ns=number * 10)
        total += count
    expected = list(range(1, total + 1))[-capacity:]
    assert ring.total == total
    assert ring.between(0, total).span.tolist() == expected
    assert ring.between(total - 3, total).span.tolist() == expected[-3:]
    assert sorted(ring.of_trace(0, 3).span.tolist()) == [n for n in expected if n % 5 == 3]
    for number in range(len(batches)):
        position = max(ring.position_at(number * 10), ring.oldest)
        assert position == max(sum(batches[:number]), ring.oldest)


@given(
    st.integers(1, 20),
    st.integers(1, 200),
    st.lists(st.lists(st.text("abcXYZ é\0", max_size=30), min_size=1, max_size=8), max_size=10),
)
def test_that_the_log_ring_holds_the_newest_lines_with_their_text(
    lines: int, text_bytes: int, batches: list[list[str]]
) -> None:
    ring, services, texts = LogRing(lines, text_bytes), ServiceNumbers(), []
    for number, bodies in enumerate(batches):
        message = Logs()
        records = message.resource_logs.add().scope_logs.add().log_records
        for body in bodies:
            records.add(body=b"\x0a" + bytes([len(body.encode())]) + body.encode())
        ring.append(decode_logs([message], services, number, 0).columns)
        texts += [body.encode().lower().replace(b"\0", b" ") for body in bodies]
    held = ring.between(0, ring.total)
    found = [held.text[a : b - 1] for a, b in zip(held.offsets[:-1], held.offsets[1:], strict=True)]
    assert found == texts[len(texts) - len(found) :]
    assert len(held) <= lines
    assert len(held.text) <= text_bytes
    if texts and len(texts[-1]) < text_bytes:
        assert len(held) >= 1
    for wanted in ("a", "xy", " ", "é"):
        assert rows_with(held, wanted).tolist() == [wanted.encode() in text for text in found]
