"""The proxy process: edges opened, turned and counted by its owner's commands."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from functools import partial
from typing import Any

from engine.clock import SystemClock
from engine.lab.lines.server import LineServer, Refused, run_helper
from engine.lab.proxy.edge import Edge
from engine.lab.proxy.impairments import KINDS
from engine.packs.chaos import (
    ChaosAction,
    ChaosRefused,
    ChaosTarget,
    action_named,
    checked_duration_s,
    checked_intensity,
)
from engine.packs.topology import Protocol

_ROUND_S = 1.0


def main(arguments: Sequence[str]) -> int:
    """Run until stdin ends."""
    return run_helper(serve, fast_loop=True)


async def serve(server: LineServer) -> None:
    """Answer commands; every edge and every dial ends with this call."""
    async with asyncio.TaskGroup() as tasks:
        switchboard = Switchboard(tasks, server)
        rounds = tasks.create_task(switchboard.count_rounds(), name="rounds")
        await server.serve(switchboard.handle)
        rounds.cancel()
        switchboard.close()


class Switchboard:
    """All edges of one proxy, by name."""

    def __init__(self, tasks: asyncio.TaskGroup, lines: LineServer) -> None:
        self._tasks = tasks
        self._lines = lines
        self._clock = SystemClock()
        self._edges: dict[str, Edge] = {}

    async def handle(self, command: Mapping[str, Any]) -> Mapping[str, Any]:
        """Carry out one command of the owner."""
        match command["command"]:
            case "open_edge":
                return await self._open(command)
            case "retarget":
                self._edge(command["name"]).retarget(command["upstream_port"])
                return {}
            case "counts":
                return {
                    "edges": {name: _counts(edge, command["reader"]) for name, edge in self._edges.items()}
                }
            case "hops":
                hops = self._edge(command["name"]).hops.after(command["after"])
                return {"hops": [astuple(hop) for hop in hops]}
            case "impair":
                return self._impair(command)
            case "clear":
                self._edge(command["name"]).clear(_network_action(command["kind"]).name)
                return {}
            case "impairments":
                return {"edges": {name: edge.impairments() for name, edge in self._edges.items()}}
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

    async def _open(self, command: Mapping[str, Any]) -> Mapping[str, Any]:
        name = command["name"]
        if name in self._edges:
            raise Refused(f"the edge {name!r} is open already")
        edge = Edge(
            Protocol(command["protocol"]), command["upstream_port"], self._tasks, self._clock,
            command["latency_ms"], partial(self._tell_over, name),
        )  # fmt: skip
        port = await edge.listen()
        self._edges[name] = edge
        return {"port": port}

    def _impair(self, command: Mapping[str, Any]) -> Mapping[str, Any]:
        edge = self._edge(command["name"])
        try:
            action = _network_action(command["kind"])
            intensity = checked_intensity(action, command["intensity"])
            lasts_s = checked_duration_s(action, command["lasts_s"])
        except ChaosRefused as refused:
            raise Refused(str(refused)) from refused
        if action.target is ChaosTarget.UPSTREAM and edge.protocol is not Protocol.HTTP:
            raise Refused(f"{action.name} needs an edge that carries HTTP; {command['name']} does not")
        edge.impair(action.name, intensity, lasts_s)
        return {"lasts_s": lasts_s}

    def _tell_over(self, name: str, kind: str) -> None:
        self._lines.send({"over": name, "kind": kind})

    def _edge(self, name: str) -> Edge:
        if name not in self._edges:
            raise Refused(f"no edge {name!r}; open: {', '.join(self._edges) or 'none'}")
        return self._edges[name]


def _network_action(kind: str) -> ChaosAction:
    if kind not in KINDS:
        raise Refused(f"there is no {kind!r} for an edge; there are: {', '.join(KINDS)}")
    return action_named(kind)


def _counts(edge: Edge, reader: str) -> Mapping[str, Any]:
    return {**edge.tally.as_message(), "peak_in_flight": edge.peaks.take(reader)}
