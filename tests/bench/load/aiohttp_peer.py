"""An aiohttp client as a closed loop: `python aiohttp_peer.py URL CONCURRENCY [uvloop]`, until it is ended."""

from __future__ import annotations

import asyncio
import sys
import time

import aiohttp


async def ask_for_ever(session: aiohttp.ClientSession, url: str, latencies_s: list[float]) -> None:
    """One request after the other; every latency is kept."""
    while True:
        began_s = time.perf_counter()
        async with session.get(url) as answer:
            await answer.read()
        latencies_s.append(time.perf_counter() - began_s)


async def run(url: str, concurrency: int) -> None:
    """Load the target by one session."""
    latencies_s: list[float] = []
    connector = aiohttp.TCPConnector(limit=concurrency)
    async with aiohttp.ClientSession(connector=connector) as session, asyncio.TaskGroup() as tasks:
        for _ in range(concurrency):
            tasks.create_task(ask_for_ever(session, url, latencies_s))


if __name__ == "__main__":
    factory = None
    if sys.argv[3:] == ["uvloop"]:
        import uvloop

        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(run(sys.argv[1], int(sys.argv[2])))
