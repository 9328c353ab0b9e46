"""A service's own folder: its quota, and its log when the folder is full or the log cannot be rotated."""

from __future__ import annotations

import errno
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from engine.lab import service_disk
from engine.lab.data_folders import BALLAST, LOG_FILE, ROTATED_LOG, clear_the_way, set_in_the_way
from engine.lab.modes import ROOT, child_environment
from engine.lab.records import ServiceStarted
from engine.lab.service_disk import DataFolder, ServiceLog
from engine.lab.service_process import ServicePlan

QUOTA = 100_000


@pytest.fixture
def logger(tmp_path: Path) -> Iterator[tuple[logging.Logger, ServiceLog]]:
    """A logger that writes to a service's log."""
    log = ServiceLog(DataFolder(tmp_path / "data", QUOTA))
    named = logging.Logger("test")
    named.addHandler(log)
    yield named, log
    log.close()


def test_that_both_sides_call_the_files_by_the_same_names() -> None:
    assert (service_disk._NAME, service_disk._ROTATED) == (LOG_FILE, ROTATED_LOG)


def test_that_lines_that_do_not_fit_are_counted_and_told_and_the_log_goes_on_when_there_is_room(
    tmp_path: Path, logger: tuple[logging.Logger, ServiceLog], caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(service_disk, "_LOOK_EVERY_S", 0.0)
    named, log = logger
    named.info("one")
    ballast = tmp_path / "data" / BALLAST
    ballast.write_bytes(bytes(QUOTA))
    for _ in range(3):
        named.info("two")
    assert log.failures == 3
    assert [record.name for record in caplog.records] == ["service.disk"]
    assert "No space left" in caplog.text
    ballast.unlink()
    named.info("three")
    assert (tmp_path / "data" / LOG_FILE).read_text() == "one\nthree\n"


def test_that_a_log_that_cannot_be_rotated_grows_and_is_rotated_once_it_can_be(
    tmp_path: Path, logger: tuple[logging.Logger, ServiceLog], caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(service_disk, "_ROTATE_BYTES", 1_000)
    monkeypatch.setattr(service_disk, "_RETRY_S", 0.0)
    monkeypatch.setattr(service_disk, "_LOOK_EVERY_S", 0.0)
    named, log = logger
    line, data = "x" * 99, tmp_path / "data"
    for _ in range(15):
        named.info(line)
    kept = (data / ROTATED_LOG).read_text()
    set_in_the_way(data)
    set_in_the_way(data)
    while not log.failures:
        named.info(line)
    assert log.rotation_failures > 0
    assert (data / LOG_FILE).stat().st_size > 80_000
    assert "cannot be rotated" in caplog.text
    clear_the_way(data)
    clear_the_way(data)
    assert (data / ROTATED_LOG).read_text() == kept
    failures = log.rotation_failures
    named.info(line)
    named.info(line)
    assert log.rotation_failures == failures
    assert (data / ROTATED_LOG).stat().st_size > 80_000
    assert (data / LOG_FILE).stat().st_size < 1_000


PROGRAM = """
import errno, os, pathlib, sys
from engine.lab.service_disk import DataFolder
data, elsewhere = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
folder = DataFolder(data, 10_000)
folder.keep_quota()
(data / "first").write_bytes(bytes(9_999))
folder._looked_s = 0
(data / "second").write_bytes(bytes(5_000))
folder._looked_s = 0
for write in (
    lambda: open(data / "third", "w"),
    lambda: os.open(os.fsencode(data / "fourth"), os.O_CREAT | os.O_WRONLY),
    lambda: open(os.path.relpath(data / "fifth"), "xb"),
):
    try:
        write()
    except OSError as error:
        assert error.errno == errno.ENOSPC, error
    else:
        raise SystemExit("it was written")
(elsewhere / "free").write_text("ok")
assert (data / "first").read_bytes()
(data / "first").unlink()
(data / "second").unlink()
folder._looked_s = 0
(data / "sixth").write_text("ok")
print(sorted(path.name for path in data.iterdir()))
"""


def test_that_opening_for_writing_in_a_full_folder_fails_as_on_a_full_disk(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "data"), str(tmp_path / "elsewhere")],
        env={**child_environment("test"), "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "['sixth']\n"


KEEPER = """
    import logging
    import os
    from pathlib import Path

    from fastapi import FastAPI

    app = FastAPI()

    @app.get("/keep")
    def keep():
        logging.getLogger("keeper").info("keeping")
        try:
            (Path(os.environ["DATA_DIR"]) / "kept").write_text("x")
        except OSError as error:
            return {"errno": error.errno}
        return {"errno": 0}
"""


def test_that_a_service_has_a_folder_and_outlives_a_full_one_and_telemetry_tells(
    supervised: Any, play: Any, write_service: Callable[..., Path], tmp_path: Path, collector: Any, eventually: Any,
) -> None:  # fmt: skip
    data = tmp_path / "data" / "keeper"

    def told(name: str) -> list[float]:
        return [
            point.as_double if point.WhichOneof("value") == "as_double" else float(point.as_int)
            for service, metric, point in collector.points
            if (service, metric) == ("keeper", name)
        ]

    async def scenario() -> None:
        async with supervised() as s, httpx.AsyncClient(trust_env=False) as client:
            plan = ServicePlan(
                "keeper", write_service(app=KEEPER), otlp_endpoint=collector.endpoint,
                data_folder=data, data_quota_bytes=QUOTA,
            )  # fmt: skip
            assert isinstance(await s.supervisor.run(plan), ServiceStarted)

            async def errno_of_keeping() -> int:
                answer = await client.get(f"http://127.0.0.1:{s.ports['keeper']}/keep")
                number: int = answer.json()["errno"]
                return number

            assert await errno_of_keeping() == 0
            assert "keeping" in (data / LOG_FILE).read_text()
            (data / BALLAST).write_bytes(bytes(QUOTA))

            async def is_full() -> bool:
                return await errno_of_keeping() == errno.ENOSPC

            await eventually(is_full)
            await eventually(lambda: any(value > 99 for value in told("service.disk.usage")))
            await eventually(lambda: any(value > 0 for value in told("service.log.failures")))
            (data / BALLAST).unlink()

            async def has_room() -> bool:
                return await errno_of_keeping() == 0

            await eventually(has_room)

    play(scenario())
