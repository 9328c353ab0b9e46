"""The owner's side of the chaos proxy."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Self

from engine.lab.lines.child import LineChild, OnExit, ignore_exit
from engine.lab.proxy.records import EdgeCounts, Hop
from engine.packs.records import Protocol


class Proxy:
    """The proxy process: every edge of a service graph gets a listening port of its own on 127.0.0.1.

    `async with Proxy(run_id) as proxy:`, or `start` and `stop`. Calls raise HelperFailed once the process is gone and
    LabError where it refuses; `on_exit(exit code, last lines of stderr)` is called if it ends by itself.
    """

    def __init__(self, run_id: str, on_exit: OnExit = ignore_exit) -> None:
        self._child = LineChild("proxy", run_id, on_exit=on_exit)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start the process and wait until it takes commands."""
        await self._child.start()

    async def stop(self) -> None:
        """End the process and every connection through it; safe to call twice."""
        await self._child.stop()

    @property
    def pid(self) -> int | None:
        """The proxy's process id, or None before the start."""
        return self._child.pid

    async def open_edge(self, name: str, protocol: Protocol, upstream_port: int) -> int:
        """Listen for an edge and pass it on to `upstream_port` of 127.0.0.1; returns the listening port.

        The upstream is dialled when a client needs it, so it need not be there yet.
        """
        answer = await self._child.ask(
            "open_edge", name=name, protocol=protocol.value, upstream_port=upstream_port
        )
        return int(answer["port"])

    async def retarget(self, name: str, upstream_port: int) -> None:
        """Turn an edge to another port.

        New connections go there; living HTTP connections follow as soon as no request is in flight on them, without
        the client noticing. Living PostgreSQL connections stay where they are.
        """
        await self._child.ask("retarget", name=name, upstream_port=upstream_port)

    async def counts(self) -> Mapping[str, EdgeCounts]:
        """What passed each edge so far, by edge name."""
        answer = await self._child.ask("counts")
        return {name: EdgeCounts(**values) for name, values in answer["edges"].items()}

    async def hops(self, name: str, after: int = 0) -> tuple[Hop, ...]:
        """The latest HTTP requests of an edge with a number above `after`, oldest first; a bounded list."""
        answer = await self._child.ask("hops", name=name, after=after)
        return tuple(Hop(*row) for row in answer["hops"])
