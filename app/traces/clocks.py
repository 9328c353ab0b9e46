"""Services whose clocks are off: their spans are shown where the calls to them were. Pure.

A server's span lies within the client's span that called it. Where it does not, the server's clock differs, and the
span with all that its service did below is moved into the middle of the call (as Jaeger's clock skew adjuster does).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.time_axis import THIN, format_ago
from protos.drill.v1.records import SPAN_KINDS, Int64Array, SpanColumns

SERVER, CLIENT = SPAN_KINDS.index("server"), SPAN_KINDS.index("client")
SLACK_NS = 1_000_000
"""Rounding and scheduling are no clock."""


@dataclass(frozen=True, slots=True, eq=False)
class Clocks:
    """By how much each span was moved, and the largest move of each service that has any, in nanoseconds."""

    moved_ns: Int64Array
    by_service: Mapping[str, int]


def clock_text(move_ns: int) -> str:
    """How far a clock is off whose spans were moved by so much."""
    far = abs(move_ns) / 1e9
    amount = format_ago(far) if far >= 1 else f"{far * 1000:.0f}{THIN}ms"
    return f"{amount} {'behind' if move_ns > 0 else 'ahead'}"


def find_clocks(columns: SpanColumns) -> Clocks:
    """How far the clocks of a trace's services are off, against those that called them."""
    moves = [0] * len(columns)
    starts, durations = columns.start_ns.tolist(), np.maximum(columns.duration_ns, 0).tolist()
    services, kinds = columns.services.tolist(), columns.kinds.tolist()
    found: dict[int, int] = {}
    for place, parent in enumerate(columns.parents.tolist()):
        if parent < 0:
            continue
        service = services[place]
        move = moves[parent] if service == services[parent] else found.get(service, 0)
        if kinds[place] == SERVER and kinds[parent] == CLIENT:
            move = _fitted(
                starts[place], durations[place], move, starts[parent] + moves[parent], durations[parent]
            )
        if move and abs(move) > abs(found.get(service, 0)):
            found[service] = move
        moves[place] = move
    return Clocks(
        np.array(moves, np.int64), {columns.texts[service]: move for service, move in found.items()}
    )


def _fitted(start: int, duration: int, move: int, call_start: int, call_duration: int) -> int:
    """The move that puts a served request into its call; the usual one where it fits already."""
    first = start + move
    if first >= call_start - SLACK_NS and first + duration <= call_start + call_duration + SLACK_NS:
        return move
    return call_start + max(0, call_duration - duration) // 2 - start
