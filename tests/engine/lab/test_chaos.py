"""All chaos through one face, in a whole environment, and what is left of it: nothing."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from engine.lab.data_folders import BALLAST, LOG_FILE, ROTATED_LOG, data_folder
from engine.lab.environment import Environment, EnvironmentSettings
from engine.lab.modes import ROOT, child_environment
from engine.lab.records import (
    ChaosApplied,
    ChaosEnd,
    ChaosEnded,
    ChaosOrder,
    HostSampled,
    LabEvent,
    ServiceRestarted,
)
from engine.lab.sweep import find_processes
from engine.packs.chaos import ACTIONS, ChaosRefused
from engine.packs.records import Pack

MakePack = Callable[[Mapping[str, Path]], Pack]
Eventually = Callable[[Callable[[], bool | Awaitable[bool]]], Awaitable[None]]
Running = Callable[[], AbstractAsyncContextManager["Lab"]]
EDGE = "gateway->billing"


class Lab:
    """A running environment and what it told."""

    def __init__(self, environment: Environment, events: list[LabEvent]) -> None:
        self.environment = environment
        self.events = events

    async def apply(
        self, action: str, target: str = "", lasts_s: float | None = None, **intensity: float
    ) -> None:
        await self.environment.chaos.apply(ChaosOrder(action, action, target, intensity, lasts_s))

    async def on(self) -> dict[str, bool]:
        return {chaos.order.id: chaos.is_on for chaos in await self.environment.chaos.active()}

    def ended(self) -> dict[str, tuple[ChaosEnd, bool]]:
        ends = [event for event in self.events if isinstance(event, ChaosEnded)]
        assert len({end.order.id for end in ends}) == len(ends)
        return {end.order.id: (end.why, end.is_off) for end in ends}

    def pid(self, service: str) -> int:
        return next(status.pid or 0 for status in self.environment.statuses() if status.name == service)

    async def serves(self) -> bool:
        async with httpx.AsyncClient(base_url=self.environment.url("gateway"), trust_env=False) as client:
            return "rows" in (await client.get("/rows")).json()


@pytest.fixture
def running(tmp_path: Path, run_id: str, make_pack: MakePack, small_sources: dict[str, Path]) -> Running:
    """`async with running() as lab:` the small pack's environment, started."""

    @asynccontextmanager
    async def enter() -> AsyncIterator[Lab]:
        events: list[LabEvent] = []
        settings = EnvironmentSettings(run_id, tmp_path / "live")
        async with asyncio.timeout(120), Environment(settings, events.append) as environment:
            await environment.start(make_pack(small_sources).topology, small_sources)
            yield Lab(environment, events)

    return enter


def test_that_actions_of_every_kind_are_on_are_undone_and_are_read_back(
    running: Running, tmp_path: Path, eventually: Eventually
) -> None:
    async def scenario() -> None:
        async with running() as lab:
            assert await lab.serves()
            await lab.apply("upstream_errors", EDGE, percent=100)
            await lab.apply("disk_pressure", "billing", percent=50)
            await lab.apply("cpu_spike", percent=30)
            assert await lab.on() == {"upstream_errors": True, "disk_pressure": True, "cpu_spike": True}
            assert not await lab.serves()
            folder = data_folder(tmp_path / "live", "billing")
            assert (folder / BALLAST).stat().st_size > 30_000_000
            assert (folder / LOG_FILE).exists()
            again = await lab.environment.chaos.undo("upstream_errors")
            assert (again.is_off, again.why) == (True, ChaosEnd.UNDONE)
            assert await lab.environment.chaos.undo("upstream_errors") == again
            assert await lab.serves()
            await lab.environment.chaos.undo_all()
            assert await lab.on() == {}
            assert not (folder / BALLAST).exists()
            assert set(lab.ended().values()) == {(ChaosEnd.UNDONE, True)}
            assert len([event for event in lab.events if isinstance(event, ChaosApplied)]) == 3
            await eventually(lambda: any(isinstance(event, HostSampled) for event in lab.events))

    asyncio.run(scenario())


def test_that_a_frozen_service_thaws_by_itself_and_a_killed_one_comes_back(
    running: Running, eventually: Eventually
) -> None:
    async def scenario() -> None:
        async with running() as lab:
            await lab.apply("freeze", "billing", 0.5)
            await lab.apply("latency", EDGE, 0.5, delay_ms=10)
            await lab.apply("kill", "gateway")
            await eventually(lambda: len(lab.ended()) == 2)
            assert lab.ended() == {
                "freeze": (ChaosEnd.TIME_OVER, True), "latency": (ChaosEnd.TIME_OVER, True),
            }  # fmt: skip
            assert psutil.Process(lab.pid("billing")).status() != psutil.STATUS_STOPPED
            await eventually(lambda: any(isinstance(event, ServiceRestarted) for event in lab.events))
            assert (await lab.environment.chaos.undo("kill")).is_off
            assert await lab.serves()

    asyncio.run(scenario())


def test_that_orders_that_cannot_be_are_refused_with_what_is_allowed(running: Running) -> None:
    async def scenario() -> None:
        async with running() as lab:
            for action, target, words in (
                (
                    "latency",
                    "billing",
                    "'billing'. Allowed: clients->gateway, gateway->billing, billing->postgres",
                ),
                ("upstream_slow", "billing->postgres", "Allowed: clients->gateway, gateway->billing."),
                ("freeze", EDGE, "Allowed: gateway, billing."),
                ("cpu_spike", "billing", "Allowed: no target: it acts on the host."),
                ("meteor", "", "There is no chaos action 'meteor'"),
            ):
                with pytest.raises(ChaosRefused) as refused:
                    await lab.apply(action, target)
                assert words in str(refused.value)
            await lab.apply("latency", EDGE)
            with pytest.raises(ChaosRefused, match="is on already, as 'latency'"):
                await lab.environment.chaos.apply(ChaosOrder("2", "latency", EDGE))
            with pytest.raises(ChaosRefused, match="order 'latency' already"):
                await lab.apply("latency", "clients->gateway")
            with pytest.raises(ChaosRefused, match="no order '9'"):
                await lab.environment.chaos.undo("9")
            assert await lab.on() == {"latency": True}

    asyncio.run(scenario())


def test_that_the_end_of_its_helper_is_noticed_undone_from_outside_and_survived(
    running: Running, run_id: str, tmp_path: Path, eventually: Eventually
) -> None:
    async def scenario() -> None:
        async with running() as lab:
            await lab.apply("freeze", "billing")
            await lab.apply("disk_pressure", "billing")
            await lab.apply("log_rotation", "gateway")
            await lab.apply("cpu_spike")
            _helper(run_id).kill()
            await eventually(lambda: len(lab.ended()) == 4)
            assert set(lab.ended().values()) == {(ChaosEnd.HELPER_GONE, True)}
            assert await lab.serves()
            assert _leftovers(tmp_path) == []
            await lab.environment.chaos.apply(ChaosOrder("again", "disk_pressure", "billing"))
            assert await lab.on() == {"again": True}

    asyncio.run(scenario())
    assert _leftovers(tmp_path) == []


def test_that_nothing_is_left_when_the_environment_ends_by_an_error(running: Running, tmp_path: Path) -> None:
    ended: dict[str, tuple[ChaosEnd, bool]] = {}

    async def scenario() -> None:
        lab: Lab | None = None
        try:
            async with running() as lab:
                await lab.apply("freeze", "billing")
                await lab.apply("disk_pressure", "billing")
                await lab.apply("blackhole", EDGE)
                raise RuntimeError("the body failed")
        finally:
            assert lab is not None
            ended.update(lab.ended())

    with pytest.raises(RuntimeError, match="the body failed"):
        asyncio.run(scenario())
    assert ended == dict.fromkeys(
        ("freeze", "disk_pressure", "blackhole"), (ChaosEnd.ENVIRONMENT_ENDED, True)
    )
    assert _leftovers(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_that_nothing_of_any_action_is_left_after_the_owner_was_killed(
    tmp_path: Path, run_id: str, make_pack: MakePack, small_sources: dict[str, Path]
) -> None:
    (tmp_path / "pack.pickle").write_bytes(pickle.dumps(make_pack(small_sources)))
    program = Path(__file__).with_name("chaos_owner_program.py")
    environment = {**child_environment("the owner itself carries another id"), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, str(program), str(tmp_path), run_id], env=environment, stdout=subprocess.PIPE, text=True
    ) as owner:  # fmt: skip
        assert owner.stdout is not None
        on = owner.stdout.readline().split()
        assert set(on) == set(ACTIONS) - {"kill"}
        assert sorted(_leftovers(tmp_path)) == [BALLAST, ROTATED_LOG]
        started = [process for process, _ in find_processes(run_id)]
        assert any(process.status() == psutil.STATUS_STOPPED for process in started)
        assert sum("job" in process.cmdline() for process in started) == 2
        owner.send_signal(signal.SIGKILL)
        _, alive = psutil.wait_procs(started, timeout=15)
    assert alive == []
    assert find_processes(run_id) == []
    assert _leftovers(tmp_path) == []


def _helper(run_id: str) -> psutil.Process:
    return next(process for process, _ in find_processes(run_id) if "actuators" in process.cmdline())


def _leftovers(tmp_path: Path) -> list[str]:
    """What chaos has in the services' folders."""
    found = (tmp_path / "live" / "data").glob("*/*")
    return [path.name for path in found if path.name == BALLAST or path.is_dir()]
