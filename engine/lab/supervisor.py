"""Keeps services running: brings them up, replaces them, restarts those that end by themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.lab.errors import HelperFailed
from engine.lab.launcher import Launcher
from engine.lab.output_log import OutputLog
from engine.lab.records import (
    LabEvent,
    ServiceExited,
    ServiceFailedToStart,
    ServiceRestarted,
    ServiceStarted,
    ServiceState,
    ServiceStatus,
    ThreadGroup,
)
from engine.lab.restart_policy import RestartPolicy
from engine.lab.service_process import ServicePlan, ServiceProcess

Outcome = ServiceStarted | ServiceFailedToStart
OnMoved = Callable[[str, int], Awaitable[None]]
"""called with service and port before an old process is stopped: turn its edges there"""


@dataclass(slots=True)
class _Slot:
    """One service: what it should run, and what runs."""

    name: str
    output: OutputLog
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    plan: ServicePlan | None = None
    current: ServiceProcess | None = None
    state: ServiceState = ServiceState.STOPPED
    restarts: int = 0
    ends_s: list[float] = field(default_factory=list)
    watch: asyncio.Task[None] | None = None


class Supervisor:
    """The services of one environment. Its tasks belong to `tasks` and end with `stop_all`."""

    def __init__(
        self,
        launcher: Launcher,
        logs: Path,
        tasks: asyncio.TaskGroup,
        on_event: Callable[[LabEvent], None],
        on_moved: OnMoved,
        policy: RestartPolicy | None = None,
    ) -> None:
        self._launcher = launcher
        self._logs = logs
        self._tasks = tasks
        self._on_event = on_event
        self._on_moved = on_moved
        self._policy = policy or RestartPolicy()
        self._slots: dict[str, _Slot] = {}

    async def run(self, plan: ServicePlan) -> Outcome:
        """Bring `plan` up, beside a running version if there is one; that one ends when the new one answers."""
        slot = self._slots.get(plan.name)
        if slot is None:
            slot = _Slot(plan.name, OutputLog(self._logs / f"{plan.name}.log"))
            self._slots[plan.name] = slot
        async with slot.lock:
            return await self._bring_up(slot, plan)

    async def restart(self, name: str) -> Outcome:
        """Stop the service, then start it again from the same source. Raises KeyError for an unknown one."""
        slot = self._slots[name]
        async with slot.lock:
            await self._end_current(slot)
            assert slot.plan is not None
            return await self._bring_up(slot, slot.plan)

    async def stop(self, name: str) -> None:
        """End a service until the next `run` or `restart`. Raises KeyError for an unknown one."""
        slot = self._slots[name]
        async with slot.lock:
            await self._end_current(slot)

    async def stop_all(self) -> None:
        """End every service, side by side, and close their logs."""
        for slot in self._slots.values():
            if slot.watch:
                slot.watch.cancel()
        async with asyncio.TaskGroup() as group:
            for name in self._slots:
                group.create_task(self.stop(name), name=f"stop {name}")

    def close(self) -> None:
        """Close the logs, once every process was read to its end."""
        for slot in self._slots.values():
            slot.output.close()

    def statuses(self) -> tuple[ServiceStatus, ...]:
        """Every service, in the order in which they were first run."""
        return tuple(_status(slot) for slot in self._slots.values())

    def pids(self) -> Mapping[str, int]:
        """The process of each running service."""
        running = ((slot.name, slot.current) for slot in self._slots.values())
        return {name: process.pid for name, process in running if process and not process.ended.done()}

    async def stacks(self, name: str) -> tuple[ThreadGroup, ...]:
        """The threads of a running service. Raises KeyError, or HelperFailed if it does not run or answer."""
        process = self._slots[name].current
        if process is None or process.ended.done():
            raise HelperFailed(
                f"{name} is not running", "thread dump", "Start it or deploy a version that starts."
            )
        return await process.stacks()

    def tail(self, name: str, lines: int = 40) -> tuple[str, ...]:
        """The last lines that a service said."""
        return self._slots[name].output.tail(lines)

    async def _bring_up(self, slot: _Slot, plan: ServicePlan) -> Outcome:
        """Start a process for `plan`; only if it answers does it become the current one."""
        if slot.current is None:
            slot.state = ServiceState.STARTING
        try:
            launched = await self._launch(slot, plan)
        except HelperFailed as failure:
            launched = ServiceFailedToStart(slot.name, failure.what)
        if isinstance(launched, ServiceFailedToStart):
            if slot.current is None or slot.current.ended.done():
                slot.state = ServiceState.FAILED
            return launched
        outcome, process = launched
        old, slot.current, slot.plan, slot.state = slot.current, process, plan, ServiceState.RUNNING
        slot.watch = self._tasks.create_task(self._watch(slot, process), name=f"watch {slot.name}")
        await self._on_moved(slot.name, outcome.port)
        if old and not old.ended.done():
            old.drain()
            await old.stop()
        return outcome

    async def _launch(
        self, slot: _Slot, plan: ServicePlan
    ) -> tuple[ServiceStarted, ServiceProcess] | ServiceFailedToStart:
        child = await self._launcher.launch()
        process = ServiceProcess.run(plan, child, slot.output, self._tasks, self._on_event)
        outcome = await process.ready()
        return (outcome, process) if isinstance(outcome, ServiceStarted) else outcome

    async def _end_current(self, slot: _Slot) -> None:
        if slot.current:
            await slot.current.stop()
            slot.current = None
        slot.state = ServiceState.STOPPED

    async def _watch(self, slot: _Slot, process: ServiceProcess) -> None:
        """Wait for the end of a process; if nobody asked for it, start the service again after a pause."""
        code = await asyncio.shield(process.ended)
        while not process.asked_to_end and slot.current is process:
            now_s = asyncio.get_running_loop().time()
            slot.ends_s.append(now_s)
            pause_s = self._policy.pause_s(slot.ends_s, now_s)
            slot.state = ServiceState.FAILED if pause_s is None else ServiceState.RESTARTING
            last_lines = slot.output.tail()
            self._on_event(ServiceExited(slot.name, process.pid, code, last_lines, pause_s))
            if pause_s is None:
                return
            await asyncio.sleep(pause_s)
            async with slot.lock:
                if slot.current is process and await self._revive(slot):
                    return

    async def _revive(self, slot: _Slot) -> bool:
        """One attempt to start a dead service again; True when it answers."""
        assert slot.plan is not None
        outcome = await self._bring_up(slot, slot.plan)
        if isinstance(outcome, ServiceFailedToStart):
            self._on_event(outcome)
            return False
        slot.restarts += 1
        self._on_event(ServiceRestarted(slot.name, outcome.pid, slot.restarts))
        return True


def _status(slot: _Slot) -> ServiceStatus:
    started = slot.current.started if slot.current and not slot.current.ended.done() else None
    if started is None:
        return ServiceStatus(slot.name, slot.state, restarts=slot.restarts)
    return ServiceStatus(slot.name, slot.state, started.pid, started.port, started.source_hash, slot.restarts)
