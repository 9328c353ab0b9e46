"""Services under supervision: real processes from a real zygote, without database and proxy."""

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from engine.lab.records import (
    LadderStep,
    ServiceExited,
    ServiceFailedToStart,
    ServiceRestarted,
    ServiceStarted,
    ServiceState,
)
from engine.lab.restart_policy import RestartPolicy
from engine.lab.service_process import ServicePlan
from engine.lab.service_source import source_hash

WriteService = Callable[..., Path]


async def _get(port: int, path: str = "/answer") -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.get(f"http://127.0.0.1:{port}{path}")


def test_that_two_edits_of_one_digit_run_one_after_the_other(
    supervised: Any, play: Any, answering: Callable[[int], Path], tmp_path: Path
) -> None:
    async def scenario() -> None:
        async with supervised() as s:
            hashes, answers = [], []
            for number in (1, 2):
                source = answering(number)
                # As a copied working tree has it: the first version's bytecode and times beside the second's text.
                if number == 2:
                    first = tmp_path / "sources" / "1" / "app.py"
                    shutil.copystat(first, source / "app.py")
                outcome = await s.supervisor.run(ServicePlan("answer", source))
                assert isinstance(outcome, ServiceStarted)
                assert outcome.source_hash == source_hash(source)
                hashes.append(outcome.source_hash)
                answers.append((await _get(s.ports["answer"])).json())
                assert not list(source.rglob("*.pyc"))
            assert answers == [1, 2]
            assert hashes[0] != hashes[1]
            assert len([step for step in s.events if isinstance(step, LadderStep)]) == 1

    play(scenario())


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("x = 1\ndef f(:\n", 2, "SyntaxError"),
        ("import json\n\nrate = 1 / 0\n", 3, "ZeroDivisionError"),
        ("import sys\nsys.exit('no')\n", 2, "SystemExit"),
    ],
)  # fmt: skip
def test_that_a_source_that_cannot_be_imported_is_reported_at_its_line(
    supervised: Any,
    play: Any,
    write_service: WriteService,
    answering: Callable[[int], Path],
    text: str,
    line: int,
    words: str,
) -> None:
    async def scenario() -> None:
        async with supervised() as s:
            await s.supervisor.run(ServicePlan("answer", answering(1)))
            outcome = await s.supervisor.run(ServicePlan("answer", write_service(app=text)))
            assert isinstance(outcome, ServiceFailedToStart)
            assert (outcome.file, outcome.line) == ("app.py", line)
            assert words in outcome.reason
            assert words in outcome.traceback
            assert "service_runner" not in outcome.traceback
            assert (await _get(s.ports["answer"])).json() == 1
            assert s.supervisor.statuses()[0].state is ServiceState.RUNNING

    play(scenario())


def test_that_an_error_in_another_module_or_at_startup_names_its_place(
    supervised: Any, play: Any, write_service: WriteService
) -> None:
    broken_import = write_service(app="import rates\n", rates="TAX = 1\nTAX.missing\n")
    broken_startup = write_service(
        app="""
        from contextlib import asynccontextmanager
        from fastapi import FastAPI

        @asynccontextmanager
        async def lifespan(app):
            raise RuntimeError("no schema")
            yield

        app = FastAPI(lifespan=lifespan)
        """
    )

    async def scenario() -> None:
        async with supervised() as s:
            first = await s.supervisor.run(ServicePlan("answer", broken_import))
            second = await s.supervisor.run(ServicePlan("answer", broken_startup))
            assert (first.file, first.line) == ("rates.py", 2)
            assert (second.file, second.line) == ("app.py", 7)
            assert "no schema" in second.reason
            assert s.supervisor.statuses()[0].state is ServiceState.FAILED

    play(scenario())


def test_that_a_process_that_dies_while_starting_is_a_failure_with_its_last_words(
    supervised: Any, play: Any, write_service: WriteService
) -> None:
    source = write_service(app="import os\nprint('last words', flush=True)\nos._exit(7)\n")

    async def scenario() -> None:
        async with supervised() as s:
            outcome = await s.supervisor.run(ServicePlan("answer", source))
            assert outcome == ServiceFailedToStart("answer", "ended with exit code 7", "last words")

    play(scenario())


STUCK = """
    import threading
    from fastapi import FastAPI

    app = FastAPI()
    never = threading.Event()

    @app.get("/answer")
    def answer():
        never.wait()
"""


def test_that_stuck_workers_show_where_they_stand_and_the_service_still_ends(
    supervised: Any, play: Any, write_service: WriteService, eventually: Any
) -> None:
    async def scenario() -> None:
        async with supervised() as s:
            source = write_service(app=STUCK)
            await s.supervisor.run(ServicePlan("answer", source, {"WORKERS": "3"}, grace_s=0.1))

            async def all_are_stuck() -> bool:
                groups = await s.supervisor.stacks("answer")
                waiting = [g for g in groups if any(f.own and f.function == "answer" for f in g.frames)]
                return bool(waiting) and len(waiting[0].threads) == 3

            async with asyncio.TaskGroup() as tasks:
                asking = [tasks.create_task(_get(s.ports["answer"])) for _ in range(5)]
                await eventually(all_are_stuck)
                frame = [f for f in (await s.supervisor.stacks("answer"))[0].frames if f.own][-1]
                assert (frame.file, frame.text) == ("app.py", "never.wait()")
                for task in asking:
                    task.cancel()
            await s.supervisor.stop("answer")
            assert [step.step for step in s.events if isinstance(step, LadderStep)] == ["ask"]

    play(scenario())


def test_that_a_service_that_ignores_everything_is_killed(
    supervised: Any, play: Any, write_service: WriteService
) -> None:
    source = write_service(
        app="""
        import os
        import signal
        import time
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/answer")
        async def answer():
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
            os.kill(os.getpid(), signal.SIGSTOP)
        """
    )

    async def scenario() -> None:
        async with supervised() as s:
            outcome = await s.supervisor.run(ServicePlan("answer", source, grace_s=0.1))
            with pytest.raises(httpx.ReadTimeout):
                async with httpx.AsyncClient(trust_env=False, timeout=0.3) as client:
                    await client.get(f"http://127.0.0.1:{outcome.port}/answer")
            await s.supervisor.stop("answer")
            assert [step.step for step in s.events if isinstance(step, LadderStep)] == [
                "ask",
                "terminate",
                "kill",
            ]
            assert not psutil.pid_exists(outcome.pid)

    play(scenario())


def test_that_what_a_service_started_ends_with_it(
    supervised: Any, play: Any, write_service: WriteService, eventually: Any
) -> None:
    source = write_service(
        app="""
        import subprocess
        import sys
        from fastapi import FastAPI

        app = FastAPI()
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])

        @app.get("/answer")
        async def answer():
            return child.pid
        """
    )

    async def scenario() -> None:
        async with supervised() as s:
            await s.supervisor.run(ServicePlan("answer", source))
            child = psutil.Process((await _get(s.ports["answer"])).json())
            await s.supervisor.stop("answer")
            await eventually(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)

    play(scenario())


def test_that_a_killed_service_is_started_again(
    supervised: Any, play: Any, answering: Callable[[int], Path], eventually: Any
) -> None:
    async def scenario() -> None:
        async with supervised(RestartPolicy(pauses_s=(0.01,))) as s:
            outcome = await s.supervisor.run(ServicePlan("answer", answering(1)))
            os.kill(outcome.pid, 9)
            await eventually(lambda: any(isinstance(event, ServiceRestarted) for event in s.events))
            exited = next(event for event in s.events if isinstance(event, ServiceExited))
            assert (exited.exit_code, exited.restart_in_s) == (-9, 0.01)
            assert (await _get(s.ports["answer"])).json() == 1
            assert s.supervisor.statuses()[0].restarts == 1

    play(scenario())


def test_that_a_service_that_keeps_ending_is_given_up_until_a_new_deploy(
    supervised: Any, play: Any, write_service: WriteService, answering: Callable[[int], Path], eventually: Any
) -> None:
    source = write_service(
        app="""
        import os
        import threading
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/answer")
        async def answer():
            print("going down", flush=True)
            os._exit(5)
        """
    )

    async def scenario() -> None:
        async with supervised(RestartPolicy(pauses_s=(0.01,))) as s:
            await s.supervisor.run(ServicePlan("answer", source))
            for ends in (1, 2):
                with pytest.raises(httpx.HTTPError):
                    await _get(s.ports["answer"])
                await eventually(lambda ends=ends: len(_of(s.events, ServiceExited)) == ends)
                if ends == 1:
                    await eventually(lambda: len(_of(s.events, ServiceRestarted)) == 1)
            assert [event.restart_in_s for event in _of(s.events, ServiceExited)] == [0.01, None]
            assert "going down" in _of(s.events, ServiceExited)[-1].last_lines
            assert s.supervisor.statuses()[0].state is ServiceState.FAILED
            await s.supervisor.run(ServicePlan("answer", answering(3)))
            assert (await _get(s.ports["answer"])).json() == 3

    play(scenario())


def _of(events: list[Any], kind: type[Any]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


def test_that_a_request_in_flight_is_answered_by_the_old_version(
    supervised: Any,
    play: Any,
    write_service: WriteService,
    answering: Callable[[int], Path],
    tmp_path: Path,
    eventually: Any,
) -> None:
    source = write_service(
        app="""
        import asyncio
        import pathlib
        from fastapi import FastAPI

        app = FastAPI()
        seen, gate = pathlib.Path("seen"), pathlib.Path("gate")

        @app.get("/answer")
        async def answer():
            seen.touch()
            while not gate.exists():
                await asyncio.sleep(0.01)
            return "old"
        """
    )

    async def scenario() -> None:
        async with supervised() as s:
            await s.supervisor.run(ServicePlan("answer", source))
            old_port = s.ports["answer"]
            async with asyncio.TaskGroup() as tasks:
                waiting = tasks.create_task(_get(old_port))
                await eventually(lambda: (source / "seen").exists())
                deploying = tasks.create_task(s.supervisor.run(ServicePlan("answer", answering(2))))
                await eventually(lambda: s.ports["answer"] != old_port)
                (source / "gate").touch()
            assert waiting.result().json() == "old"
            assert waiting.result().headers["connection"] == "close"
            assert isinstance(deploying.result(), ServiceStarted)

    play(scenario())


def test_that_what_a_service_prints_is_kept_and_the_runners_events_are_not_in_it(
    supervised: Any, play: Any, write_service: WriteService, eventually: Any, tmp_path: Path
) -> None:
    source = write_service(
        app="""
        import logging
        from fastapi import FastAPI

        print("printed")
        logging.getLogger("billing").info("logged")
        app = FastAPI()

        @app.get("/answer")
        def answer():
            raise RuntimeError("nobody expected this")
        """
    )

    async def scenario() -> None:
        async with supervised() as s:
            await s.supervisor.run(ServicePlan("answer", source))
            assert (await _get(s.ports["answer"])).status_code == 500
            await eventually(lambda: "RuntimeError: nobody expected this" in s.supervisor.tail("answer"))
            lines = s.supervisor.tail("answer", 400)
            assert "printed" in lines
            assert any(line.endswith("INFO billing trace=- logged") for line in lines)
            assert not any("ready" in line for line in lines)
        assert (tmp_path / "logs" / "answer.log").read_text().splitlines()[: len(lines)] == list(lines)

    play(scenario())
