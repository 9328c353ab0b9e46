"""What is known of the trace that a log line belongs to. Pure."""

from __future__ import annotations

import numpy as np

from app.theme.tokens import Token
from app.time_axis import format_duration
from app.widgets.facts import Fact
from protos.drill.v1.records import FAILED, SpanColumns, Trace


def trace_facts(trace: Trace, span_id: str) -> tuple[Fact, ...]:
    """The request, how long it took, the line's own span, and what failed."""
    spans = trace.spans
    root = _entry(spans)
    facts = [
        Fact("Entry", spans.texts[int(spans.titles[root])], service=_service(spans, root)),
        Fact("Duration", format_duration(int(spans.duration_ns[root]) / 1e6)),
        Fact("Spans", f"{len(spans):,}"),
    ]
    own = np.flatnonzero(spans.ids == np.uint64(int(span_id or "0", 16)))
    for place in own[:1].tolist():
        facts.append(Fact("Span", spans.texts[spans.titles[place]], service=_service(spans, place)))
    errors = int(np.count_nonzero(spans.flags & FAILED))
    if errors:
        facts.append(Fact("Errors", f"{errors:,}", Token.CRIT_TEXT))
    return tuple(facts)


def _service(spans: SpanColumns, place: int) -> str:
    return spans.texts[int(spans.services[place])]


def _entry(spans: SpanColumns) -> int:
    """The root that lasts longest."""
    roots = np.flatnonzero(spans.parents < 0)
    return int(roots[np.argmax(spans.duration_ns[roots])])
