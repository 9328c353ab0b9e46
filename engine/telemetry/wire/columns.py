"""Spans as numpy columns, and how OTLP payloads become them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Self

import numpy as np
from google.protobuf.message import DecodeError
from numpy.typing import NDArray

from engine.telemetry.records import SpanStatus
from engine.telemetry.wire.attributes import attributes_of, peer_name
from engine.telemetry.wire.lean_pb2 import OpenedSpans, OpenedStatus, Spans
from engine.telemetry.wire.signatures import Signatures

U64 = NDArray[np.uint64]
_LATEST_NS = np.uint64(1 << 62)
_LONGEST_US = np.uint64((1 << 32) - 1)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_FIELDS = attrgetter(
    "trace_id",
    "span_id",
    "parent_span_id",
    "name",
    "kind",
    "start_time_unix_nano",
    "end_time_unix_nano",
    "status",
)


@dataclass(frozen=True, slots=True)
class SpanColumns:
    """One entry a span; 49 bytes. Ids are their bytes, seen as native integers."""

    trace_high: U64
    trace_low: U64
    span: U64
    parent: U64
    start_ns: NDArray[np.int64]
    duration_us: NDArray[np.uint32]
    signature: NDArray[np.uint32]
    status: NDArray[np.uint8]

    @classmethod
    def empty(cls, count: int = 0) -> Self:
        """`count` entries of zeros (memory is touched when they are written)."""
        return cls(**{name: np.zeros(count, kind) for name, kind in COLUMN_TYPES.items()})

    def __len__(self) -> int:
        return len(self.span)

    def taken(self, rows: slice | NDArray[np.intp] | NDArray[np.bool_]) -> Self:
        """Some of the entries."""
        return type(self)(**{name: getattr(self, name)[rows] for name in COLUMN_TYPES})

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """The entries of all parts, one part after the other."""
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return cls.empty()
        return cls(**{name: np.concatenate([getattr(p, name) for p in parts]) for name in COLUMN_TYPES})

    @property
    def end_ns(self) -> NDArray[np.int64]:
        """When each ended."""
        return self.start_ns + self.duration_us.astype(np.int64) * 1000

    @property
    def trace_key(self) -> U64:
        """A number a trace: both halves of its id, mixed."""
        return self.trace_high * _MIX ^ self.trace_low


COLUMN_TYPES: dict[str, type] = dict(
    zip(
        [field.name for field in fields(SpanColumns)],
        [np.uint64, np.uint64, np.uint64, np.uint64, np.int64, np.uint32, np.uint32, np.uint8],
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class DecodedSpans:
    """The columns of one export; `dropped` spans had no valid ids, `mended` ones ended before they started."""

    columns: SpanColumns
    dropped: int
    mended: int


def decode_spans(message: Spans, signatures: Signatures) -> DecodedSpans:
    """The spans of a parsed export."""
    parts: list[SpanColumns] = []
    mended = 0
    for resource in message.resource_spans:
        names = signatures.names_of(resource.resource)
        for scope in resource.scope_spans:
            if scope.spans:
                part, bad = _columns(scope.spans, names)
                parts.append(part)
                mended += bad
    columns = SpanColumns.joined(parts)
    valid = (columns.span != 0) & ((columns.trace_high != 0) | (columns.trace_low != 0))
    dropped = len(columns) - int(np.count_nonzero(valid))
    return DecodedSpans(columns.taken(valid) if dropped else columns, dropped, mended)


def _columns(spans: Sequence, names: dict[tuple[bytes, int], int]) -> tuple[SpanColumns, int]:  # type: ignore[type-arg]
    # One pass in C over the messages: each is wrapped once, and no object a span stays.
    traces, ids, parents, texts, kinds, starts, ends, statuses = zip(*map(_FIELDS, spans), strict=True)
    count = len(ids)
    start = np.minimum(np.array(starts, np.uint64), _LATEST_NS)
    end = np.minimum(np.array(ends, np.uint64), _LATEST_NS)
    backwards = end < start
    duration = np.where(backwards, np.uint64(0), end - start) // np.uint64(1000)
    trace = np.array(traces, "S16").view(np.uint64).reshape(-1, 2)
    status = np.zeros(count, np.uint8)
    if any(statuses):
        status[:] = [_status_code(s) if s else 0 for s in statuses]
    columns = SpanColumns(
        trace_high=np.ascontiguousarray(trace[:, 0]),
        trace_low=np.ascontiguousarray(trace[:, 1]),
        span=np.array(ids, "S8").view(np.uint64),
        parent=np.array(parents, "S8").view(np.uint64),
        start_ns=start.astype(np.int64),
        duration_us=np.minimum(duration, _LONGEST_US).astype(np.uint32),
        signature=np.array([names[key] for key in zip(texts, kinds, strict=True)], np.uint32),
        status=status,
    )
    return columns, int(np.count_nonzero(backwards))


def _status_code(status: bytes) -> int:
    try:
        code = OpenedStatus.FromString(status).code
    except DecodeError:
        return SpanStatus.UNSET
    return code if code in (SpanStatus.OK, SpanStatus.ERROR) else SpanStatus.UNSET


def classify_new(payload: bytes, signatures: Signatures) -> None:
    """Look into the attributes of one span of each new client signature: does it call a database?"""
    wanted = set(signatures.unclassified())
    if not wanted:
        return
    for resource in OpenedSpans.FromString(payload).resource_spans:
        names = signatures.names_of(resource.resource)
        for scope in resource.scope_spans:
            for span in scope.spans:
                number = names[span.name, span.kind]
                if number in wanted:
                    wanted.discard(number)
                    attributes = attributes_of(span.attributes)
                    system = str(attributes.get("db.system.name") or attributes.get("db.system") or "")
                    signatures.classify(number, peer_name(system))


def id_starts(ids: U64, prefix: str) -> NDArray[np.bool_]:
    """The rows whose id (one row of bytes, seen as integers) begins with the hex text `prefix`."""
    raw = np.ascontiguousarray(ids).view(np.uint8).reshape(len(ids), -1)
    if len(prefix) > 2 * raw.shape[1]:
        return np.zeros(len(ids), np.bool_)
    whole = np.frombuffer(bytes.fromhex(prefix[: len(prefix) // 2 * 2]), np.uint8)
    found = np.asarray((raw[:, : len(whole)] == whole).all(axis=1))
    if len(prefix) % 2:
        found &= raw[:, len(whole)] >> 4 == int(prefix[-1], 16)
    return found


def trace_bytes(high: U64, low: U64) -> list[bytes]:
    """The 16 bytes of each trace id."""
    raw = np.stack([high, low], axis=1).tobytes()
    return [raw[i : i + 16] for i in range(0, len(raw), 16)]


def fixed_id(raw: bytes, length: int) -> bytes:
    """An id as the columns hold it: cut or filled up with zeros."""
    return raw[:length].ljust(length, b"\0")
