"""Trace queries on summaries: which traces surely match, which may, and what their spans then say."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

import numpy as np

from engine.telemetry.memory.traces import TraceRows
from engine.telemetry.questions.language import And, Field, Node, Not, Op, Or, Text, parse_trace_query
from engine.telemetry.records import Bool, SpanKind, TraceFilter, TraceSummary
from engine.telemetry.wire.attributes import attributes_of
from engine.telemetry.wire.opened import OneSpan
from engine.telemetry.wire.signatures import Signatures

_HEX = re.compile("[0-9a-fA-F]{1,32}")
_COMPARISONS: dict[Op, Callable[[Any, float], Any]] = {
    Op.IS: lambda values, wanted: values == wanted,
    Op.MORE: lambda values, wanted: values > wanted,
    Op.MORE_OR_SAME: lambda values, wanted: values >= wanted,
    Op.LESS: lambda values, wanted: values < wanted,
    Op.LESS_OR_SAME: lambda values, wanted: values <= wanted,
}


def node_of(wanted: TraceFilter) -> Node:
    """A filter as one tree. Raises QueryError."""
    nodes: list[Node] = [parse_trace_query(wanted.query)]
    if wanted.service:
        nodes.append(Field("service", Op.IS, wanted.service))
    if wanted.route:
        nodes.append(Field("route", Op.IS, wanted.route))
    if wanted.errors_only:
        nodes.append(Field("status", Op.IS, "error"))
    if wanted.min_duration_ms > 0:
        text = f"{wanted.min_duration_ms}ms"
        nodes.append(Field("duration", Op.MORE_OR_SAME, text, wanted.min_duration_ms))
    return And(tuple(nodes))


@dataclass(frozen=True, slots=True)
class Matches:
    """Two masks over rows: `surely` within `maybe`; between them the spans decide."""

    surely: Bool
    maybe: Bool


def match_rows(node: Node, rows: TraceRows, signatures: Signatures) -> Matches:
    """What the summaries say."""
    match node:
        case And(nodes) | Or(nodes):
            found = [match_rows(inner, rows, signatures) for inner in nodes]
            combine = np.logical_and if isinstance(node, And) else np.logical_or
            start = np.full(len(rows), isinstance(node, And))
            return Matches(
                combine.reduce([start, *(m.surely for m in found)]),
                combine.reduce([start, *(m.maybe for m in found)]),
            )
        case Not(inner):
            found_inner = match_rows(inner, rows, signatures)
            return Matches(~found_inner.maybe, ~found_inner.surely)
        case Text(text):
            return _certain(_text_matches(text, rows, signatures))
        case Field():
            return _match_field(node, rows, signatures)
        case _:
            assert_never(node)


def match_spans(node: Node, summary: TraceSummary, spans: Sequence[OneSpan]) -> bool:
    """Whether a trace matches, from its summary and its spans."""
    match node:
        case And(nodes):
            return all(match_spans(inner, summary, spans) for inner in nodes)
        case Or(nodes):
            return any(match_spans(inner, summary, spans) for inner in nodes)
        case Not(inner):
            return not match_spans(inner, summary, spans)
        case Text(text):
            return text.lower() in summary.entry.lower() or summary.trace_id.startswith(text.lower())
        case Field():
            return _spans_have(node, summary, spans)
        case _:
            assert_never(node)


def _certain(mask: Bool) -> Matches:
    return Matches(mask, mask)


def _text_matches(text: str, rows: TraceRows, signatures: Signatures) -> Bool:
    named = list(signatures.matching(text, server_only=False))
    found: Bool = np.isin(rows.parts["entry"], named)
    return found | rows.id_starts(text) if _HEX.fullmatch(text) else found


def _match_field(field: Field, rows: TraceRows, signatures: Signatures) -> Matches:
    number = field.number or 0.0
    match field.key:
        case "service":
            bit = np.uint64(signatures.service_bit(field.value))
            return _certain((rows.parts["services"] & bit) != 0)
        case "status":
            return _certain((rows.parts["errors"] > 0) == (field.value == "error"))
        case "duration":
            return _certain(_COMPARISONS[field.op](rows.duration_ms, number))
        case "spans":
            counts = rows.parts["spans"].astype(np.float64)
            return _certain(_COMPARISONS[field.op](counts, number))
        case "trace":
            return _certain(rows.id_starts(field.value))
        case "route" | "name":
            named = signatures.matching(field.value, server_only=field.key == "route")
            bits = np.uint64(sum({1 << (number % 64) for number in named}))
            surely = np.isin(rows.parts["entry"], list(named))
            return Matches(surely, surely | ((rows.parts["names"] & bits) != 0))
        case _:
            return Matches(np.zeros(len(rows), np.bool_), np.ones(len(rows), np.bool_))


def _spans_have(field: Field, summary: TraceSummary, spans: Sequence[OneSpan]) -> bool:
    number = field.number or 0.0
    match field.key:
        case "service":
            return field.value in summary.services
        case "status":
            return (summary.errors > 0) == (field.value == "error")
        case "duration":
            return bool(_COMPARISONS[field.op](summary.duration_ms, number))
        case "spans":
            return bool(_COMPARISONS[field.op](summary.spans, number))
        case "trace":
            return summary.trace_id.startswith(field.value.lower())
        case "route":
            return any(s.message.kind == SpanKind.SERVER and _named(s, field.value) for s in spans)
        case "name":
            return any(_named(s, field.value) for s in spans)
        case _:
            name = field.key.removeprefix("attr.")
            key = name.encode()
            # Only pairs whose bytes hold the name are decoded: a question looks at many thousands.
            pairs = ([pair for pair in s.message.attributes if key in pair] for s in spans)
            return any(has_value(attributes_of(named).get(name), field) for named in pairs if named)


def _named(span: OneSpan, wanted: str) -> bool:
    return wanted.lower() in span.message.name.decode("utf-8", "replace").lower()


def has_value(value: object, field: Field) -> bool:
    """Whether an attribute's value is what a field asks: its text, or a comparison of numbers."""
    if value is None:
        return False
    if field.op is Op.IS:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return text == field.value
    try:
        return bool(_COMPARISONS[field.op](float(str(value)), field.number or 0.0))
    except ValueError:
        return False
