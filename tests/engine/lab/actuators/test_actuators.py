"""What is done to services and to the host: real processes, real files, and an undo that is read back."""

from __future__ import annotations

import asyncio
import dataclasses
import os
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

import psutil
import pytest

from engine.lab.actuators import Actuators, Place
from engine.lab.actuators.table import ACTUATORS
from engine.lab.actuators.undoing import is_still_on_after_undo
from engine.lab.data_folders import BALLAST, ROTATED_LOG, empty, remove_leftovers, set_in_the_way, used_bytes
from engine.lab.errors import HelperFailed, LabError
from engine.lab.sweep import find_processes, sweep

StandingService = Callable[[str], Place]
Eventually = Callable[[Callable[[], bool | Awaitable[bool]]], Awaitable[None]]


def run(scenario: Coroutine[Any, Any, None]) -> None:
    async def limited() -> None:
        async with asyncio.timeout(90):
            await scenario

    asyncio.run(limited())


def jobs(run_id: str) -> list[psutil.Process]:
    return [process for process, _ in find_processes(run_id) if "job" in process.cmdline()]


def is_frozen(place: Place) -> bool:
    return psutil.Process(place.pid).status() == psutil.STATUS_STOPPED


def test_that_a_cpu_spike_burns_no_more_than_asked_at_the_lowest_priority_and_is_gone_after_its_undo(
    run_id: str, eventually: Eventually
) -> None:
    async def scenario() -> None:
        async with Actuators(run_id) as actuators:
            applied = await actuators.apply("cpu_spike", Place(run_id, "1"), 60, percent=20)
            assert applied.detail == "one job takes 20 % of one core"
            (job,) = jobs(run_id)
            began_s, began_cpu_s = asyncio.get_running_loop().time(), sum(job.cpu_times()[:2])
            if os.name == "posix":
                assert job.nice() == 19
            await eventually(lambda: sum(job.cpu_times()[:2]) - began_cpu_s > 0.2)
            passed_s = asyncio.get_running_loop().time() - began_s
            assert sum(job.cpu_times()[:2]) - began_cpu_s < 0.2 * passed_s + 0.1
            assert await actuators.active() == {"1": True}
            assert await actuators.undo("1") is False
            assert await actuators.undo("1") is False
            assert await actuators.active() == {}
            assert jobs(run_id) == []

    run(scenario())


def test_that_memory_pressure_really_holds_memory_and_gives_it_back(run_id: str) -> None:
    async def scenario() -> None:
        async with Actuators(run_id) as actuators:
            applied = await actuators.apply("memory_pressure", Place(run_id, "1"), 60, mb=64)
            assert applied.detail == "one job holds 64 MB"
            (job,) = jobs(run_id)
            assert job.memory_info().rss > 64_000_000
            assert await actuators.undo("1") is False
            assert jobs(run_id) == []

    run(scenario())


def test_that_memory_of_the_reserve_is_never_taken(run_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.lab.actuators.memory_pressure.reserve_bytes", lambda: 1 << 60)

    async def scenario() -> None:
        with pytest.raises(Exception, match="too little free memory"):
            await ACTUATORS["memory_pressure"](Place(run_id, "1"), {"mb": 64.0}, 60.0).apply()

    run(scenario())


def test_that_a_frozen_service_stands_still_and_is_thawed(
    run_id: str, standing_service: StandingService
) -> None:
    place = standing_service("1")

    async def scenario() -> None:
        async with Actuators(run_id) as actuators:
            await actuators.apply("freeze", place, 60)
            assert is_frozen(place)
            assert await actuators.active() == {"1": True}
            assert await actuators.undo("1") is False
            assert not is_frozen(place)

    run(scenario())


def test_that_a_kill_happens_once_and_leaves_nothing_to_undo(
    run_id: str, standing_service: StandingService, eventually: Eventually
) -> None:
    place = standing_service("1")

    async def scenario() -> None:
        async with Actuators(run_id) as actuators:
            await actuators.apply("kill", place)
            await eventually(lambda: psutil.Process(place.pid).status() == psutil.STATUS_ZOMBIE)
            assert await actuators.undo("1") is False
            with pytest.raises(LabError, match="stand-in is not running"):
                await actuators.apply("freeze", dataclasses.replace(place, order_id="2"))

    run(scenario())


@pytest.mark.parametrize("action", ["kill", "freeze"])
def test_that_a_process_of_another_run_or_another_age_is_never_touched(
    run_id: str, standing_service: StandingService, action: str
) -> None:
    place = standing_service("1")

    async def scenario() -> None:
        async with Actuators(run_id) as actuators:
            for stranger in (
                dataclasses.replace(place, run_id="another"),
                dataclasses.replace(place, created=place.created - 100),
                dataclasses.replace(place, pid=os.getpid()),
            ):
                with pytest.raises(LabError, match="is not running"):
                    await actuators.apply(action, stranger)

    run(scenario())
    assert psutil.Process(place.pid).status() == psutil.STATUS_SLEEPING


def test_that_disk_pressure_fills_the_quota_and_not_more(
    run_id: str, standing_service: StandingService
) -> None:
    place = standing_service("1")
    folder = Path(place.folder)
    (folder / "own").write_bytes(bytes(100_000))

    async def scenario() -> None:
        async with Actuators(run_id) as actuators:
            applied = await actuators.apply("disk_pressure", place, 60, percent=90)
            assert applied.detail == "0.8 MB more in the folder of stand-in"
            assert used_bytes(folder) == 900_000
            assert await actuators.undo("1") is False
            assert [path.name for path in folder.iterdir()] == ["own"]

    run(scenario())


def test_that_a_rotated_log_is_out_of_the_way_and_comes_back(
    run_id: str, standing_service: StandingService
) -> None:
    place = standing_service("1")
    rotated = Path(place.folder) / ROTATED_LOG
    rotated.write_text("yesterday")

    async def scenario() -> None:
        async with Actuators(run_id) as actuators:
            await actuators.apply("log_rotation", place, 60)
            log = Path(place.folder) / "service.log"
            log.write_text("today")
            with pytest.raises(OSError, match=str(rotated)):
                log.replace(rotated)
            assert await actuators.undo("1") is False
            assert rotated.read_text() == "yesterday"

    run(scenario())


def test_that_several_at_once_end_by_themselves_and_tell(
    run_id: str, standing_service: StandingService, eventually: Eventually
) -> None:
    over: dict[str, bool] = {}

    async def scenario() -> None:
        async with Actuators(run_id, on_over=over.__setitem__) as actuators:
            await actuators.apply("freeze", standing_service("1"), 0.3)
            await actuators.apply("disk_pressure", standing_service("2"), 0.3)
            await actuators.apply("cpu_spike", Place(run_id, "3"), 0.3)
            await eventually(lambda: len(over) == 3)
            assert await actuators.active() == {}
        assert over == {"1": False, "2": False, "3": False}

    run(scenario())
    assert not is_frozen(standing_service("1"))
    assert list(Path(standing_service("1").folder).iterdir()) == []


@pytest.mark.parametrize(
    ("action", "lasts_s", "intensity", "words"),
    [
        (
            "cpu_spike",
            None,
            {"percent": 400},
            "percent = 400 is out of bounds. Allowed: 5 to 100 % of one core",
        ),
        ("memory_pressure", None, {"mb": 9000}, "Allowed: 16 to 2048 MB"),
        ("disk_pressure", None, {"percent": 101}, "Allowed: 1 to 100 %"),
        ("freeze", 3600, {}, "cannot last 3600 s. Allowed: more than 0 and up to 120 s"),
        ("latency", None, {}, "there is no 'latency' for a service or the host; there are: cpu_spike"),
    ],
)
def test_that_what_is_out_of_bounds_is_refused_in_words(
    run_id: str, standing_service: StandingService, action: str, lasts_s: float | None,
    intensity: dict[str, float], words: str,
) -> None:  # fmt: skip
    async def scenario() -> None:
        async with Actuators(run_id) as actuators:
            with pytest.raises(LabError, match=words):
                await actuators.apply(action, standing_service("1"), lasts_s, **intensity)
            assert await actuators.active() == {}

    run(scenario())


def test_that_everything_is_undone_when_the_owner_stops(
    run_id: str, standing_service: StandingService
) -> None:
    async def scenario() -> None:
        async with Actuators(run_id) as actuators:
            await actuators.apply("freeze", standing_service("1"))
            await actuators.apply("disk_pressure", standing_service("2"))
            await actuators.apply("log_rotation", standing_service("3"))
            await actuators.apply("cpu_spike", Place(run_id, "4"))
            await actuators.apply("memory_pressure", Place(run_id, "5"), mb=32)

    run(scenario())
    assert not is_frozen(standing_service("1"))
    assert list(Path(standing_service("1").folder).iterdir()) == []
    assert jobs(run_id) == []


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_that_a_terminated_helper_undoes_everything_first(
    run_id: str, standing_service: StandingService, eventually: Eventually
) -> None:
    ended: list[int] = []

    async def scenario() -> None:
        async with Actuators(run_id, lambda code, lines: ended.append(code)) as actuators:
            await actuators.apply("freeze", standing_service("1"))
            await actuators.apply("disk_pressure", standing_service("2"))
            psutil.Process(actuators.pid).terminate()
            await eventually(lambda: ended == [0])
            with pytest.raises(HelperFailed):
                await actuators.undo("1")

    run(scenario())
    assert not is_frozen(standing_service("1"))
    assert not (Path(standing_service("1").folder) / BALLAST).exists()


def test_that_what_a_killed_helper_left_is_undone_by_anybody(
    run_id: str, standing_service: StandingService, eventually: Eventually
) -> None:
    place = standing_service("1")
    ended: list[int] = []

    async def scenario() -> None:
        async with Actuators(run_id, lambda code, lines: ended.append(code)) as actuators:
            await actuators.apply("freeze", place)
            await actuators.apply("disk_pressure", standing_service("2"))
            await actuators.apply("log_rotation", standing_service("3"))
            await actuators.apply("cpu_spike", Place(run_id, "4"))
            psutil.Process(actuators.pid).kill()
            await eventually(lambda: len(ended) == 1)
        assert is_frozen(place)
        for number, action in enumerate(("freeze", "disk_pressure", "log_rotation", "cpu_spike"), 1):
            actuator = ACTUATORS[action](dataclasses.replace(place, order_id=str(number)), {}, 0.0)
            assert await is_still_on_after_undo(actuator) is False

    run(scenario())
    assert not is_frozen(place)
    assert list(Path(place.folder).iterdir()) == []
    assert jobs(run_id) == []


def test_that_a_sweep_ends_frozen_processes_and_leftovers_in_folders_are_removed(
    run_id: str, standing_service: StandingService, tmp_path: Path
) -> None:
    place = standing_service("1")
    folder = Path(place.folder)
    psutil.Process(place.pid).suspend()
    (folder / BALLAST).write_bytes(bytes(1000))
    (folder / ROTATED_LOG).write_text("yesterday")
    set_in_the_way(folder)
    assert place.pid in {swept.pid for swept in sweep(run_id)}
    assert set(remove_leftovers(tmp_path)) == {folder / BALLAST, folder / ROTATED_LOG}
    assert remove_leftovers(tmp_path) == ()
    assert (folder / ROTATED_LOG).read_text() == "yesterday"
    assert used_bytes(folder) == len("yesterday")


def test_that_an_emptied_folder_keeps_what_chaos_has_there(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "a"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "file").write_text("x")
    (folder / ROTATED_LOG).write_text("yesterday")
    set_in_the_way(folder)
    (folder / BALLAST).write_bytes(b"x")
    empty(folder)
    assert remove_leftovers(tmp_path) == (folder / BALLAST, folder / ROTATED_LOG)
    assert [path.name for path in folder.iterdir()] == [ROTATED_LOG]
    empty(folder)
    assert list(folder.iterdir()) == []
