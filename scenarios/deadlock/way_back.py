"""Whether orders depend on a call back into a service that waits for them, and what is left when that is late."""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import time

from engine.packs.api import Bench, Reading
from engine.packs.reader import read_pack

from . import exact, paths
from .findings import Findings
from .goods import Goods, stocked_with_demand, times_the_pool

_ENTRY = read_pack(Path(__file__).parent).entry
_LATE_MS = 2000.0
_LEAST_LEFT = 0.4
_REQUIRED = (
    f"no service twice on a path, or {_LEAST_LEFT:.0%} of the goodput left when that call takes "
    f"{_LATE_MS / 1000:g} s, at prices that are marked and at most {exact.OLDEST_S:.0f} s old"
)


async def way_back(bench: Bench) -> Reading:
    """Whether orders call back into a service that waits for them; if so, whether they can do without."""
    findings = Findings()
    goods = await stocked_with_demand(bench, "wb", findings)
    watch = paths.Watch(bench)
    await watch.begin()
    at_once = times_the_pool(bench, 2)
    healthy_per_s = await _goodput(goods, at_once, findings)
    seen = await watch.paths()
    if not seen.reentering:
        measured = f"no service twice on {len(seen.traces)} paths, {seen.calls_a_trace:.1f} calls an order"
        return Reading(not findings.lines, measured, _REQUIRED, findings.lines)
    left = await _left_without(bench, goods, at_once, findings) / max(healthy_per_s, 1e-3)
    twice = f"a service is twice on {seen.reentering} of {len(seen.traces)} paths"
    measured = f"{twice}; with that call late {left:.0%} of the goodput is left"
    if findings.lines:
        measured += f"; {len(findings.lines)} findings: {findings.lines[0]}"
    held = left >= _LEAST_LEFT and not findings.lines
    return Reading(held, measured, _REQUIRED, [twice, *findings.lines[:7]])


async def _left_without(bench: Bench, goods: Goods, at_once: int, findings: Findings) -> float:
    """Good answers a second while every call back to the entry is late; then whether old demand is still used."""
    edges = [edge for edge in paths.INNER_EDGES if edge.endswith(f"->{_ENTRY}")]
    began_s = time()
    try:
        for edge in edges:
            await bench.impair(edge, latency_ms=_LATE_MS)
        left_per_s = await _without_way_back(bench, goods, at_once, findings)
        if goods.marked and not findings.lines:
            await _outlast(bench, goods, began_s, findings)
        return left_per_s
    finally:
        for edge in edges:
            await bench.impair(edge)


async def _goodput(goods: Goods, at_once: int, findings: Findings, seconds: float = 1.5) -> float:
    """Good answers a second to orders sent for a while."""
    began_s, good = time(), 0
    while time() < began_s + seconds:
        good += len(await goods.burst(goods.orders(at_once * 2), at_once, findings))
    return good / (time() - began_s)


async def _without_way_back(bench: Bench, goods: Goods, at_once: int, findings: Findings) -> float:
    """Goodput while the way back is slow, after the demand has moved on by a discount or more."""
    jumps = [goods.order([(sku, 600)]) for sku in goods.skus]
    await goods.burst(jumps, times_the_pool(bench, 0.5), findings, timeout_s=10.0)
    await asyncio.sleep(exact.FRESH_S)
    return await _goodput(goods, at_once, findings, seconds=3.0)


async def _outlast(bench: Bench, goods: Goods, since_s: float, findings: Findings) -> None:
    """Once the last known demand is too old, orders are priced rightly or refused."""
    await asyncio.sleep(max(0.0, since_s + exact.OLDEST_S + 2.0 - time()))
    await goods.burst(goods.orders(8), times_the_pool(bench, 0.5), findings)
