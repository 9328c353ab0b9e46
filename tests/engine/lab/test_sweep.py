"""No process outlives its owner, and what an interrupted run left is found."""

import asyncio
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil
import psycopg
import pytest

from engine.lab.modes import ROOT, child_environment
from engine.lab.postgres import Postgres
from engine.lab.sweep import find_processes, sweep
from engine.packs.records import Pack

METER = """
class Meter:
    def __init__(self, seed):
        pass

    def read(self, databases):
        return {"rows": 0.0}
"""


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_that_nothing_is_left_eight_seconds_after_the_owner_was_killed(
    tmp_path: Path,
    run_id: str,
    make_pack: Callable[[Mapping[str, Path]], Pack],
    small_sources: dict[str, Path],
) -> None:
    (tmp_path / "meter.py").write_text(METER)
    (tmp_path / "pack.pickle").write_bytes(pickle.dumps(make_pack(small_sources)))
    command = [sys.executable, str(Path(__file__).with_name("owner_program.py")), str(tmp_path), run_id]
    environment = {**child_environment("the owner itself carries another id"), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        dsn = owner.stdout.readline()
        started = find_processes(run_id)
        names = [" ".join(process.cmdline()) for process, _ in started]
        for mode in ("zygote", "proxy", "meter", "load", "postgres"):
            assert any(mode in name for name in names), mode
        # A connected client is what keeps postgres from ending on a plain TERM.
        with psycopg.connect(dsn):
            owner.send_signal(signal.SIGKILL)
            _, alive = psutil.wait_procs([process for process, _ in started], timeout=8)
    assert alive == []
    assert find_processes(run_id) == []
    asyncio.run(_find_rows_again(tmp_path / "live" / "postgres", run_id))


async def _find_rows_again(folder: Path, run_id: str) -> None:
    """The next owner finds the database as the killed one left it."""
    async with asyncio.TaskGroup() as tasks:
        server = Postgres(folder, run_id, tasks)
        await server.start(lambda text: None)
        with psycopg.connect(server.dsn("billing")) as connection:
            assert connection.execute("SELECT count(*) FROM seen").fetchone() == (0,)
        await server.stop()


def test_that_a_sweep_ends_what_carries_the_runs_id_and_all_that_it_started(run_id: str) -> None:
    inner = "import time; print('up', flush=True); time.sleep(600)"
    outer = f"import os, subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}], env={{}})"
    stray = subprocess.Popen(
        [sys.executable, "-c", outer], env=child_environment(run_id), stdout=subprocess.PIPE, text=True
    )
    other = subprocess.Popen(
        [sys.executable, "-c", inner], env=child_environment("other"), stdout=subprocess.PIPE
    )
    with stray, other:
        assert stray.stdout is not None
        assert stray.stdout.readline() == "up\n"
        swept = sweep(run_id)
        assert stray.pid in {process.pid for process in swept}
        assert len(swept) == 2
        assert {process.run_id for process in swept} == {run_id}
        assert other.poll() is None
        other.kill()
