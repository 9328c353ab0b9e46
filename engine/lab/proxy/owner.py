"""The owner's side of the chaos proxy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.lab.lines.child import LineChild, OnExit, ignore_exit
from engine.lab.lines.owner import LineOwner
from engine.lab.proxy.records import EdgeCounts, Hop
from engine.packs.topology import Protocol

OnOver = Callable[[str, str], None]
"""called with edge and kind when an impairment has ended because its time was over"""


def ignore_over(edge: str, kind: str) -> None:
    """The `on_over` of an owner that reads back."""


class Proxy(LineOwner):
    """The proxy process: every edge of a service graph gets a listening port of its own on 127.0.0.1.

    `async with Proxy(run_id) as proxy:`, or `start` and `stop`. Calls raise HelperFailed once the process is gone and
    LabError where it refuses; `on_exit(exit code, last lines of stderr)` is called if it ends by itself.
    """

    def __init__(self, run_id: str, on_exit: OnExit = ignore_exit, on_over: OnOver = ignore_over) -> None:
        super().__init__(LineChild("proxy", run_id, self._take, on_exit))
        self._on_over = on_over

    async def open_edge(
        self, name: str, protocol: Protocol, upstream_port: int, *, latency_ms: float = 0.0
    ) -> int:
        """Listen for an edge and pass it on to `upstream_port` of 127.0.0.1; returns the listening port.

        The upstream is dialled when a client needs it, so it need not be there yet. Everything on its way up is
        `latency_ms` later, always.
        """
        answer = await self._child.ask(
            "open_edge",
            name=name,
            protocol=protocol.value,
            upstream_port=upstream_port,
            latency_ms=latency_ms,
        )
        return int(answer["port"])

    async def retarget(self, name: str, upstream_port: int) -> None:
        """Turn an edge to another port.

        New connections go there; living HTTP connections follow as soon as no request is in flight on them, without
        the client noticing. Living PostgreSQL connections stay where they are.
        """
        await self._child.ask("retarget", name=name, upstream_port=upstream_port)

    async def counts(self, reader: str = "") -> Mapping[str, EdgeCounts]:
        """What passed each edge so far, by edge name; each `reader` has a `peak_in_flight` of its own."""
        answer = await self._child.ask("counts", reader=reader)
        return {name: EdgeCounts(**values) for name, values in answer["edges"].items()}

    async def hops(self, name: str, after: int = 0) -> tuple[Hop, ...]:
        """The latest HTTP requests of an edge with a number above `after`, oldest first; a bounded list."""
        answer = await self._child.ask("hops", name=name, after=after)
        return tuple(Hop(*row) for row in answer["hops"])

    async def impair(self, edge: str, kind: str, lasts_s: float | None = None, **intensity: float) -> float:
        """Put an impairment on an edge (`engine.packs.chaos` says which there are); one of its kind is replaced.

        It ends by itself after `lasts_s`, which is returned; None: after the longest time that its kind allows.
        Raises LabError with what is allowed.
        """
        answer = await self._child.ask("impair", name=edge, kind=kind, lasts_s=lasts_s, intensity=intensity)
        return float(answer["lasts_s"])

    async def clear(self, edge: str, kind: str) -> None:
        """Take an impairment away; nothing happens where it is not on. What it held back is passed on at once."""
        await self._child.ask("clear", name=edge, kind=kind)

    async def impairments(self) -> Mapping[str, Mapping[str, Mapping[str, float]]]:
        """What is on each edge now, by edge and kind: the intensities."""
        answer = await self._child.ask("impairments")
        found: Mapping[str, Mapping[str, Mapping[str, float]]] = answer["edges"]
        return found

    def _take(self, message: Mapping[str, Any]) -> None:
        if "over" in message:
            self._on_over(message["over"], message["kind"])
