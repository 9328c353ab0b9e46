"""Who called whom: client and server spans of the ring joined to calls between services, each counted once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from engine.telemetry.memory.ring import SpanRing
from engine.telemetry.memory.rollups import Rollups
from engine.telemetry.records import Bool, Int64, SpanKind, SpanStatus
from engine.telemetry.wire.columns import SpanColumns
from engine.telemetry.wire.signatures import UNKNOWN, Signatures

CLIENTS = "clients"
_LOOK_BACK = 200_000
_SLACK_S = 600


class EdgeNames:
    """Interned (source, target) pairs."""

    def __init__(self) -> None:
        self._ids: dict[tuple[str, str], int] = {}
        self._pairs: list[tuple[str, str]] = []
        self._unsaved: list[tuple[int, str, str]] = []

    def __getitem__(self, number: int) -> tuple[str, str]:
        return self._pairs[number]

    def intern(self, source: str, target: str) -> int:
        """The number of a pair."""
        found = self._ids.get((source, target))
        if found is None:
            found = self._ids[source, target] = len(self._pairs)
            self._pairs.append((source, target))
            self._unsaved.append((found, source, target))
        return found

    def load(self, rows: Iterable[tuple[int, str, str]]) -> None:
        """Recorded pairs, in order of their numbers; of one that the disk did not take the place is kept."""
        for number, source, target in rows:
            while len(self._pairs) < number:
                self.intern(UNKNOWN, f"(lost {len(self._pairs)})")
            self.intern(source, target)
        self._unsaved.clear()

    def save_again(self) -> None:
        """Hand all of them out as unsaved: the disk refused some."""
        self._unsaved = [(number, *pair) for number, pair in enumerate(self._pairs)]

    def take_unsaved(self) -> list[tuple[int, str, str]]:
        """New pairs since the last call."""
        taken, self._unsaved = self._unsaved, []
        return taken


class EdgeJoin:
    """Walks along the ring, some seconds behind arrival, so that a span's parent has had time to come."""

    def __init__(self, ring: SpanRing, signatures: Signatures, names: EdgeNames, rollups: Rollups) -> None:
        self._ring = ring
        self._signatures = signatures
        self._names = names
        self._rollups = rollups
        self._position = 0

    def advance(self, received_before_ns: int, now_s: int) -> None:
        """Count the calls among all spans that came before then and were not counted yet."""
        until = self._ring.position_at(received_before_ns)
        if until <= self._position:
            return
        spans = self._ring.between(self._position, until)
        parents = self._ring.between(max(0, until - _LOOK_BACK), self._ring.total)
        self._position = until
        seconds = seconds_of(spans, now_s)
        errors = spans.status == SpanStatus.ERROR
        self._count_databases(spans, seconds, errors)
        self._count_services(spans, parents, seconds, errors)

    def _count_databases(self, spans: SpanColumns, seconds: Int64, errors: Bool) -> None:
        rows = np.flatnonzero(self._signatures.has_peer(spans.signature))
        numbers, inverse = np.unique(spans.signature[rows], return_inverse=True)
        found = [self._signatures[n] for n in numbers.tolist()]
        edges = np.array([self._names.intern(s.service, s.peer) for s in found], np.int64)
        if len(rows):
            self._rollups.add(seconds[rows], edges[inverse], spans.duration_us[rows], errors[rows])

    def _count_services(self, spans: SpanColumns, parents: SpanColumns, seconds: Int64, errors: Bool) -> None:
        rows = np.flatnonzero(self._signatures.is_server(spans.signature))
        if not len(rows):
            return
        caller = find_parents(spans.taken(rows), parents)
        # A server span's parent is the calling client span; a parent of another kind is not a call.
        called = caller >= 0
        kinds = np.array(
            [self._signatures[n].kind if n >= 0 else SpanKind.CLIENT for n in _signatures(caller, parents)]
        )
        counted = ~called | (kinds == SpanKind.CLIENT) | (kinds == SpanKind.PRODUCER)
        rows, caller, called = rows[counted], caller[counted], called[counted]
        if not len(rows):
            return
        durations = spans.duration_us[rows]
        durations[called] = parents.duration_us[caller[called]]
        failed = errors[rows]
        failed[called] |= parents.status[caller[called]] == SpanStatus.ERROR
        pairs = zip(_signatures(caller, parents), spans.signature[rows].tolist(), strict=True)
        edges = [
            self._names.intern(
                self._signatures[s].service if s >= 0 else CLIENTS, self._signatures[t].service
            )
            for s, t in pairs
        ]
        self._rollups.add(seconds[rows], np.array(edges, np.int64), durations, failed)


def _signatures(rows: Int64, spans: SpanColumns) -> list[int]:
    found = np.full(len(rows), -1, np.int64)
    found[rows >= 0] = spans.signature[rows[rows >= 0]]
    return list(found.tolist())


def find_parents(spans: SpanColumns, among: SpanColumns) -> Int64:
    """For each span the row of its parent in `among`, -1 where it is not there.

    The few are sorted and the many looked up in them, once.
    """
    found = np.full(len(spans), -1, np.int64)
    order = np.argsort(spans.parent, kind="stable")
    wanted = spans.parent[order]
    first = np.searchsorted(wanted, among.span, "left")
    last = np.searchsorted(wanted, among.span, "right")
    for row in np.flatnonzero(last > first).tolist():
        for place in order[first[row] : last[row]].tolist():
            same = among.trace_low[row] == spans.trace_low[place]
            if same and among.trace_high[row] == spans.trace_high[place] and spans.parent[place]:
                found[place] = row
    return found


def seconds_of(spans: SpanColumns, now_s: int) -> Int64:
    """The second in which each span counts: where it ended, or now where its clock is clearly off."""
    ended = spans.end_ns // 1_000_000_000
    return np.where((ended > now_s + 5) | (ended < now_s - _SLACK_S), now_s, ended)
