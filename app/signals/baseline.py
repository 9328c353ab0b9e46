"""The last stretch of time in which nothing was wrong: what the charts are compared with. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from app.time_axis import Span
from protos.drill.v1.records import Alert

NS = 1_000_000_000
SHORTEST_S = 20.0
"""A shorter quiet stretch shows nothing that is usual."""
ENOUGH_S = 120.0
"""Between the alerts of one incident it is quiet too: a stretch of this length is taken before a newer short one."""
SETTLE_S = 10.0
"""An alert fires some time after what it tells of has begun."""


def healthy_window(alerts: Sequence[Alert], started_s: float, now_s: float, length_s: float) -> Span | None:
    """A stretch without an open alert that ends before some alert fired, at most so long: the newest that is long
    enough, else the longest. None where no alert has fired, or where nothing before was quiet.
    """
    troubles = sorted(
        (alert.fired_ns / NS - SETTLE_S, alert.resolved_ns / NS if alert.resolved_ns else now_s)
        for alert in alerts
    )
    found: list[Span] = []
    quiet_from = started_s
    for began_s, over_s in troubles:
        if began_s - quiet_from >= SHORTEST_S:
            found.append(Span(max(quiet_from, began_s - length_s), began_s))
        quiet_from = max(quiet_from, over_s)
    enough = [one for one in found if one.length_s >= min(ENOUGH_S, length_s)]
    return enough[-1] if enough else max(found, key=lambda one: one.length_s, default=None)
