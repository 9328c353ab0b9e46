"""Our load generator's client as a closed loop: `python -m tests.bench.load.ours URL CONCURRENCY`, until it is ended.

The path is that of the load process (pool, exchange, what ended, report, statistics with histograms), except that the
next request is sent when one ends, and not when it is due; and it is encoded once, as wrk does.
"""

from __future__ import annotations

import asyncio
import sys

from engine.clock import SystemClock
from engine.lab.lines.server import loop_factory
from engine.lab.load import ClientStatistics, LoadReport, StreamReport
from engine.lab.load.ended import EndedRequests
from engine.lab.load.exchange import Exchange
from engine.lab.load.http_client import HttpPool
from engine.packs.api import Request

REPORT_S = 0.25
WAIT_NS = 10_000_000_000


class ClosedLoop:
    """Sends the next request whenever one ends."""

    def __init__(self, pool: HttpPool) -> None:
        self._pool = pool
        self._data = pool.encode(Request("GET", "/"))
        self._sent = 0
        self.ended = EndedRequests()

    def send(self) -> None:
        """Send one."""
        self._sent += 1
        self._pool.send(Exchange(self._data, self._take_end, self._sent), WAIT_NS)

    def _take_end(self, exchange: Exchange) -> None:
        self.ended.take(exchange)
        self.send()


async def run(url: str, concurrency: int) -> None:
    """Load the target and keep statistics."""
    clock, statistics = SystemClock(), ClientStatistics("closed")
    async with asyncio.TaskGroup() as tasks:
        loop = ClosedLoop(HttpPool(url, tasks, clock))
        for _ in range(concurrency):
            loop.send()
        while True:
            await asyncio.sleep(REPORT_S)
            wall_ns = clock.wall_ns()
            completed, _ = loop.ended.hand_over(wall_ns - clock.monotonic_ns())
            row = StreamReport("closed", len(completed), completed, 0, concurrency, 0.0, 0.0, 0, True)
            for second in statistics.add(LoadReport(wall_ns, (row,))):
                print(
                    second.values["client.closed.latency.p99_ms"], second.values["client.closed.errors_per_s"]
                )


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=loop_factory(fast=True)) as runner:
        runner.run(run(sys.argv[1], int(sys.argv[2])))
