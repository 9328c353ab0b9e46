"""The zygote and what it forks end with their owner."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from engine.lab.child import Child
from engine.lab.spawn import Spawn
from engine.lab.zygote import Zygote

pytestmark = pytest.mark.skipif(os.name == "nt", reason="forks")


async def _ready(child: Child, source: Path) -> dict[str, object]:
    spec = {"name": "answer", "source": str(source), "environment": {}, "otlp_endpoint": None}
    child.commands.write(json.dumps(spec).encode() + b"\n")
    event: dict[str, object] = json.loads(await child.events.readline())
    return event


def test_that_the_end_of_its_socket_ends_the_zygote_and_its_children(
    tmp_path: Path, run_id: str, answering: Callable[[int], Path]
) -> None:
    async def scenario() -> None:
        async with asyncio.TaskGroup() as tasks:
            zygote = Zygote(run_id, tmp_path / "zygote.log", tasks)
            await zygote.start()
            first, second = await zygote.launch(), await zygote.launch()
            assert (await _ready(first, answering(1)))["event"] == "ready"
            await zygote.stop()
            assert {await first.ended, await second.ended} == {-9}
            assert not psutil.pid_exists(first.pid)
            first.close()
            second.close()

    asyncio.run(scenario())


def test_that_a_killed_zygote_takes_its_children_along_and_is_started_again(
    tmp_path: Path, run_id: str, answering: Callable[[int], Path]
) -> None:
    async def scenario() -> None:
        async with asyncio.TaskGroup() as tasks:
            zygote = Zygote(run_id, tmp_path / "zygote.log", tasks)
            await zygote.start()
            child = await zygote.launch()
            assert zygote.pid is not None
            os.kill(zygote.pid, signal.SIGKILL)
            assert await child.ended == -9
            child.close()
            again = await zygote.launch()
            assert (await _ready(again, answering(1)))["event"] == "ready"
            await zygote.stop()
            again.close()

    asyncio.run(scenario())


def test_that_the_zygote_has_one_thread_and_no_open_connection(tmp_path: Path, run_id: str) -> None:
    async def scenario() -> None:
        async with asyncio.TaskGroup() as tasks:
            zygote = Zygote(run_id, tmp_path / "zygote.log", tasks)
            await zygote.start()
            assert zygote.pid is not None
            process = psutil.Process(zygote.pid)
            assert process.num_threads() == 1
            assert process.net_connections() == []
            await zygote.stop()
        assert (tmp_path / "zygote.log").read_text() == ""

    asyncio.run(scenario())


def test_that_a_guarded_process_gets_its_signal_when_the_zygote_ends(tmp_path: Path, run_id: str) -> None:
    command = [sys.executable, "-c", "import signal; signal.pause()"]

    async def scenario() -> None:
        async with asyncio.TaskGroup() as tasks:
            zygote = Zygote(run_id, tmp_path / "zygote.log", tasks)
            await zygote.start()
            await zygote.guard(guarded.pid, signal.SIGTERM)
            await zygote.stop()

    with subprocess.Popen(command, start_new_session=True) as guarded:
        asyncio.run(scenario())
        assert guarded.wait(10) == -signal.SIGTERM


def test_that_a_cold_start_has_the_same_interface(run_id: str, answering: Callable[[int], Path]) -> None:
    async def scenario() -> None:
        async with asyncio.TaskGroup() as tasks:
            spawn = Spawn(run_id, tasks)
            await spawn.start()
            child = await spawn.launch()
            assert (await _ready(child, answering(1)))["event"] == "ready"
            child.commands.write(b'{"command": "stop"}\n')
            assert await child.ended == 0
            child.close()
            orphan = await spawn.launch()
            assert (await _ready(orphan, answering(1)))["event"] == "ready"
            orphan.close()
            assert await orphan.ended == 0

    asyncio.run(scenario())
