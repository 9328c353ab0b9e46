"""Log lines as columns and one searchable text, and how OTLP payloads become them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from google.protobuf.message import DecodeError
from numpy.typing import NDArray
from opentelemetry.proto.common.v1.common_pb2 import AnyValue

from engine.telemetry.records import LEVELS, Attributes, Bool, Int64, Level, LogLine
from engine.telemetry.wire.attributes import attributes_of, scope_name, service_of, shown, value_of
from engine.telemetry.wire.columns import U64, fixed_id
from engine.telemetry.wire.lean_pb2 import LogRecord, Logs

ROW_BITS = 20
"""A line's id is its batch's number and its row in it."""

_SEARCHED = 8 * 1024
"""Bytes of a line that a search sees."""

_END = b"\0"
_FEW = 200
"""So many places of a word are looked up one by one; for more it is faster to look into each line."""
_LATEST_NS = 1 << 62
_INFO = LEVELS.index(Level.INFO)
_LEVEL_TEXTS = {
    b"warn": Level.WARNING,
    b"fatal": Level.CRITICAL,
    **{level.value.encode(): level for level in LEVELS},
}


@dataclass(frozen=True, slots=True)
class LogColumns:
    """One entry a line. `text` holds the lines in lower case (ASCII), each ended by a zero byte."""

    ids: Int64
    at_ns: Int64
    level: NDArray[np.uint8]
    service: NDArray[np.uint16]
    trace_high: U64
    trace_low: U64
    span: U64
    text: bytes
    offsets: Int64
    """where each line begins in `text`, and the end of the last: one more than lines"""

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class LogBatch:
    """A decoded payload: the columns, and each line's message, opened when somebody looks at it."""

    columns: LogColumns
    records: Sequence[tuple[LogRecord, str]]
    """with the logger's name"""
    services: Sequence[str]

    def attributes(self, row: int) -> Attributes:
        """The attributes of a line, with the name of its `logger`."""
        return _attributes(*self.records[row])

    def line(self, row: int) -> LogLine:
        """One line as a record."""
        columns, (record, logger) = self.columns, self.records[row]
        service = self.services[int(columns.service[row])]
        return _line(record, logger, service, int(columns.ids[row]), int(columns.at_ns[row]))


class ServiceNumbers:
    """Interned names of the services that logs come from."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}
        self._resources: dict[bytes, int] = {}

    def of(self, resource: bytes) -> int:
        """The number of the service that a serialized resource names."""
        number = self._resources.get(resource)
        if number is None:
            if len(self._resources) >= 4096:
                self._resources.clear()
            number = self._resources[resource] = self._number(service_of(resource))
        return number

    def get(self, service: str) -> int | None:
        """The number of a service; None for one that has not logged."""
        return self._numbers.get(service)

    def _number(self, service: str) -> int:
        if service not in self._numbers and len(self.names) < 65_535:
            self._numbers[service] = len(self.names)
            self.names.append(service)
        return self._numbers.get(service, 0)


def decode_logs(messages: Iterable[Logs], services: ServiceNumbers, batch: int, received_ns: int) -> LogBatch:
    """The lines of the parsed exports of one batch."""
    records: list[tuple[LogRecord, str]] = []
    numbers: list[int] = []
    for resource in (resource for message in messages for resource in message.resource_logs):
        number = services.of(resource.resource)
        for scope in resource.scope_logs:
            name = scope_name(scope.scope)
            records += [(record, name) for record in scope.log_records]
            numbers += [number] * len(scope.log_records)
    lines = [record for record, _ in records]
    texts = [_searched(r) for r in lines]
    traces = np.array([r.trace_id for r in lines], "S16").view(np.uint64).reshape(-1, 2)
    columns = LogColumns(
        ids=(np.int64(batch) << ROW_BITS) + np.arange(len(lines), dtype=np.int64),
        at_ns=np.array([_time_of(r, received_ns) for r in lines], np.int64),
        level=np.array([_level_of(r) for r in lines], np.uint8),
        service=np.array(numbers, np.uint16),
        trace_high=np.ascontiguousarray(traces[:, 0]),
        trace_low=np.ascontiguousarray(traces[:, 1]),
        span=np.array([r.span_id for r in lines], "S8").view(np.uint64),
        text=b"".join(texts),
        offsets=np.concatenate([[0], np.cumsum([len(t) for t in texts])]).astype(np.int64),
    )
    return LogBatch(columns, records, services.names)


def picked_lines(message: Logs, rows: Iterable[int], batch: int, received_ns: int) -> list[LogLine]:
    """Some lines of a batch by their rows, without looking at the others."""
    wanted = sorted(rows)
    found: list[LogLine] = []
    first = 0
    for resource in message.resource_logs:
        service = ""
        for scope in resource.scope_logs:
            after = first + len(scope.log_records)
            while wanted and wanted[0] < after:
                row = wanted.pop(0)
                service = service or service_of(resource.resource)
                record = scope.log_records[row - first]
                line_id, at_ns = (batch << ROW_BITS) + row, _time_of(record, received_ns)
                found.append(_line(record, scope_name(scope.scope), service, line_id, at_ns))
            first = after
    return found


def _line(record: LogRecord, logger: str, service: str, line_id: int, at_ns: int) -> LogLine:
    trace_id, span_id = fixed_id(record.trace_id, 16), fixed_id(record.span_id, 8)
    return LogLine(
        id=line_id,
        at_ns=at_ns,
        level=LEVELS[_level_of(record)],
        service=service,
        body=shown(body_of(record.body)),
        trace_id=trace_id.hex() if any(trace_id) else "",
        span_id=span_id.hex() if any(span_id) else "",
        attributes=_attributes(record, logger),
    )


def _attributes(record: LogRecord, logger: str) -> Attributes:
    return {**({"logger": logger} if logger else {}), **attributes_of(record.attributes)}


def body_of(body: bytes) -> str:
    """The text of a serialized body; a structured one as JSON."""
    try:
        value = value_of(AnyValue.FromString(body))
    except DecodeError:
        return body.decode("utf-8", "replace")
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def rows_with(columns: LogColumns, wanted: str) -> Bool:
    """The lines whose text holds `wanted`, in any (ASCII) case."""
    needle = wanted.encode("utf-8", "replace").lower()
    if needle not in columns.text:
        return np.zeros(len(columns), np.bool_)
    if columns.text.count(needle) > _FEW:
        lines = columns.text.split(_END)[:-1]
        return np.fromiter((needle in line for line in lines), np.bool_, len(columns))
    found = np.zeros(len(columns), np.bool_)
    at = columns.text.find(needle)
    while at >= 0:
        row = int(np.searchsorted(columns.offsets, at, "right")) - 1
        found[row] = True
        at = columns.text.find(needle, int(columns.offsets[row + 1]))
    return found


def _searched(record: LogRecord) -> bytes:
    text = body_of(record.body).encode("utf-8", "replace")[:_SEARCHED].lower()
    return text.replace(_END, b" ") + _END


def _time_of(record: LogRecord, received_ns: int) -> int:
    at_ns = record.time_unix_nano or record.observed_time_unix_nano or received_ns
    return min(int(at_ns), _LATEST_NS)


def _level_of(record: LogRecord) -> int:
    number = record.severity_number
    if 1 <= number <= 24:
        return (number - 1) // 4
    level = _LEVEL_TEXTS.get(record.severity_text.lower())
    return _INFO if level is None else LEVELS.index(level)
