"""The proxy process: edges opened, turned and counted by its owner's commands."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from typing import Any

from engine.clock import SystemClock
from engine.lab.lines.server import LineServer, Refused, run_helper
from engine.lab.proxy.edge import Edge
from engine.packs.records import Protocol

_ROUND_S = 1.0


def main(arguments: Sequence[str]) -> int:
    """Run until stdin ends."""
    return run_helper(serve, fast_loop=True)


async def serve(server: LineServer) -> None:
    """Answer commands; every edge and every dial ends with this call."""
    async with asyncio.TaskGroup() as tasks:
        switchboard = Switchboard(tasks)
        rounds = tasks.create_task(switchboard.count_rounds(), name="rounds")
        await server.serve(switchboard.handle)
        rounds.cancel()
        switchboard.close()


class Switchboard:
    """All edges of one proxy, by name."""

    def __init__(self, tasks: asyncio.TaskGroup) -> None:
        self._tasks = tasks
        self._clock = SystemClock()
        self._edges: dict[str, Edge] = {}

    async def handle(self, command: Mapping[str, Any]) -> Mapping[str, Any]:
        """Carry out one command of the owner."""
        match command["command"]:
            case "open_edge":
                return await self._open(
                    command["name"], Protocol(command["protocol"]), command["upstream_port"]
                )
            case "retarget":
                self._edge(command["name"]).retarget(command["upstream_port"])
                return {}
            case "counts":
                return {"edges": {name: edge.tally.as_message() for name, edge in self._edges.items()}}
            case "hops":
                hops = self._edge(command["name"]).hops.after(command["after"])
                return {"hops": [astuple(hop) for hop in hops]}
            case unknown:
                raise Refused(f"the proxy knows no command {unknown!r}")

    async def count_rounds(self) -> None:
        """Once a second, let every edge drop what it holds for nothing."""
        while True:
            await asyncio.sleep(_ROUND_S)
            for edge in self._edges.values():
                edge.end_round()

    def close(self) -> None:
        """End every edge."""
        for edge in self._edges.values():
            edge.close()

    async def _open(self, name: str, protocol: Protocol, upstream_port: int) -> Mapping[str, Any]:
        if name in self._edges:
            raise Refused(f"the edge {name!r} is open already")
        edge = Edge(protocol, upstream_port, self._tasks, self._clock)
        port = await edge.listen()
        self._edges[name] = edge
        return {"port": port}

    def _edge(self, name: str) -> Edge:
        if name not in self._edges:
            raise Refused(f"no edge {name!r}; open: {', '.join(self._edges) or 'none'}")
        return self._edges[name]
