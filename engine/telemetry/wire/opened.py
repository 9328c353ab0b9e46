"""One trace, opened: its spans put in tree order, whatever state their ids and parents are in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from google.protobuf.message import DecodeError
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from engine.telemetry.records import SpanDetails, SpanEvent, SpanKind, SpanStatus, SpanTable
from engine.telemetry.wire.attributes import attributes_of, decoded, service_of, shown
from engine.telemetry.wire.columns import fixed_id
from engine.telemetry.wire.lean_pb2 import OpenedSpan, OpenedSpans, OpenedStatus
from engine.telemetry.wire.span_words import SpanWords, words_of

_LATEST_NS = 1 << 62
_LONGEST_NAME = 1_000
_NO_ID = b"\0" * 8


@dataclass(frozen=True, slots=True)
class OneSpan:
    """A span's message and the service that sent it."""

    message: OpenedSpan
    service: str


def spans_by_trace(payload: bytes) -> dict[bytes, list[OneSpan]]:
    """The spans of a payload; those without an id are left out, as on the way in."""
    found: dict[bytes, list[OneSpan]] = {}
    try:
        export = OpenedSpans.FromString(payload)
    except DecodeError:
        return found
    for resource in export.resource_spans:
        service = service_of(resource.resource)
        for scope in resource.scope_spans:
            for span in scope.spans:
                if fixed_id(span.span_id, 8) != _NO_ID:
                    found.setdefault(fixed_id(span.trace_id, 16), []).append(OneSpan(span, service))
    return found


def without_duplicates(spans: Iterable[OneSpan]) -> list[OneSpan]:
    """Of several spans with one id the last."""
    return list({fixed_id(span.message.span_id, 8): span for span in spans}.values())


def span_table(spans: Sequence[OneSpan]) -> SpanTable:
    """The spans in tree order. A parent that is missing, the span itself or its own descendant makes a root."""
    ids = [fixed_id(span.message.span_id, 8) for span in spans]
    order, parents = tree_order(
        ids,
        [fixed_id(span.message.parent_span_id, 8) for span in spans],
        [min(span.message.start_time_unix_nano, _LATEST_NS) for span in spans],
    )
    ordered = [spans[index] for index in order]
    messages = [span.message for span in ordered]
    starts = np.array([min(m.start_time_unix_nano, _LATEST_NS) for m in messages], np.int64)
    ends = np.array([min(m.end_time_unix_nano, _LATEST_NS) for m in messages], np.int64)
    names = tuple(_text(m.name)[:_LONGEST_NAME] for m in messages)
    words = [
        words_of(name, span.service, span.message.attributes)
        for name, span in zip(names, ordered, strict=True)
    ]
    numbers: dict[SpanWords, int] = {}
    return SpanTable(
        span_ids=tuple(ids[index].hex() for index in order),
        parent_ids=tuple(_parent_id(m) for m in messages),
        services=tuple(span.service for span in ordered),
        names=names,
        titles=tuple(one.title for one in words),
        places=tuple(one.place for one in words),
        alike=np.array([numbers.setdefault(one, len(numbers)) for one in words], np.int32),
        parent_index=np.array(parents, np.int32),
        kinds=np.array([_kind(m) for m in messages], np.int32),
        start_ns=starts,
        duration_ns=np.maximum(ends - starts, 0),
        statuses=np.array([_status(m.status)[0] if m.status else 0 for m in messages], np.int32),
    )


def span_details(span: OneSpan) -> SpanDetails:
    """All that a span's message says."""
    message = span.message
    status, status_message = _status(message.status)
    start_ns = min(message.start_time_unix_nano, _LATEST_NS)
    return SpanDetails(
        span_id=fixed_id(message.span_id, 8).hex(),
        parent_id=_parent_id(message),
        service=span.service,
        name=_text(message.name)[:_LONGEST_NAME],
        kind=_kind(message),
        start_ns=start_ns,
        duration_ns=max(0, min(message.end_time_unix_nano, _LATEST_NS) - start_ns),
        status=status,
        status_message=status_message,
        attributes=attributes_of(message.attributes),
        events=tuple(_event(raw) for raw in message.events),
    )


def tree_order(
    ids: Sequence[bytes], parents: Sequence[bytes], starts: Sequence[int]
) -> tuple[list[int], list[int]]:
    """Rows in tree order (parent first, siblings by start), and each one's parent as a place in that order.

    Every row appears once. Where parents run in a circle, its earliest row becomes a root.
    """
    rows = {span_id: row for row, span_id in enumerate(ids)}
    parent_rows = [-1 if p == _NO_ID else rows.get(p, -1) for p in parents]
    by_start = sorted(range(len(ids)), key=lambda row: (starts[row], ids[row]))
    by_rank = {row: rank for rank, row in enumerate(by_start)}
    children: dict[int, list[int]] = {}
    for row in by_start:
        children.setdefault(parent_rows[row], []).append(row)
    places: dict[int, int] = {}
    order: list[int] = []
    placed_parents: list[int] = []
    # The rows without a parent first; what is not reached from them hangs on circles.
    for start in (*children.get(-1, ()), *by_start):
        if start in places:
            continue
        stack = [(_root_of(start, parent_rows, by_rank), -1)]
        while stack:
            row, parent = stack.pop()
            if row in places:
                continue
            places[row] = len(order)
            order.append(row)
            placed_parents.append(parent)
            stack += [(child, places[row]) for child in reversed(children.get(row, ()))]
    return order, placed_parents


def _root_of(row: int, parents: Sequence[int], ranks: Mapping[int, int]) -> int:
    """The row itself where it has no parent, else the earliest row of the circle that its parents end in."""
    seen: set[int] = set()
    while row not in seen:
        if parents[row] < 0:
            return row
        seen.add(row)
        row = parents[row]
    circle = [row]
    while parents[circle[-1]] != row:
        circle.append(parents[circle[-1]])
    return min(circle, key=lambda member: ranks[member])


def _parent_id(message: OpenedSpan) -> str:
    parent = fixed_id(message.parent_span_id, 8)
    return "" if parent == _NO_ID else parent.hex()


def _status(status: bytes) -> tuple[SpanStatus, str]:
    try:
        message = OpenedStatus.FromString(status)
    except DecodeError:
        return SpanStatus.UNSET, ""
    known = message.code in (SpanStatus.OK, SpanStatus.ERROR)
    return SpanStatus(message.code) if known else SpanStatus.UNSET, _text(message.message)


def _kind(message: OpenedSpan) -> SpanKind:
    return SpanKind(message.kind) if 0 <= message.kind <= SpanKind.CONSUMER else SpanKind.UNSPECIFIED


def _text(raw: bytes) -> str:
    return shown(raw.decode("utf-8", "replace"))


def _event(raw: bytes) -> SpanEvent:
    try:
        event = Span.Event.FromString(raw)
    except DecodeError:
        return SpanEvent("(damaged)", 0, {})
    return SpanEvent(shown(event.name), min(event.time_unix_nano, _LATEST_NS), decoded(event.attributes))
