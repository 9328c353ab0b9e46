"""One process of a service, seen from its owner: its spec, its readiness, its control channel, its end."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.lab.child import Child
from engine.lab.child_process import end, kill_signal, ladder, signal_group
from engine.lab.data_folders import QUOTA_BYTES
from engine.lab.errors import HelperFailed
from engine.lab.output_log import OutputLog
from engine.lab.records import LadderStep, ServiceFailedToStart, ServiceStarted, StackFrame, ThreadGroup

_READY_WITHIN_S = 90.0
"""a service that puts an hour's rows right before it answers takes a while"""
_STACKS_WITHIN_S = 5.0
_AFTER_GRACE_S = 3.5
"""for the last telemetry, and some"""


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """What to run: a source folder, the environment that its code sees, where its telemetry goes, and the folder in
    which it may keep files (its `DATA_DIR`), up to a quota."""

    name: str
    source: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    otlp_endpoint: str | None = None
    grace_s: float = 3.0
    """how long a stop waits for requests in flight"""
    data_folder: Path | None = None
    data_quota_bytes: int = QUOTA_BYTES

    def spec(self) -> dict[str, Any]:
        """What the service runner reads as its first line."""
        data = str(self.data_folder.resolve()) if self.data_folder else ""
        return {
            "name": self.name,
            "source": str(self.source.resolve()),
            "environment": {**self.environment, **({"DATA_DIR": data} if data else {})},
            "data_folder": data,
            "data_quota_bytes": self.data_quota_bytes,
            "otlp_endpoint": self.otlp_endpoint,
            "grace_s": self.grace_s,
        }


class ServiceProcess:
    """A launched service. `asked_to_end` tells its end from a crash."""

    def __init__(
        self, plan: ServicePlan, child: Child, output: OutputLog, report: Callable[[LadderStep], None]
    ) -> None:
        self.plan = plan
        self.asked_to_end = False
        self.started: ServiceStarted | None = None
        self._child = child
        self._output = output
        self._report = report
        self._numbers = itertools.count(1)
        self._stacks: dict[int, asyncio.Future[tuple[ThreadGroup, ...]]] = {}
        loop = asyncio.get_running_loop()
        self._launched_s = loop.time()
        self._outcome: asyncio.Future[ServiceStarted | ServiceFailedToStart] = loop.create_future()

    @classmethod
    def run(
        cls,
        plan: ServicePlan,
        child: Child,
        output: OutputLog,
        tasks: asyncio.TaskGroup,
        report: Callable[[LadderStep], None],
    ) -> ServiceProcess:
        """Hand the plan to a launched child and follow it to its end in a task of `tasks`."""
        process = cls(plan, child, output, report)
        process._send(plan.spec())
        tasks.create_task(process._follow(), name=f"follow {plan.name} {child.pid}")
        return process

    @property
    def pid(self) -> int:
        """The process id."""
        return self._child.pid

    @property
    def ended(self) -> asyncio.Future[int]:
        """The exit code, when there is one."""
        return self._child.ended

    async def ready(self) -> ServiceStarted | ServiceFailedToStart:
        """Wait until it answers or has failed; one that does neither is ended."""
        await asyncio.wait((self._outcome,), timeout=_READY_WITHIN_S)
        if not self._outcome.done():
            text = "\n".join(self._output.tail())
            reason = f"not ready within {_READY_WITHIN_S:.0f} s"
            self._settle(ServiceFailedToStart(self.plan.name, reason, text))
        outcome = self._outcome.result()
        if isinstance(outcome, ServiceFailedToStart):
            await self.stop()
        return outcome

    async def stacks(self) -> tuple[ThreadGroup, ...]:
        """Its threads, grouped; the largest group first. Raises HelperFailed if it does not answer."""
        number = next(self._numbers)
        answer: asyncio.Future[tuple[ThreadGroup, ...]] = asyncio.get_running_loop().create_future()
        self._stacks[number] = answer
        self._send({"command": "stacks", "id": number})
        try:
            return await asyncio.wait_for(answer, _STACKS_WITHIN_S)
        except TimeoutError:
            name = self.plan.name
            raise HelperFailed(f"{name} gave no thread dump", f"process {self.pid}", "Restart it.") from None
        finally:
            del self._stacks[number]

    def drain(self) -> None:
        """Tell it to end its connections with their next answer."""
        self._send({"command": "drain"})

    async def stop(self) -> None:
        """Ask, terminate, kill; returns when it is gone."""
        self.asked_to_end = True
        rungs = ladder(
            self.pid, lambda: self._send({"command": "stop"}), ask_s=self.plan.grace_s + _AFTER_GRACE_S
        )
        await end(self.plan.name, self.pid, self.ended, rungs, self._report)

    def _send(self, message: Mapping[str, Any]) -> None:
        if not self.ended.done():
            self._child.commands.write(json.dumps(message).encode() + b"\n")

    async def _follow(self) -> None:
        async with asyncio.TaskGroup() as readers:
            readers.create_task(self._output.drain(self._child.output), name=f"{self.plan.name}: output")
            readers.create_task(self._read_events(), name=f"{self.plan.name}: events")
            await asyncio.shield(self.ended)
            # What it left running in its group would hold its pipes, ports and rows.
            signal_group(self.pid, kill_signal())
        code = self.ended.result()
        text = "\n".join(self._output.tail())
        self._settle(ServiceFailedToStart(self.plan.name, f"ended with exit code {code}", text))
        self._child.close()

    async def _read_events(self) -> None:
        async for line in self._child.events:
            event = json.loads(line)
            match event["event"]:
                case "ready":
                    self._settle(self._as_started(event))
                case "failed":
                    self._settle(_as_failed(self.plan.name, event))
                case "stacks" if event["id"] in self._stacks:
                    self._stacks[event["id"]].set_result(_as_groups(event["groups"]))

    def _settle(self, outcome: ServiceStarted | ServiceFailedToStart) -> None:
        if not self._outcome.done():
            self.started = outcome if isinstance(outcome, ServiceStarted) else None
            self._outcome.set_result(outcome)

    def _as_started(self, event: Mapping[str, Any]) -> ServiceStarted:
        seconds = asyncio.get_running_loop().time() - self._launched_s
        return ServiceStarted(self.plan.name, self.pid, event["port"], event["source_hash"], seconds)


def _as_failed(name: str, event: Mapping[str, Any]) -> ServiceFailedToStart:
    return ServiceFailedToStart(name, event["reason"], event["traceback"], event["file"], event["line"])


def _as_groups(groups: list[dict[str, Any]]) -> tuple[ThreadGroup, ...]:
    return tuple(
        ThreadGroup(tuple(group["threads"]), tuple(StackFrame(**frame) for frame in group["frames"]))
        for group in groups
    )
