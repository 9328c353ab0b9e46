"""What a service wrote just before and after one of its lines, whatever the query leaves out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from protos.drill.v1.client import DrillClient
    from protos.drill.v1.records import LogLine

EACH_WAY = 4
LONGEST_NS = 60_000_000_000
FIRST_NS = 50_000_000
WIDER = 6
MOST = 500


def read_context(client: DrillClient, line: LogLine) -> tuple[LogLine, ...]:
    """Up to four lines each way with the line itself, in order of time, of at most a minute. Asks the engine."""
    query = f"service:{json.dumps(line.service, ensure_ascii=False)}"
    begin_ns = max(0, line.time_ns - LONGEST_NS)
    page = client.list_logs(query, begin_ns, line.time_ns + 1, EACH_WAY + 1, before_id=line.id + 1)
    earlier = _of_service(page.lines, line)
    reach_ns = FIRST_NS
    while True:
        page = client.list_logs(query, line.time_ns, line.time_ns + reach_ns, MOST, after_id=line.id)
        later = _of_service(page.lines, line)
        if len(later) >= EACH_WAY or reach_ns >= LONGEST_NS:
            break
        reach_ns = min(reach_ns * WIDER, LONGEST_NS)
    return (*earlier[-EACH_WAY:], line, *later[:EACH_WAY])


def _of_service(lines: tuple[LogLine, ...], line: LogLine) -> list[LogLine]:
    """The others of the same service, in order of time."""
    same = [one for one in lines if one.service == line.service and one.id != line.id]
    return sorted(same, key=lambda one: (one.time_ns, one.id))
