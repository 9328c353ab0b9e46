"""Trace summaries: one row a trace, merged as its spans arrive, in columns of a fixed size."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.telemetry.records import Bool, Int64, SpanStatus, TraceSummary
from engine.telemetry.wire.columns import SpanColumns, id_starts, trace_bytes
from engine.telemetry.wire.signatures import Signatures

_NO_RANK = -1
_ROOT, _SERVER, _INNER = 2, 1, 0
"""How good a span is as the trace's entry: no parent, a server span, any other; then the earliest."""

PART = np.dtype(
    [
        ("trace", "V16"),
        ("start_ns", "<i8"),
        ("end_ns", "<i8"),
        ("entry_ns", "<i8"),
        ("entry_us", "<u4"),
        ("entry", "<u4"),
        ("rank", "i1"),
        ("spans", "<u4"),
        ("errors", "<u4"),
        ("services", "<u8"),
        ("names", "<u8"),
    ]
)
"""What is known of a trace from some of its spans. `names` has the bit (signature mod 64) of each span."""
Parts = np.ndarray[tuple[int], np.dtype[np.void]]


def summarize(spans: SpanColumns, signatures: Signatures) -> Parts:
    """One part for each trace among `spans`."""
    if not len(spans):
        return np.zeros(0, PART)
    rank = np.where(
        spans.parent == 0, _ROOT, np.where(signatures.is_server(spans.signature), _SERVER, _INNER)
    )
    order = np.lexsort((spans.start_ns, -rank, spans.trace_key))
    key = spans.trace_key[order]
    firsts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    entry = order[firsts]
    parts = np.zeros(len(firsts), PART)
    parts["trace"] = np.array(trace_bytes(spans.trace_high[entry], spans.trace_low[entry]), "V16")
    parts["start_ns"] = np.minimum.reduceat(spans.start_ns[order], firsts)
    parts["end_ns"] = np.maximum.reduceat(spans.end_ns[order], firsts)
    parts["entry_ns"] = spans.start_ns[entry]
    parts["entry_us"] = spans.duration_us[entry]
    parts["entry"] = spans.signature[entry]
    parts["rank"] = rank[entry]
    parts["spans"] = np.diff(np.append(firsts, len(order)))
    parts["errors"] = np.add.reduceat((spans.status[order] == SpanStatus.ERROR).astype(np.uint32), firsts)
    parts["services"] = np.bitwise_or.reduceat(signatures.service_bits(spans.signature)[order], firsts)
    names = np.uint64(1) << (spans.signature[order].astype(np.uint64) % np.uint64(64))
    parts["names"] = np.bitwise_or.reduceat(names, firsts)
    return parts


@dataclass(frozen=True, slots=True)
class TraceRows:
    """A copy of some rows, newest start first."""

    parts: Parts
    slots: Int64

    def __len__(self) -> int:
        return len(self.parts)

    def taken(self, places: NDArray[np.intp]) -> TraceRows:
        """Some of the rows."""
        return TraceRows(self.parts[places], self.slots[places])

    @property
    def start_ns(self) -> Int64:
        """The start of the entry span."""
        return np.asarray(self.parts["entry_ns"], np.int64)

    @property
    def duration_ms(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """The duration of the entry, or the extent of all spans while no root has come."""
        return durations_ms(self.parts)

    def id_starts(self, prefix: str) -> Bool:
        """The rows whose trace id begins with the hex text `prefix`."""
        return id_starts(np.ascontiguousarray(self.parts["trace"]).view(np.uint64).reshape(-1, 2), prefix)

    def ids(self) -> list[str]:
        """The trace ids as hex text."""
        return [raw.hex() for raw in trace_texts(self.parts)]


def trace_texts(parts: Parts) -> list[bytes]:
    """The 16 bytes of each part's trace id."""
    raw = parts["trace"].tobytes()
    return [raw[i : i + 16] for i in range(0, len(raw), 16)]


def durations_ms(parts: Parts) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The duration of each trace in milliseconds.

    A root's own duration where there is one: the extent of all spans is wrong as soon as one clock is.
    """
    extent = (parts["end_ns"] - parts["start_ns"]) / 1e6
    return np.where(parts["rank"] == _ROOT, parts["entry_us"] / 1e3, extent).astype(np.float64)


class TraceTable:
    """The newest traces; when it is full the one that came first gives way."""

    def __init__(self, capacity: int, signatures: Signatures) -> None:
        self._rows = np.zeros(capacity, PART)
        self._ranks = self._rows["rank"]
        self._ranks[:] = _NO_RANK
        self._slots: dict[bytes, int] = {}
        self._owners: list[bytes | None] = [None] * capacity
        self._next = 0
        self._capacity = capacity
        self._signatures = signatures

    def __len__(self) -> int:
        return len(self._slots)

    def merge(self, parts: Parts) -> None:
        """Add what is known of some traces; each trace at most once in `parts`."""
        traces = trace_texts(parts)
        for trace in traces:
            self._make_slot(trace)
        # Looked up again: in a very small table a new trace may have taken another one's place meanwhile.
        slots = np.array([self._slots.get(trace, -1) for trace in traces], np.int64)
        parts, slots = parts[slots >= 0], slots[slots >= 0]
        new = self._ranks[slots] == _NO_RANK
        self._rows[slots[new]] = parts[new]
        known, add = slots[~new], parts[~new]
        if len(known):
            self._merge_known(known, add)

    def forget(self, traces: Iterable[bytes]) -> None:
        """Remove traces that are no longer kept."""
        for trace in traces:
            slot = self._slots.pop(trace, None)
            if slot is not None:
                self._ranks[slot] = _NO_RANK

    def rows(self, from_ns: int, to_ns: int) -> TraceRows:
        """The traces that started in the range, newest first."""
        start = self._rows["entry_ns"]
        held = (self._rows["rank"] != _NO_RANK) & (start >= from_ns) & (start < to_ns)
        slots = np.flatnonzero(held)
        slots = slots[np.lexsort((slots, start[slots]))[::-1]]
        return TraceRows(self._rows[slots], slots)

    def summary(self, trace: bytes) -> TraceSummary | None:
        """The summary of one trace; None where it is not held."""
        slot = self._slots.get(trace)
        if slot is None:
            return None
        return self.summaries(TraceRows(self._rows[[slot]], np.array([slot])))[0]

    def summaries(self, rows: TraceRows) -> tuple[TraceSummary, ...]:
        """Rows as records."""
        durations = rows.duration_ms
        found: list[TraceSummary] = []
        for part, trace_id, duration in zip(rows.parts, rows.ids(), durations, strict=True):
            entry = self._signatures[int(part["entry"])]
            found.append(
                TraceSummary(
                    trace_id=trace_id,
                    start_ns=int(part["entry_ns"]),
                    duration_ms=float(duration),
                    entry=entry.name,
                    entry_service=entry.service,
                    services=self._signatures.services_in(int(part["services"])),
                    spans=int(part["spans"]),
                    errors=int(part["errors"]),
                )
            )
        return tuple(found)

    def _make_slot(self, trace: bytes) -> None:
        if trace in self._slots:
            return
        slot = self._next % self._capacity
        self._next += 1
        old = self._owners[slot]
        if old is not None and self._slots.get(old) == slot:
            del self._slots[old]
        self._ranks[slot] = _NO_RANK
        self._owners[slot] = trace
        self._slots[trace] = slot

    def _merge_known(self, slots: Int64, add: Parts) -> None:
        rows = self._rows[slots]
        better: Bool = (add["rank"] > rows["rank"]) | (
            (add["rank"] == rows["rank"]) & (add["entry_ns"] < rows["entry_ns"])
        )
        for name in ("entry_ns", "entry_us", "entry", "rank"):
            rows[name][better] = add[name][better]
        rows["start_ns"] = np.minimum(rows["start_ns"], add["start_ns"])
        rows["end_ns"] = np.maximum(rows["end_ns"], add["end_ns"])
        for name in ("spans", "errors"):
            rows[name] += add[name]
        for name in ("services", "names"):
            rows[name] |= add[name]
        self._rows[slots] = rows
