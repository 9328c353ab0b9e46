"""One trace, opened: its spans put in tree order, whatever state their ids and parents are in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from google.protobuf.message import DecodeError
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from engine.telemetry.attributes import attributes_of, decoded, service_of, shown
from engine.telemetry.columns import fixed_id
from engine.telemetry.lean_pb2 import OpenedSpan, OpenedSpans, OpenedStatus
from engine.telemetry.records import Attributes, SpanEvent, SpanStatus, SpanTable

_LATEST_NS = 1 << 62
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
    order, parents, depths = tree_order(
        ids,
        [fixed_id(span.message.parent_span_id, 8) for span in spans],
        [min(span.message.start_time_unix_nano, _LATEST_NS) for span in spans],
    )
    ordered = [spans[index] for index in order]
    messages = [span.message for span in ordered]
    starts = np.array([min(m.start_time_unix_nano, _LATEST_NS) for m in messages], np.int64)
    ends = np.array([min(m.end_time_unix_nano, _LATEST_NS) for m in messages], np.int64)
    statuses = [_status(m.status) for m in messages]
    return SpanTable(
        span_ids=tuple(ids[index].hex() for index in order),
        parent_ids=tuple(_parent_id(m) for m in messages),
        services=tuple(span.service for span in ordered),
        names=tuple(shown(m.name.decode("utf-8", "replace")) for m in messages),
        parent_index=np.array(parents, np.int32),
        depth=np.array(depths, np.int32),
        kinds=np.array([m.kind if 0 <= m.kind <= 5 else 0 for m in messages], np.int32),
        start_ns=starts,
        duration_ns=np.maximum(ends - starts, 0),
        statuses=np.array([code for code, _ in statuses], np.int32),
        status_messages=tuple(message for _, message in statuses),
        attributes=_AttributesOf(messages),
        events=_EventsOf(messages),
    )


def tree_order(
    ids: Sequence[bytes], parents: Sequence[bytes], starts: Sequence[int]
) -> tuple[list[int], list[int], list[int]]:
    """Rows in tree order (parent first, siblings by start), each one's parent as a place in that order, its depth.

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
    depths: list[int] = []
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
            depths.append(0 if parent < 0 else depths[parent] + 1)
            stack += [(child, places[row]) for child in reversed(children.get(row, ()))]
    return order, placed_parents, depths


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


def _status(status: bytes) -> tuple[int, str]:
    try:
        message = OpenedStatus.FromString(status)
    except DecodeError:
        return SpanStatus.UNSET, ""
    code = message.code if message.code in (SpanStatus.OK, SpanStatus.ERROR) else SpanStatus.UNSET
    return code, shown(message.message.decode("utf-8", "replace"))


class _AttributesOf(Sequence[Attributes]):
    """Decodes the attributes of a span when they are read."""

    def __init__(self, messages: Sequence[OpenedSpan]) -> None:
        self._messages = messages

    def __len__(self) -> int:
        return len(self._messages)

    @overload
    def __getitem__(self, index: int) -> Attributes: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Attributes]: ...
    def __getitem__(self, index: int | slice) -> Attributes | Sequence[Attributes]:
        if isinstance(index, slice):
            return _AttributesOf(self._messages[index])
        return attributes_of(self._messages[index].attributes)


class _EventsOf(Sequence[tuple[SpanEvent, ...]]):
    """Decodes the events of a span when they are read."""

    def __init__(self, messages: Sequence[OpenedSpan]) -> None:
        self._messages = messages

    def __len__(self) -> int:
        return len(self._messages)

    @overload
    def __getitem__(self, index: int) -> tuple[SpanEvent, ...]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[SpanEvent, ...]]: ...
    def __getitem__(self, index: int | slice) -> tuple[SpanEvent, ...] | Sequence[tuple[SpanEvent, ...]]:
        if isinstance(index, slice):
            return _EventsOf(self._messages[index])
        return tuple(_event(raw) for raw in self._messages[index].events)


def _event(raw: bytes) -> SpanEvent:
    try:
        event = Span.Event.FromString(raw)
    except DecodeError:
        return SpanEvent("(damaged)", 0, {})
    return SpanEvent(shown(event.name), min(event.time_unix_nano, _LATEST_NS), decoded(event.attributes))
